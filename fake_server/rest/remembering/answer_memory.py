"""The remembered answers of a server, bounded in bytes."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from threading import Lock
from typing import Any

from fake_server.rest.remembering.repeating import Repeat, world_of

_OVERHEAD = 2048
"""The bytes that an answer takes beside its body, about."""


class RememberedAnswer:
    """An answer with what it depends on beside its key.

    - `names`, `values`: what the request had of the environ, and was asked for.
    - `headers`: a value is None where each request has one of its own, from `repeats`.
    - `until`: when what the answer tells of the clock ends to hold; None: never.
    - `sent`: what the journal says of the request; set when it first notes one.
    """

    __slots__ = ("body", "headers", "names", "repeats", "sent", "status", "until", "values")

    def __init__(
        self,
        names: tuple[str, ...],
        values: tuple[Any, ...],
        status: str,
        headers: Sequence[tuple[str, str | None]],
        body: bytes,
        repeats: tuple[Repeat, ...],
        until: datetime | None,
    ) -> None:
        self.names = names
        self.values = values
        self.status = status
        self.headers = headers
        self.body = body
        self.repeats = repeats
        self.until = until
        self.sent: Any = None

    def fits(self, environ: dict[str, Any]) -> bool:
        """Return whether a request with the same key gets this answer."""
        if tuple(map(environ.get, self.names)) != self.values:
            return False
        return self.until is None or world_of(environ).clock.peek() < self.until

    def headers_of(self, environ: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the headers for a request, after doing what each request does anew."""
        own: dict[str, str] = {}
        for repeat in self.repeats:
            own.update(repeat(environ))
        return [
            (name, own[name] if value is None else value)
            for name, value in self.headers
            if value is not None or name in own
        ]

    @property
    def size(self) -> int:
        """How many bytes the answer takes, about."""
        return len(self.body) + _OVERHEAD


class AnswerMemory:
    """The answers that a server remembers, by key; those that nobody asked for longest go first.

    - `most`: the greatest number of bytes that they take.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._answers: dict[Hashable, list[RememberedAnswer]] = {}
        self.size = 0

    def find(self, key: Hashable, environ: dict[str, Any]) -> RememberedAnswer | None:
        """Return the answer to a request, or None."""
        answers = self._answers.get(key)
        if answers is None:
            return None
        with self._lock:
            if self._answers.pop(key, None) is not None:
                self._answers[key] = answers
        return next((answer for answer in answers if answer.fits(environ)), None)

    def add(self, key: Hashable, answer: RememberedAnswer) -> None:
        """Remember an answer, in the place of one for an equal request."""
        if answer.size > self._most // 8:
            return
        with self._lock:
            others = self._answers.pop(key, [])
            kept = [other for other in others if not _same_request(other, answer)]
            self._answers[key] = [*kept, answer]
            self.size += answer.size - sum(
                other.size for other in others if _same_request(other, answer)
            )
            while self.size > self._most:
                first = next(iter(self._answers))
                self.size -= sum(other.size for other in self._answers.pop(first))


def _same_request(answer: RememberedAnswer, other: RememberedAnswer) -> bool:
    return (answer.names, answer.values) == (other.names, other.values)
