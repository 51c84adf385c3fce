"""Availabilities as the document shows them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Select

from fake_server.apis.fabmanager.moments import written
from fake_server.apis.fabmanager.selection import AvailabilityRow
from fake_server.apis.fabmanager.statements import (
    OFFERED,
    OFFERED_BY,
    SLOTS,
    SLOTS_IN_PLACE,
    SLOTS_IN_PLACE_OF,
    SLOTS_OF,
)
from fake_server.rest.context import has_quirk
from fake_server.world.store import Store

_MANY = 500


class UntypedError(Exception):
    """A record without a type is on the page."""


def render_availabilities(
    store: Store, rows: Sequence[AvailabilityRow], zone: ZoneInfo
) -> dict[str, list[dict[str, Any]]]:
    """Return the body that shows the rows of a page.

    Raises `UntypedError` where a row has no type.
    """
    ids = sorted({row.id for row in rows})
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


def _available_ids(available_type: str | None, offered: list[int]) -> list[int | None]:
    if available_type == "Event" and not offered and has_quirk("damaged-records"):
        return [None]
    return [*offered]


def _offered(store: Store, ids: list[int]) -> dict[int, list[int]]:
    offered: dict[int, list[int]] = defaultdict(list)
    for owner, reservable in _rows(store, OFFERED, OFFERED_BY, ids):
        offered[owner].append(reservable)
    return offered


def _slots(store: Store, ids: list[int], zone: ZoneInfo) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    if has_quirk("slots-unordered"):
        rows = _rows(store, SLOTS_IN_PLACE, SLOTS_IN_PLACE_OF, ids)
    else:
        rows = _rows(store, SLOTS, SLOTS_OF, ids)
    for owner, number, start, end in rows:
        found[owner].append(
            {"id": number, "start_at": written(start, zone), "end_at": written(end, zone)}
        )
    return found


def _rows(
    store: Store, every: Select[Any], some: Select[Any], ids: list[int]
) -> Sequence[tuple[int, ...]]:
    rows = store.rows(every) if len(ids) > _MANY else store.rows(some, {"ids": ids})
    return cast("Sequence[tuple[int, ...]]", rows)
