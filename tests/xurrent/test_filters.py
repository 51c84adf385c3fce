"""Filters of collections, and the messages about parameters that cannot be used."""

import json
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.xurrent.conftest import Caller


def filtered(api: Caller, query: str, path: str = "/calendars") -> list[int]:
    return sorted(api.ids(f"{path}?{query}"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("id=3", [3]),
        ("id=!3", [1, 2, 4, 5, 6]),
        ("id!=3", [1, 2, 4, 5, 6]),
        ("id=1,2,77", [1, 2]),
        ("ids=1,2", [1, 2]),
        ("id=!1,2", [3, 4, 5, 6]),
        ("id!=1,2", [3, 4, 5, 6]),
        ("ids!=1,2", [3, 4, 5, 6]),
        ("id[]=1&id[]=2", [1, 2]),
        ("id=", []),
        ("id=!", [1, 2, 3, 4, 5, 6]),
        ("id=<3", [1, 2]),
        ("id=<=3", [1, 2, 3]),
        ("id=>4", [5, 6]),
        ("id=>=4", [4, 5, 6]),
        ("id=>2<5", [3, 4]),
        ("id=>=2<=5", [2, 3, 4, 5]),
        ("id=>2<=5", [3, 4, 5]),
        ("id=>999999999999999999", []),
        ("id=>2&id!=4", [3, 5, 6]),
        ("name=ALPHA", [1]),
        ("name=%C3%A9t%C3%A9", [3]),
        ("name=e%CC%81t%C3%A9", [3]),
        ("name=STRA%C3%9FE", [5]),
        ("name=!alpha", [2, 3, 4, 5, 6]),
        ("name!=alpha", [2, 3, 4, 5, 6]),
        ("name=alph", []),
        ("name=", []),
        ("name=!", [1, 2, 3, 4, 5, 6]),
        ("sourceID=team-%C3%A9", [2]),
        ("sourceID=!team-%C3%A9", [1, 3, 4, 5, 6]),
        ("sourceID=", [1, 3, 4, 5, 6]),
        ("sourceID=!", [2]),
        ("sourceID!=", [2]),
        ("disabled=true", [2, 4]),
        ("disabled=YES", [2, 4]),
        ("disabled=false", [1, 3, 5, 6]),
        ("disabled=0", [1, 3, 5, 6]),
        ("disabled=!true", [1, 3, 5, 6]),
        ("disabled=", []),
        ("disabled=!", [1, 2, 3, 4, 5, 6]),
        ("disabled=true&id=>2", [4]),
    ],
)
@pytest.mark.behaviour(
    "xurrent.filters.fields",
    "xurrent.filters.case",
    "xurrent.filters.negation",
    "xurrent.filters.empty",
    "xurrent.filters.sets",
    "xurrent.filters.comparison",
    "xurrent.filters.range",
)
def test_filters(many: Caller, query: str, expected: list[int]) -> None:
    assert filtered(many, query) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2016-03-14T03:09:47-06:00", True),
        ("2016-03-14T09:09:47Z", True),
        ("2016-03-14T10:09:47+01:00", True),
        ("2016-03-14T10:09:47 01:00", True),
        ("2016-03-14T03:09:47", True),
        ("2016-03-14T09:09:47", False),
        ("<2016-03-14T09:09:48Z", True),
        ("<2016-03-14T09:09:47Z", False),
        ("<=2016-03-14T09:09:47Z", True),
        (">2016-03-14T09:09:46Z", True),
        (">=2016-03-14", True),
        (">=2016-03-15", False),
        (">2016-03-14T09:09:47.5Z", False),
        (">2016-03-14<2016-03-15", True),
        (">=2016-03-14T09:09:47Z<=2016-03-14T09:09:47Z", True),
        (">2016-03-14T09:09:47Z<2016-03-15", False),
        ("!2016-03-14T09:09:47Z", False),
        ("", False),
        ("!", True),
    ],
)
@pytest.mark.behaviour("xurrent.filters.no_offset", "xurrent.filters.comparison")
def test_times(api: Caller, value: str, expected: bool) -> None:
    for field in ("created_at", "updated_at"):
        kept = api.ids(f"/calendars?{field}={quote(value, safe='+ ').replace('+', '%2B')}")
        assert kept == ([32, 33, 42] if expected else [])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("strange=1", "Unknown fields: strange"),
        ("strange=1&name=x&odd!=2", "Unknown fields: strange, odd"),
        ("strange=1&source=x", "Unknown fields: strange"),
        ("filter[name]=x", "Parameter 'filter' is invalid"),
        ("source=x", "Filtering not allowed on fields: source"),
        ("source!=x&calendar_hours=", "Filtering not allowed on fields: source, calendar_hours"),
        ("disabled=>true", "Field 'disabled' does not support the '=>' operator"),
        ("disabled=<=true", "Field 'disabled' does not support the '=<=' operator"),
        ("name=>a<b", "Field 'name' does not support the '=>' operator"),
        ("sourceID=<a", "Field 'sourceID' does not support the '=<' operator"),
        ("id=!>3", "Field 'id' does not support the '=!>' operator"),
        ("id=!!3", "Field 'id' does not support the '=!!' operator"),
        ("disabled=true,false", "Cannot filter on a set of values for field 'disabled'"),
        ("name=a,b", "Cannot apply the '=' operator to a set of values for field 'name'"),
        (
            "created_at=2016-01-01,2017-01-01",
            "Cannot apply the '=' operator to a set of values for field 'created_at'",
        ),
        ("id=>1,2", "Cannot apply the '=>' operator to a set of values for field 'id'"),
        ("id=abc", "Invalid value for field 'id'"),
        ("id=1,", "Invalid value for field 'id'"),
        ("id=-1", "Invalid value for field 'id'"),
        ("id=9999999999999999999", "Invalid value for field 'id'"),
        ("id=%D9%A3", "Invalid value for field 'id'"),
        ("name=%00", "Invalid value for field 'name'"),
        ("created_at=2016-02-30", "Invalid value for field 'created_at'"),
        ("created_at=yesterday", "Invalid value for field 'created_at'"),
        ("created_at=>2016-01-01<", "Invalid value for field 'created_at'"),
        ("fields=name,strange,odd", "Unknown fields: strange, odd"),
        ("sort=disabled", "Sorting not allowed on fields: disabled"),
        ("sort=name,-disabled,odd", "Sorting not allowed on fields: disabled, odd"),
        ("sort=--name", "Sorting not allowed on fields: -name"),
        ("per_page=0", "Parameter 'per_page' cannot be less than 1"),
        ("per_page=-5", "Parameter 'per_page' cannot be less than 1"),
        ("per_page=101", "Parameter 'per_page' cannot be greater than 100"),
        ("per_page=" + "9" * 5000, "Parameter 'per_page' cannot be greater than 100"),
        ("per_page=abc", "Parameter 'per_page' is not a number"),
        ("per_page=1.5", "Parameter 'per_page' is not a number"),
        ("per_page[a]=1", "Parameter 'per_page' is invalid"),
        ("page=0", "Parameter 'page' cannot be less than 1"),
        ("page=" + "9" * 19, "Parameter 'page' cannot be greater than 999999999999999999"),
        ("sort=", "Sorting not allowed on fields: "),
        ("JSON=1&JSON[a]=2", "Expected Hash (got String) for param `JSON'"),
        ("search_after=abc", "Parameter 'search_after' is invalid"),
        ("search_before=%C3%A9", "Parameter 'search_before' is invalid"),
        ("name=%ff", "Invalid byte sequence in UTF-8"),
        ("name=%zz", "Invalid %-encoding (%zz)"),
    ],
)
@pytest.mark.behaviour(
    "xurrent.filters.unknown",
    "xurrent.filters.not_allowed",
    "xurrent.filters.operator",
    "xurrent.filters.set_refused",
    "xurrent.filters.value",
    "xurrent.fields.unknown",
    "xurrent.sort.not_allowed",
    "xurrent.pages.size.least",
    "xurrent.pages.size.most",
    "xurrent.pages.number.least",
    "xurrent.pages.cursor.invalid",
    "xurrent.errors.query",
)
def test_messages(api: Caller, query: str, message: str) -> None:
    assert api.message(f"/calendars?{query}") == message


@pytest.mark.behaviour("xurrent.filters.body")
def test_filters_in_a_json_body_on_get(many: Caller) -> None:
    options = {"data": json.dumps({"id": [1, 2, 3], "disabled": False}), "content_type": "x/y"}
    assert [calendar["id"] for calendar in many.get("/calendars?id=2,3", **options).json] == [3]


@pytest.mark.behaviour("xurrent.filters.sets")
def test_sets_have_a_limit(many: Caller) -> None:
    numbers = [str(number) for number in range(1, 1002)]
    assert filtered(many, f"id={','.join(numbers[:-1])}") == [1, 2, 3, 4, 5, 6]
    assert many.message(f"/calendars?id={','.join(numbers)}") == "Too many values for field 'id'"


RAW_PLUS = "2020-01-01T00:00:00+02:00"
ESCAPED_PLUS = RAW_PLUS.replace("+", "%2B")
PLUS = (
    "/calendars?created_at=%3E={}",
    "/calendars?updated_at=!{}",
    "/calendars?created_at!={}",
    "/calendars?created_at=%3E2019-01-01<{}",
    "/holidays?start_at=%3C{}",
    "/calendars/1/duration?start={}&end=2020-01-02",
)


@pytest.mark.parametrize("path", PLUS)
@pytest.mark.behaviour("xurrent.filters.plus")
def test_a_raw_plus_is_read_and_warned_of(many: Caller, path: str) -> None:
    answers = [many.get(path.format(time)) for time in (RAW_PLUS, ESCAPED_PLUS)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    raw, escaped = [*many.world.journal.entries()][-2:]
    assert raw.unread == (re.findall(r"[?&](\w+!?)=", path)[0],)
    assert escaped.unread == ()


@pytest.mark.parametrize("path", PLUS)
@pytest.mark.behaviour("xurrent.filters.plus")
def test_a_raw_plus_may_be_a_space(caller_for: Callable[..., Caller], path: str) -> None:
    strict = caller_for(dataset="empty", quirks=("xurrent.plus-is-space",))
    strict.created("/calendars", {"name": "One"})
    assert strict.get(path.format(ESCAPED_PLUS)).status_code == 200
    assert strict.get(path.format(RAW_PLUS)).status_code == 400


@pytest.mark.behaviour("xurrent.filters.plus", "xurrent.holidays.times.read")
def test_a_raw_plus_in_a_form(caller_for: Callable[..., Caller]) -> None:
    form = {
        "data": f"name=H&start_at={RAW_PLUS}&end_at=2020-01-02T00:00",
        "content_type": "application/x-www-form-urlencoded",
    }
    lenient = caller_for(dataset="empty")
    made = lenient.post("/holidays", **form)
    assert (made.status_code, made.json["start_at"]) == (201, "2019-12-31T22:00:00")
    assert [*lenient.world.journal.entries()][-1].unread == ("start_at",)
    strict = caller_for(dataset="empty", quirks=("xurrent.plus-is-space",))
    assert strict.errors(strict.post("/holidays", **form)) == [["start_at", "Start is invalid"]]
