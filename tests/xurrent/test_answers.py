"""Credentials, accounts, ids, rate limit and the headers of every answer."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from fake_server import create_app
from tests.client import CheckedClient
from tests.xurrent.conftest import BEARER, Caller

Maker = Callable[..., Caller]


def basic(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "token",
    ["Bearer YOUR_ACCESS_TOKEN", "bearer  api-token ", basic("api-token:x"), basic("api-token:")],
)
@pytest.mark.behaviour("xurrent.auth.bearer", "xurrent.auth.basic")
def test_credentials_that_are_accepted(api: Caller, token: str) -> None:
    assert api.get("/calendars", token=token).status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        None,
        "",
        "Bearer",
        "Bearer other",
        "Token YOUR_ACCESS_TOKEN",
        "Basic !!!",
        "Basic é",
        basic("api-token"),
        basic(":api-token"),
        basic("other:x"),
    ],
)
@pytest.mark.behaviour("xurrent.auth.unauthorized")
def test_credentials_that_are_not(api: Caller, token: str | None) -> None:
    answer = api.get("/calendars", token=token)
    assert (answer.status_code, answer.data) == (401, b'{"message":"Unauthorized"}')
    for absent in ("X-RateLimit-Limit", "Cache-Control", "ETag"):
        assert absent not in answer.headers
    assert api.post("/calendars", {"name": "x"}, token=token).status_code == 401


@pytest.mark.behaviour("xurrent.auth.basic")
def test_basic_is_refused_by_the_real_service(caller_for: Maker) -> None:
    live = caller_for(profile="live")
    assert live.get("/calendars", token=basic("api-token:x")).status_code == 401
    assert live.get("/calendars", token="Bearer api-token").status_code == 200


@pytest.mark.behaviour("xurrent.auth.bearer")
def test_any_credentials_or_none(caller_for: Maker) -> None:
    lenient = caller_for(auth="any")
    assert lenient.get("/calendars", token="Bearer whatever").status_code == 200
    assert lenient.get("/calendars", token=None).status_code == 401
    headers = {"X-4me-Account": "elsewhere"}
    assert lenient.get("/calendars", headers=headers).status_code == 200
    assert caller_for(auth="off").post("/calendars", {"name": "x"}, token=None).status_code == 201


@pytest.mark.behaviour("xurrent.auth.public")
def test_what_is_public(api: Caller) -> None:
    for token in (None, "Bearer wrong", BEARER):
        answer = api.get("", token=token)
        assert (answer.status_code, answer.data) == (200, b"{}")
        assert answer.headers["ETag"] == 'W/"44136fa355b3678a1146ad16f7e8649e"'
        assert api.get("/rate_limit", token=token).status_code == 200


ACCOUNTS = """
xurrent:
  brand: 4me
  accounts: [{id: wdc, name: Widgets}, {id: support, name: Support Inc.}]
  credentials:
    tokens:
      - {token: admin}
      - {token: reader, administrator: false}
      - {token: supporter, account: support}
  calendars:
    records:
      - {id: 1, name: Ours}
      - {id: 2, name: Theirs, account: support}
  holidays:
    records:
      - {id: 1, name: H, start_at: 2020-01-01T00:00, end_at: "2020-01-02T00:00", account: support}
"""


@pytest.fixture
def accounts(tmp_path: Path) -> Caller:
    path = tmp_path / "accounts.yaml"
    path.write_text(ACCOUNTS)
    return Caller(CheckedClient(create_app(str(path))))


@pytest.mark.parametrize("header", ["X-4me-Account", "x-xurrent-account", "X-ITRP-Account"])
@pytest.mark.behaviour(
    "xurrent.accounts.header", "xurrent.accounts.reference", "xurrent.ids.unknown"
)
def test_accounts_are_apart(accounts: Caller, header: str) -> None:
    own = accounts.get("/calendars", token="Bearer admin")
    assert [one["id"] for one in own.json] == [1]
    assert "account" not in own.json[0]
    there = {"token": "Bearer admin", "headers": {header: "support"}}
    other = accounts.get("/calendars?fields=name", **there)
    reference = {"id": "support", "name": "Support Inc."}
    assert other.json == [{"id": 2, "name": "Theirs", "account": reference}]
    assert list(accounts.get("/calendars/2", **there).json)[-1] == "account"
    assert accounts.get("/calendars/1", **there).status_code == 404
    assert accounts.post("/calendars/1/holidays/1", **there).status_code == 404
    assert accounts.post("/calendars", {"name": "Ours"}, **there).status_code == 201
    supporter = accounts.get("/calendars", token="Bearer supporter").json
    assert "account" not in supporter[0]


@pytest.mark.behaviour("xurrent.accounts.unknown")
def test_an_account_that_is_not_there(api: Caller) -> None:
    answer = api.get("/calendars", headers={"X-4me-Account": "other"})
    assert (answer.status_code, answer.json) == (403, {"message": "Forbidden"})


@pytest.mark.behaviour("xurrent.calendars.administrator")
def test_who_may_write(accounts: Caller) -> None:
    reader = {"token": "Bearer reader"}
    assert accounts.get("/calendars/1", **reader).status_code == 200
    for method, path in (
        ("POST", "/calendars"),
        ("PATCH", "/calendars/1"),
        ("POST", "/calendars/1/calendar_hours"),
        ("DELETE", "/calendars/1/calendar_hours"),
        ("DELETE", "/calendars/1/holidays"),
        ("POST", "/calendars/1/holidays/1"),
        ("POST", "/holidays"),
    ):
        answer = accounts(method, path, json={"name": "x"}, **reader)
        assert (answer.status_code, answer.json) == (403, {"message": "Forbidden"})
    assert accounts.get("/calendars/1", **reader).json["name"] == "Ours"


def node(text: str) -> str:
    return b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("4me.com/Calendar/32", 200),
        ("r-service.tech/Calendar/32", 200),
        ("demo@xurrent.com/Calendar/32", 200),
        ("4me.com/Holiday/32", 404),
        ("4me.com/Calendar/99", 404),
        ("4me.com/Calendar/x", 404),
        ("Calendar/32", 404),
    ],
)
@pytest.mark.parametrize("padding", ["", "="])
@pytest.mark.behaviour("xurrent.ids.node")
def test_node_ids_in_paths(api: Caller, text: str, status: int, padding: str) -> None:
    padded = node(text) + padding * (-len(node(text)) % 4)
    for below in ("", "/calendar_hours", "/duration?start=2020-01-01&end=2020-01-02"):
        assert api.get(f"/calendars/{padded}{below}").status_code == status


@pytest.mark.behaviour("xurrent.ids.node")
def test_node_ids_of_what_is_nested(api: Caller) -> None:
    assert node("4me.com/Calendar/32") == "NG1lLmNvbS9DYWxlbmRhci8zMg"
    hours = node("4me.com/CalendarHour/1")
    path = f"/calendars/{node('4me.com/Calendar/32')}/calendar_hours/{hours}"
    assert api.get(path).json["id"] == 1


@pytest.mark.behaviour("xurrent.ids.node.answers")
def test_node_ids_in_answers_of_the_real_service(api: Caller, caller_for: Maker) -> None:
    assert b"nodeID" not in api.get("/calendars").data
    live = caller_for(profile="live")
    expected = node("r-service.tech/Calendar/32")
    single = live.get("/calendars/32").json
    assert list(single.items())[-1] == ("nodeID", expected)
    assert list(live.get("/calendars?fields=name").json[0].items())[-1] == ("nodeID", expected)
    assert "nodeID" not in single["calendar_hours"][0]
    assert live.get(f"/calendars/{expected}").json == single
    hours = live.get("/calendars/32/calendar_hours").json[0]
    assert hours["nodeID"] == node(f"r-service.tech/CalendarHour/{hours['id']}")


@pytest.mark.behaviour("xurrent.answers.etag", "xurrent.answers.not_modified")
def test_etag(api: Caller) -> None:
    for path in ("/calendars", "/calendars/32", "/holidays", "/calendars/42/calendar_hours"):
        answer = api.get(path)
        etag = answer.headers["ETag"]
        assert etag == f'W/"{sha256(answer.data).hexdigest()[:32]}"'
        known = api.get(path, headers={"If-None-Match": f'"x", {etag}'})
        assert (known.status_code, known.data) == (304, b"")
        assert known.headers["ETag"] == etag
        assert api.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
    for failed in (api.get("/calendars/99"), api.get("/calendars?x=1"), api.post("/calendars")):
        assert "ETag" not in failed.headers


@pytest.mark.behaviour("xurrent.answers.json")
def test_json_as_rails_writes_it(api: Caller) -> None:
    answer = api.post("/calendars", {"name": "É <a> & b"})
    assert b'"name":"\xc3\x89 \\u003ca\\u003e \\u0026 b"' in answer.data
    assert answer.content_type == "application/json; charset=utf-8"
    assert answer.data == answer.data.strip()
    assert b": " not in answer.data


@pytest.mark.behaviour("xurrent.answers.headers")
def test_headers_of_every_answer(api: Caller) -> None:
    for answer in (api.get("/calendars"), api.get("/calendars/99"), api.post("/calendars", {})):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-XSS-Protection"] == "1; mode=block"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000;")
        assert re.fullmatch(r"\d+\.\d{6}", answer.headers["X-Runtime"])
        assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-Id"])
    first, second = (api.get("").headers["X-Request-Id"] for _ in range(2))
    assert first != second


@pytest.mark.behaviour("xurrent.answers.suffix")
def test_spellings_of_a_path(api: Caller) -> None:
    for path in ("/calendars/", "/calendars.json", "//calendars"):
        assert api.get(path).json == api.get("/calendars").json
    assert api.get("/calendars/32.json").json == api.get("/calendars/32/").json


@pytest.mark.behaviour("xurrent.answers.head")
def test_head(api: Caller) -> None:
    for path in ("/calendars?per_page=1", "/calendars/32", "/rate_limit"):
        answer = api("HEAD", path)
        assert (answer.status_code, answer.data) == (200, b"")
        assert "ETag" in answer.headers


@pytest.mark.behaviour("xurrent.errors.method")
def test_paths_that_are_not_served_say_so(api: Caller) -> None:
    for path in ("/people", "/calendars/32/teams", "/calendars.html"):
        for token in (BEARER, None):
            answer = api.get(path, token=token)
            assert (answer.status_code, answer.json) == (404, {"message": "Not Found"})
            assert answer.headers["X-Fake-Not-Served"] == f"GET /v1{path}"
    assert "X-Fake-Not-Served" not in api("OPTIONS", "/calendars").headers


@pytest.mark.behaviour("xurrent.rate_limit.headers")
def test_rate_limit_headers(api: Caller) -> None:
    opened = int(api.world.clock.now().timestamp())
    first, second = api.get("/calendars"), api.get("/calendars/99")
    for answer, remaining in ((first, "3599"), (second, "3598")):
        assert answer.headers["X-RateLimit-Limit"] == "3600"
        assert answer.headers["X-RateLimit-Remaining"] == remaining
        assert answer.headers["X-RateLimit-Reset"] == str(opened + 3600)
    other = api.get("/calendars", token="Bearer api-token")
    assert other.headers["X-RateLimit-Remaining"] == "3599"
    assert api.get("", token=None).headers["X-RateLimit-Remaining"] == "3599"
    api.world.clock.advance(timedelta(hours=1))
    assert api.get("/calendars").headers["X-RateLimit-Remaining"] == "3599"


@pytest.mark.behaviour("xurrent.rate_limit.get")
def test_rate_limit_is_free(api: Caller) -> None:
    api.get("/calendars")
    for _ in range(3):
        answer = api.get("/rate_limit")
        core = answer.json["resources"]["core"]
        assert (core["limit"], core["remaining"]) == (3600, 3599)
        assert core["reset"] == int(answer.headers["X-RateLimit-Reset"])


@pytest.mark.behaviour("xurrent.rate_limit.exceeded")
def test_rate_limit_is_enforced_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "limited.yaml"
    path.write_text(
        "start: 2020-01-01T00:00:00Z\nfrozen: true\n"
        "xurrent: {rate_limit: 2, credentials: {tokens: [{token: a}, {token: b}]}}\n"
    )
    limited = Caller(CheckedClient(create_app(str(path), enforce_limits=True)))
    for _ in range(2):
        assert limited.get("/calendars", token="Bearer a").status_code == 200
    refused = limited.post("/calendars", {"name": "x"}, token="Bearer a")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "30"
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert refused.json == {
        "message": "Too Many Requests",
        "documentation_url": "https://developer.xurrent.com/v1/#rate-limiting",
    }
    assert limited.get("/calendars", token="Bearer b").json == []
    looks = [limited.get("/rate_limit", token="Bearer a").status_code for _ in range(2)]
    assert looks == [200, 429]
    limited.world.clock.advance(timedelta(seconds=1))
    assert limited.get("/rate_limit", token="Bearer a").status_code == 200
    limited.world.clock.advance(timedelta(hours=1))
    assert limited.get("/calendars", token="Bearer a").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"name": "x" * (1024 * 1024)}),
        '{"name":' + "[" * 50_000 + "]" * 50_000 + "}",
        '{"name": ' + "9" * 6000 + "}",
    ],
)
@pytest.mark.behaviour("xurrent.errors.json")
def test_giant_bodies(api: Caller, body: str) -> None:
    answer = api("POST", "/calendars", data=body, content_type="application/json")
    assert answer.status_code in {400, 413}
    assert set(answer.json) == {"message"}
    assert len(api.ids("/calendars")) == 3


@pytest.mark.behaviour("xurrent.errors.query")
def test_conflicting_parameters(api: Caller) -> None:
    for query in ("name=1&name[]=2", "page[a]=1&page=2", "fields[x][y]=1", "name[][a]=1"):
        answer: Any = api.get(f"/calendars?{query}")
        assert answer.status_code in {200, 400}
        if answer.status_code == 400:
            assert set(answer.json) == {"message"}
