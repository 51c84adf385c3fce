"""How long a calendar is active."""

from datetime import datetime, timedelta

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import account, calendar, calendars, day_off, whole
from .working_time import (
    ALL_DAY,
    ask,
    counted,
    duration,
    expect_counted,
    hours_of,
    part_time,
    utc,
    working,
)

MONTH = ("2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z")
EASTERN = ("2020-01-20T09:00:00-05:00", "2020-01-20T17:00:00-05:00")
CENTRAL = "Central Time (US & Canada)"
WORKWEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = tuple((day, "09:00", "17:00") for day in WORKWEEK)


@behaviour("xurrent.duration.example.month", needs=("writes",))
def test_a_month(xurrent: Target) -> None:
    with calendar(xurrent, *ALL_DAY) as record:
        expect("the minutes of January 2020", 44640, duration(xurrent, record["id"], *MONTH))
    with calendar(xurrent, *OFFICE) as record:
        expect("the office minutes of it", 11040, duration(xurrent, record["id"], *MONTH))


@behaviour("xurrent.duration.example.month")
def test_a_month_of_a_calendar_that_is_always_active(xurrent: Target) -> None:
    week = (utc("2020-01-06"), utc("2020-01-13"))
    for record in calendars(xurrent):
        if counted(hours_of(record), [], "UTC", *week) == 7 * 24 * 60:
            lost = counted(ALL_DAY, [], "UTC", utc("2020-01-01"), utc("2020-02-01"))
            for candidate, days_off in working(xurrent):
                if candidate["id"] == record["id"] and not days_off:
                    expect("the minutes", lost, duration(xurrent, record["id"], *MONTH))
                    expect("the minutes", 44640, lost)
                    return
    need(False, "a calendar without holidays that is always active")


@behaviour("xurrent.duration.example.zone", needs=("writes",))
def test_a_day_in_another_zone(xurrent: Target) -> None:
    for hours, expected in ((ALL_DAY, 480), (OFFICE, 420)):
        with calendar(xurrent, *hours) as record:
            seen = duration(xurrent, record["id"], *EASTERN, CENTRAL)
            expect("the minutes", expected, seen)


@behaviour("xurrent.duration.body", needs=("writes",))
def test_the_body_and_parts_of_a_minute(xurrent: Target) -> None:
    with calendar(xurrent, *ALL_DAY) as record:
        for start, end, expected in (
            ("00:00:00Z", "00:01:59Z", 1),
            ("00:00:30Z", "00:01:30Z", 1),
            ("00:00:30Z", "00:01:29Z", 0),
            ("00:00:01.500Z", "00:01:01.499Z", 0),
        ):
            params = {"start": f"2020-01-20T{start}", "end": f"2020-01-20T{end}"}
            answer = ask(xurrent, record["id"], params).expect_status(200)
            answer.expect_json({"duration": expected})


@behaviour("xurrent.duration.body")
def test_the_body_is_an_object(xurrent: Target) -> None:
    record, days_off = part_time(xurrent)
    week = (utc("2020-03-02"), utc("2020-03-09"))
    expected = counted(hours_of(record), days_off, "UTC", *week)
    params = {"start": week[0].isoformat(), "end": week[1].isoformat()}
    ask(xurrent, record["id"], params).expect_status(200).expect_json({"duration": expected})


@behaviour("xurrent.duration.hours")
def test_only_active_hours_count(xurrent: Target) -> None:
    start = utc("2020-03-04T00:00")
    for record, days_off in working(xurrent):
        expect_counted(xurrent, record, days_off, start, start + timedelta(days=7))
    record, days_off = part_time(xurrent)
    half, end = start + timedelta(hours=35, minutes=17), start + timedelta(days=7)
    first_half = expect_counted(xurrent, record, days_off, start, half)
    two = duration(xurrent, record["id"], half, end)
    expect("the sum of both parts", duration(xurrent, record["id"], start, end), first_half + two)


@behaviour("xurrent.duration.hours", needs=("writes",))
def test_every_day_has_its_own_hours(xurrent: Target) -> None:
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hours = tuple((day, "08:00", f"{9 + index:02}:00") for index, day in enumerate(week))
    with calendar(xurrent, *hours) as record:
        for index in range(7):
            start = utc("2020-03-02") + timedelta(days=index)
            seen = duration(xurrent, record["id"], start, start + timedelta(days=1))
            expect(f"the minutes of {week[index]}", 60 * (index + 1), seen)


@behaviour("xurrent.duration.hours")
def test_no_hours_no_minutes(xurrent: Target) -> None:
    idle = [record for record in calendars(xurrent) if not record["calendar_hours"]]
    need(idle, "a calendar without hours")
    expect("the minutes", 0, duration(xurrent, idle[0]["id"], *MONTH))


@behaviour("xurrent.duration.holidays")
def test_holidays_do_not_count(xurrent: Target) -> None:
    shown = 0
    for record, days_off in working(xurrent):
        for holiday in days_off:
            first = utc(holiday["start_at"][:10]) - timedelta(days=1)
            span = (first, first + timedelta(days=4))
            hours = hours_of(record)
            if counted(hours, days_off, "UTC", *span) < counted(hours, [], "UTC", *span):
                for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
                    expect_counted(xurrent, record, days_off, *span, zone)
                shown += 1
                break
    need(shown, "a holiday within the hours of a calendar")


@behaviour("xurrent.duration.holidays", needs=("writes",))
def test_parts_of_days_may_be_holidays(xurrent: Target) -> None:
    days_off = [
        day_off(xurrent, "2020-05-05T10:00", "2020-05-05T12:30"),
        day_off(xurrent, "2020-05-05T12:00", "2020-05-05T13:00"),
        day_off(xurrent, "2020-05-06T16:00", "2020-05-07T09:45"),
    ]
    with calendar(xurrent, *OFFICE, days_off=[holiday["id"] for holiday in days_off]) as own:
        record = whole(xurrent, own["id"])
        for zone in ("UTC", "Europe/Amsterdam", "Australia/Sydney"):
            seen = expect_counted(
                xurrent, record, days_off, utc("2020-05-03"), utc("2020-05-09"), zone
            )
            expect("the minutes of the week", 5 * 480 - 180 - 60 - 45, seen)
        expect_counted(xurrent, record, days_off, utc("2020-05-05T10:30"), utc("2020-05-06T16:30"))
        week = (utc("2020-05-04"), utc("2020-05-09"))
        seen = duration(xurrent, own["id"], *week)
        expect("the minutes with all holidays", 5 * 480 - 180 - 60 - 45, seen)
        xurrent.delete(f"/v1/calendars/{own['id']}/holidays/{days_off[2]['id']}")
        seen = duration(xurrent, own["id"], *week)
        expect("the minutes with a holiday less", 5 * 480 - 180, seen)


@behaviour("xurrent.duration.midnight")
def test_the_last_hour_of_a_day_counts(xurrent: Target) -> None:
    for record, days_off in working(xurrent):
        late = [hours for hours in hours_of(record) if hours[2] in {"00:00", "24:00"}]
        if late:
            day = WORKWEEK.index(late[0][0]) if late[0][0] in WORKWEEK else 6
            start = utc("2020-03-02T22:00") + timedelta(days=day)
            end = start + timedelta(hours=2)
            seen = expect_counted(xurrent, record, days_off, start, end)
            expect_that("the minutes", seen, "some", seen)
            return
    need(False, "a calendar with hours until midnight")


@behaviour("xurrent.duration.midnight", needs=("writes",))
def test_both_ways_to_write_midnight(xurrent: Target) -> None:
    hours = (("tue", "18:00", "00:00"), ("wed", "00:00", "01:00"), ("fri", "18:00", "24:00"))
    with calendar(xurrent, *hours, ("sun", "00:00", "00:00")) as record:
        for start, end, expected in (
            ("2020-03-03T18:00", "2020-03-04T00:00", 360),
            ("2020-03-03T23:59", "2020-03-04T00:01", 2),
            ("2020-03-06T00:00", "2020-03-07T12:00", 360),
            ("2020-03-08T00:00", "2020-03-09T00:00", 1440),
        ):
            seen = duration(xurrent, record["id"], utc(start), utc(end))
            expect(f"the minutes from {start} until {end}", expected, seen)


@behaviour("xurrent.duration.overlaps", needs=("writes",))
def test_hours_that_overlap_count_once(xurrent: Target) -> None:
    hours = [("mon", "09:00", "12:00"), ("mon", "11:00", "14:00"), ("mon", "09:30", "10:00")]
    hours += [("mon", "14:00", "15:00"), ("tue", "09:00", "10:00"), ("tue", "09:00", "10:00")]
    with calendar(xurrent, *hours) as record:
        for start, expected in (("2020-03-02", 360), ("2020-03-03", 60)):
            seen = duration(xurrent, record["id"], utc(start), utc(start) + timedelta(days=1))
            expect(f"the minutes of {start}", expected, seen)
        end = utc("2020-03-02T11:30")
        expect("the minutes", 150, duration(xurrent, record["id"], utc("2020-03-02"), end))


CHANGES = (
    ("Europe/Amsterdam", "2020-03-28T23:00", 23),
    ("Europe/Amsterdam", "2020-10-24T22:00", 25),
    ("America/New_York", "2020-03-08T05:00", 23),
    ("America/New_York", "2020-11-01T04:00", 25),
    ("Australia/Sydney", "2020-04-04T13:00", 25),
    ("Australia/Lord_Howe", "2020-04-04T13:00", 24.5),
)


@behaviour("xurrent.duration.dst", needs=("writes",))
def test_days_on_which_clocks_change(xurrent: Target) -> None:
    with calendar(xurrent, ("sun", "00:00", "24:00")) as record:
        for zone, start, hours in CHANGES:
            around = timedelta(hours=12)
            first, last = utc(start) - around, utc(start) + timedelta(hours=hours) + around
            seen = duration(xurrent, record["id"], first, last, zone)
            expect(f"the minutes of that Sunday in {zone}", int(hours * 60), seen)
    with calendar(xurrent, ("sun", "02:00", "03:00")) as record:
        for (zone, start, _), expected in zip(CHANGES[:2], (0, 120), strict=True):
            end = utc(start) + timedelta(days=1)
            seen = duration(xurrent, record["id"], utc(start), end, zone)
            expect(f"the minutes from 2 to 3 in {zone}", expected, seen)


@behaviour("xurrent.duration.dst")
def test_offsets_follow_the_season(xurrent: Target) -> None:
    record, days_off = part_time(xurrent)
    for start in ("2020-01-06T03:00", "2020-03-27T03:00", "2020-07-06T03:00", "2020-10-23T03:00"):
        for zone in ("Europe/Amsterdam", "America/New_York"):
            end = utc(start) + timedelta(days=4, hours=7)
            expect_counted(xurrent, record, days_off, utc(start), end, zone)


@behaviour("xurrent.duration.years")
def test_durations_of_decades(xurrent: Target) -> None:
    record, days_off = part_time(xurrent)
    edges = [datetime.fromisoformat(f"{year}-06-05T10:30:00+00:00") for year in (1971, 2014, 2090)]
    for zone in ("UTC", "Europe/Amsterdam"):
        first = duration(xurrent, record["id"], edges[0], edges[1], zone)
        two = duration(xurrent, record["id"], edges[1], edges[2], zone)
        both = duration(xurrent, record["id"], edges[0], edges[2], zone)
        expect(f"the minutes from 1971 until 2090 in {zone}", first + two, both)
    start = utc("1990-01-01")
    weeks = 52 * 20
    need(
        all(holiday["start_at"] > "2010" for holiday in days_off), "a calendar without old holidays"
    )
    week = counted(hours_of(record), [], "UTC", start, start + timedelta(days=7))
    seen = duration(xurrent, record["id"], start, start + timedelta(weeks=weeks))
    expect("the minutes of 20 years of weeks", weeks * week, seen)


@behaviour("xurrent.duration.years", needs=("data",))
def test_durations_of_centuries(xurrent: Target) -> None:
    hours = [{"weekday": "mon", "time_from": "09:00", "time_until": "10:00"}]
    with account(xurrent, {"id": 42, "name": "Mondays", "calendar_hours": hours}) as own:
        start, weeks = utc("1900-01-01"), 52 * 300
        seen = duration(own, 42, start, start + timedelta(weeks=weeks), "America/Denver")
        expect("the minutes of 300 years of Mondays", weeks * 60, seen)
