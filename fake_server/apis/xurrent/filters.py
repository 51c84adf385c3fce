"""The filters of a collection: `field=value`, with an operator at the beginning of the value."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, false, not_, true

from fake_server.apis.xurrent.errors import BadRequestError
from fake_server.apis.xurrent.values import folded, instant, truth

Kind = Literal["integer", "text", "boolean", "instant", "local"]

_LARGEST_SET = 1000
_INTEGER = re.compile(r"[0-9]{1,18}")
_COMPARED = re.compile(r"(!?)([<>]=?)(.*)", re.DOTALL)
_RANGE = re.compile(r"(>=?)([^<>=]+)(<=?)([^<>=]+)", re.DOTALL)
_COMPARE: dict[str, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
}


class Filterable(NamedTuple):
    """A field that can be filtered by: its kind of values and the column that is compared."""

    kind: Kind
    column: ColumnElement[Any]


def conditions(
    given: Mapping[str, str],
    fields: Mapping[str, Filterable],
    unfilterable: set[str],
    zone: tzinfo,
) -> list[ColumnElement[bool]]:
    """Return SQL conditions for filters by name, which may end in `!`, the older negation.

    `zone` is that of times without one. Raises `BadRequestError`.
    """
    names = {raw: field_of(raw) for raw in given}
    unknown = [name for name in names.values() if name not in fields and name not in unfilterable]
    if unknown:
        raise BadRequestError(f"Unknown fields: {', '.join(unknown)}")
    refused = [name for name in names.values() if name not in fields]
    if refused:
        raise BadRequestError(f"Filtering not allowed on fields: {', '.join(refused)}")
    return [
        _condition(names[raw], fields[names[raw]], f"{'!' * raw.endswith('!')}{value}", zone)
        for raw, value in given.items()
    ]


def field_of(raw: str) -> str:
    """Return the field that a filter's name is for."""
    name = raw.removesuffix("!")
    return "id" if name == "ids" else name


def _condition(name: str, field: Filterable, value: str, zone: tzinfo) -> ColumnElement[bool]:
    if value.startswith("!!"):
        raise BadRequestError(f"Field '{name}' does not support the '=!!' operator")
    compared = _COMPARED.fullmatch(value)
    if compared:
        return _comparison(name, field, compared, zone)
    if value in {"", "!"}:
        empty = field.column == "" if field.kind == "text" else false()
        return not_(empty) if value else empty
    same = _equal(name, field, value.removeprefix("!").split(","), zone)
    return not_(same) if value.startswith("!") else same


def _comparison(
    name: str, field: Filterable, match: re.Match[str], zone: tzinfo
) -> ColumnElement[bool]:
    negated, operator, value = match[1], match[2], match[3]
    if negated or field.kind in {"text", "boolean"}:
        raise BadRequestError(
            f"Field '{name}' does not support the '={negated}{operator}' operator"
        )
    if "," in value:
        raise _set_refused(f"={operator}", name)
    bounds = _RANGE.fullmatch(f"{operator}{value}")
    pairs = [(bounds[1], bounds[2]), (bounds[3], bounds[4])] if bounds else [(operator, value)]
    return and_(
        *(_COMPARE[sign](field.column, _value(name, field, text, zone)) for sign, text in pairs)
    )


def _equal(name: str, field: Filterable, values: list[str], zone: tzinfo) -> ColumnElement[bool]:
    if len(values) == 1:
        same: ColumnElement[bool] = field.column == _value(name, field, values[0], zone)
        return same
    if field.kind == "boolean":
        raise BadRequestError(f"Cannot filter on a set of values for field '{name}'")
    if field.kind != "integer":
        raise _set_refused("=", name)
    if len(values) > _LARGEST_SET:
        raise BadRequestError(f"Too many values for field '{name}'")
    return field.column.in_([_value(name, field, text, zone) for text in values])


def _set_refused(operator: str, name: str) -> BadRequestError:
    return BadRequestError(
        f"Cannot apply the '{operator}' operator to a set of values for field '{name}'"
    )


def _value(name: str, field: Filterable, text: str, zone: tzinfo) -> Any:
    value = _read(field.kind, text, zone)
    if value is None:
        raise BadRequestError(f"Invalid value for field '{name}'")
    return value


def _read(kind: Kind, text: str, zone: tzinfo) -> Any:
    if "\0" in text:
        return None
    if kind == "integer":
        return int(text) if _INTEGER.fullmatch(text) else None
    if kind == "text":
        return folded(text)
    if kind == "boolean":
        return truth(text)
    return instant(text, UTC if kind == "local" else zone)


def state(name: str, disabled: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of a predefined filter; raises `BadRequestError` for an unknown one."""
    if name not in {"enabled", "disabled"}:
        raise BadRequestError(f"Unknown state: {name}")
    return disabled == true() if name == "disabled" else disabled == false()
