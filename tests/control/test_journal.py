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
    listing = asked.get(PATH).json
    paths = [(entry["method"], entry["path"], entry["query"]) for entry in listing["requests"]]
    assert paths == [
        ("GET", "/v1/calendars", "per_page=3"),
        ("POST", "/v1/calendars", ""),
        ("GET", "/v1/calendars", "per_page=30&fields=id"),
        ("GET", "/v1/calendars/999", ""),
    ]
    assert listing["requests"][1]["unread"] == ["nmae"]
    assert listing["last"] == listing["requests"][-1]["number"]
    assert listing["forgotten"] == 0


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
    listed = asked.get(f"{PATH}?{query}").json["requests"]
    assert [entry["number"] - before for entry in listed] == places


def test_only_newer_requests_are_listed(asked: CheckedClient) -> None:
    last = asked.get(PATH).json["last"]
    assert [
        entry["number"] for entry in asked.get(f"{PATH}?since={last - 1}").json["requests"]
    ] == [last]
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
    assert [entry["number"] for entry in asked.get(PATH).json["requests"]] == [last + 1]


def test_a_reset_empties_the_journal(asked: CheckedClient) -> None:
    asked.post("/_fake/worlds/default/reset")
    assert asked.get(PATH).json["requests"] == []


def test_worlds_have_journals_of_their_own(asked: CheckedClient, create: Create) -> None:
    create(name="mine")
    assert asked.get("/_fake/worlds/mine/requests").json["requests"] == []
    asked.get("/w/mine/v1/calendars", headers=TOKEN)
    listed = asked.get("/_fake/worlds/mine/requests").json["requests"]
    assert [(entry["number"], entry["path"]) for entry in listed] == [(1, "/v1/calendars")]


def test_requests_are_verified(asked: CheckedClient) -> None:
    expectations = [
        {"operation": "xurrent.list_calendars", "count": 2},
        {"path": "/v1/calendars/*", "status": 404},
        {"operation": "intra42.*", "never": True},
    ]
    verification = asked.post(
        f"{PATH}/verify", json={"expectations": expectations, "in_order": True}
    ).json
    assert verification["verified"]
    assert [
        (expectation["found"], expectation["reason"])
        for expectation in verification["expectations"]
    ] == [
        (2, None),
        (1, None),
        (0, None),
    ]
    assert verification["lines"][0] == "ok     exactly 2: xurrent.list_calendars"


def test_that_nothing_was_asked_is_told(client: CheckedClient, create: Create) -> None:
    create(name="quiet")
    body = {"expectations": [{"operation": "xurrent.*"}, {"never": True}]}
    verification = client.post("/_fake/worlds/quiet/requests/verify", json=body).json
    assert verification["lines"] == [
        "FAILED at least 1: xurrent.*",
        "       expected at least 1, found 0: no request came",
        "ok     never: any request",
    ]


def test_what_came_closest_is_told(asked: CheckedClient) -> None:
    expectation = {"operation": "xurrent.create_calendar", "parameters": {"name": "A"}}
    verification = asked.post(f"{PATH}/verify", json={"expectations": [expectation]}).json
    verdict = verification["expectations"][0]
    assert not verification["verified"]
    assert verdict["reason"] == "expected at least 1, found 0"
    near = verdict["near_misses"][0]
    assert near["request"]["number"] == first(asked) + 2
    assert near["differences"] == [
        {"what": "parameters.name", "expected": "A", "found": None, "instead": "nmae"}
    ]
    assert (
        "         parameters.name: expected 'A', found nothing; nmae was sent"
        in verification["lines"]
    )


def test_requests_since_one_are_verified(asked: CheckedClient) -> None:
    body = {"expectations": [{"method": "POST", "never": True}]}
    assert not asked.post(f"{PATH}/verify", json=body).json["verified"]
    body["since"] = first(asked) + 2  # type: ignore[assignment]  # JSON values
    assert asked.post(f"{PATH}/verify", json=body).json["verified"]


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
