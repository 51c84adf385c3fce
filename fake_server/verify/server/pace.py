"""How many requests a run may send, and how fast."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

from fake_server.verify.outcome_errors import NotShownError
from fake_server.verify.texts import http_date

LONGEST_WAIT = 120.0
"""The longest Retry-After, in seconds, that a run waits for."""


class Budget:
    """Counts requests against a limit; None is no limit."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.used = 0

    @property
    def spent(self) -> bool:
        """Whether no further request may be sent."""
        return self.limit is not None and self.used >= self.limit

    def require(self) -> None:
        """Raise `NotShownError` if the budget is spent."""
        if self.spent:
            raise NotShownError(f"more than the {self.limit} requests allowed", "budget")

    def take(self, *, beyond_limit: bool = False) -> None:
        """Count a request; raises `NotShownError` if the budget is spent and not `beyond_limit`."""
        if not beyond_limit:
            self.require()
        self.used += 1


class Pace:
    """Spaces requests evenly, at most `rate` a second; 0 is no limit."""

    def __init__(
        self,
        rate: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 1 / rate if rate > 0 else 0.0
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0

    def wait(self) -> None:
        """Sleep until the next request may be sent."""
        now = self._clock()
        if now < self._next:
            self._sleep(self._next - now)
            now = self._next
        self._next = now + self._gap

    def pause(self, seconds: float) -> None:
        """Send nothing for so many seconds from now."""
        self._next = max(self._next, self._clock() + seconds)


def retry_after(value: str | None) -> float | None:
    """Return the seconds of a Retry-After header; None if it is absent or malformed."""
    if value is None:
        return None
    if re.fullmatch(r"[ \t]*[0-9]+[ \t]*", value):
        return float(value)
    at = http_date(value)
    return None if at is None else max(0.0, (at - datetime.now(UTC)).total_seconds())
