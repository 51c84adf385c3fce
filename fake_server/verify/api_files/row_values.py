"""The values of rows: how they are read, compared and sorted."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

from fake_server.verify.api_files.declared_operations import (
    DeclaredOperation,
)

HIDDEN = object()
"""The value of a field that rows do not show."""


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def value_of(operation: DeclaredOperation, row: Mapping[str, Any], field: str) -> Any:
    """Return the value of a row's field; `HIDDEN` if the row does not show it.

    `user_id` of a row that has a `user` is that user's id.
    """
    if field in row:
        return row[field]
    related = row.get(field.removesuffix("_id"), HIDDEN) if field.endswith("_id") else HIDDEN
    if isinstance(related, Mapping):
        return related.get("id", HIDDEN)
    return None if related is None else HIDDEN


def is_plain(value: Any) -> bool:
    """Return whether a query can hold a value: a text, a number, true or false."""
    return isinstance(value, str | int | float)


def text_of(value: Any) -> str:
    """Return the text of a value in a query."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_time(value: Any) -> Any:
    """Return the time or the day of a text, if it is one that exists; else the value itself."""
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return datetime.fromisoformat(value)
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        return value
    return value


def sorted_values(values: Iterable[Any]) -> list[Any]:
    """Return different values in ascending order; [] if they cannot be compared."""
    by_value = {_comparable(as_time(value)): value for value in values}
    try:
        return [by_value[key] for key in sorted(by_value)]
    except TypeError:
        return []


def are_equal(left: Any, right: Any) -> bool:
    """Return whether two values are equal; the case of a text does not matter."""
    if isinstance(left, str) and isinstance(right, str):
        return bool(_without_case(as_time(left)) == _without_case(as_time(right)))
    return text_of(left) == text_of(right)


def _without_case(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def compare(sign: str, left: Any, right: Any) -> bool:
    """Return whether `left <sign> right` holds; False for values that have no order."""
    left_value, right_value = _comparable(as_time(left)), _comparable(as_time(right))
    try:
        return _OPERATORS[sign](left_value, right_value)
    except TypeError:
        return False


def _comparable(value: Any) -> Any:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def is_sorted(values: list[Any], *, descending: bool = False) -> bool:
    """Return whether values are in order; null may stand anywhere.

    Services differ in their collation: texts may be sorted by code points, without regard to
    case, or by letters and digits alone.
    """
    present = [as_time(value) for value in values if value is not None]
    if descending:
        present.reverse()
    return any(_is_ascending([collate(value) for value in present]) for collate in _COLLATIONS)


def _is_ascending(values: list[Any]) -> bool:
    try:
        return all(left <= right for left, right in pairwise(values))
    except TypeError:
        return False


def _letters_and_digits(value: Any) -> Any:
    return re.sub(r"[\W_]+", "", value).casefold() if isinstance(value, str) else value


_COLLATIONS: tuple[Callable[[Any], Any], ...] = (
    lambda value: value,
    _without_case,
    _letters_and_digits,
)
