"""GET /calendars/:id/duration over HTTP; working time itself has an oracle of its own."""

import json
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest

from fake_server.rest.zones import RAILS_ZONES
from tests.xurrent.conftest import Caller


def minutes(api: Caller, calendar: int | str, **parameters: str) -> int:
    answer = api.get(f"/calendars/{calendar}/duration?{urlencode(parameters)}")
    assert answer.status_code == 200, answer.text
    assert list(answer.json) == ["duration"]
    return int(answer.json["duration"])


def office(api: Caller, *hours: tuple[str, str, str]) -> int:
    """Create a calendar with hours and return its id."""
    number = int(api.created("/calendars", {"name": f"{hours}"[:80]})["id"])
    for weekday, start, end in hours:
        api.created(
            f"/calendars/{number}/calendar_hours",
            {"weekday": weekday, "time_from": start, "time_until": end},
        )
    return number


JANUARY = {"start": "2020-01-01T00:00:00Z", "end": "2020-02-01T00:00:00Z"}
EASTERN_DAY = {
    "start": "2020-01-20T09:00:00-05:00",
    "end": "2020-01-20T17:00:00-05:00",
    "time_zone": "Central Time (US & Canada)",
}
WEEK = ("mon", "tue", "wed", "thu", "fri")


@pytest.mark.behaviour("xurrent.duration.hours", "xurrent.duration.zone.default")
def test_a_month_of_several_calendars(api: Caller) -> None:
    assert minutes(api, 32, **JANUARY) == 33120
    assert minutes(api, 42, **JANUARY) == 44640
    nine_to_five = office(api, *((day, "09:00", "17:00") for day in WEEK))
    assert minutes(api, nine_to_five, **JANUARY) == 11040
    assert minutes(api, office(api), **JANUARY) == 0


@pytest.mark.behaviour("xurrent.duration.example.zone", "xurrent.duration.zone.names")
def test_the_zone_of_the_calendar(api: Caller) -> None:
    nine_to_five = office(api, ("mon", "09:00", "17:00"))
    assert minutes(api, 42, **EASTERN_DAY) == 480
    assert minutes(api, nine_to_five, **EASTERN_DAY) == 420
    assert minutes(api, nine_to_five, **{**EASTERN_DAY, "time_zone": "America/Chicago"}) == 420
    assert minutes(api, nine_to_five, **{**EASTERN_DAY, "time_zone": ""}) == 180
    for name in RAILS_ZONES:
        assert minutes(api, 42, **{**EASTERN_DAY, "time_zone": name}) == 480


@pytest.mark.behaviour("xurrent.duration.midnight")
def test_midnight_is_the_end_of_the_day_in_both_spellings(api: Caller) -> None:
    for end in ("00:00", "24:00"):
        evening = office(api, ("mon", "20:00", end))
        span = {"start": "2020-01-20T00:00:00Z", "end": "2020-01-22T00:00:00Z"}
        assert minutes(api, evening, **span) == 240


@pytest.mark.behaviour("xurrent.duration.overlaps")
def test_overlapping_hours_count_once(api: Caller) -> None:
    hours = [("mon", "09:00", "12:00"), ("mon", "11:00", "13:00"), ("mon", "09:00", "12:00")]
    span = {"start": "2020-01-20T00:00:00Z", "end": "2020-01-21T00:00:00Z"}
    assert minutes(api, office(api, *hours), **span) == 240


@pytest.mark.behaviour("xurrent.duration.holidays", "xurrent.holidays.link")
def test_linked_holidays_are_taken_out_in_the_zone_of_the_calendar(api: Caller) -> None:
    nine_to_five = office(api, ("mon", "09:00", "17:00"))
    first = api.created(
        "/holidays", {"name": "a", "start_at": "2020-01-20T10:00", "end_at": "2020-01-20T12:00"}
    )["id"]
    second = api.created(
        "/holidays", {"name": "b", "start_at": "2020-01-20T11:00", "end_at": "2020-01-20T13:00"}
    )["id"]
    assert minutes(api, nine_to_five, **EASTERN_DAY) == 420
    for number in (first, second):
        assert api.post(f"/calendars/{nine_to_five}/holidays/{number}").json == {}
    assert minutes(api, nine_to_five, **EASTERN_DAY) == 240
    assert minutes(api, 42, **EASTERN_DAY) == 480
    api.delete(f"/calendars/{nine_to_five}/holidays/{first}")
    assert minutes(api, nine_to_five, **EASTERN_DAY) == 300


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2020-03-29T00:00:00+01:00", "2020-03-30T00:00:00+02:00", 23 * 60),
        ("2020-10-25T00:00:00+02:00", "2020-10-26T00:00:00+01:00", 25 * 60),
        ("2020-10-25T02:30:00+02:00", "2020-10-25T02:30:00+01:00", 60),
    ],
)
@pytest.mark.behaviour("xurrent.duration.dst")
def test_days_on_which_clocks_change(api: Caller, start: str, end: str, expected: int) -> None:
    assert minutes(api, 42, start=start, end=end, time_zone="Paris") == expected


@pytest.mark.behaviour("xurrent.duration.years")
def test_centuries(api: Caller) -> None:
    span = {"start": "1000-01-01", "end": "2999-12-31", "time_zone": "London"}
    seconds_london_was_behind_greenwich = 75
    whole = (date(2999, 12, 31) - date(1000, 1, 1)).days * 86_400
    assert minutes(api, 42, **span) == (whole - seconds_london_was_behind_greenwich) // 60


@pytest.mark.behaviour("xurrent.duration.body")
def test_parts_of_a_minute_are_cut_off(api: Caller) -> None:
    for end, expected in (("00:00:59.999", 0), ("00:01:00", 1), ("00:01:59", 1)):
        span = {"start": "2020-01-01T00:00:00Z", "end": f"2020-01-01T{end}Z"}
        assert minutes(api, 42, **span) == expected
    span = {"start": "2020-01-01T00:00:30Z", "end": "2020-01-01T00:01:30Z"}
    assert minutes(api, 42, **span) == 1


@pytest.mark.behaviour("xurrent.duration.body")
def test_a_bare_number_by_quirk(caller_for: Any) -> None:
    bare = caller_for(quirks=("xurrent.duration-bare-number",))
    assert bare.get(f"/calendars/42/duration?{urlencode(JANUARY)}").data == b"44640"


@pytest.mark.behaviour("xurrent.duration.no_offset")
def test_times_without_an_offset_are_local(api: Caller) -> None:
    span = {"start": "2020-01-20T09:00", "end": "2020-01-20T18:00"}
    nine_to_five = office(api, ("mon", "09:00", "17:00"))
    assert minutes(api, nine_to_five, **span, time_zone="Tokyo") == 480
    assert minutes(api, nine_to_five, start="2020-01-20", end="2020-01-21") == 480


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        None,
    ],
)
@pytest.mark.behaviour("xurrent.duration.body_parameters", "xurrent.duration.extra")
def test_a_json_body_of_any_type(api: Caller, kind: str | None) -> None:
    answer = api.get(
        "/calendars/42/duration/?per_page=100", data=json.dumps(EASTERN_DAY), content_type=kind
    )
    assert answer.json == {"duration": 480}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "Parameter 'start' cannot be blank"),
        ({"start": "2020-01-01T00:00:00Z"}, "Parameter 'end' cannot be blank"),
        ({**JANUARY, "start": ""}, "Parameter 'start' cannot be blank"),
        ({**JANUARY, "start": "noon"}, "Parameter 'start' is not a date and time"),
        ({**JANUARY, "end": "2020-13-01"}, "Parameter 'end' is not a date and time"),
        ({**JANUARY, "end": "9" * 5000}, "Parameter 'end' is not a date and time"),
        ({**JANUARY, "time_zone": "../x"}, "Parameter 'time_zone' is not a time zone"),
        ({**JANUARY, "time_zone": "\0"}, "Parameter 'time_zone' is not a time zone"),
        ({**JANUARY, "time_zone": "Europe"}, "Parameter 'time_zone' is not a time zone"),
        (
            {"start": JANUARY["end"], "end": JANUARY["start"]},
            "Parameter 'end' cannot be before parameter 'start'",
        ),
    ],
)
@pytest.mark.behaviour("xurrent.duration.required", "xurrent.duration.backwards")
def test_messages(api: Caller, parameters: dict[str, str], message: str) -> None:
    assert api.message(f"/calendars/42/duration?{urlencode(parameters)}") == message


@pytest.mark.parametrize("body", [b"[1]", b'{"start":', b'{"start": {"a": 1}}'])
@pytest.mark.behaviour("xurrent.duration.required", "xurrent.errors.json")
def test_bodies_that_cannot_be_used(api: Caller, body: bytes) -> None:
    assert api.message("/calendars/42/duration", data=body)


@pytest.mark.behaviour("xurrent.duration.backwards")
def test_no_time_at_all(api: Caller) -> None:
    assert minutes(api, 42, start=JANUARY["start"], end=JANUARY["start"]) == 0
    assert api.get("/calendars/7/duration").status_code == 404
