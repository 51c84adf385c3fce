"""What a run made on a server that is not its own, so that it is known and put away."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from fake_server.verify.api.creations import Away, Creation, Mark, creation_at
from fake_server.verify.api.description import Description
from fake_server.verify.api.operations import operation_of
from fake_server.verify.errors import CouldNotRunError, NoAnswerError, NotShownError, brief
from fake_server.verify.server.messages import Answer, Request


@dataclass(frozen=True, slots=True)
class _Record:
    """A record that was made; `path` is its own, `mark` what tells that a run made it."""

    kind: Creation
    path: str
    mark: str

    def __str__(self) -> str:
        return f"{self.path} ({brief(self.mark, 120)})"


class Writings:
    """Sees every request and answer of a run, and knows what they made."""

    def __init__(self, known: Description) -> None:
        self._known = known
        self._made: dict[str, _Record] = {}
        self._resting: set[str] = set()

    def about_to_send(self, request: Request) -> None:
        """Raise `NotShownError` for a POST that may make what nobody could recognise or put away.

        What stands below a record of the run goes with that record. A POST that the API's document
        does not declare makes nothing.
        """
        path = _path(request)
        if request.method != "POST" or path in self._known.harmless or self._is_ours(path):
            return
        kind = creation_at(self._known.creations, path)
        if kind is not None:
            _require_marked(kind, request)
        elif operation_of(self._known.api, "POST", path) is not None:
            raise NotShownError(
                f"a world of its own: target.yaml does not say what POST {path} makes",
                "capability",
            )

    def _is_ours(self, path: str) -> bool:
        return any(path.startswith(f"{made}/") for made in self._made)

    def heard(self, answer: Answer) -> None:
        """Note what was made, and what a test put away itself."""
        request, path = answer.request, _path(answer.request)
        if not 200 <= answer.status < 300 or request.method in {"GET", "HEAD"}:
            return
        shown = _members(answer.body)
        kind = creation_at(self._known.creations, path) if request.method == "POST" else None
        if kind is not None and kind.id in shown:
            path = kind.path_of(path, shown[kind.id])
            mark = kind.mark.value(shown) if kind.mark else None
            self._made[path] = _Record(kind, path, str(mark))
        for record in self._made.values():
            if path == record.path or path.startswith(f"{record.path}/"):
                self._note_rest(record, request, path, shown)

    def _note_rest(
        self, record: _Record, request: Request, path: str, shown: dict[str, Any]
    ) -> None:
        away = record.kind.away
        if away is None:
            return
        if path == _away_path(record, away) and request.method == away.method:
            wanted = away.json if away.method in {"PATCH", "PUT"} else None
            rests = all(shown.get(key) == value for key, value in (wanted or {}).items())
            (self._resting.add if rests else self._resting.discard)(record.path)
        elif path == record.path:
            self._resting.discard(record.path)

    def put_to_rest(self, send: Callable[[str, str, Any], Answer]) -> list[str]:
        """Put away what was made, the last first; return what is left, in words.

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
    """Put a record away; return what keeps it from that, None if nothing does."""
    away = record.kind.away
    try:
        for part in record.kind.empties:
            send("DELETE", f"{record.path}/{part}", None)
        if away is None:
            return record.kind.stays
        answer = send(away.method, _away_path(record, away), away.json)
    except (NoAnswerError, CouldNotRunError) as error:
        return str(error)
    gone = away.method == "DELETE" and answer.status in {404, 410}
    if gone or 200 <= answer.status < 300:
        return None
    return f"{answer.status} {brief(answer.text, 120)}"


def _away_path(record: _Record, away: Away) -> str:
    return f"{record.path}/{away.path}" if away.path else record.path


def _require_marked(kind: Creation, request: Request) -> None:
    if kind.mark is None or kind.obstacle:
        raise NotShownError(
            f"a world of its own: what POST {kind.path} makes {kind.obstacle}", "capability"
        )
    mark = _mark_of(kind.mark, request)
    marked = isinstance(mark, str) and kind.mark.text in mark
    # The service refuses an empty value, or one that is no text, where it requires a text.
    if marked or (kind.mark.required and not (isinstance(mark, str) and mark)):
        return
    seen = "no mark" if mark is None else f"the mark {mark!r}"
    raise NotShownError(
        f"a world of its own: a record with {seen} in {kind.mark.field}", "capability"
    )


def _mark_of(mark: Mark, request: Request) -> Any:
    """Return the mark in a body; None without one. A form is searched as a whole."""
    kinds = [value for name, value in request.headers if name.lower() == "content-type"]
    if request.body is None or not kinds or "json" in kinds[-1]:
        return mark.value(_members(request.body))
    text = unquote_plus(request.body.decode("utf-8", "replace"))
    return text if mark.field.rpartition(".")[2] in text else None


def _path(request: Request) -> str:
    """Return the path of a request without the spellings that make no difference."""
    path = re.sub("/+", "/", request.target.partition("?")[0])
    return path.removesuffix("/").removesuffix(".json")


def _members(body: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(body or b"")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
