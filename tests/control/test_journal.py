"""The journal over HTTP: queried, verified, emptied."""

from typing import Any

import pytest

from tests.control.conftest import Create, refusal
from tests.support.client import CheckedClient

TOKEN = {"Authorization": "Bearer api-token"}
PATH = "/_fake/worlds/default/requests"


@pytest.fixture
def asked(client: CheckedClient) -> CheckedClient:
    """Return a client that listed calendars twice, made none, and asked for what is not there."""
    client.get("/v1/calendars?per_page=3", headers=TOKEN)
    client.post("/v1/calendars", json={"nmae": "A"}, headers=TOKEN)
    client.get("/v1/calendars?per_page=30&fields=id", headers=TOKEN)
    client.get("/v1/calendars/999", headers=TOKEN)
    return client


def first(client: CheckedClient) -> int:
    """Return the number before that of the oldest request."""
    number: int = client.get(PATH).json["requests"][0]["number"] - 1
    return number


def test_a_worlds_requests_are_listed(asked: CheckedClient) -> None:
    found = asked.get(PATH).json
    paths = [(one["method"], one["path"], one["query"]) for one in found["requests"]]
    assert paths == [
        ("GET", "/v1/calendars", "per_page=3"),
        ("POST", "/v1/calendars", ""),
        ("GET", "/v1/calendars", "per_page=30&fields=id"),
        ("GET", "/v1/calendars/999", ""),
    ]
    assert found["requests"][1]["unread"] == ["nmae"]
    assert found["last"] == found["requests"][-1]["number"]
    assert found["forgotten"] == 0


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("operation=xurrent.list_calendars", [1, 3]),
        ("operation=xurrent.*", [1, 2, 3, 4]),
        ("method=post", [2]),
        ("path=/v1/calendars", [1, 2, 3]),
        ("path=/v1/calendars/*", [4]),
        ("status=404", [4]),
        ("status=2xx", [1, 3]),
        ("unread=true", [2]),
        ("unread=false&method=GET", [1, 3, 4]),
        ("limit=1", [4]),
        ("limit=1&operation=xurrent.list_calendars", [3]),
    ],
)
def test_a_worlds_requests_are_looked_for(
    asked: CheckedClient, query: str, places: list[int]
) -> None:
    before = first(asked)
    found = asked.get(f"{PATH}?{query}").json["requests"]
    assert [one["number"] - before for one in found] == places


def test_only_newer_requests_are_listed(asked: CheckedClient) -> None:
    last = asked.get(PATH).json["last"]
    assert [one["number"] for one in asked.get(f"{PATH}?since={last - 1}").json["requests"]] == [
        last
    ]
    assert asked.get(f"{PATH}?since={last}").json == {
        "requests": [],
        "last": last,
        "forgotten": 0,
        "not_served": [],
    }


def test_a_journal_is_emptied(asked: CheckedClient) -> None:
    last = asked.get(PATH).json["last"]
    assert asked.delete(PATH).status_code == 204
    assert asked.get(PATH).json == {"requests": [], "last": last, "forgotten": 0, "not_served": []}
    asked.get("/v1/calendars", headers=TOKEN)
    assert [one["number"] for one in asked.get(PATH).json["requests"]] == [last + 1]


def test_a_reset_empties_the_journal(asked: CheckedClient) -> None:
    asked.post("/_fake/worlds/default/reset")
    assert asked.get(PATH).json["requests"] == []


def test_worlds_have_journals_of_their_own(asked: CheckedClient, create: Create) -> None:
    create(name="mine")
    assert asked.get("/_fake/worlds/mine/requests").json["requests"] == []
    asked.get("/w/mine/v1/calendars", headers=TOKEN)
    found = asked.get("/_fake/worlds/mine/requests").json["requests"]
    assert [(one["number"], one["path"]) for one in found] == [(1, "/v1/calendars")]


def test_requests_are_verified(asked: CheckedClient) -> None:
    wanted = [
        {"operation": "xurrent.list_calendars", "count": 2},
        {"path": "/v1/calendars/*", "status": 404},
        {"operation": "intra42.*", "never": True},
    ]
    found = asked.post(f"{PATH}/verify", json={"expectations": wanted, "in_order": True}).json
    assert found["verified"]
    assert [(one["found"], one["reason"]) for one in found["expectations"]] == [
        (2, None),
        (1, None),
        (0, None),
    ]
    assert found["lines"][0] == "ok     exactly 2: xurrent.list_calendars"


def test_that_nothing_was_asked_is_told(client: CheckedClient, create: Create) -> None:
    create(name="quiet")
    wanted = {"expectations": [{"operation": "xurrent.*"}, {"never": True}]}
    found = client.post("/_fake/worlds/quiet/requests/verify", json=wanted).json
    assert found["lines"] == [
        "FAILED at least 1: xurrent.*",
        "       expected at least 1, found 0: no request came",
        "ok     never: any request",
    ]


def test_what_came_closest_is_told(asked: CheckedClient) -> None:
    wanted = {"operation": "xurrent.create_calendar", "parameters": {"name": "A"}}
    found = asked.post(f"{PATH}/verify", json={"expectations": [wanted]}).json
    verdict = found["expectations"][0]
    assert not found["verified"]
    assert verdict["reason"] == "expected at least 1, found 0"
    near = verdict["near_misses"][0]
    assert near["request"]["number"] == first(asked) + 2
    assert near["differences"] == [
        {"what": "parameters.name", "expected": "A", "found": None, "instead": "nmae"}
    ]
    assert "         parameters.name: expected 'A', found nothing; nmae was sent" in found["lines"]


def test_requests_since_one_are_verified(asked: CheckedClient) -> None:
    wanted = {"expectations": [{"method": "POST", "never": True}]}
    assert not asked.post(f"{PATH}/verify", json=wanted).json["verified"]
    wanted["since"] = first(asked) + 2  # type: ignore[assignment]  # JSON values
    assert asked.post(f"{PATH}/verify", json=wanted).json["verified"]


@pytest.mark.parametrize(
    ("query", "status", "mistake"),
    [
        ("nmae=x", 400, "'nmae': no such query parameter here; expected one of limit, method,"),
        ("limit=0", 400, "limit: expected a whole number from 1 to 1000, found '0'"),
        ("since=-1", 400, "since: expected a whole number from 0"),
        ("limit=1&limit=2", 400, "'limit': expected one value, found 2"),
        ("status=600", 400, "status: expected a status such as 404 or 4xx, found '600'"),
        ("unread=yes", 400, "unread: expected true or false, found 'yes'"),
        ("method=", 400, "method: expected a method such as GET, found ''"),
        ("operation=xurrent.list_calendar", 422, "meant xurrent.list_calendars?"),
        ("operation=xurrent.nope", 422, "'xurrent.nope'; xurrent has "),
        ("operation=zzz", 422, "none is called 'zzz'; expected one of fabmanager.*,"),
    ],
)
def test_a_mistake_in_a_query_gets_one_line(
    client: CheckedClient, query: str, status: int, mistake: str
) -> None:
    assert mistake in refusal(client.get(f"{PATH}?{query}"), status)


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        ({}, "expectations: is missing; expected a list of 1 to 50 expectations"),
        ({"expectations": []}, "expectations: expected a list of 1 to 50 expectations"),
        ({"expectations": [3]}, "expectations.0: expected an expectation, an object, found 3"),
        ({"expectations": [{"pth": "/"}]}, '"pth": no such attribute; meant path?'),
        ({"expectations": [{"count": -1}]}, "expectations.0.count: expected a whole number from 0"),
        ({"expectations": [{"count": 1, "never": True}]}, "expected one of count, at_least,"),
        ({"expectations": [{"at_least": 2, "at_most": 1}]}, "at_least: expected at most 1"),
        ({"expectations": [{"status": "5x"}]}, 'expected a status such as 404, or "4xx"'),
        ({"expectations": [{"operation": "intra42.list_slot"}]}, "meant intra42.list_slots?"),
        ({"expectations": [{}], "order": True}, '"order": no such attribute; meant in_order?'),
        ([], "the body: expected an object with `expectations`, found a list"),
    ],
)
def test_a_mistake_in_an_expectation_gets_one_line(
    client: CheckedClient, body: Any, mistake: str
) -> None:
    assert mistake in refusal(client.post(f"{PATH}/verify", json=body), 422)


def test_a_world_that_is_not_there_has_no_requests(client: CheckedClient) -> None:
    for answer in (
        client.get("/_fake/worlds/nonesuch/requests"),
        client.delete("/_fake/worlds/nonesuch/requests"),
        client.post("/_fake/worlds/nonesuch/requests/verify", json={"expectations": [{}]}),
    ):
        assert refusal(answer, 404) == "there is no world called 'nonesuch' here"
