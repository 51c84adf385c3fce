"""The query parameters filter, range, sort and page: their checks and their SQL."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from fake_server.api.declare import Field, index
from fake_server.api.invent import milliseconds
from fake_server.api.serve import MalformedParametersError, Parameters, SortKey, now, parse_sort
from fake_server.apis.intra42.dialect.errors import (
    HttpError,
    SortError,
    UnknownFieldError,
    ValueKindError,
)
from fake_server.apis.intra42.dialect.filter_options import chosen_options, listed
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.sql_conditions import Condition, between, valued
from fake_server.apis.intra42.resources import API

_LEADING_NUMBER = re.compile(r"\s*([+-]?[0-9]+(?:_[0-9]+)*)")
_MOST_DIGITS = 1000
_NOW = "now"
_TOO_LARGE = 10**_MOST_DIGITS
_MOST_VALUES = 2000
_INSTANT = re.compile(
    r"([0-9]+)-([0-9]+)-([0-9]+)(?:[T ]([0-9]+):([0-9]+)(?::([0-9]+)(?:\.([0-9]+))?)?)?"
    r" ?([+-][0-9:]+)?"
)

Column = ColumnElement[Any]


class PageRequest(NamedTuple):
    """A page's number (from 1) and size (1 to 100)."""

    number: int
    size: int


def instant(text: str) -> int:
    """Return a date or date-time of a form that the document admits, in milliseconds since 1970.

    It is UTC without an offset. Smaller parts than milliseconds are cut off. An offset whose +
    became a space is not read.

    Raises `ValueError` for a text that is no date.
    """
    match = _INSTANT.match(text)
    if match is None:
        raise ValueError(text)
    *parts, fraction, offset = match.groups("")
    year, month, day, hour, minute, second = (int(part or 0) for part in parts)
    day_at = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
    moment = datetime.fromisoformat(f"{day_at}.{fraction[:6]:0<6}{offset or '+00:00'}")
    return milliseconds(moment)


def time_bound(text: str) -> int:
    """Return a bound of a range of instants: `instant` of a text, or the time of the request."""
    return milliseconds(now()) if text == _NOW else instant(text)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "Integer": int,
    "Number": float,
    "Instant": time_bound,
    "Text": str,
    "Flag": lambda text: text == "true",
}


class _FieldReader(NamedTuple):
    pattern: re.Pattern[str]
    reader: Callable[[str], Any]

    def accepts(self, text: str) -> bool:
        return self.pattern.fullmatch(text) is not None


@cache
def _kind(name: str, form: str) -> _FieldReader:
    """Return the reader of a field's values: a `List` of them, or a `Span` from one to another."""
    if name == "Flag":
        return _FieldReader(re.compile("(?:true|false)(?:,(?:true|false))*,*"), _READERS[name])
    schema = index(API).schemas[f"{name}{form}"]
    return _FieldReader(re.compile(schema["pattern"]), _READERS[name])


def filters(resource: IntraResource, params: Parameters) -> list[Condition]:
    """Return the conditions of `filter[...]`.

    Raises `UnknownFieldError`, `ValueKindError`, the errors of the resource's own conditions, and
    `MalformedParametersError` if filter is not a hash.
    """
    fields = resource.declared().filter
    return [
        _filter(resource, name, fields[name], text)
        for name, text in _checked(params, "filter", [*fields])
    ]


def _filter(resource: IntraResource, name: str, field: Field, text: str) -> Condition:
    own = resource.conditions.get(name)
    if own is not None:
        return own(resource, name, text)
    if field.options:
        options = chosen_options(name, text, field.options)
        return valued(resource.table.c[name], lambda column: column.in_(options))
    kind = _kind(field.kind, "List")
    if not kind.accepts(text):
        raise ValueKindError("filter", name, text)
    values = list(dict.fromkeys(kind.reader(part) for part in listed(text)))
    if len(values) > _MOST_VALUES:
        raise HttpError(413, "Payload Too Large")
    return valued(resource.table.c[name], lambda column: column.in_(values))


def ranges(resource: IntraResource, params: Parameters) -> list[Condition]:
    """Return the conditions of `range[...]`.

    Raises the errors of `filters`.
    """
    fields = resource.declared().range
    return [
        _range(resource, name, fields[name], text)
        for name, text in _checked(params, "range", [*fields])
    ]


def _range(resource: IntraResource, name: str, field: Field, text: str) -> Condition:
    kind = _kind(field.kind, "Span")
    if not kind.accepts(text):
        raise ValueKindError("range", name, text)
    first, _, last = text.rstrip(",").partition(",")
    lower, upper = (kind.reader(part) if part else None for part in (first, last))
    return between(resource.table.c[name], lower, upper)


def _checked(
    params: Parameters, parameter: str, fields: Sequence[str]
) -> Iterable[tuple[str, str]]:
    criteria = params.get(parameter)
    if criteria is None or criteria == "":
        return
    if not isinstance(criteria, Parameters):
        raise MalformedParametersError(f"expected Hash for param `{parameter}'")
    for name in criteria:
        if name not in fields:
            raise UnknownFieldError(parameter, name, fields)
        yield name, _text(parameter, name, criteria[name])


def _text(parameter: str, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, str | int):
        return "" if value is None else str(value)
    raise ValueKindError(parameter, name, "given")


def sort_keys(resource: IntraResource, params: Parameters) -> list[SortKey]:
    """Return the keys of `sort`, or the default order without them.

    The id of the default order breaks ties.

    Raises `SortError` for a field that is not sortable.
    """
    declared = resource.declared()
    text = params.get("sort") if declared.sort else None
    if not isinstance(text, str | None):
        raise MalformedParametersError("expected String for param `sort'")
    keys = parse_sort(text or "")
    for key in keys:
        if key.field not in declared.sort:
            raise SortError(key.field)
    if not keys:
        return list(declared.order)
    first: dict[str, SortKey] = {}
    for key in [*keys, resource.declaration.order[-1]]:
        first.setdefault(key.field, key)
    return list(first.values())


def order_by(resource: IntraResource, keys: Iterable[SortKey]) -> list[Column]:
    """Return ORDER BY terms in which null counts as the greatest value."""
    terms: list[Column] = []
    for key in keys:
        column = resource.table.c[key.field]
        if getattr(column, "nullable", True):
            missing = column.is_(None)
            terms.append(missing.desc() if key.descending else missing.asc())
        terms.append(column.desc() if key.descending else column.asc())
    return terms


def requested_page(params: Parameters) -> PageRequest:
    """Return the page that `page` and `per_page`, or `page[number]` and `page[size]`, ask for.

    Raises `HttpError` for a number too long for the headers that repeat it.
    """
    page = params.get("page")
    if isinstance(page, Parameters):
        number, size = page.get("number"), page.get("size")
    else:
        number, size = page, None
    if size is None:
        size = params.get("per_page")
    declared = index(API).parameters["PerPage"]["schema"]
    request = PageRequest(
        _positive(number, 1), min(_positive(size, declared["default"]), declared["x-maximum"])
    )
    if request.number >= _TOO_LARGE:
        raise HttpError(400, "Bad Request")
    return request


def _positive(value: Any, default: int) -> int:
    """Return a number as Ruby's `to_i` reads it, or `default` if it is not positive.

    A number of very many digits loses its last digits and stays too large.
    """
    match = _LEADING_NUMBER.match(str(value))
    if match is None or match[1].startswith("-"):
        return default
    digits = match[1].replace("_", "").lstrip("+0")
    if not digits:
        return default
    return int(digits[: _MOST_DIGITS + 1])
