"""Criteria that select requests of a journal by operation, method, path, status and parameters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher, get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Self

from fake_server.errors import ExpectationError, expected_one_of
from fake_server.world.journal.entry import JournalEntry

LIKE = "$like"
ABSENT = "$absent"
_MISSING: Any = object()
_MOST_NAMES = 50


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One way in which a request differs from the expected one.

    - `field`: `operation`, `method`, `path`, `status`, `unread`, or `parameters.` and a name.
    - `actual`: the value that the request has; None if it has none.
    - `distance`: from 0 (alike) upwards. `Criteria.farthest` is the sum of the greatest distances.
    - `suggestion`: the name that the request has in place of a missing one and that resembles it.
    """

    field: str
    expected: Any
    actual: Any
    distance: float
    suggestion: str | None = None

    def __str__(self) -> str:
        """Return the mismatch as a sentence."""
        actual = "nothing" if self.actual is None else spelled(self.actual)
        hint = f"; {self.suggestion} was sent" if self.suggestion else ""
        return f"{self.field}: expected {spelled(self.expected)}, found {actual}{hint}"


@dataclass(frozen=True, slots=True)
class Criteria:
    """The expected properties of a request. A criterion of None is met by every request.

    - `operation`, `path`: patterns with `*`, `?` and `[...]`, such as `xurrent.*`.
    - `method`: in upper or lower case.
    - `status`: a number, or a class such as `4xx`.
    - `parameters`: the required parameters; a request may have others. Values are compared as
      text. `{"$like": "2026-*"}` matches a pattern, `{"$absent": true}` a missing parameter.
    - `unread`: whether the request has a parameter that the API did not read.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | str | None = None
    parameters: Mapping[str, Any] | None = None
    unread: bool | None = None

    @classmethod
    def of(cls, criteria: Mapping[str, Any]) -> Self:
        """Return criteria by their names; raises `UserError` for an unknown name."""
        require_known("criterion", criteria, CRITERIA)
        return cls(**criteria)

    def met_by(self, entry: JournalEntry) -> bool:
        """Return whether a request meets all criteria."""
        return next(self.mismatches(entry), None) is None

    def mismatches(self, entry: JournalEntry) -> Iterator[Mismatch]:
        """Yield each way in which a request misses the criteria."""
        if self.operation is not None:
            yield from _unlike("operation", self.operation, entry.operation, 1)
        if self.method is not None and self.method.upper() != entry.method:
            yield Mismatch("method", self.method.upper(), entry.method, 1)
        if self.path is not None:
            yield from _unlike("path", self.path, entry.path, 0.5)
        if self.status is not None and not _has_status(self.status, entry.status):
            yield Mismatch("status", self.status, entry.status, 0.5)
        if self.parameters:
            yield from _mismatches("parameters", self.parameters, entry.parameters)
        if self.unread is not None and self.unread != bool(entry.unread):
            unread = ", ".join(entry.unread) or None
            yield Mismatch("unread", self.unread, unread, 0.5)

    @property
    def farthest(self) -> float:
        """The sum of the distances of a request that meets no criterion."""
        weights = {"operation": 2, "method": 1, "path": 1.5, "status": 0.5, "unread": 0.5}
        parameters = sum(1 for _ in leaves("", self.parameters or {}))
        named = (name for name in weights if getattr(self, name) is not None)
        return parameters + sum(weights[name] for name in named)

    def __str__(self) -> str:
        """Return the criteria as a phrase."""
        named = (self.method and self.method.upper(), self.operation, self.path)
        text = " ".join(part for part in named if part) or "any request"
        parameters = [
            f"{name} {spelled(value)}" for name, value in leaves("", self.parameters or {})
        ]
        if parameters:
            text += f" with {', '.join(parameters)}"
        if self.status is not None:
            text += f" answered {self.status}"
        if self.unread is not None:
            text += f" with {'something' if self.unread else 'nothing'} unread"
        return text


CRITERIA = tuple(field.name for field in fields(Criteria))


def require_known(kind: str, values: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Raise `UserError` if `values` has a name that is not in `known`; `kind` names its kind."""
    for name in values:
        if name not in known:
            raise ExpectationError(f"{name}: no such {kind}; {expected_one_of(name, known)}")


def leaves(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield `(name, value)` for each value of nested parameters; a name is such as `filter[id]`."""
    for name, value in values.items():
        inner = f"{prefix}[{name}]" if prefix else name
        if isinstance(value, Mapping) and not _is_pattern(value):
            yield from leaves(inner, value)
        else:
            yield inner, value


def spelled(value: Any) -> str:
    """Return a value as a phrase: text in quotes, a pattern as `like '...'`."""
    if isinstance(value, Mapping) and LIKE in value:
        return f"like {value[LIKE]!r}"
    if isinstance(value, Mapping) and ABSENT in value:
        return "nothing" if value[ABSENT] else "anything"
    if isinstance(value, str):
        return repr(value)
    return as_text(value)


def matches(name: str, pattern: str) -> bool:
    """Return whether a name matches a pattern with `*`, `?` and `[...]`; case matters."""
    return fnmatchcase(name, pattern)


def as_text(value: Any) -> str:
    """Return a value as the text that a query string would have, for comparison."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def _is_pattern(value: Any) -> bool:
    return isinstance(value, Mapping) and (LIKE in value or ABSENT in value)


def _has_status(expected: int | str, status: int) -> bool:
    text = str(expected).lower()
    return text in {str(status), f"{status // 100}xx"}


def _unlike(field: str, pattern: str, actual: str | None, least: float) -> Iterator[Mismatch]:
    if actual is None:
        yield Mismatch(field, pattern, None, least + 1)
    elif not matches(actual, pattern):
        yield Mismatch(field, pattern, actual, least + _distance(pattern, actual))


@lru_cache(4096)
def _distance(left: str, right: str) -> float:
    return 1 - SequenceMatcher(None, left[:200], right[:200], autojunk=False).ratio()


def _mismatches(field: str, expected: Any, actual: Any) -> Iterator[Mismatch]:
    if _is_pattern(expected):
        yield from _unlike_pattern(field, expected, actual)
    elif isinstance(expected, Mapping):
        yield from _unlike_mapping(field, expected, actual if isinstance(actual, Mapping) else {})
    elif isinstance(expected, list | tuple) and isinstance(actual, list):
        yield from _unlike_list(field, expected, actual)
    elif actual is _MISSING:
        yield Mismatch(field, expected, None, 1)
    elif isinstance(actual, list | Mapping) or as_text(expected) != as_text(actual):
        yield Mismatch(field, expected, actual, _distance(as_text(expected), as_text(actual)))


def _unlike_mapping(
    field: str, expected: Mapping[str, Any], actual: Mapping[str, Any]
) -> Iterator[Mismatch]:
    others = [name for name in actual if name not in expected][:_MOST_NAMES]
    for name, value in expected.items():
        mismatches = _mismatches(f"{field}.{name}", value, actual.get(name, _MISSING))
        similar = [] if name in actual else get_close_matches(name, others, n=1)
        if similar:
            mismatches = (
                replace(mismatch, distance=mismatch.distance / 4, suggestion=similar[0])
                for mismatch in mismatches
            )
        yield from mismatches


def _unlike_pattern(field: str, expected: Mapping[str, Any], actual: Any) -> Iterator[Mismatch]:
    if ABSENT in expected:
        if (actual is _MISSING) != expected[ABSENT]:
            yield Mismatch(field, expected, None if actual is _MISSING else actual, 1)
    elif actual is _MISSING:
        yield Mismatch(field, expected, None, 1)
    elif isinstance(actual, list | Mapping) or not matches(as_text(actual), str(expected[LIKE])):
        yield Mismatch(field, expected, actual, _distance(str(expected[LIKE]), as_text(actual)))


def _unlike_list(field: str, expected: Any, actual: list[Any]) -> Iterator[Mismatch]:
    if len(expected) != len(actual):
        yield Mismatch(field, expected, actual, 0.5)
        return
    for number, (left, right) in enumerate(zip(expected, actual, strict=True)):
        yield from _mismatches(f"{field}.{number}", left, right)
