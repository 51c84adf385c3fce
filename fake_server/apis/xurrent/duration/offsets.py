"""The UTC offsets of a time zone over a range of instants.

`zoneinfo` tells an offset, but not when it changes. The zone's file does, up to the last change it
lists. From there on the changes follow a rule, and a year has those of any other year that begins
on the same weekday and is as long: of these there are fourteen kinds.

Source: RFC 9636 (TZif); the order in which `zoneinfo` looks for a file.
"""

import zoneinfo
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from struct import calcsize, unpack_from
from zoneinfo import ZoneInfo

from fake_server.api.invent import DAY, SECOND, moment

Change = tuple[int, int]
"""An instant, and the offset from then on; both in milliseconds."""

_HEADER = ">4sc15x6I"
_FIRST_YEAR = 1
_RULED_YEARS = range(2400, 2800)


def offset_at(zone: ZoneInfo, instant: int) -> int:
    """Return the offset of local time from UTC at an instant; both in milliseconds."""
    offset = moment(instant).astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) * SECOND


def segments(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield `(from, until, offset)` for each stretch of one offset between two instants.

    All in milliseconds. The cost is that of the years between, not of the days.
    """
    offset = offset_at(zone, start)
    for change, following in _changes(zone, start, end):
        if following != offset:
            yield start, change, offset
            start, offset = change, following
    if start < end:
        yield start, end, offset


def _changes(zone: ZoneInfo, start: int, end: int) -> Iterator[Change]:
    """Yield the changes between two instants, among them some to the same offset."""
    listed = _listed_changes(zone)
    for change, offset in listed[bisect_right(listed, start, key=lambda one: one[0]) :]:
        if change >= end:
            return
        yield change, offset
    begun = max(start, listed[-1][0]) if listed else start
    for year in range(moment(begun).year, moment(end).year + 1):
        first = _year_start(year)
        for after, offset in _ruled_changes(zone, _year_like(year)):
            if begun < first + after < end:
                yield first + after, offset


@cache
def _listed_changes(zone: ZoneInfo) -> tuple[Change, ...]:
    """Return the changes that the zone's file lists, in their order."""
    data = _file_of(zone.key)
    *_, utc, standard, leap, times, types, letters = unpack_from(_HEADER, data)
    begins = calcsize(_HEADER)
    begins += begins + 5 * times + 6 * types + letters + 8 * leap + standard + utc
    *_, times, types, _ = unpack_from(_HEADER, data, begins - calcsize(_HEADER))
    instants = unpack_from(f">{times}q", data, begins)
    kinds = unpack_from(f">{times}B", data, begins + 8 * times)
    offsets = [
        unpack_from(">i", data, begins + 9 * times + 6 * number)[0] for number in range(types)
    ]
    earliest = _year_start(_FIRST_YEAR)
    return tuple(
        (instant * SECOND, offsets[kind] * SECOND)
        for instant, kind in zip(instants, kinds, strict=True)
        if instant * SECOND >= earliest
    )


def _file_of(name: str) -> bytes:
    """Return the file that `ZoneInfo(name)` reads; it has 64-bit instants (TZif 2 or later)."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder, name)
        if path.is_file():
            return path.read_bytes()
    return resources.files("tzdata").joinpath("zoneinfo", name).read_bytes()


@cache
def _ruled_changes(zone: ZoneInfo, year: int) -> tuple[Change, ...]:
    """Return the changes of a year long after those that are listed, from the year's start."""
    found = []
    first, last = _year_start(year), _year_start(year + 1)
    offset = offset_at(zone, first - SECOND)
    for day in range(first, last, DAY):
        following = offset_at(zone, day + DAY - SECOND)
        if following != offset:
            change = _first_change(zone, day - SECOND, day + DAY - SECOND, offset)
            found.append((change - first, following))
            offset = following
    return tuple(found)


def _first_change(zone: ZoneInfo, low: int, high: int, offset: int) -> int:
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        if offset_at(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high


def _year_start(year: int) -> int:
    whole = year - 1
    days = whole * 365 + whole // 4 - whole // 100 + whole // 400 - 719_162
    return days * DAY


def _year_like(year: int) -> int:
    return _years_by_kind()[_kind(year)]


@cache
def _years_by_kind() -> dict[tuple[int, int], int]:
    return {_kind(year): year for year in _RULED_YEARS}


def _kind(year: int) -> tuple[int, int]:
    first = _year_start(year)
    return first // DAY % 7, (_year_start(year + 1) - first) // DAY
