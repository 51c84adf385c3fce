"""Reservations: who reserved which machine, space, training or event, and which slots."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from fake_server.api.declare import Json, Values
from fake_server.api.invent import milliseconds
from fake_server.api.records import (
    DatasetPath,
    PinnedRecord,
    Record,
    RecordKey,
    Records,
    Row,
    Seeding,
    Tables,
    instant_in,
    require_existing,
)
from fake_server.api.serve import has_quirk
from fake_server.apis.fabmanager.dialect.filters import KINDS, Condition, Related
from fake_server.apis.fabmanager.dialect.resource import rows_of
from fake_server.apis.fabmanager.dialect.storied import StoriedResource
from fake_server.apis.fabmanager.dialect.word_filters import read_class
from fake_server.apis.fabmanager.moments import server_zone, timestamp
from fake_server.apis.fabmanager.resources.availabilities.availability_tables import (
    availabilities,
    reserved_slots,
)

_RESERVABLES = {
    "Machine": "machines",
    "Space": "spaces",
    "Training": "trainings",
    "Event": "events",
}
_BATCH = 5000
_CHUNK = 500


class _Reservations(StoriedResource):
    name = "reservations"
    own_filters = {"reservable_type": read_class}
    related = {
        "availability_id": Related(
            reserved_slots.c.availability_id, reserved_slots.c.reservation_id
        ),
    }

    def condition(self, name: str) -> Condition:
        """See `LabResource`. The type is one of several words."""
        if name == "reservable_type":
            return KINDS["Integers"].condition(self.compared(name), name)
        return super().condition(name)

    # JSON

    def user(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return the users who reserved, by reservation; None for a deleted account."""
        return self.referred("users", "user_id", rows)

    def reservable(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return the reserved things, by reservation; None where the type has no resource."""
        shown: dict[int, Json | None] = {row.id: None for row in rows}
        for kind, resource in _RESERVABLES.items():
            chosen = [row for row in rows if row.reservable_type == kind]
            summaries = self.resources[resource].summaries({row.reservable_id for row in chosen})
            shown.update({row.id: summaries.get(row.reservable_id) for row in chosen})
        return shown

    def reserved_slots(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the slots that reservations hold or held, by reservation."""
        zone = server_zone()
        slots: dict[int, list[Json]] = {row.id: [] for row in rows}
        held = rows_of(reserved_slots.c.reservation_id, slots.keys())
        ordered = _in_table_order if has_quirk("slots-unordered") else _by_start
        for slot in sorted(held, key=ordered):
            canceled = slot.canceled_at
            slots[slot.reservation_id].append(
                {
                    "canceled_at": None if canceled is None else timestamp(canceled, zone),
                    "availability_id": slot.availability_id,
                    "start_at": timestamp(slot.start_at, zone),
                    "end_at": timestamp(slot.end_at, zone),
                }
            )
        return slots

    # Records

    def most(self, tables: Tables) -> int:
        from fake_server.apis.fabmanager.invention.bookings import booked

        return len(tables.story(booked))

    def invented(self, number: int, tables: Tables) -> Values:
        from fake_server.apis.fabmanager.invention.bookings import reservation

        return reservation(number, tables)

    def usual(self, record: PinnedRecord, tables: Tables) -> Values:
        """See `StoriedResource`. The availability offers the reserved thing."""
        slots = record.get("reserved_slots") or ()
        ids = [slot["availability_id"] for slot in slots[:1]]
        offers = tables.rows(select(availabilities).where(availabilities.c.id.in_(ids)))
        offer = offers[0] if offers else None
        created_at = offer.created_at if offer else None
        created = instant_in(record, "created_at")
        if created is None:
            created = milliseconds(tables.inputs.start) if created_at is None else created_at
        offered = json.loads(offer.available_ids) if offer else []
        return {
            "created_at": created,
            "updated_at": created,
            "user_id": None,
            "reservable_type": offer.available_type if offer else None,
            "reservable_id": offered[0] if offered else None,
            "reserved_slots": [],
        }

    def check(self, record: PinnedRecord, path: DatasetPath, tables: Tables) -> None:
        """Raise `RecordError` for slots and things that do not exist."""
        resource = _RESERVABLES.get(record.get("reservable_type") or "")
        if resource and record.get("reservable_id") is not None:
            column, number = self.resources[resource].table.c.id, record["reservable_id"]
            existing = tables.existing_values(column, [number])
            require_existing((*path, "reservable_id"), [number], existing)
        slots = record.get("reserved_slots") or ()
        instants = _slots_of(tables, (slot["availability_id"] for slot in slots))
        for index, slot in enumerate(slots):
            offered = {number for offer, number in instants if offer == slot["availability_id"]}
            where = (*path, "reserved_slots", index, "slot_id")
            require_existing(where, [slot["slot_id"]], offered)

    def seed(self, tables: Seeding) -> None:
        super().seed(tables)
        rows = tables.rows(select(self.table))
        for first in range(0, len(rows), _BATCH):
            self._hold(tables, rows[first : first + _BATCH])

    def add(self, records: Records, added: Sequence[Record]) -> None:
        super().add(records, added)
        self._hold(records, records.matching(self.table.c.id, [record["id"] for record in added]))

    def clear(self, records: Records, keys: Sequence[RecordKey]) -> None:
        records.delete(reserved_slots.c.reservation_id, keys)
        super().clear(records, keys)

    def _hold(self, tables: Tables, rows: Sequence[Row]) -> None:
        """Write the slots of reservations into their own table."""
        held = [(row, position, slot) for row in rows for position, slot in _numbered(row)]
        instants = _slots_of(tables, (slot["availability_id"] for _, _, slot in held))
        values = [
            {
                "reservation_id": row.id,
                "position": position,
                "slot_id": slot["slot_id"],
                "availability_id": slot["availability_id"],
                "user_id": row.user_id,
                "canceled_at": instant_in(slot, "canceled_at"),
                "start_at": instants[slot["availability_id"], slot["slot_id"]][0],
                "end_at": instants[slot["availability_id"], slot["slot_id"]][1],
            }
            for row, position, slot in held
        ]
        if values:
            tables.connection.execute(reserved_slots.insert(), values)


def _in_table_order(slot: Row) -> tuple[int, int]:
    return slot.reservation_id, slot.position


def _by_start(slot: Row) -> tuple[int, int]:
    return slot.start_at, slot.slot_id


def _numbered(row: Row) -> Iterable[tuple[int, Mapping[str, Any]]]:
    return enumerate(row.reserved_slots or ())


def _slots_of(
    tables: Tables, availability_ids: Iterable[int]
) -> Mapping[tuple[int, int], tuple[int, int]]:
    """Return start and end of the slots of availabilities, by the numbers of both."""
    slots: dict[tuple[int, int], tuple[int, int]] = {}
    ids = sorted(set(availability_ids))
    for first in range(0, len(ids), _CHUNK):
        query = select(availabilities.c.id, availabilities.c.slots)
        for row in tables.rows(query.where(availabilities.c.id.in_(ids[first : first + _CHUNK]))):
            for number, start, end in json.loads(row.slots):
                slots[row.id, number] = (start, end)
    return slots


resource = _Reservations()
