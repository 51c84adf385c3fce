"""Exchanges recorded from the code of the real service, and how the fake answers them."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.support.client import CheckedClient, JsonResponse

FOLDER = Path(__file__).with_name("recorded")

DATASET = FOLDER / "open.yaml"

_LINES = (FOLDER / "open.jsonl").read_text(encoding="utf-8").splitlines()

HEAD, *EXCHANGES = [json.loads(line) for line in _LINES]

BY_ID = {exchange["id"]: exchange for exchange in EXCHANGES}

NOT_SERVED: frozenset[str] = frozenset()
"""The methods and the exchanges that are not run. Nothing else is left out."""

HEADERS = ("Content-Type", "Total", "Per-Page", "Link", "Location", "Vary", "Content-Disposition")

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)")

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

_ETAG = re.compile(r"\{\{ETag of (.+)\}\}")

_UNORDERED = [path.split(" ")[0] for path in HEAD["unordered"]]

Exchange = dict[str, Any]


def ask(client: CheckedClient, request: Mapping[str, Any]) -> JsonResponse:
    """Send a recorded request."""
    headers = dict(request["headers"])
    host = headers.pop("Host")
    tag = _ETAG.fullmatch(headers.get("If-None-Match", ""))
    if tag:
        headers["If-None-Match"] = ask(client, BY_ID[tag[1]]["request"]).headers["ETag"]
    body = request.get("body")
    data = body.encode() if body is not None else base64.b64decode(request.get("body_base64", ""))
    url = urlsplit(request["target"])
    return client.open(
        url.path,
        query_string=url.query,
        method=request["method"],
        headers=headers,
        data=data or None,
        base_url=f"http://{host}/",
    )


def differences(exchange: Exchange, response: JsonResponse) -> Iterator[str]:
    """Yield how an answer differs from the recorded one."""
    recorded = exchange["response"]
    if response.status_code != recorded["status"]:
        yield f"status {response.status_code}, not {recorded['status']}: {response.text[:300]}"
        return
    expected = recorded["headers"]
    for name in HEADERS:
        if not _fits(expected.get(name), response.headers.get(name)):
            yield f"{name}: {response.headers.get(name)!r}, not {expected.get(name)!r}"
    if ("ETag" in response.headers) != expected["ETag"]:
        yield f"ETag: {response.headers.get('ETag')!r}, not {expected['ETag']}"
    body = (
        recorded["body"] if "body" in recorded else BY_ID[recorded["body_of"]]["response"]["body"]
    )
    if isinstance(body, str):
        if body == "{{pdf}}":
            yield from () if response.data.startswith(b"%PDF-") else ("no PDF",)
        elif body != "{{html}}" and body != response.text:
            yield f"{response.text[:300]!r}, not {body!r}"
        return
    if (_LINES and b"<" in response.data) or b"&" in response.data:
        yield "a character that the service escapes"
    yield from _body_differences(exchange, body, response.json)


def _body(recorded: Mapping[str, Any]) -> Any:
    if "body_of" in recorded:
        return BY_ID[recorded["body_of"]]["response"]["body"]
    return recorded["body"]


def _body_differences(exchange: Exchange, body: Any, actual: Any) -> Iterator[str]:
    method = exchange.get("method", "")
    envelope = next(iter(body)) if isinstance(body, dict) and len(body) >= 1 else ""
    rows = body.get(envelope) if isinstance(body, dict) else None
    if isinstance(rows, list) and rows and isinstance(rows[0], dict):
        if list(body) != list(actual) or not isinstance(actual[envelope], list):
            yield f"keys {list(actual)}, not {list(body)}"
            return
        key = "invoicing_profile_id" if envelope == "users" else "id"
        actual_rows = actual[envelope]
        if exchange.get("unordered_list"):
            rows, actual_rows = _sorted(rows, key), _sorted(actual_rows, key)
        elif exchange.get("tie_cut") or "ties" in exchange:
            rows, actual_rows = _untied(method, exchange, rows, actual_rows, key)
        if [row[key] for row in rows] != [row[key] for row in actual_rows]:
            yield f"rows {[row[key] for row in actual_rows]}, not {[row[key] for row in rows]}"
            return
        for expected, row in zip(rows, actual_rows, strict=True):
            yield from _value_differences(envelope + "[]", expected, row)
        body, actual = without(body, envelope), without(actual, envelope)
    yield from _value_differences("", body, actual)


def _sorted(rows: list[Any], key: str) -> list[Any]:
    return sorted(rows, key=lambda row: row[key])


def _untied(
    method: str, exchange: Exchange, rows: list[Any], actual_rows: list[Any], key: str
) -> tuple[list[Any], list[Any]]:
    """Return both lists with the rows of each tie sorted.

    Where a page cuts a tie, the rows of it that only one of the lists has are left out; both lists
    must have as many of them.
    """
    resource = method.partition(".")[0]
    groups = {
        number: group[0]
        for name in (resource, f"{resource} by start_at")
        if name == resource or "upcoming" in exchange["request"]["target"]
        for group in HEAD["tie_groups"].get(name, ())
        for number in group
    }
    for tie in exchange.get("ties", ()):
        groups.update(dict.fromkeys(tie, tie[0]) if isinstance(tie, list) else {})
    expected_groups = [groups.get(row[key], row[key]) for row in rows]
    found_groups = [groups.get(row[key], row[key]) for row in actual_rows]
    if expected_groups != found_groups:
        return rows, actual_rows

    def order(row: Any) -> tuple[int, int]:
        return expected_groups.index(groups.get(row[key], row[key])), row[key]

    rows, actual_rows = sorted(rows, key=order), sorted(actual_rows, key=order)
    if exchange.get("tie_cut"):
        common = {row[key] for row in rows} & {row[key] for row in actual_rows}
        rows = [row for row in rows if row[key] in common]
        actual_rows = [row for row in actual_rows if row[key] in common]
    return rows, actual_rows


def _value_differences(path: str, expected: Any, actual: Any) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        is_unordered = path in _UNORDERED or path.removesuffix("[]") in _UNORDERED
        names, actual_names = list(expected), list(actual)
        if names != actual_names and not (is_unordered and sorted(names) == sorted(actual_names)):
            yield f"{path}: keys {actual_names}, not {names}"
            return
        for name in names:
            inner = f"{path}.{name}" if path else name
            yield from _value_differences(inner, expected[name], actual[name])
    elif isinstance(expected, list) and isinstance(actual, list) and path in _UNORDERED:
        if sorted(map(json.dumps, expected)) != sorted(map(json.dumps, actual)):
            yield f"{path}: {actual}, not {expected} in any order"
    elif isinstance(expected, str) and "{{" in expected:
        if not _fits(expected, actual):
            yield f"{path}: {actual!r}, not {expected!r}"
    elif expected != actual or type(expected) is not type(actual):
        yield f"{path}: {actual!r}, not {expected!r}"


def _fits(expected: Any, actual: Any) -> bool:
    if not isinstance(expected, str) or "{{" not in expected:
        return bool(expected == actual)
    pattern = re.escape(expected)
    pattern = pattern.replace(re.escape("{{now}}"), _MOMENT.pattern)
    pattern = pattern.replace(re.escape("{{uuid}}"), _UUID)
    return isinstance(actual, str) and re.fullmatch(pattern, actual) is not None


def without(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return values without one."""
    return {key: value for key, value in values.items() if key != name}
