"""Availabilities as the document shows them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, select

from fake_server.apis.fabmanager.moments import written
from fake_server.apis.fabmanager.tables import reservables, slots
from fake_server.rest.context import has_quirk
from fake_server.world.store import Store

_MANY = 500


class UntypedError(Exception):
    """A record without a type is on the page."""


def render_availabilities(
    store: Store, rows: Sequence[Row[Any]], zone: ZoneInfo
) -> dict[str, list[dict[str, Any]]]:
    """Return the body for rows of the table `availabilities`.

    Raises `UntypedError` where a row has no type.
    """
    ids = {row.id for row in rows}
    if any(row.available_type is None for row in rows):
        raise UntypedError
    offered = _offered(store, ids)
    parts = _slots(store, ids, zone)
    return {
        "availabilities": [
            {
                "id": row.id,
                "start_at": _written(row.start_at, zone),
                "end_at": _written(row.end_at, zone),
                "created_at": _written(row.created_at, zone),
                "available_type": row.available_type,
                "available_ids": _available_ids(row.available_type, offered[row.id]),
                "slots": parts[row.id],
            }
            for row in rows
        ]
    }


def _written(instant: int | None, zone: ZoneInfo) -> str | None:
    return None if instant is None else written(instant, zone)


def _available_ids(available_type: str, offered: list[int]) -> list[int | None]:
    if available_type == "Event" and not offered and has_quirk("damaged-records"):
        return [None]
    return [*offered]


def _offered(store: Store, ids: set[int]) -> dict[int, list[int]]:
    offered: dict[int, list[int]] = defaultdict(list)
    query = select(reservables.c.availability_id, reservables.c.reservable_id)
    ordered = query.order_by(reservables.c.availability_id, reservables.c.place)
    for row in store.rows(_of(ordered, reservables.c.availability_id, ids)):
        offered[row.availability_id].append(row.reservable_id)
    return offered


def _slots(store: Store, ids: set[int], zone: ZoneInfo) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    query = select(slots.c.availability_id, slots.c.id, slots.c.start_at, slots.c.end_at)
    if has_quirk("slots-unordered"):
        ordered = query.order_by(slots.c.place)
    else:
        ordered = query.order_by(slots.c.start_at, slots.c.id)
    for row in store.rows(_of(ordered, slots.c.availability_id, ids)):
        start, end = written(row.start_at, zone), written(row.end_at, zone)
        found[row.availability_id].append({"id": row.id, "start_at": start, "end_at": end})
    return found


def _of(query: Select[Any], column: ColumnElement[int], ids: set[int]) -> Select[Any]:
    return query if len(ids) > _MANY else query.where(column.in_(sorted(ids)))
