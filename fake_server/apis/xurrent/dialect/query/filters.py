"""The filters of a collection: `field=value`. A value may begin with an operator."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, false, not_

from fake_server.apis.xurrent.dialect.errors import BadRequestError
from fake_server.apis.xurrent.dialect.values.formatting import calendar_date
from fake_server.apis.xurrent.dialect.values.parsing import folded, truth
from fake_server.apis.xurrent.dialect.values.requested import (
    requested_instant,
    requested_local_time,
)

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


_TEXTS = frozenset({"text", "exact", "option"})
_NUMBERS = frozenset({"integer", "reference"})
TIMES = frozenset({"instant", "local"})


class Filterable(NamedTuple):
    """A field with a filter.

    - `kind`: the kind of its values: `integer`, `reference` (an id), `text` (case does not matter),
      `exact` (a text whose case matters), `option` (one of a list), `boolean`, `instant`,
      `local` or `date`.
    - `column`: the column to compare.
    - `nullable`: whether the column is null if a record has no value.
    """

    kind: str
    column: ColumnElement[Any]
    nullable: bool = False

    def empty(self) -> ColumnElement[bool]:
        """Return the condition of the records without a value."""
        if self.nullable:
            return self.column.is_(None)
        return self.column == "" if self.kind == "text" else false()


def conditions(
    filters_sent: Mapping[str, str],
    fields: Mapping[str, Filterable],
    unfilterable: set[str],
    zone: tzinfo,
) -> list[ColumnElement[bool]]:
    """Return SQL conditions for filters by name. A name may end in `!`, the older negation.

    `zone` is the zone of times without one.

    Raises `BadRequestError`.
    """
    names = {raw: field_of(raw, fields) for raw in filters_sent}
    unknown = [name for name in names.values() if name not in fields and name not in unfilterable]
    if unknown:
        raise BadRequestError(f"Unknown fields: {', '.join(unknown)}")
    refused = [name for name in names.values() if name not in fields]
    if refused:
        raise BadRequestError(f"Filtering not allowed on fields: {', '.join(refused)}")
    return [
        _condition(names[raw], fields[names[raw]], f"{'!' * raw.endswith('!')}{value}", zone)
        for raw, value in filters_sent.items()
    ]


def field_of(raw: str, fields: Mapping[str, Filterable]) -> str:
    """Return the field of a filter's name. For a reference, `team_id` is `team` too."""
    name = raw.removesuffix("!")
    if name == "ids":
        return "id"
    short = name.removesuffix("_id")
    if name not in fields and short in fields and fields[short].kind == "reference":
        return short
    return name


def _condition(name: str, field: Filterable, value: str, zone: tzinfo) -> ColumnElement[bool]:
    if value.startswith("!!"):
        raise BadRequestError(f"Field '{name}' does not support the '=!!' operator")
    compared = _COMPARED.fullmatch(value)
    if compared:
        return _comparison(name, field, compared, zone)
    if value in {"", "!"}:
        absence = field.empty()
        return not_(absence) if value else absence
    equality = _equal(name, field, value.removeprefix("!").split(","), zone)
    if field.nullable:
        equality = and_(field.column.is_not(None), equality)
    return not_(equality) if value.startswith("!") else equality


def _comparison(
    name: str, field: Filterable, match: re.Match[str], zone: tzinfo
) -> ColumnElement[bool]:
    negated, operator, value = match[1], match[2], match[3]
    if negated or field.kind == "boolean" or field.kind in _TEXTS:
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
        equality: ColumnElement[bool] = field.column == _value(name, field, values[0], zone)
        return equality
    if field.kind == "boolean":
        raise BadRequestError(f"Cannot filter on a set of values for field '{name}'")
    if field.kind not in _NUMBERS and field.kind != "option":
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


def _read(kind: str, text: str, zone: tzinfo) -> Any:
    if "\0" in text:
        return None
    if kind in _NUMBERS:
        return int(text) if _INTEGER.fullmatch(text) else None
    if kind == "text":
        return folded(text)
    if kind == "boolean":
        return truth(text)
    if kind in _TEXTS:
        return text
    if kind == "date":
        midnight = requested_local_time(text)
        return None if midnight is None else calendar_date(midnight)
    return requested_instant(text, UTC if kind == "local" else zone)
