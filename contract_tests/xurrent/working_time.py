"""How long a calendar is active, counted minute by minute, and what the target says of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from fake_server.contract import Answer, Target, expect, expect_that, need

from .helpers import CALENDARS, WEEK, Record, calendars, linked

_MINUTE = timedelta(minutes=1)
ALL_DAY = tuple((day, "00:00", "24:00") for day in WEEK)

DailyHours = Iterable[tuple[str, str, str]]


def hours_of(record: Record) -> list[tuple[str, str, str]]:
    """Return the hours of a calendar as `(weekday, time_from, time_until)`."""
    return [
        (hours["weekday"], hours["time_from"], hours["time_until"])
        for hours in record["calendar_hours"]
    ]


def counted(
    hours: DailyHours, days_off: Iterable[Record], zone: str, start: datetime, end: datetime
) -> int:
    """Count the minutes from `start` until `end` at which a calendar is active."""
    active, local = _minutes_of_week(hours), ZoneInfo(zone)
    away = [
        (datetime.fromisoformat(holiday["start_at"]), datetime.fromisoformat(holiday["end_at"]))
        for holiday in days_off
    ]
    away = [(first, last) for first, last in away if _near(first, last, start, end)]
    minutes, instant = 0, start.astimezone(UTC)
    while instant < end:
        # Clocks change at a quarter of an hour: within one, local time runs evenly.
        wall = instant.astimezone(local).replace(tzinfo=None)
        steps = min(15 - instant.minute % 15, (end - instant) // _MINUTE)
        minute = (wall.weekday() * 24 + wall.hour) * 60 + wall.minute
        for step in range(steps):
            if minute + step in active:
                now = wall + step * _MINUTE
                minutes += not any(first <= now < last for first, last in away)
        instant += steps * _MINUTE
    return minutes


def _minutes_of_week(hours: DailyHours) -> set[int]:
    minutes: set[int] = set()
    for weekday, begins, ends in hours:
        day = WEEK.index(weekday) * 24 * 60
        last = _minutes(ends) or 24 * 60
        minutes.update(range(day + _minutes(begins), day + last))
    return minutes


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def _near(first: datetime, last: datetime, start: datetime, end: datetime) -> bool:
    day = timedelta(days=2)
    return first <= end.replace(tzinfo=None) + day and last >= start.replace(tzinfo=None) - day


def utc(text: str) -> datetime:
    """Return `2020-01-20` or `2020-01-20T09:00` as an instant of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ask(target: Target, number: int, params: Any, **options: Any) -> Answer:
    """Ask for a duration."""
    return target.get(f"{CALENDARS}/{number}/duration", params=params, **options)


def minutes_of(answer: Answer) -> int:
    """Return the minutes that an answer gives, in whichever form."""
    body = answer.expect_status(200).json
    minutes: Any = body.get("duration") if isinstance(body, dict) else body
    right = isinstance(minutes, int) and not isinstance(minutes, bool)
    expect_that("the duration", right, "a whole number", answer.text)
    return int(minutes)


def duration(
    target: Target, number: int, start: datetime | str, end: datetime | str, zone: str | None = None
) -> int:
    """Return for how many minutes the target says that a calendar is active."""
    params = {"start": _text(start), "end": _text(end)} | ({"time_zone": zone} if zone else {})
    return minutes_of(ask(target, number, params))


def _text(at: datetime | str) -> str:
    return at if isinstance(at, str) else at.isoformat()


def expect_counted(
    target: Target,
    record: Record,
    days_off: Iterable[Record],
    start: datetime,
    end: datetime,
    zone: str = "UTC",
) -> int:
    """Assert that a duration is what counting gives; return it."""
    expected = counted(hours_of(record), days_off, zone, start, end)
    seen = duration(target, record["id"], start, end, zone)
    expect(f"the minutes from {start} until {end} in {zone}", expected, seen)
    return seen


def working(target: Target) -> list[tuple[Record, list[Record]]]:
    """Return up to four calendars with unlike hours, each with its holidays; not shown without."""
    by_hours: dict[Any, Record] = {}
    for record in calendars(target):
        if record["calendar_hours"]:
            by_hours.setdefault(tuple(hours_of(record)), record)
    need(by_hours, "a calendar with hours")
    return [(record, linked(target, record["id"])) for record in islice(by_hours.values(), 4)]


def part_time(target: Target) -> tuple[Record, list[Record]]:
    """Return a calendar, and its holidays, that is neither always active nor never."""
    for record, days_off in working(target):
        if counted(hours_of(record), [], "UTC", utc("2020-03-02"), utc("2020-03-09")) < 9000:
            return record, days_off
    need(False, "a calendar with hours that do not fill the week")
    raise AssertionError
