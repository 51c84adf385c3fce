"""What a run made on a server that is not its own, so that it is known and put to rest."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fake_server.verify.description import Creation
from fake_server.verify.errors import CouldNotRunError, NoAnswerError, NotShownError, brief
from fake_server.verify.messages import Answer, Request

SIGN = "understudy contract test"
"""What the name of everything that a run makes begins with, or at least has in it."""


@dataclass(frozen=True, slots=True)
class _Record:
    """A record that was made; `path` is its own."""

    kind: Creation
    path: str
    name: str

    def __str__(self) -> str:
        return f"{self.path} ({brief(self.name, 120)})"


class Writings:
    """Sees every request and answer of a run, and knows what they made.

    `kinds` are the ways to make something; what no way is known to put to rest is told at least.
    """

    def __init__(self, kinds: tuple[Creation, ...]) -> None:
        self._kinds = {kind.path: kind for kind in kinds}
        self._made: dict[str, _Record] = {}
        self._resting: set[str] = set()

    def about_to_send(self, request: Request) -> None:
        """Raise `NotShownError` for a record whose name nobody could recognise."""
        if request.method != "POST" or _path(request) not in self._kinds:
            return
        name = _members(request.body).get("name")
        if isinstance(name, str) and name and SIGN not in name:
            raise NotShownError(f"a world of its own: a record called {name!r}", "capability")

    def heard(self, answer: Answer) -> None:
        """Note what was made, and what a test put to rest itself."""
        request, path = answer.request, _path(answer.request)
        if not 200 <= answer.status < 300 or request.method in {"GET", "HEAD"}:
            return
        shown = _members(answer.body)
        if request.method == "POST" and path in self._kinds and "id" in shown:
            kind, path = self._kinds[path], f"{path}/{shown['id']}"
            self._made[path] = _Record(kind, path, str(shown.get("name")))
        if path in self._made:
            wanted = self._made[path].kind.fields
            rests = bool(wanted) and all(shown.get(key) == value for key, value in wanted.items())
            (self._resting.add if rests else self._resting.discard)(path)

    def put_to_rest(self, send: Callable[[str, str, Any], Answer]) -> list[str]:
        """Put to rest what was made, the last first; return what is left, in words.

        `send(method, path, values)` sends a request, with values as JSON.
        """
        waiting = [one for path, one in self._made.items() if path not in self._resting]
        left = []
        try:
            while waiting:
                reason = _kept_up(waiting[-1], send)
                record = waiting.pop()
                left += [] if reason is None else [f"{record}: {reason}"]
        except KeyboardInterrupt:
            left += [f"{record}: interrupted" for record in waiting]
        return left


def _kept_up(record: _Record, send: Callable[[str, str, Any], Answer]) -> str | None:
    """Put a record to rest; return what keeps it from that, None if nothing does."""
    try:
        for part in record.kind.empties:
            send("DELETE", f"{record.path}/{part}", None)
        if not record.kind.fields:
            return "this API has no way to take it back"
        answer = send("PATCH", record.path, dict(record.kind.fields))
    except (NoAnswerError, CouldNotRunError) as error:
        return str(error)
    return None if 200 <= answer.status < 300 else f"{answer.status} {brief(answer.text, 120)}"


def _path(request: Request) -> str:
    return request.target.partition("?")[0]


def _members(body: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(body or b"")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
