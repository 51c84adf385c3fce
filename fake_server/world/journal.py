"""What a world was asked: its last requests, and how each was answered."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Protocol

from fake_server.world.instants import rfc3339
from fake_server.world.matching import Criteria
from fake_server.world.verification import Expectation, Verification, verified

MOST_ENTRIES = 1000
"""How many requests a world remembers."""

Style = Callable[[str, str], str]
"""Adorns a part of a line; called with the text and what it is: `status`, `unread`, `time` …"""


class Sent(Protocol):
    """What a client sent, read and without its credentials."""

    @property
    def operation(self) -> str | None:
        """The operation that was asked for, as `api.operation_id`."""

    @property
    def query(self) -> str:
        """The query, as it was spelled."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Query and body, nested."""

    @property
    def unread(self) -> Sequence[str]:
        """The names of what nobody read."""

    @property
    def body(self) -> Mapping[str, Any] | None:
        """The body's `type` and `size` in bytes, None where there was none."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One request and the status of its answer.

    - `number`: counts the world's requests, from 1.
    - `at`: the world's time when the request came; `real_at`: this machine's, in seconds since
      1970; `duration`: the seconds until the answer was decided on.
    - `path`: without the world's prefix.
    - `credentials`: the scheme of the Authorization header, `other` where it has none of the
      usual, None without the header. No credential is ever shown.
    - `fault`: the fault that made the answer, if one did.
    """

    number: int
    at: datetime
    real_at: float
    duration: float
    method: str
    path: str
    status: int
    credentials: str | None
    fault: str | None
    sent: Sent

    @property
    def operation(self) -> str | None:
        """The operation that was asked for, as `api.operation_id`; None where there is none."""
        return self.sent.operation

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What the client sent in query and body, nested, credentials taken out."""
        return self.sent.parameters

    @property
    def unread(self) -> Sequence[str]:
        """The names, as `filter[id]`, of what the client sent and nobody read.

        `(query)` and `(body)` stand for one that could not be read at all.
        """
        return self.sent.unread

    def shown(self) -> dict[str, Any]:
        """Return the entry as JSON values, as the control plane shows it."""
        return {
            "number": self.number,
            "at": rfc3339(self.at),
            "real_at": rfc3339(datetime.fromtimestamp(self.real_at, UTC)),
            "duration_ms": round(self.duration * 1000, 3),
            "operation": self.operation,
            "method": self.method,
            "path": self.path,
            "query": self.sent.query,
            "parameters": dict(self.parameters),
            "body": self.sent.body,
            "unread": list(self.unread),
            "credentials": self.credentials,
            "status": self.status,
            "fault": self.fault,
        }

    def __str__(self) -> str:
        """Return the entry as one line."""
        return one_line(self.shown())


def _plain(text: str, part: str) -> str:
    return text


def one_line(shown: Mapping[str, Any], style: Style = _plain) -> str:
    """Return an entry, as `Entry.shown` gives it, as one line to read.

    Time in the world, method, path with query, status, duration; what was unread and the fault,
    where there is either. Characters that would end the line or move a cursor are escaped.
    """
    query = f"?{shown['query']}" if shown["query"] else ""
    parts = [
        style(shown["at"].partition("T")[2].rstrip("Z")[:12], "time"),
        style(f"{shown['method']:6}", "method"),
        _printable(f"{shown['path']}{query}"),
        style(str(shown["status"]), f"status {shown['status'] // 100}"),
        style(f"{shown['duration_ms']:.1f} ms", "duration"),
    ]
    if shown["unread"]:
        parts.append(style(_printable(f"unread: {', '.join(shown['unread'])}"), "unread"))
    if shown["fault"]:
        parts.append(style(_printable(f"fault: {shown['fault']}"), "fault"))
    return " ".join(parts)


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


class Journal:
    """The last requests of a world, oldest first; older ones are forgotten and counted.

    `most`: how many are remembered.
    """

    __slots__ = ("_cleared", "_entries", "_last", "_lock")

    def __init__(self, most: int = MOST_ENTRIES) -> None:
        self._entries: deque[Entry] = deque(maxlen=most)
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
        """Note a request; for the parameters, see `Entry`."""
        with self._lock:
            self._last += 1
            self._entries.append(
                Entry(
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
                )
            )

    def clear(self) -> None:
        """Forget all requests; the numbers go on."""
        with self._lock:
            self._entries.clear()
            self._cleared = self._last

    def entries(self, *, since: int = 0, limit: int | None = None, **criteria: Any) -> list[Entry]:
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
