"""The keys of a graph, against groupdate's and against counting by hand."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from fake_server.apis.intra42.graphs.series import day_series, hour_series

_SAMPLE = [
    datetime(2017, 11, 19, 23, 30, tzinfo=UTC),
    datetime(2017, 11, 20, 1, 0, tzinfo=UTC),
    datetime(2017, 11, 20, 9, 15, tzinfo=UTC),
    datetime(2017, 11, 24, 20, 15, tzinfo=UTC),
    datetime(2018, 2, 3, 12, 0, tzinfo=UTC),
]


def _days(moments: list[datetime]) -> list[tuple[int, int]]:
    return [((moment.date() - date(1970, 1, 1)).days, 1) for moment in moments]


def _series(moments: list[datetime], interval: str, until: date | None = None) -> dict[str, int]:
    counts: dict[int, int] = {}
    for day, count in _days(moments):
        counts[day] = counts.get(day, 0) + count
    return day_series(counts.items(), interval, until=until)


@pytest.mark.behaviour("intra42.graph.week")
def test_weeks_of_groupdate_s_sample() -> None:
    graph = _series(_SAMPLE, "week")
    assert list(graph) == [f"{date(2017, 11, 19) + timedelta(days=7 * n)}" for n in range(11)]
    assert graph["2017-11-19"] == 4
    assert graph["2018-01-28"] == 1
    assert sum(graph.values()) == 5


@pytest.mark.behaviour("intra42.graph.month", "intra42.graph.quarter", "intra42.graph.year")
def test_months_quarters_and_years_of_groupdate_s_sample() -> None:
    assert _series(_SAMPLE, "month") == {
        "2017-11-01": 4,
        "2017-12-01": 0,
        "2018-01-01": 0,
        "2018-02-01": 1,
    }
    assert _series(_SAMPLE, "quarter") == {"2017-10-01": 4, "2018-01-01": 1}
    assert _series(_SAMPLE, "year") == {"2017-01-01": 4, "2018-01-01": 1}


@pytest.mark.behaviour("intra42.graph.day_of_week", "intra42.graph.month_of_year")
def test_cycles_of_groupdate_s_sample() -> None:
    assert _series(_SAMPLE, "day_of_week") == {
        "0": 1,
        "1": 2,
        "2": 0,
        "3": 0,
        "4": 0,
        "5": 1,
        "6": 1,
    }
    months = _series(_SAMPLE, "month_of_year")
    assert list(months) == [str(month) for month in range(1, 13)]
    assert {month: count for month, count in months.items() if count} == {"2": 1, "11": 4}


@pytest.mark.behaviour("intra42.graph.day_of_month", "intra42.graph.hour_of_day")
def test_days_of_the_month_and_hours_are_always_whole() -> None:
    days = _series(_SAMPLE, "day_of_month")
    assert list(days) == [str(day) for day in range(1, 32)]
    assert {day: count for day, count in days.items() if count} == {
        "3": 1,
        "19": 1,
        "20": 2,
        "24": 1,
    }
    hours = hour_series([(23, 2), (0, 1)])
    assert list(hours) == [str(hour) for hour in range(24)]
    assert sum(hours.values()) == 3


@pytest.mark.behaviour("intra42.graph.empty")
def test_nothing_is_an_empty_series_or_a_cycle_of_zeros() -> None:
    today = date(2020, 1, 1)
    for interval in ("day", "week", "month", "quarter", "year"):
        assert day_series([], interval, until=today) == {}
    for interval, size in (("day_of_week", 7), ("day_of_month", 31), ("month_of_year", 12)):
        graph = day_series([], interval, until=today)
        assert len(graph) == size
        assert set(graph.values()) == {0}


def _key(day: date, interval: str) -> date:
    if interval == "day":
        return day
    if interval == "week":
        while day.strftime("%a") != "Sun":
            day -= timedelta(days=1)
        return day
    while not (
        (
            day.day == 1
            and (interval == "month" or (day.month in (1, 4, 7, 10) and interval == "quarter"))
        )
        or (day.day == 1 and day.month == 1)
    ):
        day -= timedelta(days=1)
    return day


@pytest.mark.parametrize("interval", ["day", "week", "month", "quarter", "year"])
@pytest.mark.behaviour("intra42.graph.span", "intra42.graph.zeros")
def test_series_against_walking_every_day(interval: str) -> None:
    chance = Random(5)
    for _ in range(60):
        first = date(2015, 1, 1) + timedelta(days=chance.randrange(2500))
        moments = [
            datetime(first.year, first.month, first.day, tzinfo=UTC)
            + timedelta(days=chance.randrange(500))
            for _ in range(chance.randrange(1, 12))
        ]
        until = first + timedelta(days=chance.randrange(-20, 700))
        days = [moment.date() for moment in moments]
        last = max(*days, until) if len(days) > 1 else max(days[0], until)
        walked: dict[str, int] = {}
        day = min(days)
        while day <= last:
            walked.setdefault(f"{_key(day, interval)}", 0)
            walked[f"{_key(day, interval)}"] += days.count(day)
            day += timedelta(days=1)
        graph = _series(moments, interval, until)
        assert list(graph.items()) == list(walked.items())


@pytest.mark.behaviour("intra42.graph.week")
def test_weeks_can_begin_on_monday() -> None:
    counts = _days(_SAMPLE[:1])
    assert day_series(counts, "week", until=None, monday_first=True) == {"2017-11-13": 1}
    assert day_series(counts, "day_of_week", until=None, monday_first=True)["6"] == 1
