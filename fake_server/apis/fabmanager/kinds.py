"""The kinds of records of the API, as a dataset has them."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from sqlalchemy import Column, select

from fake_server.apis.fabmanager.factory import claim_slots, insert, pinned_records
from fake_server.apis.fabmanager.tables import availabilities, bookings, reservables
from fake_server.world.instants import spelled
from fake_server.world.kinds import Kind, Listed, Tabled
from fake_server.world.records import Key, Record, Records
from fake_server.world.store import Row


def kinds() -> Sequence[Kind]:
    """Return the kinds."""
    return _KINDS


class _Tokens(Listed):
    """The tokens, which a dataset lists as mere text."""

    def entries(self, records: Records) -> list[Record]:
        credentials = records.section.get("credentials") or {}
        return [{"token": token} for token in credentials.get("tokens") or []]

    def write(self, records: Records, entries: Sequence[Record]) -> None:
        records.section = {**records.section, **self.in_section(entries)}

    def spelled(self, given: object) -> object:
        return {"token": given} if isinstance(given, str) else given

    def in_section(self, records: Sequence[object]) -> dict[str, Any]:
        return super().in_section([_bare(one) for one in records])


def _bare(entry: object) -> object:
    return entry["token"] if isinstance(entry, dict) and set(entry) == {"token"} else entry


class _Availabilities(Tabled):
    table = availabilities
    filters = ("available_type",)

    @property
    def place(self) -> Column[Any]:
        return availabilities.c.place

    def read(self, records: Records, keys: Sequence[Key]) -> list[Record]:
        rows = {row.id: row for row in records.matching(availabilities.c.id, keys)}
        holders: dict[int, list[int]] = defaultdict(list)
        for row in records.matching(bookings.c.availability_id, keys):
            holders[row.slot_id].append(row.user_id)
        return [_availability(rows[key], holders) for key in keys if key in rows]

    def changed(self, before: Record, changes: Mapping[str, Any]) -> Record:
        after = super().changed(before, changes)
        if "slot_minutes" in changes and "slots" not in changes:
            del after["slots"]
        return after

    def add(self, records: Records, added: Sequence[Record]) -> None:
        self._add(records, added, records.largest(availabilities.c.place) + 1)

    def replace(self, records: Records, record: Record) -> None:
        (row,) = records.matching(availabilities.c.id, [record["id"]])
        self.clear(records, [record["id"]])
        self._add(records, [record], row.place)

    def _add(self, records: Records, added: Sequence[Record], place: int) -> None:
        slots = {slot[0] for row in records.rows(_ALL_SLOTS) for slot in json.loads(row.slots)}
        claim_slots(slots, added)
        free = count(max(slots, default=0) + 1)
        insert(records.connection, list(pinned_records(added, free)), place)

    def clear(self, records: Records, keys: Sequence[Key]) -> None:
        records.delete(bookings.c.availability_id, keys)
        records.delete(reservables.c.availability_id, keys)
        records.delete(availabilities.c.id, keys)


_ALL_SLOTS = select(availabilities.c.slots)
_KINDS: tuple[Kind, ...] = (
    _Tokens("tokens", ("credentials", "tokens"), "token"),
    _Availabilities(),
)


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
