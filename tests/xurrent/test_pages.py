"""Fields, sorting and pages of collections."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests.xurrent.conftest import NAMES, Caller


@pytest.mark.parametrize(
    "values",
    [
        {"cursor": ["a", 1]},
        {"offset": -1, "cursor": ["a", 1]},
        {"offset": True, "cursor": ["a"]},
        {"offset": 10**30, "cursor": ["a", 1]},
        {"offset": 0, "cursor": [1, 1]},
        {"offset": 0, "cursor": ["a", 10**30]},
        {"offset": 0, "cursor": ["\0", 1]},
        {"offset": 0, "cursor": ["a", 1, 2]},
        {"offset": 0, "cursor": "a"},
        ["offset"],
        7,
    ],
)
@pytest.mark.behaviour("xurrent.pages.cursor.invalid")
def test_cursors_that_were_not_handed_out(api: Caller, values: Any) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    message = api.message(f"/calendars?search_after={quote(cursor)}")
    assert message == "Parameter 'search_after' is invalid"


@pytest.mark.behaviour("xurrent.fields.asked", "xurrent.calendars.fields.disabled")
def test_fields(many: Caller) -> None:
    alpha, beta, *_ = many.get("/calendars?fields=updated_at,name").json
    assert list(alpha) == ["id", "name", "updated_at"]
    assert list(beta) == ["id", "name", "updated_at", "disabled"]
    assert many.get("/calendars?fields=disabled&id=1").json == [{"id": 1, "disabled": False}]
    assert many.get("/calendars?fields=&id=1").json == many.get("/calendars?id=1").json


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", [1, 2, 4, 5, 6, 3]),
        ("-name", [3, 6, 5, 4, 2, 1]),
        ("id", [1, 2, 3, 4, 5, 6]),
        ("-id", [6, 5, 4, 3, 2, 1]),
        ("sourceID", [1, 3, 4, 5, 6, 2]),
        ("-sourceID,-id", [2, 6, 5, 4, 3, 1]),
        ("created_at,-name", [3, 6, 5, 4, 2, 1]),
        ("-updated_at", [1, 2, 3, 4, 5, 6]),
    ],
)
@pytest.mark.behaviour("xurrent.sort.fields")
def test_sort(caller_for: Callable[..., Caller], sort: str, expected: list[int]) -> None:
    api = caller_for(dataset="empty", frozen=True)
    for name in NAMES:
        api.created("/calendars", {"name": name})
    api.patch("/calendars/2", {"sourceID": "x"})
    assert api.ids(f"/calendars?sort={sort}") == expected
    walked, url = [], f"/v1/calendars?per_page=2&sort={sort}"
    while url:
        answer = api.client.get(url, headers={"Authorization": "Bearer api-token"})
        walked += [calendar["id"] for calendar in answer.json]
        url = links(answer).get("next", "")
    assert walked == expected


def links(answer: Any) -> dict[str, str]:
    """Return the URLs of a Link header by rel, split as simple clients do."""
    header = answer.headers.get("Link", "")
    links_seen = {}
    for part in header.split(",") if header else []:
        match = re.fullmatch(r'\s*<(.*)>; rel="(\w+)"', part)
        assert match, header
        links_seen[match[2]] = match[1]
    return links_seen


@pytest.mark.behaviour("xurrent.pages.link", "xurrent.pages.headers", "xurrent.pages.cursors")
def test_walk_forth_and_back(many: Caller) -> None:
    first = many.get("/calendars?per_page=2")
    assert list(links(first)) == ["next"]
    second = many.client.get(links(first)["next"], headers={"Authorization": "Bearer api-token"})
    assert list(links(second)) == ["first", "prev", "next"]
    third = many.client.get(links(second)["next"], headers={"Authorization": "Bearer api-token"})
    assert list(links(third)) == ["first", "prev"]
    for number, page in enumerate((first, second, third), 1):
        assert page.headers["X-Pagination-Current-Page"] == str(number)
        assert page.headers["X-Pagination-Per-Page"] == "2"
        assert page.headers["X-Pagination-Total-Pages"] == "3"
        assert page.headers["X-Pagination-Total-Entries"] == "6"
    back = many.client.get(links(third)["prev"], headers={"Authorization": "Bearer api-token"})
    assert back.json == second.json
    assert back.headers["X-Pagination-Current-Page"] == "2"
    back = many.client.get(links(back)["prev"], headers={"Authorization": "Bearer api-token"})
    assert back.json == first.json
    assert list(links(back)) == ["next"]
    assert links(third)["first"] == "http://localhost/v1/calendars?per_page=2"
    start = many.client.get(links(third)["first"], headers={"Authorization": "Bearer api-token"})
    assert start.json == first.json
    after = many.get(f"/calendars?search_after={quote(second.headers['X-Pagination-End-Cursor'])}")
    assert after.json == third.json


@pytest.mark.behaviour("xurrent.pages.headers", "xurrent.pages.cursors", "xurrent.pages.link")
def test_an_empty_collection(empty: Caller) -> None:
    answer = empty.get("/calendars")
    assert answer.data == b"[]"
    assert answer.headers["ETag"] == 'W/"4f53cda18c2baa0c0354bb5f9a3ecbe5"'
    assert answer.headers["X-Pagination-Total-Pages"] == "0"
    for absent in ("Link", "X-Pagination-Start-Cursor", "X-Pagination-End-Cursor"):
        assert absent not in answer.headers


@pytest.mark.behaviour("xurrent.pages.headers")
def test_a_single_record_has_no_page(api: Caller) -> None:
    assert not [name for name, _ in api.get("/calendars/33").headers if "Pagination" in name]


@pytest.mark.behaviour("xurrent.pages.link.query", "xurrent.pages.reserved")
def test_links_keep_the_query_sorted_and_escaped(many: Caller) -> None:
    answer = many.get("/calendars/enabled/?sort=name,id&per_page=1&id=%3E1&page=1")
    assert re.fullmatch(
        r"http://localhost/v1/calendars/enabled\?id=%3E1&per_page=1&predefined_filter=enabled"
        r"&search_after=[A-Za-z0-9_%-]+&sort=name%2Cid",
        links(answer)["next"],
    )
    following = many.client.get(
        links(answer)["next"], headers={"Authorization": "Bearer api-token"}
    )
    assert [calendar["id"] for calendar in following.json] == [6]
    assert many.ids("/calendars?predefined_filter=x&parent_scope_id=7") == many.ids("/calendars")


@pytest.mark.behaviour("xurrent.pages.number", "xurrent.pages.link")
def test_page_numbers(many: Caller) -> None:
    assert many.ids("/calendars?per_page=4&page=2") == [6, 3]
    beyond = many.get("/calendars?per_page=4&page=999999999999999999")
    assert beyond.json == []
    assert beyond.headers["X-Pagination-Total-Entries"] == "6"
    assert list(links(beyond)) == ["first"]
    assert "Link" not in many.get("/calendars?per_page=10&page=7").headers


@pytest.mark.behaviour("xurrent.pages.size", "xurrent.pages.size.most")
def test_page_sizes(empty: Caller, caller_for: Callable[..., Caller]) -> None:
    for number in range(104):
        empty.created("/calendars", {"name": f"n{number}"})
    assert len(empty.ids("/calendars")) == 20
    assert len(empty.ids("/calendars?per_page=")) == 20
    assert len(empty.ids("/calendars?per_page=100")) == 100
    clamped = caller_for(quirks=("xurrent.per-page-clamped",)).get("/calendars?per_page=250")
    assert clamped.headers["X-Pagination-Per-Page"] == "100"


@pytest.mark.behaviour("xurrent.pages.stable")
def test_a_walk_survives_changes(many: Caller) -> None:
    first = many.get("/calendars?per_page=3")
    many.created("/calendars", {"name": "aaa"})
    many.patch("/calendars/1", {"name": "yyy"})
    following = many.client.get(links(first)["next"], headers={"Authorization": "Bearer api-token"})
    assert [calendar["id"] for calendar in following.json] == [5, 1, 6]


@pytest.mark.behaviour("xurrent.pages.nested")
def test_nested_pages(api: Caller) -> None:
    first = api.get("/calendars/33/calendar_hours?per_page=4")
    assert links(first) == {
        "next": "http://localhost/v1/calendars/33/calendar_hours"
        "?parent_scope_id=33&per_page=4&search_after=2"
    }
    assert "X-Pagination-Start-Cursor" not in first.headers
    second = api.client.get(links(first)["next"], headers={"Authorization": "Bearer api-token"})
    assert [hours["weekday"] for hours in second.json] == ["fri", "sat"]
    assert links(second)["prev"].endswith("&search_before=1")
    back = api.client.get(links(second)["prev"], headers={"Authorization": "Bearer api-token"})
    assert back.json == first.json
    assert api.message("/calendars/33/calendar_hours?sort=weekday") == (
        "Sorting not allowed on fields: weekday"
    )
    assert api.message("/calendars/33/calendar_hours?weekday=mon") == (
        "Filtering not allowed on fields: weekday"
    )


LISTS = (
    *("/calendars", "/calendars/enabled", "/calendars/disabled", "/holidays"),
    *("/calendars/1/holidays", "/calendars/1/calendar_hours"),
    *("/holidays/1/calendars", "/holidays/1/calendars/enabled", "/holidays/1/calendars/disabled"),
)


@pytest.fixture
def linked(empty: Caller) -> Caller:
    """Call a world with one calendar, its hours and its holiday."""
    empty.created("/calendars", {"name": "One"})
    span = {"start_at": "2020-01-01T00:00", "end_at": "2020-01-02T00:00"}
    empty.created("/holidays", {"name": "Holiday", **span})
    hours = {"weekday": "mon", "time_from": "09:00", "time_until": "17:00"}
    empty.created("/calendars/1/calendar_hours", hours)
    assert empty.post("/calendars/1/holidays/1").status_code == 200
    return empty


def refused(api: Caller, method: str, path: str, query: str) -> str:
    """Return the message of a 400; that of a GET in place of a HEAD, which has none."""
    if method == "HEAD":
        assert api("HEAD", f"{path}?{query}").status_code == 400
    return api.message(f"{path}?{query}")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", LISTS)
@pytest.mark.behaviour("xurrent.sort.empty", "xurrent.sort.not_allowed")
def test_an_empty_sort_is_refused_in_every_list(linked: Caller, path: str, method: str) -> None:
    for query in ("sort=", "sort", "sort=-", "sort=+", "sort[]=", "sort[]", "sort=id&sort="):
        assert refused(linked, method, path, query) == "Sorting not allowed on fields: "
    assert refused(linked, method, path, "sort[a]=id") == "Parameter 'sort' is invalid"
    assert refused(linked, method, path, "sort[][a]=id") == "Parameter 'sort' is invalid"
    sortable = [] if path.endswith("hours") else ["sort=&sort=id", "sort[]=id&sort[]=-name"]
    for query in sortable:
        assert linked.get(f"{path}?{query}").status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", LISTS)
@pytest.mark.behaviour("xurrent.pages.positions", "xurrent.pages.number.least")
def test_positions_are_checked_in_every_list(linked: Caller, path: str, method: str) -> None:
    nested = path.count("/") > 1 and path not in {"/calendars/enabled", "/calendars/disabled"}
    cursor = "1" if nested else linked.get("/calendars").headers["X-Pagination-Start-Cursor"]
    less = "Parameter 'page' cannot be less than 1"
    for name in ("search_after", "search_before"):
        beside = f"{name}={quote(cursor)}"
        for query, message in (
            (f"page=0&{beside}", less),
            (f"{beside}&page=1&page=-1", less),
            (f"{beside}&page[]=0", less),
            (f"{beside}&page[a]=1", "Parameter 'page' is invalid"),
            (f"{beside}&page=x", "Parameter 'page' is not a number"),
            (f"{beside}&per_page=0", "Parameter 'per_page' cannot be less than 1"),
            (f"{name}=&page=0", less),
        ):
            assert refused(linked, method, path, query) == message
        for query in (beside, f"{beside}&page=1", f"{beside}&page=", f"{name}=&page=2"):
            assert linked(method, f"{path}?{query}").status_code == 200
    for name, other in (("search_after", "search_before"), ("search_before", "search_after")):
        message = refused(linked, method, path, f"{name}={quote(cursor)}&{other}=%20x")
        assert message.startswith(f"Parameter '{other}' is ")


@pytest.mark.parametrize("path", ["/calendars", "/holidays/1/calendars"])
@pytest.mark.behaviour("xurrent.pages.positions")
def test_the_journal_lists_positions_that_do_not_count(linked: Caller, path: str) -> None:
    cursor = "1"
    if path == "/calendars":
        cursor = quote(linked.get(path).headers["X-Pagination-Start-Cursor"])
    linked.get(f"{path}?search_after={cursor}&search_before={cursor}&page=1")
    assert [*linked.world.journal.entries()][-1].unread == ("search_before", "page")
    linked.get(f"{path}?page=1&search_after=")
    assert "page" not in [*linked.world.journal.entries()][-1].unread
