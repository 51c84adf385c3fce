"""Availabilities as a dataset pins them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from fake_server.api.invent import spelled
from fake_server.api.records import Record, Row


def as_pinned(rows: Iterable[Row], bookings: Iterable[Row]) -> list[Record]:
    """Return rows as a dataset pins them. `bookings` are the bookings of their slots."""
    holders: dict[int, list[int]] = defaultdict(list)
    for booking in bookings:
        holders[booking.slot_id].append(booking.user_id)
    return [_availability(row, holders) for row in rows]


def _availability(row: Row, holders: Mapping[int, list[int]]) -> Record:
    return {
        "id": row.id,
        "start_at": _spelled(row.start_at),
        "end_at": _spelled(row.end_at),
        "created_at": _spelled(row.created_at),
        "available_type": row.available_type,
        "available_ids": json.loads(row.available_ids),
        "slots": [
            {
                "id": number,
                "start_at": spelled(start),
                "end_at": spelled(end),
                "user_ids": sorted(holders.get(number, [])),
            }
            for number, start, end in json.loads(row.slots)
        ],
    }


def _spelled(instant: int | None) -> str | None:
    return None if instant is None else spelled(instant)
