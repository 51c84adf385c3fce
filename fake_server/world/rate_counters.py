"""Counters of requests per window of time, for rate limits."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class Usage:
    """The usage of one window: `used` requests, the current one included, of `limit`."""

    limit: int
    used: int
    opened: datetime
    closes: datetime

    @property
    def remaining(self) -> int:
        """The number of further requests that the window admits; at least 0."""
        return max(0, self.limit - self.used)

    def is_open(self, at: datetime) -> bool:
        """Return whether `at` lies in the window."""
        return self.opened <= at < self.closes

    @property
    def exceeded(self) -> bool:
        """Whether the requests exceed the limit."""
        return self.used > self.limit


MOST_WINDOWS = 20_000
"""The greatest number of windows of one length; beyond it, the oldest window is dropped."""


class RateCounters:
    """Counters of requests by key, in fixed windows. A window opens with its first request.

    A new window drops closed ones.
    """

    def __init__(self) -> None:
        self._windows: dict[timedelta, dict[str, Usage]] = {}

    def count(self, key: str, limit: int, length: timedelta, now: datetime) -> Usage:
        """Count one request of `key` at `now`; windows are `length` long and admit `limit`."""
        windows = self._windows.setdefault(length, {})
        usage = windows.get(key)
        if usage is None or not usage.is_open(now):
            windows.pop(key, None)
            _forget(windows, now)
            usage = windows[key] = Usage(limit, 0, now, now + length)
        usage.limit = limit
        usage.used += 1
        return usage

    def peek(self, key: str, limit: int, length: timedelta, now: datetime) -> Usage:
        """Return the window of `key` at `now` without counting a request."""
        usage = self._windows.get(length, {}).get(key)
        if usage is None or not usage.is_open(now):
            return Usage(limit, 0, now, now + length)
        return usage

    def __len__(self) -> int:
        """Return the number of windows."""
        return sum(map(len, self._windows.values()))


class RecentRequests:
    """The instants of the last requests by key, for limits of a moving span of time.

    Refused requests do not count, so that a client that goes on asking is let in again.
    """

    def __init__(self) -> None:
        self._instants: dict[str, deque[datetime]] = {}

    def count(self, key: str, limit: int, length: timedelta, now: datetime) -> timedelta | None:
        """Count a request of `key` at `now`, if fewer than `limit` lie in the last `length`.

        Return None, or for a refused request the time until the next one may come.
        """
        instants = self._instants.pop(key, None)
        if instants is None:
            instants = deque()
            if len(self._instants) >= MOST_WINDOWS:
                del self._instants[next(iter(self._instants))]
        # The key moves to the end: the first one is the one that nobody used for longest.
        self._instants[key] = instants
        if instants and now < instants[-1]:
            instants.clear()
        while instants and instants[0] + length <= now:
            instants.popleft()
        if len(instants) >= limit:
            return instants[len(instants) - limit] + length - now
        instants.append(now)
        return None

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._instants)


def _forget(windows: dict[str, Usage], now: datetime) -> None:
    """Drop closed windows, or the oldest of too many; `windows` starts with the oldest."""
    while windows:
        first = next(iter(windows))
        if windows[first].is_open(now) and len(windows) < MOST_WINDOWS:
            return
        del windows[first]
