"""Counters of requests per window of time, for rate limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class Usage:
    """How much of a window is used: `used` requests (this one included) of `limit`."""

    limit: int
    used: int
    opened: datetime
    closes: datetime

    @property
    def remaining(self) -> int:
        """How many more requests the window admits; never below 0."""
        return max(0, self.limit - self.used)

    @property
    def exceeded(self) -> bool:
        """Whether the last request was one too many."""
        return self.used > self.limit


class RateCounters:
    """Counts requests by key in fixed windows; a window opens with its first request."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, timedelta], Usage] = {}

    def count(self, key: str, limit: int, length: timedelta, now: datetime) -> Usage:
        """Count one request of `key` at `now`; windows are `length` long and admit `limit`."""
        usage = self._windows.get((key, length))
        if usage is None or not usage.opened <= now < usage.closes:
            usage = self._windows[key, length] = Usage(limit, 0, now, now + length)
        usage.limit = limit
        usage.used += 1
        return usage

    def peek(self, key: str, limit: int, length: timedelta, now: datetime) -> Usage:
        """Return the window of `key` at `now` without counting a request."""
        usage = self._windows.get((key, length))
        if usage is None or not usage.opened <= now < usage.closes:
            return Usage(limit, 0, now, now + length)
        return usage
