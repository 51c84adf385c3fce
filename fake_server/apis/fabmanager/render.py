"""Availabilities as the document shows them."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from fake_server.apis.fabmanager.moments import written
from fake_server.apis.fabmanager.selection import AvailabilityRow
from fake_server.rest.context import has_quirk

_OFFERING = {"Event", "Machine", "Space", "Training"}
_Slot = tuple[int, int, int]


class UntypedError(Exception):
    """A record without a type is on the page."""


def render_availabilities(
    rows: Sequence[AvailabilityRow], zone: ZoneInfo
) -> dict[str, list[dict[str, Any]]]:
    """Return the body that shows the rows of a page.

    Raises `UntypedError` where a row has no type.
    """
    if any(row.available_type is None for row in rows):
        raise UntypedError
    unordered = has_quirk("slots-unordered")
    return {"availabilities": [_availability(row, zone, unordered) for row in rows]}


def _availability(row: AvailabilityRow, zone: ZoneInfo, unordered: bool) -> dict[str, Any]:
    slots: list[_Slot] = orjson.loads(row.slots)
    if not unordered:
        slots.sort(key=_by_start)
    return {
        "id": row.id,
        "start_at": _written(row.start_at, zone),
        "end_at": _written(row.end_at, zone),
        "created_at": _written(row.created_at, zone),
        "available_type": row.available_type,
        "available_ids": _available_ids(row),
        "slots": [
            {"id": number, "start_at": written(start, zone), "end_at": written(end, zone)}
            for number, start, end in slots
        ],
    }


def _by_start(slot: _Slot) -> tuple[int, int]:
    number, start, _ = slot
    return start, number


def _written(instant: int | None, zone: ZoneInfo) -> str | None:
    return None if instant is None else written(instant, zone)


def _available_ids(row: AvailabilityRow) -> list[int | None]:
    if row.available_type not in _OFFERING:
        return []
    found: list[int | None] = orjson.loads(row.available_ids)
    if not found and row.available_type == "Event" and has_quirk("damaged-records"):
        return [None]
    return found
