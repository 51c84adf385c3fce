"""The UTC offsets of a time zone over a range of instants."""

from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

from fake_server.world.instants import DAY, SECOND, moment

_FIRST_YEAR = 1800
_RULED_FROM = 2100
_CYCLE = 400


def offset_at(zone: ZoneInfo, instant: int) -> int:
    """Return the offset of local time from UTC at an instant; both in milliseconds."""
    offset = moment(instant).astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) * SECOND


def segments(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield `(from, until, offset)` for each stretch of one offset between two instants.

    All in milliseconds. The cost is that of the years between, not of the days.
    """
    offset = offset_at(zone, start)
    for year in range(moment(start).year, moment(end).year + 1):
        for change, following in _changes(zone, year):
            if start < change < end:
                yield start, change, offset
                start, offset = change, following
    if start < end:
        yield start, end, offset


def _changes(zone: ZoneInfo, year: int) -> Iterator[tuple[int, int]]:
    """Yield the instants of a UTC year at which the offset changes, with the new offset.

    Zones have no changes before the first clocks were regulated, and from the end of their
    tables on they follow rules that repeat with the Gregorian calendar's 400 years.
    """
    if year < _FIRST_YEAR:
        return
    like = year if year < _RULED_FROM else _RULED_FROM + (year - _RULED_FROM) % _CYCLE
    shift = _year_start(year) - _year_start(like)
    for change, following in _changes_in_table(zone, like):
        yield change + shift, following


def _year_start(year: int) -> int:
    whole = year - 1
    days = whole * 365 + whole // 4 - whole // 100 + whole // 400 - 719_162
    return days * DAY


@cache
def _changes_in_table(zone: ZoneInfo, year: int) -> tuple[tuple[int, int], ...]:
    found = []
    low = _year_start(year)
    last = _year_start(year + 1)
    offset = offset_at(zone, low - SECOND)
    while low <= last - DAY:
        high = low + DAY
        while offset_at(zone, high - SECOND) != offset:
            low = _first_change(zone, low - SECOND, high - SECOND, offset)
            offset = offset_at(zone, low)
            found.append((low, offset))
        low = high
    return tuple(found)


def _first_change(zone: ZoneInfo, low: int, high: int, offset: int) -> int:
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        if offset_at(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high
