"""Availabilities as the document shows them."""

from collections.abc import Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

import orjson

from fake_server.api.declare import Json
from fake_server.api.records import Row
from fake_server.api.serve import has_quirk
from fake_server.apis.fabmanager.dialect.errors import BrokenRecordError
from fake_server.apis.fabmanager.invention.availability import TYPES
from fake_server.apis.fabmanager.moments import server_zone, timestamp

_SlotTimes = tuple[int, int, int]


def availability_items(rows: Sequence[Row]) -> list[Json]:
    """Return rows as items of a list.

    Raises `BrokenRecordError` where a row has no type.
    """
    if any(row.available_type is None for row in rows):
        raise BrokenRecordError("undefined method `classify' for nil:NilClass")
    zone = server_zone()
    unordered = has_quirk("slots-unordered")
    return [_availability(row, zone, unordered) for row in rows]


def _availability(row: Row, zone: ZoneInfo, unordered: bool) -> Json:
    return {
        "id": row.id,
        "start_at": _optional_timestamp(row.start_at, zone),
        "end_at": _optional_timestamp(row.end_at, zone),
        "created_at": _optional_timestamp(row.created_at, zone),
        "available_type": row.available_type,
        "available_ids": _available_ids(row),
        "slots": _slots(row.slots, zone, unordered),
    }


@lru_cache(4096)
def _slots(text: str, zone: ZoneInfo, unordered: bool) -> list[Json]:
    """Return the slots in a row's JSON. The caller must not change them: they are kept."""
    slots: list[_SlotTimes] = orjson.loads(text)
    if not unordered:
        slots.sort(key=_by_start)
    return [
        {"id": number, "start_at": timestamp(start, zone), "end_at": timestamp(end, zone)}
        for number, start, end in slots
    ]


def _by_start(slot: _SlotTimes) -> tuple[int, int]:
    number, start, _ = slot
    return start, number


def _optional_timestamp(instant: int | None, zone: ZoneInfo) -> str | None:
    return None if instant is None else timestamp(instant, zone)


def _available_ids(row: Row) -> list[int | None]:
    if row.available_type not in TYPES:
        return []
    ids = _ids(row.available_ids)
    if not ids and row.available_type == "Event" and has_quirk("damaged-records"):
        return [None]
    return ids


@lru_cache(4096)
def _ids(text: str) -> list[int | None]:
    """Return the ids in a row's JSON. The caller must not change them: they are kept."""
    ids: list[int | None] = orjson.loads(text)
    return ids
