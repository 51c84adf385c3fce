"""Counts by period, ascending, with the keys of groupdate and zeros for empty periods."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache

_EPOCH = date(1970, 1, 1).toordinal()

Days = Iterable[tuple[int, int]]
"""Pairs of a day's number since 1970 and its number of occurrences."""


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _sunday(day: date) -> date:
    return day - timedelta(days=day.isoweekday() % 7)


def _quarter(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _after_months(begin: date, months: int) -> date:
    years, month = divmod(begin.month - 1 + months, 12)
    return date(begin.year + years, month + 1, 1)


_BEGINS: Mapping[str, Callable[[date], date]] = {
    "week": _sunday,
    "month": lambda day: day.replace(day=1),
    "quarter": _quarter,
    "year": lambda day: date(day.year, 1, 1),
}
_NEXT: Mapping[str, Callable[[date], date]] = {
    "week": lambda begin: begin + timedelta(days=7),
    "month": lambda begin: _after_months(begin, 1),
    "quarter": lambda begin: _after_months(begin, 3),
    "year": lambda begin: date(begin.year + 1, 1, 1),
}
_CYCLES: Mapping[str, tuple[range, Callable[[date], int]]] = {
    "day_of_week": (range(7), lambda day: day.isoweekday() % 7),
    "day_of_month": (range(1, 32), lambda day: day.day),
    "month_of_year": (range(1, 13), lambda day: day.month),
}


def day_series(
    days: Days, interval: str, *, until: date | None, monday_first: bool = False
) -> dict[str, int]:
    """Return the count of each period, by its key, from occurrences per day.

    `interval` is any but hour_of_day. A series of calendar periods runs from the first occurrence
    to the last, or to the period of `until` if that is later. A cycle is always whole.
    """
    if interval in _CYCLES:
        return _cycle(days, interval, monday_first)
    if interval == "day":
        return _days(dict(days), until)
    begin = _monday if interval == "week" and monday_first else _BEGINS[interval]
    counts: Counter[date] = Counter()
    for number, count in days:
        counts[begin(date.fromordinal(_EPOCH + number))] += count
    if not counts:
        return {}
    last = max(counts) if until is None else max(max(counts), begin(until))
    return {
        period.isoformat(): counts[period]
        for period in _periods(min(counts), last, _NEXT[interval])
    }


def hour_series(hours: Iterable[tuple[int, int]]) -> dict[str, int]:
    """Return the count of each hour of the day from pairs of an hour (0 to 23) and a count."""
    counts = dict(hours)
    return {str(hour): counts.get(hour, 0) for hour in range(24)}


def _days(counts: Mapping[int, int], until: date | None) -> dict[str, int]:
    if not counts:
        return {}
    last = max(counts) if until is None else max(max(counts), until.toordinal() - _EPOCH)
    return {_day_key(number): counts.get(number, 0) for number in range(min(counts), last + 1)}


@lru_cache(16_384)
def _day_key(number: int) -> str:
    return date.fromordinal(_EPOCH + number).isoformat()


def _cycle(days: Days, interval: str, monday_first: bool) -> dict[str, int]:
    numbers, number_of = _CYCLES[interval]
    counts: Counter[int] = Counter()
    for day_number, count in days:
        day = date.fromordinal(_EPOCH + day_number)
        shifted = day - timedelta(days=1) if monday_first and interval == "day_of_week" else day
        counts[number_of(shifted)] += count
    return {str(number): counts[number] for number in numbers}


def _periods(first: date, last: date, following: Callable[[date], date]) -> Iterator[date]:
    period = first
    while period <= last:
        yield period
        period = following(period)
