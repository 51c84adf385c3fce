"""Credentials, accounts, and the forms of ids."""

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fake_server import create_app
from tests.support.client import CheckedClient
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
    assert [calendar["id"] for calendar in own.json] == [1]
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


@pytest.mark.behaviour("xurrent.rate_limit.headers")
def test_an_account_that_is_not_there_costs_its_user_a_request(api: Caller) -> None:
    elsewhere = {"X-4me-Account": "other"}
    for path, left in (("/calendars", "3599"), ("/calendars/32", "3598"), ("", "3597")):
        answer = api.get(path, headers=elsewhere)
        assert answer.headers["X-RateLimit-Remaining"] == left
    assert api.get("/rate_limit", headers=elsewhere).json["resources"]["core"]["remaining"] == 3597


@pytest.mark.behaviour("xurrent.calendars.administrator")
def test_who_may_write(accounts: Caller) -> None:
    reader: dict[str, Any] = {"token": "Bearer reader"}
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
        ("foo.bar/Calendar/32", 404),
        ("1/Calendar/32", 404),
        ("4meXcom/Calendar/32", 404),
        ("x4me.com/Calendar/32", 404),
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


@pytest.mark.behaviour("xurrent.rate_limit.burst", "xurrent.rate_limit.retry_after")
def test_a_burst_is_refused(caller_for: Maker) -> None:
    limited = caller_for(limits=True, frozen=True)
    statuses = [limited.get("/calendars").status_code for _ in range(60)]
    assert statuses == [200] * 20 + [429] * 40
    assert limited("HEAD", "/calendars").headers["Retry-After"] == "2"
    assert limited.get("", token=None).status_code == 200
    assert limited.get("/rate_limit").status_code == 200
    limited.world.clock.advance(timedelta(seconds=2))
    assert limited.get("/calendars").status_code == 200


@pytest.mark.parametrize(
    ("passed", "wait"), [(0, "3600"), (1800.5, "1800"), (3590, "10"), (3599.9, "1")]
)
@pytest.mark.behaviour("xurrent.rate_limit.exceeded", "xurrent.rate_limit.retry_after")
def test_the_wait_is_that_of_the_hour(tmp_path: Path, passed: float, wait: str) -> None:
    path = tmp_path / "limited.yaml"
    path.write_text("frozen: true\nxurrent: {rate_limit: 1, credentials: {tokens: [{token: a}]}}\n")
    limited = Caller(CheckedClient(create_app(str(path), limits=True)))
    assert limited.get("/calendars", token="Bearer a").status_code == 200
    limited.world.clock.advance(timedelta(seconds=passed))
    refused = limited.get("/calendars", token="Bearer a")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, wait)
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    limited.world.clock.advance(timedelta(seconds=int(wait)))
    assert limited.get("/calendars", token="Bearer a").status_code == 200
