"""The UTC offsets of a time zone over a range of instants.

`zoneinfo` has an offset for an instant, but not the instants at which it changes. A search through
the days of a year finds them. After 2100 all zones follow a rule. A year then has the changes of
any other year of the same length that begins on the same weekday: there are fourteen kinds.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from fake_server.api.invent import DAY, SECOND, moment

Change = tuple[int, int]
"""An instant and the offset from then on. Both are in milliseconds."""

_FIRST_YEAR = 1800
"""No zone of the database changes its offset before this year."""

_LAST_YEAR = 2100
_RULED_YEARS = range(2400, 2800)
_MOST_YEARS = 4096


def offset_at(zone: ZoneInfo, instant: int) -> int:
    """Return the offset of local time from UTC at an instant. Both are in milliseconds."""
    offset = moment(instant).astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) * SECOND


def segments(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield `(from, until, offset)` for each segment of one offset between two instants.

    All are in milliseconds. The time grows with the number of years, not of days.
    """
    offset = offset_at(zone, start)
    for change, following in _changes(zone, start, end):
        if following != offset:
            yield start, change, offset
            start, offset = change, following
    if start < end:
        yield start, end, offset


def _changes(zone: ZoneInfo, start: int, end: int) -> Iterator[Change]:
    """Yield the changes between two instants."""
    for year in range(max(moment(start).year, _FIRST_YEAR), moment(end).year + 1):
        first = _year_start(year)
        equivalent = year if year <= _LAST_YEAR else _year_like(year)
        for after, offset in _year_changes(zone, equivalent):
            if start < first + after < end:
                yield first + after, offset


@lru_cache(maxsize=_MOST_YEARS)
def _year_changes(zone: ZoneInfo, year: int) -> tuple[Change, ...]:
    """Return the changes of a year, counted from the year's start."""
    changes = []
    first, last = _year_start(year), _year_start(year + 1)
    offset = offset_at(zone, first - SECOND)
    for day in range(first, last, DAY):
        following = offset_at(zone, day + DAY - SECOND)
        if following != offset:
            instant = _first_change(zone, day - SECOND, day + DAY - SECOND, offset)
            changes.append((instant - first, following))
            offset = following
    return tuple(changes)


def _first_change(zone: ZoneInfo, low: int, high: int, offset: int) -> int:
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        if offset_at(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high


def _year_start(year: int) -> int:
    past_years = year - 1
    days = past_years * 365 + past_years // 4 - past_years // 100 + past_years // 400 - 719_162
    return days * DAY


def _year_like(year: int) -> int:
    return _years_by_kind()[_kind(year)]


@cache
def _years_by_kind() -> dict[tuple[int, int], int]:
    return {_kind(year): year for year in _RULED_YEARS}


def _kind(year: int) -> tuple[int, int]:
    first = _year_start(year)
    return first // DAY % 7, (_year_start(year + 1) - first) // DAY
