"""Which availabilities a request gets: filters, order and page in SQL."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, false, select

from fake_server.apis.fabmanager.errors import FrameworkError
from fake_server.apis.fabmanager.live_params import LARGEST_BIGINT
from fake_server.apis.fabmanager.postgres_order import limited
from fake_server.apis.fabmanager.query import AvailabilityQuery
from fake_server.apis.fabmanager.tables import availabilities, bookings, reservables
from fake_server.rest.context import has_quirk
from fake_server.rest.pages import count_of
from fake_server.world.store import Store

_MANY = 500
_BEFORE_ALL = -(2**63)


def matching(store: Store, query: AvailabilityQuery) -> Select[Any]:
    """Return the availabilities that all filters of `query` keep, in no order.

    Raises `FrameworkError` for a date that the database cannot hold.
    """
    if query.unstorable:
        raise FrameworkError(500)
    found = select(availabilities)
    if query.nothing:
        return found.where(false())
    if not has_quirk("damaged-records"):
        found = found.where(availabilities.c.sound == 1)
    return _offering(store, query, found.where(*_conditions(store, query)))


def _conditions(store: Store, query: AvailabilityQuery) -> list[ColumnElement[bool]]:
    table = availabilities.c
    conditions: list[ColumnElement[bool]] = []
    if query.after is not None:
        conditions.append(table.start_at >= query.after)
    if query.before is not None:
        conditions.append(table.end_at <= query.before)
    if query.user_ids is not None:
        held = select(bookings.c.availability_id)
        conditions.append(
            table.id.in_(held.where(_one_of(store, bookings.c.user_id, query.user_ids)))
        )
    if query.ids is not None:
        conditions.append(_one_of(store, table.id, query.ids))
    if query.available_type is not None:
        conditions.append(table.available_type == (query.available_type or None))
    return conditions


def _offering(store: Store, query: AvailabilityQuery, found: Select[Any]) -> Select[Any]:
    if query.available_ids is None:
        return found
    wanted = _one_of(store, reservables.c.reservable_id, query.available_ids)
    if has_quirk("join-duplicates"):
        return found.join(reservables).where(wanted)
    offering = select(reservables.c.availability_id).where(wanted)
    return found.where(availabilities.c.id.in_(offering))


def _one_of(
    store: Store, column: ColumnElement[int], numbers: Collection[int]
) -> ColumnElement[bool]:
    if len(numbers) > _MANY:
        known = {row[0] for row in store.rows(select(column).distinct())}
        numbers = known.intersection(numbers)
    return column.in_(sorted(numbers))


def page_rows(
    store: Store, query: AvailabilityQuery, found: Select[Any], total: int
) -> Sequence[Row[Any]]:
    """Return the rows of the page that `query` asks for, of the `total` that were found.

    Raises `FrameworkError` for a page that lies beyond the database's numbers, where the real
    service does.
    """
    if max(query.offset, query.limit) > LARGEST_BIGINT and has_quirk("validation-off"):
        raise FrameworkError(500)
    if query.offset >= total or query.limit == 0:
        return []
    if has_quirk("unstable-ties"):
        return _sorted_by_postgres(store, query, found)
    start = availabilities.c.start_at.desc()
    if has_quirk("damaged-records"):
        start = start.nulls_first()
    ordered = found.order_by(start, availabilities.c.id.desc())
    return store.rows(ordered.limit(min(query.limit, total)).offset(query.offset))


def _sorted_by_postgres(
    store: Store, query: AvailabilityQuery, found: Select[Any]
) -> Sequence[Row[Any]]:
    rows = store.rows(found.order_by(availabilities.c.place))
    return limited(rows, _newest_first, query.offset, query.limit)


def _newest_first(row: Row[Any]) -> int:
    return _BEFORE_ALL if row.start_at is None else -row.start_at


def total_of(store: Store, found: Select[Any]) -> int:
    """Return how many rows were found."""
    return count_of(store, found)
