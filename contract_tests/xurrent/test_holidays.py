"""Holidays, and which calendars they are linked to."""

import operator
import re
from collections.abc import Callable
from itertools import islice
from urllib.parse import urlsplit

from fake_server.contract import Target, behaviour, expect, expect_ordered, expect_that, need

from .helpers import (
    CALENDARS,
    HOLIDAY,
    HOLIDAYS,
    NOBODY,
    Record,
    bare,
    calendar,
    calendars,
    day_off,
    expect_error,
    expect_invalid,
    expect_sorted_by_two,
    holidays,
    ids,
    linked,
    listed,
    moment,
    order,
    page,
    pass_time,
    retire,
    some,
    sort_key,
)

COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
LOCAL = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"


@behaviour("xurrent.holidays.list")
def test_holidays_are_listed_by_name(xurrent: Target) -> None:
    answer = page(xurrent, HOLIDAYS, {"per_page": 50})
    records = xurrent.records(answer)
    need(len(records) > 1, "two holidays")
    for record in records:
        expect("its fields", set(HOLIDAY), set(bare(record)))
    expect_ordered("the names", records, lambda holiday: holiday["name"].casefold())


@behaviour("xurrent.holidays.get")
def test_a_single_holiday_is_the_one_of_the_list(xurrent: Target) -> None:
    records = holidays(xurrent)
    need(records, "a holiday")
    for record in (records[0], records[-1]):
        seen = xurrent.get(f"{HOLIDAYS}/{record['id']}").expect_status(200).json
        expect("the holiday", bare(record), bare(seen))
        keys = list(bare(seen))
        expect("the order of its keys", sorted(keys, key=str.lower), keys)


@behaviour("xurrent.holidays.create", needs=("writes",))
def test_a_holiday_is_made(xurrent: Target) -> None:
    attributes = {"name": xurrent.name("holiday"), "start_at": "2020-05-05T00:00"} | {
        "end_at": "2020-05-06T00:00",
        "picture_uri": "https://example.org/flag.svg",
        "sourceID": "nl-0505",
    }
    answer = xurrent.post(HOLIDAYS, json=attributes).expect_status(201)
    record = bare(answer.json)
    expect("its fields", set(HOLIDAY), set(record))
    leads = urlsplit(answer.headers.get("Location", "")).path
    expect_that("Location", leads.endswith(f"/holidays/{record['id']}"), "the holiday", leads)
    for name in ("name", "picture_uri", "sourceID"):
        expect(name, attributes[name], record[name])
    seen = xurrent.get(f"{HOLIDAYS}/{record['id']}").expect_status(200).json
    expect("the holiday read back", record, bare(seen))
    expect(
        "the list",
        [record],
        [bare(holiday) for holiday in listed(xurrent, HOLIDAYS, {"id": record["id"]})],
    )


@behaviour("xurrent.holidays.create", needs=("writes",))
def test_a_holiday_needs_name_and_times(xurrent: Target) -> None:
    blank = {"name": "Name", "start_at": "Start", "end_at": "End"}
    attributes = {"name": "x", "start_at": "2020-05-05T00:00", "end_at": "2020-05-06T00:00"}
    for field, label in blank.items():
        rest = {key: value for key, value in attributes.items() if key != field}
        expect_invalid(xurrent.post(HOLIDAYS, json=rest), (field, f"{label} can't be blank"))


@behaviour("xurrent.holidays.update", needs=("writes",))
def test_a_holiday_is_changed(xurrent: Target) -> None:
    all_else = {"source": "HR", "sourceID": "a-1", "picture_uri": "https://example.org/a.svg"}
    before = day_off(xurrent, "2020-05-05T00:00", "2020-05-06T00:00", **all_else)
    path = f"{HOLIDAYS}/{before['id']}"
    with calendar(xurrent, days_off=[before["id"]]) as record:
        pass_time(xurrent, 2)
        for method, change in (
            ("PATCH", {"end_at": "2020-05-07T12:00:00"}),
            ("PUT", {"end_at": "2020-05-08T06:30:00"}),
            ("PATCH", {"name": xurrent.name("renamed")}),
            ("PUT", {"source": "CMDB"}),
            ("PATCH", {"sourceID": "b-2"}),
            ("PUT", {"picture_uri": "https://example.org/b.svg"}),
            ("PATCH", {"start_at": "2020-05-04T08:00:00", "sourceID": "c-3"}),
        ):
            answer = xurrent.request(method, path, json=change).expect_status(200)
            seen = answer.json
            later = moment(seen["updated_at"]) > moment(before["created_at"])
            expect_that("updated_at", later, f"after {before['created_at']}", seen["updated_at"])
            expected = {**before, **change, "updated_at": seen["updated_at"]}
            expect(f"the holiday after {change}", expected, seen)
            expect("the holiday read back", seen, xurrent.get(path).json)
            for list_path in (HOLIDAYS, f"{CALENDARS}/{record['id']}/holidays"):
                records = listed(xurrent, list_path, {"id": before["id"]})
                expect(
                    f"the holiday in {list_path}",
                    [bare(seen)],
                    [bare(holiday) for holiday in records],
                )
            before = seen


@behaviour("xurrent.holidays.times")
def test_times_of_holidays_have_no_offset(xurrent: Target) -> None:
    need(holidays(xurrent), "a holiday")
    for record in holidays(xurrent):
        for name in ("start_at", "end_at"):
            right = re.fullmatch(LOCAL, record[name])
            expect_that(name, right, "such as 2016-06-17T16:00:00", record[name])
        right = record["start_at"] < record["end_at"]
        expect_that("when it ends", right, f"after {record['start_at']}", record["end_at"])


@behaviour("xurrent.holidays.times", needs=("writes",))
def test_times_of_holidays_are_given_back(xurrent: Target) -> None:
    for start, end in (
        ("2016-06-17T16:00", "2016-06-18T00:00"),
        ("2019-12-31T23:45", "2020-01-01T00:15"),
    ):
        holiday = day_off(xurrent, start, end)
        expect("its times", (f"{start}:00", f"{end}:00"), (holiday["start_at"], holiday["end_at"]))


@behaviour("xurrent.holidays.times.read", needs=("writes",))
def test_dates_and_offsets_are_read(xurrent: Target) -> None:
    for spelling, shown in (
        ("2016-06-17", "2016-06-17T00:00:00"),
        ("2016-06-17T16:00:00+00:00", "2016-06-17T16:00:00"),
        ("2016-06-17T16:00:00-06:00", "2016-06-17T22:00:00"),
    ):
        holiday = day_off(xurrent, spelling, "2016-06-20T00:00")
        expect(f"the start, given as {spelling}", shown, holiday["start_at"])


@behaviour("xurrent.holidays.picture", needs=("writes",))
def test_a_picture_comes_as_it_is(xurrent: Target) -> None:
    picture = "data:image/gif;base64,R0lGODlhAQABAAAAACw=" + "%20" * 100
    holiday = day_off(xurrent, "2020-05-05T00:00", "2020-05-06T00:00", picture_uri=picture)
    expect("the picture", picture, holiday["picture_uri"])


@behaviour("xurrent.holidays.backwards", needs=("writes",))
def test_a_holiday_ends_after_it_begins(xurrent: Target) -> None:
    for start, end in (
        ("2020-05-05T10:00", "2020-05-05T09:59"),
        ("2020-05-05T10:00", "2020-05-05T10:00"),
    ):
        attributes = {"name": xurrent.name("holiday"), "start_at": start, "end_at": end}
        answer = xurrent.post(HOLIDAYS, json=attributes).expect_status(422)
        expect("the field", ["end_at"], [field for field, _ in answer.json["errors"]])
    holiday = day_off(xurrent, "2020-05-05T10:00", "2020-05-05T10:01")
    answer = xurrent.patch(f"{HOLIDAYS}/{holiday['id']}", json={"start_at": "2020-05-05T11:00"})
    expect(
        "the field", ["end_at"], [field for field, _ in answer.expect_status(422).json["errors"]]
    )


@behaviour("xurrent.holidays.names", needs=("writes",))
def test_two_holidays_of_one_name(xurrent: Target) -> None:
    first = day_off(xurrent, "2020-05-05T00:00", "2020-05-06T00:00")
    second = day_off(xurrent, "2021-05-05T00:00", "2021-05-06T00:00", name=first["name"])
    records = listed(xurrent, HOLIDAYS, {"name": first["name"]})
    expect("those of that name", [first["id"], second["id"]], ids(records))


def of_calendar(target: Target, number: int) -> list[int]:
    """Return the ids of the holidays of a calendar."""
    return ids(listed(target, f"{CALENDARS}/{number}/holidays"))


@behaviour("xurrent.holidays.link", needs=("writes",))
def test_links_are_made_from_both_sides(xurrent: Target) -> None:
    days = [day_off(xurrent, f"202{n}-05-05T00:00", f"202{n}-05-06T00:00")["id"] for n in (0, 1)]
    with calendar(xurrent) as record:
        number = record["id"]
        expect("its holidays", [], of_calendar(xurrent, number))
        forwards = f"{CALENDARS}/{number}/holidays/{days[0]}"
        for path in (forwards, forwards, f"{HOLIDAYS}/{days[1]}/calendars/{number}"):
            xurrent.post(path).expect_status(200).expect_json({})
        expect("its holidays", days, of_calendar(xurrent, number))
        for day in days:
            seen = listed(xurrent, f"{HOLIDAYS}/{day}/calendars")
            expect("the calendars of the holiday", [number], ids(seen))
        expect_error(xurrent.post(f"{CALENDARS}/{number}/holidays/{NOBODY}"), 404, "Not Found")


@behaviour("xurrent.holidays.unlink", needs=("writes",))
def test_links_are_taken_away(xurrent: Target) -> None:
    days = [day_off(xurrent, f"202{n}-05-05T00:00", f"202{n}-05-06T00:00")["id"] for n in range(4)]
    with calendar(xurrent, days_off=days) as record, calendar(xurrent, days_off=days) as second:
        own, other = record["id"], second["id"]
        path = f"{CALENDARS}/{record['id']}/holidays"
        for link in (f"{path}/{days[0]}", f"{HOLIDAYS}/{days[1]}/calendars/{record['id']}"):
            xurrent.delete(link).expect_status(204)
            expect_error(xurrent.delete(link), 404, "Not Found")
        expect_links(xurrent, {own: days[2:], other: days}, {days[0]: [other], days[1]: [other]})
        xurrent.delete(f"{HOLIDAYS}/{days[2]}/calendars").expect_status(204)
        rest = [days[0], days[1], days[3]]
        expect_links(xurrent, {own: days[3:], other: rest}, {days[2]: []})
        xurrent.delete(path).expect_status(204)
        expect_links(xurrent, {own: [], other: rest}, {days[3]: [other]})
        xurrent.get(f"{HOLIDAYS}/{days[3]}").expect_status(200)


def expect_links(
    target: Target, of_calendars: dict[int, list[int]], of_days: dict[int, list[int]]
) -> None:
    """Assert the holidays of calendars, and the enabled calendars of holidays."""
    for number, days in of_calendars.items():
        expect(f"the holidays of {number}", days, of_calendar(target, number))
    for day, numbers in of_days.items():
        path = f"{HOLIDAYS}/{day}/calendars"
        for list_path in (path, f"{path}/enabled"):
            expect(f"the rows of {list_path}", numbers, ids(listed(target, list_path)))


def with_holidays(target: Target) -> tuple[Record, list[Record]]:
    """Return a calendar and the holidays that are linked to it."""
    for record in islice(calendars(target), 8):
        records = linked(target, record["id"])
        if len(records) > 1:
            return record, records
    need(False, "a calendar with two holidays among the first eight")
    raise AssertionError


@behaviour("xurrent.holidays.of_calendar")
def test_holidays_of_a_calendar(xurrent: Target) -> None:
    record, records = with_holidays(xurrent)
    by_id = {holiday["id"]: holiday for holiday in holidays(xurrent)}
    need(all(holiday["id"] in by_id for holiday in records), "at most 100 holidays")
    for holiday in records:
        expect("the holiday", bare(by_id[holiday["id"]]), bare(holiday))
    expect_ordered("the names", records, lambda holiday: holiday["name"].casefold())
    path = f"{CALENDARS}/{record['id']}/holidays"
    seen = listed(xurrent, path, {"id": f"!{records[0]['id']}", "sort": "-name", "per_page": 100})
    expect("the holidays but one, backwards", order(records[:0:-1]), order(seen))
    less = {holiday["id"] for holiday in holidays(xurrent)} - {holiday["id"] for holiday in records}
    need(less, "a holiday that is not linked to a calendar")
    seen = listed(xurrent, f"{HOLIDAYS}/{min(less)}/calendars", {"per_page": 100})
    expect_that("its calendars", record["id"] not in ids(seen), f"no {record['id']}", ids(seen))


@behaviour("xurrent.holidays.calendars")
def test_calendars_of_a_holiday(xurrent: Target) -> None:
    record, linked_holidays = with_holidays(xurrent)
    path = f"{HOLIDAYS}/{linked_holidays[0]['id']}/calendars"
    seen = listed(xurrent, path, {"per_page": 100})
    expect_that("the calendars", record["id"] in ids(seen), record["id"], ids(seen))
    enabled = [row["id"] for row in seen if "disabled" not in row]
    disabled = [row["id"] for row in seen if "disabled" in row]
    expect("the enabled ones", enabled, order(listed(xurrent, f"{path}/enabled")))
    expect("the disabled ones", disabled, order(listed(xurrent, f"{path}/disabled")))
    expect_ordered("the names", seen, lambda row: row["name"].casefold())
    for row in seen:
        params = {"id": row["id"]}
        expect("the calendar", listed(xurrent, params=params), [row])
    by_fields = listed(xurrent, path, {"per_page": 100, "fields": "name"})
    names = [(row["id"], row["name"]) for row in seen]
    expect("the names by fields", names, [(row["id"], row["name"]) for row in by_fields])
    rest = [number for number in order(seen) if number != record["id"]]
    expect("the others", rest, order(listed(xurrent, path, {"id": f"!{record['id']}"})))


@behaviour("xurrent.holidays.calendars", needs=("writes",))
def test_enabled_and_disabled_calendars_of_a_holiday(xurrent: Target) -> None:
    day = day_off(xurrent, "2020-05-05T00:00", "2020-05-06T00:00")["id"]
    path = f"{HOLIDAYS}/{day}/calendars"
    with calendar(xurrent, days_off=[day]) as first, calendar(xurrent, days_off=[day]) as second:
        retire(xurrent, first)
        expect("the calendars", [first["id"], second["id"]], ids(listed(xurrent, path)))
        expect("the enabled ones", [second["id"]], ids(listed(xurrent, f"{path}/enabled")))
        expect("the disabled ones", [first["id"]], ids(listed(xurrent, f"{path}/disabled")))


@behaviour("xurrent.holidays.filters")
def test_holidays_are_filtered(xurrent: Target) -> None:
    params, records = some(xurrent, HOLIDAYS)
    need(len(records) > 2, "three holidays")
    middle = sorted(records, key=lambda holiday: (holiday["start_at"], holiday["id"]))[
        len(records) // 2
    ]
    fields = [name for name in HOLIDAY if name not in {"source", "picture_uri"}]
    for name in fields:
        if name == "id" and "id" in params:
            continue
        expected = ids(holiday for holiday in records if holiday[name] == middle[name])
        seen = listed(xurrent, HOLIDAYS, {**params, name: middle[name] or ""})
        expect(f"those whose {name} is {middle[name]}", expected, ids(seen))
    for name in ("start_at", "end_at"):
        for sign, keeps in COMPARISONS.items():
            expected = ids(holiday for holiday in records if keeps(holiday[name], middle[name]))
            seen = listed(xurrent, HOLIDAYS, {**params, name: f"{sign}{middle[name]}"})
            expect(f"those whose {name} is {sign} {middle[name]}", expected, ids(seen))
    started = {"start_at": f">={middle['start_at']}", "end_at": f"<={records[-1]['end_at']}"}
    expected = ids(
        holiday
        for holiday in records
        if middle["start_at"] <= holiday["start_at"] and holiday["end_at"] <= records[-1]["end_at"]
    )
    expect(f"those of {started}", expected, ids(listed(xurrent, HOLIDAYS, {**params, **started})))


@behaviour("xurrent.holidays.filters", needs=("writes",))
def test_a_source_id_filters_holidays(xurrent: Target) -> None:
    times = ("2020-05-05T08:30", "2020-05-06T00:00")
    holiday = day_off(xurrent, *times, sourceID=xurrent.name("source"))
    seen = listed(xurrent, HOLIDAYS, {"sourceID": holiday["sourceID"].upper()})
    expect("those of that sourceID", [holiday["id"]], ids(seen))
    for field, value in (("start_at", times[0]), ("end_at", f"<={times[1]}")):
        seen = listed(xurrent, HOLIDAYS, {"id": holiday["id"], field: value})
        expect(f"those of {field}={value}", [holiday["id"]], ids(seen))
        seen = listed(xurrent, HOLIDAYS, {"id": holiday["id"], field: f"<{value.lstrip('<=')}"})
        expect(f"those of an earlier {field}", [], ids(seen))


@behaviour("xurrent.holidays.filters")
def test_holidays_are_sorted(xurrent: Target) -> None:
    params, records = some(xurrent, HOLIDAYS)
    need(len(records) > 1, "two holidays")
    for name in ("id", "name", "sourceID", "created_at", "updated_at"):
        for sign in ("", "-"):
            seen = listed(xurrent, HOLIDAYS, {**params, "sort": f"{sign}{name}"})
            expect("how many there are", len(records), len(seen))
            what = f"the holidays by {sign}{name}"
            expect_ordered(what, seen, sort_key(name), descending=bool(sign))
    expect_sorted_by_two(xurrent, HOLIDAYS)
