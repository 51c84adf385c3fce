"""The filters and ranges that an operation declares, and what they mean to a row."""

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from fake_server.verify.api.declared import Operation, Parameter, Schema, resolved

HIDDEN = object()
"""The value of a field that rows do not show."""

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WORDS = {"equals": "=", "before": "<", "after": ">", "min": ">=", "max": "<="}
"""What `x-filter` says of how a row's value compares with that of the query."""

_OTHER_WORDS = frozenset({"contains"})
"""Comparisons that the shared tests do not know."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition that one value gives: `key` is its name in a query, `field` that of a row.

    `schema` is that of its value in a query. `sign` is `=`, `<`, `<=`, `>` or `>=`.
    """

    key: str
    field: str
    schema: Schema
    sign: str = "="

    def keeps(self, row_value: Any, value: Any) -> bool:
        """Return whether a row with one value of the field satisfies the filter of another."""
        if row_value is None:
            return False
        return (
            same(row_value, value) if self.sign == "=" else _compared(self.sign, row_value, value)
        )

    @property
    def options(self) -> tuple[Any, ...]:
        """The values that the filter may have; () if none are listed."""
        return tuple(self.schema.get("enum", ()))


@dataclass(frozen=True, slots=True)
class Range:
    """A condition that two values give, both included."""

    key: str
    field: str

    def keeps(self, row_value: Any, low: Any, high: Any) -> bool:
        """Return whether a value lies between two others."""
        if row_value is None:
            return False
        return _compared(">=", row_value, low) and _compared("<=", row_value, high)


@lru_cache(maxsize=64)
def filters(operation: Operation) -> list[Filter]:
    """Return the filters that an operation declares and whose meaning the document says.

    They are the members of the parameter for filters, parameters with `x-filter` (unless it is
    false), and parameters that are named like a property of a row.
    """
    listing = operation.listing
    found = []
    members = operation.query(listing.filter)
    if members is not None:
        for name, schema in members.schema.get("properties", {}).items():
            whole = resolved(operation.document, schema)
            found.append(Filter(f"{members.name}[{name}]", name, whole))
    asked = {
        listing.page,
        listing.size,
        listing.sort,
        listing.fields,
        listing.range,
        listing.filter,
    }
    for parameter in operation.parameters.values():
        if parameter.name not in asked:
            found += _plain_filter(operation, parameter)
    return found


def _plain_filter(operation: Operation, parameter: Parameter) -> Iterator[Filter]:
    said, field = parameter.filter, parameter.column or parameter.name
    if said is None and (parameter.column or operation.property(field) is not None):
        yield Filter(parameter.name, field, parameter.schema)
    elif isinstance(said, str) and said in _WORDS:
        yield Filter(parameter.name, field, parameter.schema, _WORDS[said])
    elif isinstance(said, str) and said not in _OTHER_WORDS:
        # A filter for several ids is often named in the plural.
        one = field.removesuffix("s")
        plural = operation.property(field) is None and operation.property(one)
        yield Filter(parameter.name, one if plural else field, parameter.schema)


@lru_cache(maxsize=64)
def ranges(operation: Operation) -> list[Range]:
    """Return the ranges that an operation declares."""
    listing = operation.listing
    members = operation.query(listing.range)
    if members is not None:
        names = members.schema.get("properties", {})
        return [Range(f"{members.name}[{name}]", name) for name in names]
    return [
        Range(one.key, one.field)
        for one in filters(operation)
        if operation.parameters[one.key].filter in listing.ranged
    ]


@lru_cache(maxsize=64)
def sortable(operation: Operation) -> list[str]:
    """Return the fields that an operation can be sorted by, in its document's order."""
    parameter = operation.query(operation.listing.sort)
    if parameter is None:
        return []
    options = [str(one) for one in parameter.options]
    descending = {operation.listing.descending.format(field=one) for one in options}
    return [one for one in options if one not in descending]


def value_of(operation: Operation, row: Mapping[str, Any], field: str) -> Any:
    """Return the value of a row's field; `HIDDEN` if the row does not show it.

    `user_id` of a row that has a `user` is that user's id.
    """
    if field in row:
        return row[field]
    whole = row.get(field.removesuffix("_id"), HIDDEN) if field.endswith("_id") else HIDDEN
    if isinstance(whole, Mapping):
        return whole.get("id", HIDDEN)
    return None if whole is None else HIDDEN


def is_plain(value: Any) -> bool:
    """Return whether a value is one that a query can hold: a text, a number, true or false."""
    return isinstance(value, str | int | float)


def text_of(value: Any) -> str:
    """Return a value as it stands in a query."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def parsed(value: Any) -> Any:
    """Return a text that is an instant or a day as one; any other value as it is."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    return value


def ordered(values: Iterable[Any]) -> list[Any]:
    """Return different values in their order; [] if they cannot be compared."""
    by_value = {_comparable(parsed(value)): value for value in values}
    try:
        return [by_value[one] for one in sorted(by_value)]
    except TypeError:
        return []


def same(one: Any, other: Any) -> bool:
    """Return whether two values are equal; the case of a text does not matter."""
    if isinstance(one, str) and isinstance(other, str):
        return bool(_bare(parsed(one)) == _bare(parsed(other)))
    return text_of(one) == text_of(other)


def _bare(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _compared(sign: str, one: Any, other: Any) -> bool:
    left, right = _comparable(parsed(one)), _comparable(parsed(other))
    try:
        return _OPERATORS[sign](left, right)
    except TypeError:
        return False


def _comparable(value: Any) -> Any:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def is_sorted(values: list[Any], *, descending: bool = False) -> bool:
    """Return whether values are in order; nothing may be said of where null stands.

    Texts count as sorted by code points, without regard to case, or by letters and digits alone:
    services differ in their collation.
    """
    held = [parsed(one) for one in values if one is not None]
    if descending:
        held.reverse()
    return any(_ascends([reading(one) for one in held]) for reading in _READINGS)


def _ascends(values: list[Any]) -> bool:
    try:
        return all(one <= other for one, other in pairwise(values))
    except TypeError:
        return False


def _letters(value: Any) -> Any:
    return re.sub(r"[\W_]+", "", value).casefold() if isinstance(value, str) else value


_READINGS: tuple[Callable[[Any], Any], ...] = (lambda value: value, _bare, _letters)
