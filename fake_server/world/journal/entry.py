"""One request of a world as its journal has it, and how it reads as a line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from fake_server.world.instants import rfc3339
from fake_server.world.journal.secret_texts import SecretTexts

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
class JournalEntry:
    """One request and the status of its answer.

    - `number`: counts the world's requests, from 1.
    - `at`: the world's time when the request came; `real_at`: this machine's, in seconds since
      1970; `duration`: the seconds until the answer was decided on.
    - `raw_path`: the path as it came, without the world's prefix; `path` is the one to show.
    - `secrets`: what is taken out of the entry whenever it is read.
    - `credentials`: the scheme of the Authorization header, `other` where it has none of the
      usual; else the name of another header that carries them, such as `X-Api-Key`; None without
      either. No credential is ever shown.
    - `fault`: the fault that made the answer, if one did.
    """

    number: int
    at: datetime
    real_at: float
    duration: float
    method: str
    raw_path: str = field(repr=False)
    status: int
    credentials: str | None
    fault: str | None
    sent: Sent
    secrets: Callable[[], SecretTexts] = field(repr=False)

    @property
    def path(self) -> str:
        """The path, without the world's prefix and without credentials."""
        return self.secrets().hidden_query(self.raw_path)

    @property
    def query(self) -> str:
        """The query as it was spelled, without credentials."""
        return self.secrets().hidden_query(self.sent.query)

    @property
    def operation(self) -> str | None:
        """The operation that was asked for, as `api.operation_id`; None where there is none."""
        return self.sent.operation

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What the client sent in query and body, nested, credentials taken out."""
        found: Mapping[str, Any] = self.secrets().hidden(self.sent.parameters)
        return found

    @property
    def unread(self) -> Sequence[str]:
        """The names, as `filter[id]`, of what the client sent and nobody read.

        `(query)` and `(body)` stand for one that could not be read at all.
        """
        return tuple(self.secrets().hidden_text(name) for name in self.sent.unread)

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
            "query": self.query,
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
    """Return an entry, as `JournalEntry.shown` gives it, as one line to read.

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
