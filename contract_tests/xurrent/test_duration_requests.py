"""How a duration is asked for."""

import json
from datetime import timedelta

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import expect_error, expect_names
from .working_time import (
    ask,
    counted,
    duration,
    expect_counted,
    hours_of,
    minutes_of,
    part_time,
    utc,
    working,
)

START, END = "2020-03-04T07:00:00Z", "2020-03-05T12:45:00Z"
NAMES = (
    ("Central Time (US & Canada)", "America/Chicago"),
    ("Eastern Time (US & Canada)", "America/New_York"),
    ("Amsterdam", "Europe/Amsterdam"),
    ("Kolkata", "Asia/Kolkata"),
    ("Tokyo", "Asia/Tokyo"),
    ("Nuku'alofa", "Pacific/Tongatapu"),
    ("UTC", "Etc/UTC"),
)


@behaviour("xurrent.duration.zone.default")
def test_without_a_zone_it_is_utc(xurrent: Target) -> None:
    record, days_off = part_time(xurrent)
    first = utc("2020-03-04T07:00")
    for hours in (6, 20, 61):
        last = first + timedelta(hours=hours)
        named = expect_counted(xurrent, record, days_off, first, last)
        expect("the minutes without a zone", named, duration(xurrent, record["id"], first, last))
    far = expect_counted(xurrent, record, days_off, first, last, "Asia/Tokyo")
    spread = {named, far, duration(xurrent, record["id"], first, last, "America/Denver")}
    expect_that("the minutes in unlike zones", len(spread) > 1, "unlike ones", spread)


@behaviour("xurrent.duration.zone.names")
def test_zones_have_two_names(xurrent: Target) -> None:
    record, days_off = part_time(xurrent)
    first, last = utc("2020-07-01T05:00"), utc("2020-07-02T13:10")
    for index, (rails, iana) in enumerate(NAMES):
        expected = counted(hours_of(record), days_off, iana, first, last)
        for name in (rails, iana) if index < 2 else (rails,):
            seen = duration(xurrent, record["id"], first, last, name)
            expect(f"the minutes in {name}", expected, seen)


@behaviour("xurrent.duration.body_parameters")
def test_parameters_may_stand_in_the_body(xurrent: Target) -> None:
    record, _ = part_time(xurrent)
    number = record["id"]
    for zone in ("Asia/Tokyo", "America/Denver"):
        expected = duration(xurrent, number, START, END, zone)
        body = json.dumps({"start": START, "end": END, "time_zone": zone}).encode()
        for kind in (
            "application/json",
            "application/x-www-form-urlencoded",
            "text/plain",
            "multipart/form-data",
            None,
        ):
            answer = ask(xurrent, number, None, body=body, headers={"Content-Type": kind})
            expect(f"the minutes with a body of {kind}", expected, minutes_of(answer))


@behaviour("xurrent.duration.required", invalid=True)
def test_start_and_end_are_required(xurrent: Target) -> None:
    number = part_time(xurrent)[0]["id"]
    right = {"start": START, "end": END}
    for name in right:
        for wrong in (None, "nonsense", "2020-02-30T00:00:00Z"):
            params = {key: value for key, value in {**right, name: wrong}.items() if value}
            expect_names(ask(xurrent, number, params), f"'{name}'")
    for zone in ("Atlantis", "Europe/Atlantis", "+02:00x"):
        expect_names(ask(xurrent, number, {**right, "time_zone": zone}), "'time_zone'")


@behaviour("xurrent.duration.backwards")
def test_nothing_lies_between_an_instant_and_itself(xurrent: Target) -> None:
    number = working(xurrent)[0][0]["id"]
    expect("the minutes", 0, duration(xurrent, number, START, START))
    same = "2020-03-04T16:00:00+09:00"
    expect("the minutes", 0, duration(xurrent, number, START, same, "Asia/Tokyo"))


@behaviour("xurrent.duration.backwards", invalid=True)
def test_an_end_before_the_start_is_refused(xurrent: Target) -> None:
    number = working(xurrent)[0][0]["id"]
    for start, end in ((END, START), (START, "2020-03-04T15:59:59+09:00")):
        expect_error(ask(xurrent, number, {"start": start, "end": end}), 400)


@behaviour("xurrent.duration.no_offset")
def test_times_without_an_offset_are_local(xurrent: Target) -> None:
    number = part_time(xurrent)[0]["id"]
    spread = set()
    for zone, offset, first, last in (
        ("Asia/Tokyo", "+09:00", "04T05:11", "06T13:40"),
        ("America/Denver", "-06:00", "07T09:30", "07T16:00"),
        ("Europe/Amsterdam", "+02:00", "04T11:11", "06T10:40"),
        (None, "Z", "07T09:30", "07T16:00"),
    ):
        local = (f"2020-07-{first}", f"2020-07-{last}")
        start, end = local
        expected = duration(xurrent, number, f"{start}:00{offset}", f"{end}:00{offset}", zone)
        seen = duration(xurrent, number, *local, zone)
        expect(f"the minutes from {local[0]} until {local[1]} in {zone}", expected, seen)
        spread |= {seen - duration(xurrent, number, f"{start}:00Z", f"{end}:00Z", zone)}
    need(len(spread) > 1, "a calendar that rests at weekends or by night")


@behaviour("xurrent.duration.extra")
def test_further_parameters_are_ignored(xurrent: Target) -> None:
    number = part_time(xurrent)[0]["id"]
    expected = duration(xurrent, number, START, END)
    expect_that("the minutes", expected > 0, "some", expected)
    for further in ({"per_page": 100}, {"strange": "1"}, {"sort": "none", "fields": "nothing"}):
        answer = ask(xurrent, number, {"start": START, "end": END, **further})
        expect(f"the minutes with {further}", expected, minutes_of(answer))
