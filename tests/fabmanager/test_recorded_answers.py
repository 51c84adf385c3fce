"""The live profile against recorded answers.

`recorded/answers.jsonl` holds what a minimal application with the endpoint's observed rules
answered from the records of `recorded/lab.yaml`, on Rails 6.1, kaminari 1.2 and PostgreSQL 15:
status, headers (the ETag stands for the bytes of the body), and the ids or the error on the page.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fabmanager.conftest import Lab
from tests.support.client import JsonResponse

RECORDED = [
    json.loads(line)
    for line in Path(__file__)
    .with_name("recorded")
    .joinpath("answers.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
HEADERS = ("Content-Type", "Total", "Per-Page", "Link", "ETag", "Cache-Control", "Vary")


def test_live_profile_answers_as_recorded(live: Lab) -> None:
    differences = [
        f"{exchange['method']} {exchange['url']} {exchange['headers']}: {mismatch}"
        for exchange in RECORDED
        if (mismatch := difference(exchange, ask(live, exchange)))
    ]
    assert differences == []


def ask(live: Lab, exchange: dict[str, Any]) -> JsonResponse:
    """Send a recorded request."""
    url = urlsplit(exchange["url"])
    return live.get(
        url.query,
        url.path,
        method=exchange["method"],
        headers=exchange["headers"],
        base_url="http://h/",
    )


def difference(exchange: dict[str, Any], response: JsonResponse) -> str:
    """Return how an answer differs from the recorded one; empty if it does not."""
    if response.status_code != exchange["status"]:
        return f"status {response.status_code}, not {exchange['status']}"
    headers = {name: response.headers[name] for name in HEADERS if name in response.headers}
    if headers != exchange["answer"]:
        return f"headers {headers}, not {exchange['answer']}"
    if ("X-Frame-Options" in response.headers) == exchange["framework"]:
        return "the endpoint's own headers"
    body = exchange["body"]
    if isinstance(body, dict):
        body, ids = body["ids"], [each["id"] for each in response.json["availabilities"]]
        return "" if body == ids else f"ids {ids}, not {body}"
    unknown_page = exchange["status"] in {404, 500} and body == ""
    if body is None or unknown_page or body == response.text:
        return ""
    return f"body {response.text!r}, not {body!r}"


def test_recording_is_not_trivial() -> None:
    statuses = {exchange["status"] for exchange in RECORDED}
    assert statuses == {200, 400, 401, 404, 405, 406, 500}
    assert len(RECORDED) > 700


@pytest.mark.parametrize("status", [200, 500, 406])
def test_a_changed_answer_would_be_noticed(live: Lab, status: int) -> None:
    exchange = next(exchange for exchange in RECORDED if exchange["status"] == status)
    assert difference({**exchange, "status": 418}, ask(live, exchange))
    assert difference(
        {**exchange, "answer": {**exchange["answer"], "Total": "-1"}}, ask(live, exchange)
    )
