"""The periods of graphs, reckoned apart from any server."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

CALENDAR = ("day", "week", "month", "quarter", "year")
CYCLES: Mapping[str, list[str]] = {
    "hour_of_day": [str(hour) for hour in range(24)],
    "day_of_week": [str(day) for day in range(7)],
    "day_of_month": [str(day) for day in range(1, 32)],
    "month_of_year": [str(month) for month in range(1, 13)],
}
INTERVALS = (*CALENDAR, *CYCLES)

_KEYS: Mapping[str, Callable[[date], object]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=(day.weekday() + 1) % 7),
    "month": lambda day: date(day.year, day.month, 1),
    "quarter": lambda day: date(day.year, day.month - (day.month - 1) % 3, 1),
    "year": lambda day: date(day.year, 1, 1),
    "day_of_week": lambda day: (day.weekday() + 1) % 7,
    "day_of_month": lambda day: day.day,
    "month_of_year": lambda day: day.month,
}


def key_of(interval: str, day: date) -> str:
    """Return the key of the period that a day lies in."""
    return str(_KEYS[interval](day))


def counted(interval: str, moments: Iterable[datetime]) -> dict[str, int]:
    """Return how many moments lie in each period that has any."""
    if interval == "hour_of_day":
        return dict(Counter(str(moment.hour) for moment in moments))
    return dict(Counter(key_of(interval, moment.date()) for moment in moments))


def rolled_up(interval: str, days: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of longer periods from those of days, less the empty ones."""
    sums: Counter[str] = Counter()
    for day, number in days.items():
        sums[key_of(interval, date.fromisoformat(day))] += number
    return {key: number for key, number in sums.items() if number}


def filled(interval: str, first: date, last: date) -> list[str]:
    """Return the keys of all periods from that of one day to that of another."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return list(dict.fromkeys(key_of(interval, day) for day in days))


def without_zeros(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the periods that have any."""
    return {key: number for key, number in counts.items() if number}
