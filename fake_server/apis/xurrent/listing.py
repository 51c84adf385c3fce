"""Collections: which rows a request asks for, in which order, on which page, with which fields."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from functools import cache, lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select

from fake_server.apis.xurrent import cursors, filters
from fake_server.apis.xurrent.cursors import Cursor, Term, beyond
from fake_server.apis.xurrent.errors import BadRequestError
from fake_server.apis.xurrent.filters import Filterable
from fake_server.apis.xurrent.params import text_of, whole_number
from fake_server.rest.context import has_quirk, store
from fake_server.rest.pages import Values, count_of, page_of
from fake_server.rest.parameters import Parameters
from fake_server.rest.sorting import parse_sort
from fake_server.rest.spec import Operation, spec
from fake_server.world.store import Row

RESERVED = frozenset(
    {"page", "per_page", "search_after", "search_before", "fields", "sort", "state"}
    | {"predefined_filter", "parent_scope_id"}
)
IMPLICIT = frozenset({"id", "nodeID", "account"})


class Collection(NamedTuple):
    """What a kind of record offers to lists of it.

    `columns` are what filters and sorting compare, by field; `textual` names those that hold
    text; `default_order` sorts where the request does not.
    """

    columns: Mapping[str, ColumnElement[Any]]
    textual: frozenset[str]
    default_order: tuple[str, ...]


class Listed(NamedTuple):
    """One page: rows, page number (from 1) and size, how many rows there are in all.

    `start` and `end` are the cursors of its first and last row, in a collection that has them.
    """

    rows: Sequence[Row]
    number: int
    size: int
    total: int
    has_previous: bool
    has_next: bool
    start: str | None = None
    end: str | None = None


class Wanted(NamedTuple):
    """What a request asks of a collection: conditions, order and fields, checked."""

    conditions: list[ColumnElement[bool]]
    order: tuple[Term, ...]
    fields: frozenset[str] | None


@cache
def operation(operation_id: str) -> Operation:
    """Return an operation of the specification."""
    return spec("xurrent").operation(operation_id)


@cache
def _filterable(operation_id: str, columns: tuple[tuple[str, Any], ...]) -> dict[str, Filterable]:
    declared = operation(operation_id).parameters
    return {
        name: Filterable(declared[name]["x-filter"], column)
        for name, column in columns
        if "x-filter" in declared.get(name, {})
    }


@cache
def _known_fields(operation_id: str) -> frozenset[str]:
    return frozenset(operation(operation_id).options("fields"))


def wanted(operation_id: str, collection: Collection, given: Parameters, zone: tzinfo) -> Wanted:
    """Return what a request asks of a collection; raises `BadRequestError`.

    `zone` is that of times without one in filters.
    """
    names = {name: text_of(name, given[name]) for name in given if name not in RESERVED}
    known = _known_fields(operation_id)
    fields = _fields(given, known)
    order = _order(operation_id, collection, given)
    filterable = _filterable(operation_id, tuple(collection.columns.items()))
    for name in names:
        if filters.field_of(name) not in filterable:
            given.disregard(name)
    found = filters.conditions(names, filterable, set(known), zone)
    return Wanted(found, order, fields)


def _fields(given: Parameters, known: frozenset[str]) -> frozenset[str] | None:
    names = [name.strip() for name in text_of("fields", given.get("fields")).split(",")]
    asked = [name for name in names if name]
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise BadRequestError(f"Unknown fields: {', '.join(unknown)}")
    return frozenset(asked) | IMPLICIT if asked else None


def _order(operation_id: str, collection: Collection, given: Parameters) -> tuple[Term, ...]:
    keys = parse_sort(text_of("sort", given.get("sort")))
    sortable = operation(operation_id).sortable()
    refused = [key.field for key in keys if key.field not in sortable]
    if refused:
        raise BadRequestError(f"Sorting not allowed on fields: {', '.join(refused)}")
    directions = {key.field: key.descending for key in reversed(keys)}
    names = list(dict.fromkeys(key.field for key in keys)) or list(collection.default_order)
    if "id" in names:
        names = names[: names.index("id")]
    return tuple(_term(collection, name, directions) for name in (*names, "id"))


def _term(collection: Collection, name: str, directions: Mapping[str, bool]) -> Term:
    return Term(collection.columns[name], directions.get(name, False), name in collection.textual)


def page_size(operation_id: str, given: Parameters) -> int:
    """Return how many records a page is to have; raises `BadRequestError`."""
    declared = operation(operation_id).schema("per_page")
    largest = int(declared["maximum"])
    if has_quirk("per-page-clamped"):
        size = whole_number("per_page", given.get("per_page"))
    else:
        size = whole_number("per_page", given.get("per_page"), largest)
    return min(size or int(declared["default"]), largest)


@lru_cache(maxsize=256)
def _in_order(query: Select[Any], order: tuple[Term, ...]) -> Select[Any]:
    return query.order_by(*(term.sql() for term in order))


def by_cursor(
    query: Select[Any], order: tuple[Term, ...], given: Parameters, size: int, values: Values
) -> Listed:
    """Return the page that `page`, `search_after` or `search_before` (a cursor) asks for.

    `values` are those of the query's named parameters.
    """
    for parameter in ("search_after", "search_before"):
        text = text_of(parameter, given.get(parameter))
        if text:
            cursor = cursors.decoded(parameter, text, order)
            return _beside(query, order, cursor, size, values, reverse=parameter == "search_before")
    number = whole_number("page", given.get("page")) or 1
    page = page_of(store(), _in_order(query, order), number, size, values)
    return _with_cursors(
        page.rows, order, page.offset, size, page.total, (number > 1, number < page.last)
    )


def _beside(
    query: Select[Any],
    order: Sequence[Term],
    cursor: Cursor,
    size: int,
    values: Values,
    *,
    reverse: bool,
) -> Listed:
    total = count_of(store(), query, values)
    query = query.where(beyond(order, cursor, reverse=reverse))
    query = query.order_by(*(term.sql(reverse=reverse) for term in order)).limit(size + 1)
    found = list(store().rows(query, values))
    rows, more = found[:size], len(found) > size
    if reverse:
        rows.reverse()
        return _with_cursors(
            rows, order, max(0, cursor.offset - len(rows)), size, total, (more, True)
        )
    return _with_cursors(rows, order, cursor.offset + 1, size, total, (True, more))


def _with_cursors(
    rows: Sequence[Row],
    order: Sequence[Term],
    offset: int,
    size: int,
    total: int,
    around: tuple[bool, bool],
) -> Listed:
    start = end = None
    if rows:
        start = _cursor(rows[0], order, offset)
        end = _cursor(rows[-1], order, offset + len(rows) - 1)
    return Listed(rows, offset // size + 1, size, total, *around, start, end)


def _cursor(row: Row, order: Sequence[Term], offset: int) -> str:
    values = tuple(getattr(row, cast(Any, term.column).key) for term in order)
    return Cursor(offset, values).encoded()


def by_number(query: Select[Any], order: tuple[Term, ...], given: Parameters, size: int) -> Listed:
    """Return the page of a nested collection, whose cursors are page numbers."""
    number = 1
    for parameter in ("search_after", "search_before", "page"):
        asked = whole_number(parameter, given.get(parameter))
        if asked is not None:
            number = asked
            break
    page = page_of(store(), _in_order(query, order), number, size)
    return Listed(page.rows, number, size, page.total, number > 1, number < page.last)
