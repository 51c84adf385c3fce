"""The active time of a calendar between two instants.

A calendar is active at an instant if the local time there lies within its weekly hours and in none
of its holidays. Time is measured on instants: a day on which the clocks change has 23 or 25 hours,
and a repeated hour of local time counts twice. While the offset from UTC is constant, local time
runs evenly, and the active part of a segment is a difference of two sums.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from fake_server.api.invent import DAY, MINUTE
from fake_server.apis.xurrent.duration.offsets import segments

_WEEK = 7 * DAY
_MONDAY = -3 * DAY
_MINUTES_PER_DAY = 24 * 60


def minutes_of_day(text: str) -> int:
    """Return `hh:mm` as minutes since midnight. `24:00` is 1440."""
    return int(text[:2]) * 60 + int(text[3:])


def end_of_hours(text: str) -> int:
    """Return the end of hours, in minutes since midnight. `00:00` is the end of the day, 1440."""
    return minutes_of_day(text) or _MINUTES_PER_DAY


class Hours(NamedTuple):
    """Active hours of a weekday.

    `weekday` is from 0 (Monday). `start` and `end` are minutes of the day.
    """

    weekday: int
    start: int
    end: int


class Week:
    """The active time of a repeating week. Hours that overlap count once."""

    def __init__(self, hours: Iterable[Hours]) -> None:
        spans = merged(
            (span.weekday * DAY + span.start * MINUTE, span.weekday * DAY + span.end * MINUTE)
            for span in hours
        )
        self._starts = [start for start, _ in spans]
        self._lengths = [end - start for start, end in spans]
        self._before = [0, *accumulate(self._lengths)]

    def active(self, start: int, end: int) -> int:
        """Return the active time between two local times. All are in milliseconds."""
        return self._until(end) - self._until(start)

    def _until(self, local: int) -> int:
        weeks, rest = divmod(local - _MONDAY, _WEEK)
        last = bisect_right(self._starts, rest) - 1
        within = self._before[max(last, 0)]
        if last >= 0:
            within += min(rest - self._starts[last], self._lengths[last])
        return weeks * self._before[-1] + within


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans `(start, end)` in order. Spans that overlap or touch become a single span."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif start < end:
            joined.append((start, end))
    return joined


def working_time(
    week: Week,
    holidays: Iterable[tuple[int, int]],
    zone: ZoneInfo,
    start: int,
    end: int,
) -> int:
    """Return the milliseconds for which a calendar is active from `start` until `end`.

    `start` and `end` are instants, `holidays` are spans of local time in `zone`. All are in
    milliseconds.
    """
    days_off = merged(holidays)
    ends = [off_until for _, off_until in days_off]
    total = 0
    for segment_start, segment_end, offset in segments(zone, start, end):
        first, last = segment_start + offset, segment_end + offset
        total += week.active(first, last)
        for index in range(bisect_right(ends, first), len(days_off)):
            off_from, off_until = days_off[index]
            if off_from >= last:
                break
            total -= week.active(max(off_from, first), min(off_until, last))
    return total
