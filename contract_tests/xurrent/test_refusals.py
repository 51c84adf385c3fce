"""Requests for lists that are refused, and in which words."""

import pytest

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import (
    CALENDARS,
    HOLIDAYS,
    calendars,
    expect_error,
    expect_names,
    holidays,
    ids,
    linked,
    page,
)

STAMP = "2020-01-01T00:00:00Z"


def refuse(target: Target, query: str, message: str, path: str = CALENDARS) -> None:
    """Assert the message with which a query is refused."""
    expect_error(target.get(f"{path}?{query}"), 400, message)


@behaviour("xurrent.filters.unknown", invalid=True)
def test_unknown_fields(xurrent: Target) -> None:
    for path in (CALENDARS, HOLIDAYS):
        refuse(xurrent, "strange=1", "Unknown fields: strange", path)
        refuse(xurrent, "id=1&odd=", "Unknown fields: odd", path)
        expect_names(xurrent.get(f"{path}?strange=1&odd=2"), "Unknown fields: ", "strange", "odd")
    refuse(xurrent, "start_at=2020-01-01", "Unknown fields: start_at")


@behaviour("xurrent.filters.not_allowed", invalid=True)
def test_fields_that_do_not_filter(xurrent: Target) -> None:
    for field in ("source", "calendar_hours"):
        refuse(xurrent, f"{field}=x", f"Filtering not allowed on fields: {field}")
    refuse(xurrent, "picture_uri=x", "Filtering not allowed on fields: picture_uri", HOLIDAYS)


@behaviour("xurrent.filters.operator", invalid=True)
def test_operators_that_are_not_supported(xurrent: Target) -> None:
    refuse(xurrent, "disabled=>true", "Field 'disabled' does not support the '=>' operator")
    for field, operator in (("disabled", "<"), ("name", "<"), ("name", ">="), ("sourceID", ">")):
        expect_names(xurrent.get(f"{CALENDARS}?{field}={operator}x"), f"'{field}'", f"={operator}")


@behaviour("xurrent.filters.set_refused", invalid=True)
def test_sets_that_are_not_supported(xurrent: Target) -> None:
    words = "Cannot apply the '=' operator to a set of values for field '{}'"
    for field, value in (("name", "a,b"), ("sourceID", "a,b"), ("created_at", f"{STAMP},{STAMP}")):
        refuse(xurrent, f"{field}={value}", words.format(field))
    words = "Cannot filter on a set of values for field 'disabled'"
    refuse(xurrent, "disabled=true,false", words)


@behaviour("xurrent.filters.sets", invalid=True)
def test_more_than_a_thousand_ids(xurrent: Target) -> None:
    for name in ("id", "ids"):
        many = ",".join(str(number) for number in range(1, 1002))
        expect_error(xurrent.get(CALENDARS, params={name: many}), 400)


@behaviour("xurrent.filters.value", invalid=True)
def test_values_that_a_field_cannot_have(xurrent: Target) -> None:
    for field, values in (
        ("id", ("abc", "1.5", "1,x", ">x")),
        ("created_at", ("yesterday", "2020-02-30", "2020-01-01T25:00:00Z", "<=x")),
        ("updated_at", ("12",)),
    ):
        for value in values:
            expect_names(xurrent.get(CALENDARS, params={field: value}), f"'{field}'")


@behaviour("xurrent.fields.unknown", invalid=True)
def test_unknown_fields_asked_for(xurrent: Target) -> None:
    for path in (CALENDARS, HOLIDAYS):
        refuse(xurrent, "fields=id,strange", "Unknown fields: strange", path)
        answer = xurrent.get(f"{path}?fields=strange,odd,name")
        expect_names(answer, "Unknown fields: ", "strange", "odd")
    refuse(xurrent, "fields=weekday", "Unknown fields: weekday")


@behaviour("xurrent.sort.not_allowed", invalid=True)
def test_fields_that_do_not_sort(xurrent: Target) -> None:
    for field in ("disabled", "source", "calendar_hours", "strange"):
        refuse(xurrent, f"sort={field}", f"Sorting not allowed on fields: {field}")
    refuse(xurrent, "sort=-disabled", "Sorting not allowed on fields: disabled")
    refuse(xurrent, "sort=name,strange", "Sorting not allowed on fields: strange")


@behaviour("xurrent.pages.size.least", invalid=True)
def test_pages_have_one_record_at_least(xurrent: Target) -> None:
    for path in (CALENDARS, HOLIDAYS):
        for size in ("0", "-1", "-100"):
            message = "Parameter 'per_page' cannot be less than 1"
            refuse(xurrent, f"per_page={size}", message, path)


@behaviour("xurrent.pages.size.most", invalid=True)
def test_pages_have_100_records_at_most(xurrent: Target) -> None:
    page(xurrent, params={"per_page": 100})
    for path in (CALENDARS, HOLIDAYS):
        for size in ("101", "100000000000000000000"):
            message = "Parameter 'per_page' cannot be greater than 100"
            refuse(xurrent, f"per_page={size}", message, path)


@behaviour("xurrent.pages.number.least", invalid=True)
def test_pages_are_counted_from_one(xurrent: Target) -> None:
    for path in (CALENDARS, HOLIDAYS, *nested_lists(xurrent)):
        for number in ("0", "-1"):
            refuse(xurrent, f"page={number}", "Parameter 'page' cannot be less than 1", path)


def nested_lists(target: Target) -> list[str]:
    """Return the paths of the lists within a calendar, if there is one."""
    numbers = [record["id"] for record in calendars(target)[:1]]
    names = ("calendar_hours", "holidays")
    return [f"{CALENDARS}/{number}/{name}" for number in numbers for name in names]


@behaviour("xurrent.sort.empty", invalid=True)
def test_no_field_has_an_empty_name(xurrent: Target) -> None:
    for path in (CALENDARS, f"{CALENDARS}/enabled", HOLIDAYS, *nested_lists(xurrent)):
        for query in ("sort=", "sort", "sort=-", "sort=,", "sort[]=", "sort=id,"):
            expect_names(xurrent.get(f"{path}?{query}"), "Sorting not allowed on fields")


@behaviour("xurrent.pages.positions", invalid=True)
def test_a_cursor_excuses_no_other_position(xurrent: Target) -> None:
    need(calendars(xurrent), "a calendar")
    cursor = page(xurrent).headers.get("X-Pagination-Start-Cursor", "")
    numbers = [(path, "1") for path in nested_lists(xurrent)]
    for path, position in ((CALENDARS, cursor), *numbers):
        for query, name in (
            (f"search_after={position}&page=0", "page"),
            (f"search_before={position}&page=x", "page"),
            (f"search_after={position}&search_before=x", "search_before"),
            (f"search_before={position}&search_after=x", "search_after"),
            ("search_after=&page=0", "page"),
        ):
            expect_names(xurrent.get(f"{path}?{query}"), f"'{name}'")


@behaviour("xurrent.pages.positions")
def test_search_after_wins(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(len(records) > 1, "two calendars")
    first = page(xurrent, params={"per_page": 1, "sort": "id"})
    cursor = first.headers.get("X-Pagination-End-Cursor", "")
    expected = page(xurrent, params={"per_page": 1, "sort": "id", "search_after": cursor}).json
    for name, value in (("page", "1"), ("search_before", cursor)):
        params = {"per_page": 1, "sort": "id", "search_after": cursor, name: value}
        expect(f"the page with {name}", expected, page(xurrent, params=params).json)


@behaviour("xurrent.pages.cursor.invalid", invalid=True)
@pytest.mark.parametrize("name", ["search_after", "search_before"])
def test_cursors_of_nobody(xurrent: Target, name: str) -> None:
    for text in ("nonsense", "e30=", "bm9uc2Vuc2U=", "****"):
        expect_names(xurrent.get(CALENDARS, params={name: text}), f"'{name}'")
    need(calendars(xurrent), "a calendar")
    cursor = page(xurrent, params={"per_page": 1, "sort": "id"}).headers.get(
        "X-Pagination-End-Cursor", ""
    )
    expect_that("the cursor", cursor, "one", cursor)
    for sort in ("name", "created_at", "sourceID,-name"):
        answer = xurrent.get(CALENDARS, params={name: cursor, "sort": sort})
        expect_names(answer, f"'{name}'")


@behaviour("xurrent.errors.query", invalid=True)
def test_queries_that_cannot_be_decoded(xurrent: Target) -> None:
    known = ids(calendars(xurrent))
    for query in (
        *("name=%ff", "id=1&%ff=2", "name=2&name[a]=1", "id[]=1&id[a]=2"),
        *("JSON=1&JSON[a]=2", "json[]=1&json[a]=2"),
    ):
        for path in (CALENDARS, HOLIDAYS, *(f"{CALENDARS}/{number}" for number in known[:1])):
            message = expect_error(xurrent.get(f"{path}?{query}"), 400)
            expect_that("the message", "JSON string" not in message, "of the query", message)


@behaviour("xurrent.errors.method")
def test_methods_that_a_path_does_not_have(xurrent: Target) -> None:
    for record in calendars(xurrent)[:8]:
        holidays_linked = linked(xurrent, record["id"])
        if holidays_linked:
            path = f"{CALENDARS}/{record['id']}/holidays/{holidays_linked[0]['id']}"
            expect_error(xurrent.get(path), 404, "Not Found")
            return
    need(False, "a calendar with a holiday among the first eight")


@behaviour("xurrent.errors.method", needs=("writes",))
def test_other_methods_are_not_found(xurrent: Target) -> None:
    for method, path in (
        ("DELETE", CALENDARS),
        ("PUT", CALENDARS),
        ("PATCH", HOLIDAYS),
        ("POST", "/v1/rate_limit"),
        ("DELETE", "/v1"),
    ):
        expect_error(xurrent.request(method, path), 404, "Not Found")
    for path in [f"{HOLIDAYS}/{holiday['id']}" for holiday in holidays(xurrent)[:1]]:
        for method in ("POST", "DELETE"):
            expect_error(xurrent.request(method, path), 404, "Not Found")
