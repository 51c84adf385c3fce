"""Availabilities: the times of machines, spaces, trainings and events, and their slots."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Select, or_, select

from fake_server.api.declare import Json, LearnedRecords, ListMembership
from fake_server.api.records import (
    Record,
    RecordKey,
    Records,
    Row,
    Seeding,
    batches,
    part,
    pinned_by_id,
)
from fake_server.api.serve import has_quirk
from fake_server.apis.fabmanager.dialect.filters import KINDS, Condition, Related
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.resources.availabilities.availability_filters import (
    JOINED,
    SOUND,
    UNTYPED,
    read_available_ids,
    read_available_type,
)
from fake_server.apis.fabmanager.resources.availabilities.availability_tables import (
    availabilities,
    bookings,
    insert_availabilities,
    reservables,
    reserved_slots,
)
from fake_server.apis.fabmanager.resources.availabilities.pinned import (
    dataset_availabilities,
    pinned_availabilities,
    slots_after,
)
from fake_server.apis.fabmanager.resources.availabilities.reading import as_pinned
from fake_server.apis.fabmanager.resources.availabilities.shown_availabilities import (
    availability_items,
)


class _Availabilities(LabResource):
    name = "availabilities"
    table = availabilities
    filters = ("available_type",)
    own_filters = {
        "available_type": read_available_type,
        "available_id": read_available_ids,
    }
    related = {
        "user_id": Related(bookings.c.user_id, bookings.c.availability_id),
        "available_id": Related(reservables.c.reservable_id, reservables.c.availability_id),
    }

    def satisfy(self, records: LearnedRecords, membership: ListMembership) -> None:
        text = membership.query.get("user_id", "")
        slots = records[self.name][membership.key].get("slots")
        # Of several users, the answer does not say which one holds a reservation.
        if slots and text.isascii() and text.isdecimal() and len(text) < 10:
            holders = {user for slot in slots for user in slot.get("user_ids", ())}
            if int(text) not in holders:
                slots[0].setdefault("user_ids", []).append(int(text))

    def always(self) -> Iterable[str]:
        return () if has_quirk("damaged-records") else (SOUND,)

    def condition(self, name: str) -> Condition:
        if name == SOUND:
            return availabilities.c.sound == 1
        if name == UNTYPED:
            return availabilities.c.available_type.is_(None)
        if name == JOINED:
            return KINDS["Integers"].condition(reservables.c.reservable_id, "available_id")
        if name == "user_id":
            held = select(reserved_slots.c.availability_id).where(
                KINDS["Integers"].condition(reserved_slots.c.user_id, name),
                reserved_slots.c.canceled_at.is_(None),
            )
            return or_(super().condition(name), availabilities.c.id.in_(held))
        return super().condition(name)

    def matching(self, conditions: Iterable[str]) -> Select[Any]:
        """See `LabResource`. A joined query has a record once for each reservable that matches."""
        matching = super().matching(conditions)
        return matching.join(reservables) if JOINED in conditions else matching

    def may_be_unset(self, column: str, conditions: Iterable[str]) -> bool:
        return SOUND not in conditions and super().may_be_unset(column, conditions)

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        return availability_items(rows)

    def in_table_order(self) -> Column[Any]:
        return availabilities.c.position

    def seed(self, tables: Seeding) -> None:
        count = part(tables.section, self.name).get("count", 0)
        records = pinned_by_id(tables.section, self.name)
        all_availabilities = dataset_availabilities(tables.inputs, records.values(), count)
        total = len(records) + count
        position = 0
        for batch in batches(all_availabilities, total, self.name, tables.inputs.progress):
            insert_availabilities(tables.connection, batch, position)
            position += len(batch)

    def read(self, records: Records, keys: Sequence[RecordKey]) -> list[Record]:
        rows = {row.id: row for row in records.matching(availabilities.c.id, keys)}
        holders = records.matching(bookings.c.availability_id, keys)
        return as_pinned([rows[key] for key in keys if key in rows], holders)

    def changed(self, before: Record, changes: Mapping[str, Any]) -> Record:
        after = super().changed(before, changes)
        if "slot_minutes" in changes and "slots" not in changes:
            del after["slots"]
        return after

    def add(self, records: Records, added: Sequence[Record]) -> None:
        self._add(records, added, records.largest(availabilities.c.position) + 1)

    def replace(self, records: Records, record: Record) -> None:
        (row,) = records.matching(availabilities.c.id, [record["id"]])
        self.clear(records, [record["id"]])
        self._add(records, [record], row.position)

    def _add(self, records: Records, added: Sequence[Record], position: int) -> None:
        free = slots_after(records, added)
        insert_availabilities(
            records.connection, list(pinned_availabilities(added, free)), position
        )

    def clear(self, records: Records, keys: Sequence[RecordKey]) -> None:
        records.delete(bookings.c.availability_id, keys)
        records.delete(reservables.c.availability_id, keys)
        records.delete(availabilities.c.id, keys)


resource = _Availabilities()
