"""Working time against a count of minutes that shares nothing with the code."""

import random
import sys
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fake_server.apis.xurrent.duration.offsets import segments
from fake_server.apis.xurrent.duration.working_time import Hours, Week, working_time
from fake_server.world.instants import MINUTE, milliseconds, moment

Span = tuple[datetime, datetime]
ALL_WEEK = [Hours(day, 0, 1440) for day in range(7)]


def counted(
    hours: list[Hours], holidays: list[Span], zone: ZoneInfo, start: datetime, end: datetime
) -> int:
    """Count the active minutes one by one."""
    minutes = 0
    while start < end:
        local = start.astimezone(zone).replace(tzinfo=None)
        of_day = local.hour * 60 + local.minute
        open_ = any(h.weekday == local.weekday() and h.start <= of_day < h.end for h in hours)
        minutes += open_ and not any(a <= local < b for a, b in holidays)
        start += timedelta(minutes=1)
    return minutes


def computed(
    hours: list[Hours], holidays: list[Span], zone: ZoneInfo, start: datetime, end: datetime
) -> float:
    spans = [
        (milliseconds(a.replace(tzinfo=UTC)), milliseconds(b.replace(tzinfo=UTC)))
        for a, b in holidays
    ]
    return working_time(Week(hours), spans, zone, milliseconds(start), milliseconds(end)) / MINUTE


ZONES = [
    "UTC",
    "Europe/Paris",
    "America/Chicago",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/St_Johns",
    "Pacific/Chatham",
]
CENTRES = [
    datetime(2020, 3, 29, tzinfo=UTC),
    datetime(2021, 10, 31, tzinfo=UTC),
    datetime(2011, 12, 30, tzinfo=UTC),
    datetime(2024, 4, 7, tzinfo=UTC),
    datetime(2150, 11, 1, tzinfo=UTC),
    datetime(2024, 2, 29, tzinfo=UTC),
]


def random_hours(draw: random.Random) -> list[Hours]:
    hours = []
    for _ in range(draw.randint(0, 9)):
        start, end = sorted(draw.sample(range(0, 1441, draw.choice([1, 15, 60])), 2))
        hours.append(Hours(draw.randrange(7), start, end))
    return hours


def random_holidays(draw: random.Random, around: datetime) -> list[Span]:
    spans = []
    for _ in range(draw.randint(0, 4)):
        start = around.replace(tzinfo=None) + timedelta(minutes=draw.randint(-8000, 8000))
        spans.append((start, start + timedelta(minutes=draw.randint(1, 4000))))
    return spans


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.behaviour(
    "xurrent.duration.hours",
    "xurrent.duration.overlaps",
    "xurrent.duration.holidays",
    "xurrent.duration.dst",
    "xurrent.duration.midnight",
)
def test_agrees_with_counting_minutes(zone: str) -> None:
    draw = random.Random(zone)
    for centre in CENTRES:
        hours, holidays = random_hours(draw), random_holidays(draw, centre)
        start = centre + timedelta(minutes=draw.randint(-7000, 0))
        end = centre + timedelta(minutes=draw.randint(0, 7000))
        world = ZoneInfo(zone)
        assert computed(hours, holidays, world, start, end) == counted(
            hours, holidays, world, start, end
        ), (hours, holidays, start, end)


@pytest.mark.parametrize("zone", ["Europe/Paris", "Australia/Lord_Howe", "America/New_York"])
@pytest.mark.behaviour("xurrent.duration.holidays", "xurrent.duration.dst")
def test_agrees_with_counting_minutes_between_many_holidays(zone: str) -> None:
    draw = random.Random(zone)
    world = ZoneInfo(zone)
    for centre in CENTRES[:2]:
        begins = [start for _ in range(20) for start, _ in random_holidays(draw, centre)]
        holidays = [(begin, begin + timedelta(minutes=draw.randint(1, 90))) for begin in begins]
        start, end = centre - timedelta(days=6), centre + timedelta(days=6)
        assert len(holidays) > 20
        assert computed(ALL_WEEK, holidays, world, start, end) == counted(
            ALL_WEEK, holidays, world, start, end
        )


@pytest.mark.parametrize("zone", ZONES)
def test_offsets_of_a_range_are_those_of_its_days(zone: str) -> None:
    world = ZoneInfo(zone)
    start, end = datetime(1890, 1, 1, tzinfo=UTC), datetime(2520, 1, 1, tzinfo=UTC)
    parts = list(segments(world, milliseconds(start), milliseconds(end)))
    assert [until for _, until, _ in parts[:-1]] == [opened for opened, _, _ in parts[1:]]
    for opened, until, offset in parts:
        for instant in (opened, (opened + until) // 2, until - 1):
            expected = moment(instant).astimezone(world).utcoffset()
            assert expected == timedelta(milliseconds=offset)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("first", [1966, 2024, 2036, 2087, 2399])
def test_no_change_of_the_offset_is_missed(zone: str, first: int) -> None:
    world = ZoneInfo(zone)
    instant, end = datetime(first, 1, 1, tzinfo=UTC), datetime(first + 3, 1, 1, tzinfo=UTC)
    parts = list(segments(world, milliseconds(instant), milliseconds(end)))
    by_hour: list[Any] = []
    while instant < end:
        offset = instant.astimezone(world).utcoffset()
        if not by_hour or by_hour[-1] != offset:
            by_hour.append(offset)
        instant += timedelta(hours=1)
    assert [timedelta(milliseconds=offset) for _, _, offset in parts] == by_hour


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Asia/Kathmandu", "UTC"])
def test_offsets_are_read_where_the_system_has_no_zones(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    start, end = (milliseconds(datetime(year, 1, 1, tzinfo=UTC)) for year in (1800, 2200))
    expected = list(segments(ZoneInfo(zone), start, end))
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    assert list(segments(ZoneInfo.no_cache(zone), start, end)) == expected


def test_a_whole_range_is_active_in_a_week_without_pause() -> None:
    start, end = datetime(1000, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)
    whole = (end - start) / timedelta(minutes=1)
    assert computed(ALL_WEEK, [], ZoneInfo("America/New_York"), start, end) == whole


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [((3, 29), (3, 30), 23 * 60), ((10, 25), (10, 26), 25 * 60), ((6, 1), (6, 2), 24 * 60)],
)
@pytest.mark.behaviour("xurrent.duration.dst")
def test_days_have_the_hours_their_clocks_show(
    start: tuple[int, int], end: tuple[int, int], minutes: int
) -> None:
    paris = ZoneInfo("Europe/Paris")
    opened = datetime(2020, *start, tzinfo=paris).astimezone(UTC)
    closed = datetime(2020, *end, tzinfo=paris).astimezone(UTC)
    assert computed(ALL_WEEK, [], paris, opened, closed) == minutes


def lines_run(hours: list[Hours], zone: str, start: datetime, end: datetime) -> int:
    """Return how many lines of Python one first computation runs."""
    unseen = ZoneInfo.no_cache(zone)
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        computed(hours, [], unseen, start, end)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.behaviour("xurrent.duration.years")
def test_decades_do_not_cost_a_loop_over_minutes() -> None:
    nine_to_five = [Hours(day, 540, 1020) for day in range(5)]
    start, end = datetime(1995, 1, 1, tzinfo=UTC), datetime(2095, 1, 1, tzinfo=UTC)
    minutes = (end - start) / timedelta(minutes=1)
    assert lines_run(nine_to_five, "Europe/London", start, end) < minutes / 50


@pytest.mark.behaviour("xurrent.duration.years")
def test_a_first_duration_of_two_thousand_years_does_not_search_each_of_them() -> None:
    start, end = datetime(1000, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)
    some = lines_run(
        ALL_WEEK,
        "America/Havana",
        datetime(1800, 1, 1, tzinfo=UTC),
        datetime(2100, 1, 1, tzinfo=UTC),
    )
    assert lines_run(ALL_WEEK, "America/Havana", start, end) < 1.2 * some
