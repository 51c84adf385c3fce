"""What a world was asked: its last requests, and how each was answered."""

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
"""How many requests a world remembers."""


def _nothing() -> SecretTexts:
    return SecretTexts(())


class Journal:
    """The last requests of a world, oldest first; older ones are forgotten and counted.

    `most`: how many are remembered. `hidden`: what is taken out of them when they are read.
    """

    __slots__ = ("_cleared", "_entries", "_hidden", "_last", "_lock")

    def __init__(
        self, most: int = MOST_ENTRIES, hidden: Callable[[], SecretTexts] = _nothing
    ) -> None:
        self._hidden = hidden
        self._entries: deque[JournalEntry] = deque(maxlen=most)
        self._lock = Lock()
        self._last = self._cleared = 0

    @property
    def last(self) -> int:
        """The number of the newest request, 0 before the first.

        Clearing does not change it, so that whoever follows the journal notices no gap.
        """
        return self._last

    @property
    def total(self) -> int:
        """How many requests there were since the journal was empty."""
        return self._last - self._cleared

    @property
    def forgotten(self) -> int:
        """How many of them are not remembered any more."""
        return self.total - len(self._entries)

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
        """Note a request; for the parameters, see `JournalEntry`."""
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
        """Forget all requests; the numbers go on."""
        with self._lock:
            self._entries.clear()
            self._cleared = self._last

    def entries(
        self, *, since: int = 0, limit: int | None = None, **criteria: Any
    ) -> list[JournalEntry]:
        """Return the remembered requests, oldest first.

        - `since`: only those with a greater number.
        - `limit`: only so many, the newest.
        - `criteria`: `operation`, `method`, `path`, `status`, `parameters`, `unread`; see
          `Criteria`.

        Raises `UserError` for a criterion that is none.
        """
        wanted = Criteria.of(criteria)
        with self._lock:
            known = list(self._entries)
        found = [one for one in known if one.number > since and wanted.met_by(one)]
        return found if limit is None else found[max(0, len(found) - limit) :]

    def verify(
        self,
        expectations: Iterable[Mapping[str, Any]],
        *,
        in_order: bool = False,
        since: int = 0,
    ) -> Verification:
        """Return whether the requests were as expected, and what came closest where not.

        - `expectations`: each has criteria, as for `entries`, and `count`, `at_least`, `at_most`
          or `never` (at least one, without).
        - `in_order`: those for each expectation came after those for the one before.
        - `since`: only requests with a greater number count.

        Raises `UserError` for an expectation that is none.
        """
        expected = [Expectation.of(one) for one in expectations]
        with self._lock:
            known = list(self._entries)
            forgotten = max(0, self._last - len(known) - max(since, self._cleared))
        found = [one for one in known if one.number > since]
        return verified(found, expected, forgotten, in_order=in_order)
