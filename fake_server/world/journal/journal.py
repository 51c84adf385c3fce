"""The journal of a world: its last requests and the status of each answer."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from fake_server.world.journal.entry import JournalEntry, Sent
from fake_server.world.journal.matching import Criteria
from fake_server.world.journal.secret_texts import SecretTexts
from fake_server.world.journal.verification import Expectation, Verification, verified

MOST_ENTRIES = 1000
"""The number of requests that a world remembers."""

MOST_NOT_SERVED = 200
"""The number of operations that a world remembers as not served."""


def _no_secrets() -> SecretTexts:
    return SecretTexts(())


class Journal:
    """The last requests of a world, oldest first. Older requests are counted, but not kept.

    - `most`: the number of requests to remember.
    - `hidden`: returns the texts that an entry redacts when it is read.
    """

    __slots__ = ("_cleared", "_entries", "_hidden", "_last", "_lock", "_not_served")

    def __init__(
        self, most: int = MOST_ENTRIES, hidden: Callable[[], SecretTexts] = _no_secrets
    ) -> None:
        self._hidden = hidden
        self._entries: deque[JournalEntry] = deque(maxlen=most)
        self._not_served: dict[str, None] = {}
        self._lock = Lock()
        self._last = self._cleared = 0

    @property
    def last(self) -> int:
        """The number of the newest request; 0 before the first request.

        `clear` keeps the number, so that a program that follows the journal misses no request.
        """
        return self._last

    @property
    def total(self) -> int:
        """The number of requests since the journal was empty."""
        return self._last - self._cleared

    @property
    def forgotten(self) -> int:
        """The number of requests since then that the journal no longer remembers."""
        return self.total - len(self._entries)

    @property
    def not_served(self) -> list[str]:
        """The operations that were asked for and are not served, each once, without credentials."""
        secrets = self._hidden()
        with self._lock:
            operations = list(self._not_served)
        return [secrets.hidden_text(operation) for operation in operations]

    def record_not_served(self, operation: str) -> None:
        """Record that an operation was asked for and is not served."""
        with self._lock:
            if len(self._not_served) < MOST_NOT_SERVED:
                self._not_served[operation] = None

    def record(
        self,
        at: datetime,
        real_at: float,
        duration: float,
        method: str,
        path: str,
        status: int,
        credentials: str | None,
        fault: str | None,
        sent: Sent,
    ) -> None:
        """Record a request; `JournalEntry` describes the parameters."""
        with self._lock:
            self._last += 1
            self._entries.append(
                JournalEntry(
                    self._last,
                    at,
                    real_at,
                    duration,
                    method,
                    path,
                    status,
                    credentials,
                    fault,
                    sent,
                    self._hidden,
                )
            )

    def clear(self) -> None:
        """Forget all requests; the next request gets the next number."""
        with self._lock:
            self._entries.clear()
            self._not_served.clear()
            self._cleared = self._last

    def entries(
        self, *, since: int = 0, limit: int | None = None, **criteria: Any
    ) -> list[JournalEntry]:
        """Return the remembered requests, oldest first.

        - `since`: the entries have a greater number.
        - `limit`: the greatest number of entries; the newest are returned.
        - `criteria`: `operation`, `method`, `path`, `status`, `parameters` and `unread`, as
          `Criteria` describes them.

        Raises `UserError` for an unknown criterion.
        """
        expected = Criteria.of(criteria)
        with self._lock:
            entries = list(self._entries)
        matches = [entry for entry in entries if entry.number > since and expected.met_by(entry)]
        return matches if limit is None else matches[max(0, len(matches) - limit) :]

    def verify(
        self,
        expectations: Iterable[Mapping[str, Any]],
        *,
        in_order: bool = False,
        since: int = 0,
    ) -> Verification:
        """Return the verdict on each expectation, with near misses.

        - `expectations`: each has criteria, as for `entries`, and one of `count`, `at_least`,
          `at_most` and `never`; the default is at least one request.
        - `in_order`: the requests of each expectation must come after those of the one before.
        - `since`: requests up to this number do not count.

        Raises `UserError` for an invalid expectation.
        """
        expected = [Expectation.of(expectation) for expectation in expectations]
        with self._lock:
            remembered = list(self._entries)
            forgotten = max(0, self._last - len(remembered) - max(since, self._cleared))
        entries = [entry for entry in remembered if entry.number > since]
        return verified(entries, expected, forgotten, in_order=in_order)
