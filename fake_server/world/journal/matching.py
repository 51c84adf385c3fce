"""Which requests are meant: by operation, method, path, status, parameters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher, get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Self

from fake_server.world.errors import UserError, expected_one_of
from fake_server.world.journal.entry import JournalEntry

LIKE = "$like"
ABSENT = "$absent"
_NOTHING: Any = object()
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
    """What is wanted of a request; what is None does not matter.

    - `operation`, `path`: patterns with `*`, `?` and `[...]`, such as `xurrent.*`.
    - `method`: in upper or lower case.
    - `status`: a number, or a class such as `4xx`.
    - `parameters`: those that must be there, whatever else is. Values are compared as text;
      `{"$like": "2026-*"}` stands for any text that is like the pattern, `{"$absent": true}` for
      none.
    - `unread`: whether there is something that nobody read.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | str | None = None
    parameters: Mapping[str, Any] | None = None
    unread: bool | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Return criteria by their names; raises `UserError` for one that is none."""
        require_known("criterion", given, CRITERIA)
        return cls(**given)

    def met_by(self, entry: JournalEntry) -> bool:
        """Return whether a request is one of those that are meant."""
        return next(self.mismatches(entry), None) is None

    def mismatches(self, entry: JournalEntry) -> Iterator[Mismatch]:
        """Yield in what a request is another than is meant."""
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
            found = ", ".join(entry.unread) or None
            yield Mismatch("unread", self.unread, found, 0.5)

    @property
    def farthest(self) -> float:
        """The sum of the distances of a request that is not at all as it is wanted."""
        weights = {"operation": 2, "method": 1, "path": 1.5, "status": 0.5, "unread": 0.5}
        parameters = sum(1 for _ in leaves("", self.parameters or {}))
        named = (name for name in weights if getattr(self, name) is not None)
        return parameters + sum(weights[name] for name in named)

    def __str__(self) -> str:
        """Return the criteria in words."""
        named = (self.method and self.method.upper(), self.operation, self.path)
        text = " ".join(one for one in named if one) or "any request"
        wanted = [f"{place} {spelled(value)}" for place, value in leaves("", self.parameters or {})]
        if wanted:
            text += f" with {', '.join(wanted)}"
        if self.status is not None:
            text += f" answered {self.status}"
        if self.unread is not None:
            text += f" with {'something' if self.unread else 'nothing'} unread"
        return text


CRITERIA = tuple(field.name for field in fields(Criteria))


def require_known(kind: str, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Raise `UserError` for a name that is none of those known."""
    for name in given:
        if name not in known:
            raise UserError(f"{name}: no such {kind}; {expected_one_of(name, known)}")


def leaves(place: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the values of nested parameters, each with its name, as `filter[id]`."""
    for name, value in values.items():
        inner = f"{place}[{name}]" if place else name
        if isinstance(value, Mapping) and not _is_pattern(value):
            yield from leaves(inner, value)
        else:
            yield inner, value


def spelled(value: Any) -> str:
    """Return a value in words: text in quotes, a pattern as what it asks for."""
    if isinstance(value, Mapping) and LIKE in value:
        return f"like {value[LIKE]!r}"
    if isinstance(value, Mapping) and ABSENT in value:
        return "nothing" if value[ABSENT] else "anything"
    if isinstance(value, str):
        return repr(value)
    return as_text(value)


def matches(name: str, pattern: str) -> bool:
    """Return whether a name is like a pattern with `*`, `?` and `[...]`; case matters."""
    return fnmatchcase(name, pattern)


def as_text(value: Any) -> str:
    """Return a value as it is compared: as the text that a query would have."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def _is_pattern(value: Any) -> bool:
    return isinstance(value, Mapping) and (LIKE in value or ABSENT in value)


def _has_status(wanted: int | str, found: int) -> bool:
    text = str(wanted).lower()
    return text in {str(found), f"{found // 100}xx"}


def _unlike(what: str, pattern: str, found: str | None, least: float) -> Iterator[Mismatch]:
    if found is None:
        yield Mismatch(what, pattern, None, least + 1)
    elif not matches(found, pattern):
        yield Mismatch(what, pattern, found, least + _distance(pattern, found))


@lru_cache(4096)
def _distance(left: str, right: str) -> float:
    return 1 - SequenceMatcher(None, left[:200], right[:200], autojunk=False).ratio()


def _mismatches(place: str, wanted: Any, found: Any) -> Iterator[Mismatch]:
    if _is_pattern(wanted):
        yield from _unlike_pattern(place, wanted, found)
    elif isinstance(wanted, Mapping):
        yield from _unlike_mapping(place, wanted, found if isinstance(found, Mapping) else {})
    elif isinstance(wanted, list | tuple) and isinstance(found, list):
        yield from _unlike_list(place, wanted, found)
    elif found is _NOTHING:
        yield Mismatch(place, wanted, None, 1)
    elif isinstance(found, list | Mapping) or as_text(wanted) != as_text(found):
        yield Mismatch(place, wanted, found, _distance(as_text(wanted), as_text(found)))


def _unlike_mapping(
    place: str, wanted: Mapping[str, Any], found: Mapping[str, Any]
) -> Iterator[Mismatch]:
    others = [name for name in found if name not in wanted][:_MOST_NAMES]
    for name, value in wanted.items():
        differences = _mismatches(f"{place}.{name}", value, found.get(name, _NOTHING))
        close = [] if name in found else get_close_matches(name, others, n=1)
        if close:
            differences = (
                replace(one, distance=one.distance / 4, suggestion=close[0]) for one in differences
            )
        yield from differences


def _unlike_pattern(place: str, wanted: Mapping[str, Any], found: Any) -> Iterator[Mismatch]:
    if ABSENT in wanted:
        if (found is _NOTHING) != wanted[ABSENT]:
            yield Mismatch(place, wanted, None if found is _NOTHING else found, 1)
    elif found is _NOTHING:
        yield Mismatch(place, wanted, None, 1)
    elif isinstance(found, list | Mapping) or not matches(as_text(found), str(wanted[LIKE])):
        yield Mismatch(place, wanted, found, _distance(str(wanted[LIKE]), as_text(found)))


def _unlike_list(place: str, wanted: Any, found: list[Any]) -> Iterator[Mismatch]:
    if len(wanted) != len(found):
        yield Mismatch(place, wanted, found, 0.5)
        return
    for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
        yield from _mismatches(f"{place}.{number}", one, other)
