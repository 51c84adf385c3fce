"""The tables of availabilities, and the functions that fill them."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, Table, Text

from fake_server.api.records import insert
from fake_server.apis.fabmanager.dialect.resource import metadata
from fake_server.apis.fabmanager.invention.availability import Availability

availabilities = Table(
    "availabilities",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    Column("start_at", Integer),
    Column("end_at", Integer),
    Column("created_at", Integer),
    Column("available_type", Text),
    Column("sound", Integer, nullable=False),
    Column("available_ids", Text, nullable=False),
    Column("slots", Text, nullable=False),
)
"""The instants are in milliseconds.

- `position`: position in the real service's table.
- `sound`: 0 for a damaged record, else 1.
- `available_ids`: JSON, a list of numbers in the order they are answered.
- `slots`: JSON, a list of `[id, start_at, end_at]` in the order of the real service's table. Slots
  are only ever read with their availability; a table of their own would double the time of a page.
"""

_newest_first = (availabilities.c.start_at.desc(), availabilities.c.id.desc())
Index("availabilities_newest", *_newest_first)
Index("availabilities_sound_newest", availabilities.c.sound, *_newest_first)

reservables = Table(
    "reservables",
    metadata,
    Column("availability_id", ForeignKey(availabilities.c.id), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("reservable_id", Integer, nullable=False),
)
"""The `available_ids`, one in each row, for the search of availabilities."""

Index("reservables_id", reservables.c.reservable_id)

bookings = Table(
    "bookings",
    metadata,
    Column("slot_id", Integer, primary_key=True),
    Column("user_id", Integer, primary_key=True),
    Column("availability_id", ForeignKey(availabilities.c.id), nullable=False),
)
"""The users who hold a reservation in a slot."""

Index("bookings_user", bookings.c.user_id)

reserved_slots = Table(
    "reserved_slots",
    metadata,
    Column("reservation_id", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("slot_id", Integer, nullable=False),
    Column("availability_id", Integer, nullable=False),
    Column("user_id", Integer),
    Column("canceled_at", Integer),
    Column("start_at", Integer, nullable=False),
    Column("end_at", Integer, nullable=False),
)
"""The slots of reservations, in the order of the real service's table.

- `user_id`: the user who reserved, None for a deleted account.
- `canceled_at`: None for a slot that the user holds.
"""

Index("reserved_slots_availability", reserved_slots.c.availability_id)
Index("reserved_slots_user", reserved_slots.c.user_id)


def insert_availabilities(
    connection: Connection, batch: Sequence[Availability], first: int
) -> None:
    """Write availabilities into the tables, at the positions from `first`."""
    insert(connection, availabilities, _availability_rows(batch, first))
    insert(connection, reservables, _reservable_rows(batch))
    insert(connection, bookings, _booking_rows(batch))


def _availability_rows(batch: Sequence[Availability], first: int) -> list[dict[str, Any]]:
    return [
        {
            "id": availability.id,
            "position": position,
            "start_at": availability.start_at,
            "end_at": availability.end_at,
            "created_at": availability.created_at,
            "available_type": availability.available_type,
            "sound": int(availability.sound),
            "available_ids": json.dumps(availability.available_ids),
            "slots": json.dumps(
                [(slot.id, slot.start_at, slot.end_at) for slot in availability.slots]
            ),
        }
        for position, availability in enumerate(batch, first)
    ]


def _reservable_rows(batch: Sequence[Availability]) -> list[dict[str, Any]]:
    return [
        {"availability_id": availability.id, "position": position, "reservable_id": reservable}
        for availability in batch
        for position, reservable in enumerate(availability.available_ids)
    ]


def _booking_rows(batch: Sequence[Availability]) -> list[dict[str, Any]]:
    return [
        {"slot_id": slot.id, "user_id": user, "availability_id": availability.id}
        for availability in batch
        for slot in availability.slots
        for user in slot.user_ids
    ]
