"""The list of calendars, and single ones."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from fake_server.contract import (
    Target,
    behaviour,
    expect,
    expect_ordered,
    expect_same_members,
    expect_that,
    need,
)

from .helpers import (
    CALENDAR,
    CALENDAR_ITEM,
    CALENDARS,
    HOLIDAY,
    HOLIDAYS,
    WEEK,
    Record,
    account,
    bare,
    calendars,
    expect_names,
    first,
    holidays,
    ids,
    listed,
    order,
    page,
    some,
    whole,
)

STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"


def both_kinds(target: Target) -> tuple[dict[str, str], list[int], list[int]]:
    """Return parameters of a list, the enabled calendars in it, the disabled ones."""
    params, records = some(target)
    enabled = ids(record for record in records if not record["disabled"])
    disabled = ids(record for record in records if record["disabled"])
    need(enabled and disabled, "an enabled and a disabled calendar")
    return params, enabled, disabled


@behaviour("xurrent.calendars.list")
def test_enabled_and_disabled_calendars_are_listed(xurrent: Target) -> None:
    params, enabled, disabled = both_kinds(xurrent)
    narrowed = {key: value for key, value in params.items() if key != "fields"}
    seen = ids(listed(xurrent, params=narrowed))
    expect_same_members("the calendars listed", enabled + disabled, seen)


def full(days: str) -> list[dict[str, str]]:
    """Return hours that last all day."""
    return [
        {"weekday": day, "time_from": "00:00", "time_until": "00:00"}
        for day in WEEK[: WEEK.index(days) + 1]
    ]


MADE = "2016-03-14T03:09:47-06:00"


def documented(id_: int, name: str, last_day: str) -> Record:
    """Return a calendar of the document's example."""
    return {
        "id": id_,
        "source": None,
        "sourceID": None,
        "name": name,
        "calendar_hours": full(last_day),
        "created_at": MADE,
        "updated_at": MADE,
    }


EXAMPLE = (
    {**documented(32, "24x5 (Monday through Friday)", "fri"), "disabled": True},
    documented(33, "24x6 (Monday through Saturday)", "sat"),
)


@behaviour("xurrent.calendars.example", needs=("data",))
def test_the_documented_example(xurrent: Target) -> None:
    with account(xurrent, *reversed(EXAMPLE), time_zone="America/Denver") as own:
        expect("the list", list(EXAMPLE), [bare(record) for record in listed(own)])
        expect("the single calendar", EXAMPLE[0], bare(whole(own, 32)))


@behaviour("xurrent.calendars.fields.default")
def test_the_fields_of_an_item(xurrent: Target) -> None:
    records = listed(xurrent)
    need(records, "a calendar")
    for record in records:
        expect("its fields", set(CALENDAR_ITEM), set(bare(record)) - {"disabled"})
        for name in ("name", "created_at", "updated_at"):
            expect_that(name, isinstance(record[name], str), "text", record[name])
        for name in ("source", "sourceID"):
            right = record[name] is None or isinstance(record[name], str)
            expect_that(name, right, "text or null", record[name])


@behaviour("xurrent.calendars.fields.default", needs=("data",))
def test_the_values_of_the_fields(xurrent: Target) -> None:
    pinned = {"id": 7, "name": "Desk", "source": "HR", "sourceID": "a-1"}
    with account(xurrent, pinned) as own:
        seen = first(listed(own), "the calendar")
        expect("the record", pinned, {key: seen[key] for key in pinned})


@behaviour("xurrent.calendars.fields.disabled")
def test_disabled_calendars_say_so(xurrent: Target) -> None:
    params, _, disabled = both_kinds(xurrent)
    for fields in ("id", "name,source", ",".join(CALENDAR_ITEM)):
        for record in listed(xurrent, params={**params, "fields": fields}):
            expected = True if record["id"] in disabled else "nothing"
            expect("disabled", expected, record.get("disabled", "nothing"))


@behaviour("xurrent.calendars.fields.disabled")
def test_enabled_calendars_say_so_when_asked(xurrent: Target) -> None:
    params, enabled, _ = both_kinds(xurrent)
    for record in listed(xurrent, params={**params, "fields": "disabled"}):
        expect("disabled", record["id"] not in enabled, record.get("disabled", "nothing"))


@behaviour("xurrent.calendars.order")
def test_names_are_in_order(xurrent: Target) -> None:
    names = [record["name"] for record in listed(xurrent, params=some(xurrent)[0])]
    need(len(names) > 1 and names[0] != names[-1], "two calendars")
    for name, next_name in pairwise(names):
        wrong = name > next_name and name.casefold() > next_name.casefold()
        expect_that("the names", not wrong, "ascending order", f"{name!r} before {next_name!r}")
    plain = {key: value for key, value in some(xurrent)[0].items() if key != "fields"}
    seen = order(listed(xurrent, params=plain))
    expect("the order by name", seen, order(listed(xurrent, params={**plain, "sort": "name"})))
    need(order(listed(xurrent, params={**plain, "sort": "-name"})) != seen, "another order")
    size = len(seen) // 2 + 1
    pages = [order(listed(xurrent, params={**plain, "per_page": size, "page": n})) for n in (1, 2)]
    expect("the order of two pages", seen[: 2 * size], pages[0] + pages[1])


def named(*names: str, source_ids: tuple[str | None, ...] = ()) -> list[Record]:
    """Return calendars for a dataset, with ids from 1."""
    records: list[Record] = [{"id": id_, "name": name} for id_, name in enumerate(names, 1)]
    for record, source_id in zip(records, source_ids, strict=False):
        record["sourceID"] = source_id
    return records


@behaviour("xurrent.calendars.order", needs=("data",))
def test_names_are_in_order_whatever_the_ids(xurrent: Target) -> None:
    with account(xurrent, *named("Night", "Alarm", "Office", "Backup")) as own:
        expect("the order", [2, 4, 1, 3], order(listed(own)))


@behaviour("xurrent.calendars.order.case")
def test_case_makes_no_difference_to_the_order(xurrent: Target) -> None:
    for path, listed_records in ((CALENDARS, calendars(xurrent)), (HOLIDAYS, holidays(xurrent))):
        need(len(listed_records) > 1, "two calendars and two holidays")
        for field in ("name", "sourceID"):
            seen = listed(xurrent, path, {**some(xurrent, path)[0], "sort": field})
            expect_ordered(field, seen, _folded(field))


@behaviour("xurrent.calendars.order.case", needs=("data",))
def test_small_letters_do_not_come_last(xurrent: Target) -> None:
    records = named("bravo", "Charlie", "alpha", "Delta", source_ids=("b", None, "C", "A"))
    with account(xurrent, *records) as own:
        expect("the order by name", [3, 1, 2, 4], order(listed(own)))
        by_source = order(listed(own, params={"sort": "sourceID"}))
        expect("the order by sourceID", [2, 4, 1, 3], by_source)


@behaviour("xurrent.calendars.predefined")
def test_predefined_filters_part_the_list(xurrent: Target) -> None:
    params, enabled, disabled = both_kinds(xurrent)
    for name, expected in (("enabled", enabled), ("disabled", disabled)):
        answer = page(xurrent, f"{CALENDARS}/{name}", params)
        expect(f"the {name} ones", expected, ids(xurrent.records(answer)))
        expect(f"the total of the {name} ones", len(expected), xurrent.total(answer))


@behaviour("xurrent.calendars.predefined")
def test_predefined_filters_combine_with_others(xurrent: Target) -> None:
    _, enabled, disabled = both_kinds(xurrent)
    for name, inside, outside in (
        ("enabled", enabled[0], disabled[0]),
        ("disabled", disabled[0], enabled[0]),
    ):
        seen = listed(xurrent, f"{CALENDARS}/{name}", {"id": f"{inside},{outside}"})
        expect(f"the {name} ones of two", [inside], ids(seen))


@behaviour("xurrent.calendars.state")
def test_state_is_the_predefined_filter(xurrent: Target) -> None:
    params, enabled, disabled = both_kinds(xurrent)
    for name, expected in (("enabled", enabled), ("disabled", disabled)):
        answer = page(xurrent, params={**params, "state": name})
        expect(f"those whose state is {name}", expected, ids(xurrent.records(answer)))
        expect("the total", len(expected), xurrent.total(answer))
    crossed = listed(xurrent, f"{CALENDARS}/enabled", {**params, "state": "disabled"})
    expect("the enabled ones whose state is disabled", [], ids(crossed))


def expect_combined(target: Target, path: str, state: dict[str, str], kept: list[int]) -> None:
    """Hold a list of one state against filters, orders, fields and pages."""
    params, records = some(target)
    rows = [record for record in records if record["id"] in kept]
    by_id = sorted(rows, key=lambda record: record["id"])
    plain = {**params, **state}
    expect("the total", len(kept), target.total(page(target, path, plain)))
    for sort, expected in (("id", by_id), ("-id", by_id[::-1])):
        seen = listed(target, path, {**plain, "sort": sort})
        expect(f"those of {path} by {sort}", ids(expected), ids(seen))
        expect(f"the order by {sort}", order(expected), order(seen))
    size = len(kept) // 2 + 1
    pages = [page(target, path, {**plain, "sort": "id", "per_page": size})]
    if "next" in pages[0].links:
        pages.append(target.follow(pages[0].links["next"]).expect_status(200))
    met = [row for answer in pages for row in target.records(answer)]
    expect("those of two pages", order(by_id), order(met))
    expect("the fields of both pages", [list(row) for row in by_id], [list(row) for row in met])
    for answer in pages:
        answer.expect_header("X-Pagination-Total-Entries", str(len(kept)))
        answer.expect_header("X-Pagination-Per-Page", str(size))
    excluded = next(record for record in records if record["id"] not in kept)
    for sought, expected_ids in ((rows[0], [rows[0]["id"]]), (excluded, [])):
        if not set(sought["name"]) & set(",!<>="):
            name = {**state, "name": sought["name"]}
            expect(f"those of {path} with {name}", expected_ids, ids(listed(target, path, name)))
        number = {**state, "id": sought["id"], "fields": "name"}
        seen = listed(target, path, number)
        expect(f"those of {path} with {number}", expected_ids, ids(seen))
        further = {field for row in seen for field in bare(row)} - {"id", "name", "disabled"}
        expect("fields that were not asked for", set(), further)


@behaviour("xurrent.calendars.predefined")
def test_predefined_filters_with_others(xurrent: Target) -> None:
    _, enabled, disabled = both_kinds(xurrent)
    for name, kept in (("enabled", enabled), ("disabled", disabled)):
        expect_combined(xurrent, f"{CALENDARS}/{name}", {}, kept)


@behaviour("xurrent.calendars.state")
def test_states_with_others(xurrent: Target) -> None:
    _, enabled, disabled = both_kinds(xurrent)
    for name, kept in (("enabled", enabled), ("disabled", disabled)):
        expect_combined(xurrent, CALENDARS, {"state": name}, kept)


@behaviour("xurrent.calendars.state.unknown", invalid=True)
def test_other_states_are_refused(xurrent: Target) -> None:
    for state in ("archived", "Enabled"):
        expect_names(xurrent.get(CALENDARS, params={"state": state}), state)


@behaviour("xurrent.calendars.get")
def test_a_single_calendar_is_the_one_of_the_list(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(records, "a calendar")
    for record in (records[0], records[-1]):
        seen = bare(whole(xurrent, record["id"]))
        expect("its fields", CALENDAR, set(seen))
        expect("the calendar", bare(record), seen)


@behaviour("xurrent.calendars.get.fields")
def test_fields_do_not_change_a_single_calendar(xurrent: Target) -> None:
    number = first(calendars(xurrent), "a calendar")["id"]
    (narrow,) = listed(xurrent, params={"id": number, "fields": "name"})
    need("created_at" not in narrow, "a list that fields changes")
    for fields in ("name", "id,source"):
        answer = xurrent.get(f"{CALENDARS}/{number}", params={"fields": fields})
        answer.expect_status(200).expect_json(whole(xurrent, number))


def week_position(hours: dict[str, Any]) -> tuple[int, str]:
    """Return where hours stand in the week."""
    return WEEK.index(hours["weekday"]), hours["time_from"]


@behaviour("xurrent.calendars.hours")
def test_hours_are_in_the_order_of_the_week(xurrent: Target) -> None:
    records = calendars(xurrent)
    need(any(len(record["calendar_hours"]) > 1 for record in records), "a calendar with two hours")
    for record in records:
        for hours in record["calendar_hours"]:
            expect("the keys", ["time_from", "time_until", "weekday"], sorted(hours))
            for name in ("time_from", "time_until"):
                expect_that(name, re.fullmatch(r"\d\d:\d\d", hours[name]), "hh:mm", hours[name])
        expect_ordered("the hours", record["calendar_hours"], week_position)


@behaviour("xurrent.calendars.hours", needs=("data",))
def test_hours_that_were_stored_in_disorder(xurrent: Target) -> None:
    stored = [("sun", "09:00"), ("fri", "13:00"), ("mon", "08:00"), ("fri", "07:00")]
    hours = [{"weekday": day, "time_from": at, "time_until": "23:00"} for day, at in stored]
    with account(xurrent, {"id": 5, "name": "Desk", "calendar_hours": hours}) as own:
        expected = [hours[2], hours[3], hours[1], hours[0]]
        expect("the hours in the list", expected, listed(own)[0]["calendar_hours"])
        expect("the hours of the calendar", expected, whole(own, 5)["calendar_hours"])


@behaviour("xurrent.calendars.timestamps")
def test_timestamps_are_printed_to_the_second(xurrent: Target) -> None:
    records = calendars(xurrent) + holidays(xurrent)
    need(records, "a calendar")
    for record in records:
        for name in ("created_at", "updated_at"):
            right = re.fullmatch(STAMP, record[name])
            expect_that(name, right, "such as 2016-03-14T03:09:47-06:00", record[name])


@behaviour("xurrent.calendars.timestamps", needs=("data",))
def test_timestamps_are_local_in_summer_and_winter(xurrent: Target) -> None:
    moments = ("2021-01-15T12:00:00Z", "2021-07-15T12:00:00Z")
    for zone, expected in (
        ("America/Denver", ("2021-01-15T05:00:00-07:00", "2021-07-15T06:00:00-06:00")),
        ("Amsterdam", ("2021-01-15T13:00:00+01:00", "2021-07-15T14:00:00+02:00")),
        ("Kolkata", ("2021-01-15T17:30:00+05:30", "2021-07-15T17:30:00+05:30")),
    ):
        record = {"id": 1, "name": "Desk", "created_at": moments[0], "updated_at": moments[1]}
        with account(xurrent, record, time_zone=zone) as own:
            for seen in (listed(own)[0], whole(own, 1)):
                expect("its timestamps", expected, (seen["created_at"], seen["updated_at"]))


@behaviour("xurrent.calendars.key_order")
def test_the_order_of_keys(xurrent: Target) -> None:
    number = first(calendars(xurrent), "a calendar")["id"]
    keys = list(bare(whole(xurrent, number)))
    expect("the keys of a single calendar", sorted(keys, key=str.lower), keys)
    for path, expected in ((CALENDARS, CALENDAR_ITEM), (HOLIDAYS, HOLIDAY)):
        for record in listed(xurrent, path, {"per_page": 50}):
            keys = [key for key in bare(record) if key != "disabled"]
            expect("the keys of an item", expected, keys)


def _folded(name: str) -> Callable[[Record], str]:
    return lambda record: (record[name] or "").casefold()
