"""Lists as their operations declare them."""

from typing import Any

import pytest

from fake_server.errors import UserError
from fake_server.rest.standard.filters import filter_of
from fake_server.rest.standard.operation_reading import Parameter


def _ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.json
    return [item["id"] for item in answer.json]


def test_a_page_has_its_total_and_links(client: Any) -> None:
    first = client.get("/library/loans?verbose=true")
    assert _ids(first) == [1, 2]
    assert first.headers["X-Total-Count"] == "3"
    assert first.headers["Link"] == (
        '<http://localhost/library/loans?verbose=true&page=2>; rel="next", '
        '<http://localhost/library/loans?verbose=true&page=2>; rel="last"'
    )
    second = client.get("/library/loans?page=2")
    assert _ids(second) == [3]
    assert (
        'rel="first", <http://localhost/library/loans?page=1>; rel="prev"' in second.headers["Link"]
    )
    beyond = client.get("/library/loans?page=9")
    assert (_ids(beyond), beyond.headers["X-Total-Count"]) == ([], "3")
    assert "Link" not in client.get("/library/loans?per_page=5").headers


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [1, 2, 3]),
        ("sort=-due_on", [2, 3, 1]),
        ("sort=due_on", [1, 3, 2]),
        ("status=returned", [3]),
        ("status=open&status=returned", [3]),
        ("member_id=1", [1, 3]),
        ("member_id=1,2", [1, 2, 3]),
        ("member_id=1&member_id=2", [1, 2, 3]),
        ("status=open&member_id=1", [1]),
        ("borrower=2", [2]),
        ("due_before=2026-03-02", [1]),
        ("created_after=1970-01-01", [1, 2, 3]),
        ("created_after=1970-01-02", []),
        ("least=20", [2, 3]),
        ("most=20", [1, 2]),
        ("q=M", [1]),
        ("q=0%25", [3]),
        ("q=%25", [3]),
        ("overdue=true", [1]),
        ("overdue=false", [2, 3]),
        ("pages=10", [1, 2, 3]),
    ],
)
def test_a_list_is_sorted_and_filtered(client: Any, query: Any, ids: Any) -> None:
    assert _ids(client.get(f"/library/loans?per_page=5&{query}")) == ids


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("page=0", "page must be at least 1"),
        ("per_page=6", "per_page must be at most 5"),
        ("page=x", "page must be a whole number"),
        ("sort=title", "sort must be one of due_on, id"),
        ("status=x", "status must be one of open, returned"),
        ("borrower=x", "borrower must be a whole number"),
        ("due_before=x", "due_before must be a date such as 2026-03-02"),
        ("page=x&status=x", "page must be a whole number; status must be one of open, returned"),
    ],
)
def test_parameters_that_do_not_fit_are_told_at_once(client: Any, query: Any, error: Any) -> None:
    answer = client.get(f"/library/loans?{query}")
    assert (answer.status_code, answer.json) == (400, {"error": error})


def test_a_list_is_a_member_of_an_object_where_its_schema_says_so(client: Any) -> None:
    first = client.get("/library/members")
    assert first.json == {
        "data": [{"id": 1, "name": "ada"}],
        "meta": {"totalPages": 3, "total": 3, "has_more": True},
        "next": "http://localhost/library/members?offset=1",
    }
    assert "Link" not in first.headers
    last = client.get("/library/members?offset=1&limit=9").json
    assert [item["name"] for item in last["data"]] == ["bob", "cy"]
    assert (last["meta"]["has_more"], last["next"]) == (False, None)


def test_a_list_is_sorted_in_a_direction_of_its_own(client: Any) -> None:
    names = client.get("/library/members?limit=2&sort_by=name&order=desc").json["data"]
    assert [item["name"] for item in names] == ["cy", "bob"]


def test_a_nested_list_has_the_records_of_its_parent(client: Any) -> None:
    assert _ids(client.get("/library/members/1/loans")) == [1, 3]
    assert _ids(client.get("/library/members/3/loans")) == []
    for unknown in ("9", "x"):
        missing = client.get(f"/library/members/{unknown}/loans")
        assert (missing.status_code, missing.json) == (404, {"error": "Not Found"})


def test_the_journal_names_what_nobody_read(client: Any) -> None:
    client.get("/library/loans?pgae=2&page=1&pages=3&verbose=1&overdue=true")
    entry = client.get("/_fake/worlds/default/requests").json["requests"][-1]
    assert entry["unread"] == ["pgae", "pages", "verbose"]
    client.get("/library/loans/1?x=1")
    assert client.get("/_fake/worlds/default/requests").json["requests"][-1]["unread"] == ["x"]


@pytest.mark.parametrize(
    ("name", "filter_", "column", "mistake"),
    [
        ("colour", None, "color", "x-column: there is no column color; expected one of id"),
        ("colour", "before", "", "x-column: there is no column colour"),
        ("title", "like", "", "x-filter: expected one of equals, before, after, min, max"),
        ("title", "contain", "", "x-filter: meant contains?, not contain"),
    ],
)
def test_a_filter_that_cannot_be_is_a_mistake(
    app: Any, name: Any, filter_: Any, column: Any, mistake: Any
) -> None:
    kinds = app.extensions["fake_server.worlds"].default.kinds("library")
    loans = next(kind for kind in kinds if kind.name == "loans")
    with pytest.raises(UserError, match=r"^library: loans: the parameter ") as raised:
        filter_of(loans, Parameter(name, "query", {}, filter_, column))
    assert mistake in str(raised.value)
