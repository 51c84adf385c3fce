"""One request of a world's journal, as an object, as JSON values and as a line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from fake_server.world.instants import rfc3339
from fake_server.world.journal.secret_texts import SecretTexts

Style = Callable[[str, str], str]
"""Decorates a part of a line. Called with its text and its role: `status`, `unread`, `time` …"""


class Sent(Protocol):
    """The parsed content of a request, without credentials."""

    @property
    def operation(self) -> str | None:
        """The operation of the request, as `api.operation_id`; None if no operation matches."""

    @property
    def raw_query(self) -> str:
        """The query string as the client spelled it, credentials included."""

    @property
    def raw_body(self) -> str:
        """The bytes of the body as characters, credentials included."""

    def spelling(self, text: str, secrets: SecretTexts) -> str:
        """Return a path or query of the request in its own spelling, without credentials."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters of query and body, nested."""

    @property
    def unread(self) -> Sequence[str]:
        """The names of the parameters that the API did not read."""

    @property
    def body(self) -> Mapping[str, Any] | None:
        """The body's `type` (its content type) and `size` in bytes; None without a body."""


@dataclass(frozen=True, slots=True, eq=False)
class JournalEntry:
    """One request and the status of its answer.

    - `number`: the number of the request in its world, from 1.
    - `at`: the world's time at the start of the request, in UTC.
    - `real_at`: the machine's time at the start of the request, in seconds since 1970.
    - `duration`: the real seconds from there until the answer was decided.
    - `raw_method`, `raw_path`: as the client spelled them, the path without the world's prefix.
      `method` and `path` are redacted.
    - `credentials`: the scheme of the Authorization header, or `other` for an unusual scheme;
      else the name of another header, a cookie or a parameter of the query with credentials, such
      as `X-Api-Key`; else None. No
      credential is ever shown.
    - `fault`: the id of the fault that changed the answer; None without a fault.
    - `secrets`: returns the texts that each property redacts when it is read.
    """

    number: int
    at: datetime
    real_at: float
    duration: float
    raw_method: str = field(repr=False)
    raw_path: str = field(repr=False)
    status: int
    credentials: str | None
    fault: str | None
    sent: Sent
    secrets: Callable[[], SecretTexts] = field(repr=False)

    @property
    def method(self) -> str:
        """The method, without credentials."""
        return self.secrets().hidden_text(self.raw_method)

    @property
    def path(self) -> str:
        """The path, without the world's prefix and without credentials."""
        return self.sent.spelling(self.raw_path, self.secrets())

    @property
    def query(self) -> str:
        """The query string as the client spelled it, without credentials."""
        return self.sent.spelling(self.sent.raw_query, self.secrets())

    @property
    def operation(self) -> str | None:
        """The operation of the request, as `api.operation_id`; None if no operation matches."""
        return self.sent.operation

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters of query and body, nested, with credentials redacted."""
        parameters: Mapping[str, Any] = self._pieces().hidden(self.sent.parameters)
        return parameters

    @property
    def unread(self) -> Sequence[str]:
        """The names, such as `filter[id]`, of the parameters that the API did not read.

        `(query)` and `(body)` stand for a query and a body that cannot be parsed.
        """
        pieces = self._pieces()
        return tuple(pieces.hidden_text(name) for name in self.sent.unread)

    @property
    def body(self) -> Mapping[str, Any] | None:
        """The body's `type` and `size` in bytes, without credentials; None without a body."""
        body = self.sent.body
        return body and {**body, "type": self.secrets().hidden_text(body["type"])}

    def _pieces(self) -> SecretTexts:
        return self.secrets().pieces_within(f"{self.sent.raw_query}&{self.sent.raw_body}")

    def shown(self) -> dict[str, Any]:
        """Return the entry as the JSON values that the control plane sends."""
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
            "body": self.body,
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
    """Return an entry, in the form of `JournalEntry.shown`, as one line of text.

    The line has the world's time, method, path with query, status and duration, then the unread
    parameters and the fault, if any. Line breaks and control characters are escaped.
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
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text
    )
