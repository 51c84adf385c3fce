"""Which availabilities a request gets: filters, order and page."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, cast

from flask import request
from sqlalchemy import ColumnElement, select

from fake_server.apis.fabmanager.errors import FrameworkError
from fake_server.apis.fabmanager.live_params import LARGEST_BIGINT
from fake_server.apis.fabmanager.negotiation import page_kind
from fake_server.apis.fabmanager.postgres_order import limited
from fake_server.apis.fabmanager.query import UNTYPED, AvailabilityQuery
from fake_server.apis.fabmanager.statements import Statements, statements
from fake_server.apis.fabmanager.tables import availabilities, bookings, reservables
from fake_server.rest.context import has_quirk
from fake_server.world.store import Store

_MANY = 500
_BEFORE_ALL = -(2**63)


class AvailabilityRow(NamedTuple):
    """A record as the store has it: instants in milliseconds, the last two in JSON."""

    id: int
    start_at: int | None
    end_at: int | None
    created_at: int | None
    available_type: str | None
    available_ids: str
    slots: str


class Selection(NamedTuple):
    """The availabilities that all filters of a query keep, and how many they are."""

    total: int
    statements: Statements
    values: Mapping[str, Any]


def selected(store: Store, query: AvailabilityQuery) -> Selection:
    """Return what the filters of `query` keep.

    Raises `FrameworkError` for a date that the database cannot hold.
    """
    if query.unstorable:
        raise FrameworkError(500, page_kind(request))
    values = _values(store, query)
    queries = statements(_filters(query, values))
    total = 0 if query.nothing else store.rows(queries.total, values)[0][0]
    return Selection(int(total), queries, values)


def _filters(query: AvailabilityQuery, values: Mapping[str, Any]) -> frozenset[str]:
    filters = set(values)
    if "available_ids" in filters and has_quirk("join-duplicates"):
        filters.remove("available_ids")
        filters.add("available_ids_joined")
    if query.available_type == UNTYPED:
        filters.add("untyped")
    if not has_quirk("damaged-records"):
        filters.add("sound")
    return frozenset(filters)


def _values(store: Store, query: AvailabilityQuery) -> dict[str, Any]:
    values = {
        "after": query.after,
        "before": query.before,
        "user_ids": _known(store, bookings.c.user_id, query.user_ids),
        "ids": _known(store, availabilities.c.id, query.ids),
        "available_type": query.available_type or None,
        "available_ids": _known(store, reservables.c.reservable_id, query.available_ids),
    }
    return {name: value for name, value in values.items() if value is not None}


def _known(
    store: Store, column: ColumnElement[int], numbers: Collection[int] | None
) -> list[int] | None:
    if numbers is not None and len(numbers) > _MANY:
        numbers = {row[0] for row in store.rows(select(column).distinct())}.intersection(numbers)
    return None if numbers is None else sorted(numbers)


def page_rows(
    store: Store, query: AvailabilityQuery, selection: Selection
) -> Sequence[AvailabilityRow]:
    """Return the rows of the page that `query` asks for.

    Raises `FrameworkError` for a page that lies beyond the database's numbers, where the real
    service does.
    """
    if max(query.offset, query.limit) > LARGEST_BIGINT and has_quirk("validation-off"):
        raise FrameworkError(500, page_kind(request))
    if query.offset >= selection.total or query.limit == 0:
        return []
    if has_quirk("unstable-ties"):
        rows = _rows(store, selection.statements.in_place, selection.values)
        return limited(rows, _newest_first, query.offset, query.limit)
    statement = selection.statements.newest
    if has_quirk("damaged-records"):
        statement = selection.statements.newest_unset_first
    window = {"limit": min(query.limit, selection.total), "offset": query.offset}
    return _rows(store, statement, {**selection.values, **window})


def _rows(store: Store, statement: Any, values: Mapping[str, Any]) -> list[AvailabilityRow]:
    found = cast("Sequence[tuple[Any, ...]]", store.rows(statement, values))
    return [AvailabilityRow(*row) for row in found]


def _newest_first(row: AvailabilityRow) -> int:
    return _BEFORE_ALL if row.start_at is None else -row.start_at
