"""The records a world starts with: those of the dataset, and as many invented ones as it asks."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, islice
from typing import Any

from sqlalchemy import Connection, Table

from fake_server.apis.fabmanager import tables
from fake_server.apis.fabmanager.invention import SLOTS_AT_MOST, Workshop, invented
from fake_server.apis.fabmanager.moments import zone_of
from fake_server.apis.fabmanager.records import Availability, Slot, cut
from fake_server.rest.zones import UnknownZoneError
from fake_server.world.errors import RecordError
from fake_server.world.instants import DAY, MINUTE, instant_of
from fake_server.world.recipe import Brief, Section

_BATCH = 1000
_SLOT_MINUTES = 60
_MOST_SLOTS = 10_000
_MOST_SLOTS_IN_ALL = 200_000
_DEFAULT_COUNTS = {"users": 50, "machines": 12, "spaces": 2, "trainings": 4}
_MONTH = 30 * DAY

Place = tuple[str | int, ...]


def populate(connection: Connection, brief: Brief) -> None:
    """Fill the tables as the dataset's section says.

    Raises `RecordError` for a time zone that is not known, an id that stands twice, or an end
    that is not after its start.
    """
    part = brief.section.get("availabilities") or {}
    pinned = part.get("records") or []
    wanted = part.get("count", 0)
    _check_ids(pinned)
    records = _all_records(_workshop(brief), pinned, wanted)
    _fill(connection, brief, records, len(pinned) + wanted)


def _workshop(brief: Brief) -> Workshop:
    section = brief.section
    try:
        zone = zone_of(section)
    except UnknownZoneError as error:
        raise RecordError(("time_zone",), error.told()) from None
    return Workshop(brief.seed, brief.start, zone, **_counts(section))


def _counts(section: Section) -> dict[str, int]:
    return {
        name: (section.get(name) or {}).get("count", usual)
        for name, usual in _DEFAULT_COUNTS.items()
    }


def _check_ids(pinned: Iterable[Mapping[str, Any]]) -> None:
    availabilities: set[int] = set()
    slots: set[int] = set()
    for index, record in enumerate(pinned):
        _claim(availabilities, record["id"], _place(index))
    claim_slots(slots, pinned)


def claim_slots(taken: set[int], pinned: Iterable[Mapping[str, Any]]) -> None:
    """Add the ids of all pinned slots to those taken; raises `RecordError` for one taken twice."""
    for index, record in enumerate(pinned):
        for number, slot in enumerate(record.get("slots") or []):
            _claim(taken, slot["id"], (*_place(index), "slots", number))


def _place(index: int) -> Place:
    return ("availabilities", "records", index)


def _claim(taken: set[int], number: int, place: Place) -> None:
    if number in taken:
        raise RecordError((*place, "id"), f"an earlier record has the id {number} too")
    taken.add(number)


def _all_records(
    workshop: Workshop, pinned: list[Mapping[str, Any]], wanted: int
) -> Iterator[Availability]:
    slot_ids = [slot["id"] for record in pinned for slot in record.get("slots") or []]
    after_pinned = max(slot_ids, default=0) + 1
    taken = {record["id"] for record in pinned}
    numbers = list(islice((one for one in count(1) if one not in taken), wanted))
    last = max(numbers, default=0)
    free_slots = count(after_pinned + (last + 1) * SLOTS_AT_MOST)
    yield from pinned_records(pinned, free_slots)
    for number in numbers:
        yield invented(workshop, number, after_pinned + number * SLOTS_AT_MOST)


def pinned_records(
    pinned: Iterable[Mapping[str, Any]], free_slots: Iterator[int]
) -> Iterator[Availability]:
    """Yield pinned availabilities; slots that are not pinned get the ids of `free_slots`.

    Raises `RecordError` for an end that is not after its start, and for too many slots.
    """
    made = 0
    for index, record in enumerate(pinned):
        found = _pinned(record, _place(index), free_slots)
        made += 0 if "slots" in record else len(found.slots)
        if made > _MOST_SLOTS_IN_ALL:
            raise RecordError(
                (*_place(index), "slot_minutes"),
                f"with those before, would be cut into more than {_MOST_SLOTS_IN_ALL} slots",
            )
        yield found


def _pinned(record: Mapping[str, Any], place: Place, free_slots: Iterator[int]) -> Availability:
    start, end = _instant(record["start_at"]), _instant(record["end_at"])
    _require_order(start, end, place)
    made = _instant(record["created_at"]) if "created_at" in record else _usual_creation(start)
    return Availability(
        id=record["id"],
        start_at=start,
        end_at=end,
        created_at=made,
        available_type=record["available_type"],
        available_ids=tuple(record.get("available_ids") or ()),
        slots=tuple(_pinned_slots(record, place, start, end, free_slots)),
    )


def _instant(value: object) -> int | None:
    return None if value is None else instant_of(value)


def _usual_creation(start: int | None) -> int | None:
    return None if start is None else start - _MONTH


def _pinned_slots(
    record: Mapping[str, Any],
    place: Place,
    start: int | None,
    end: int | None,
    free_slots: Iterator[int],
) -> Iterator[Slot]:
    if "slots" in record:
        for index, slot in enumerate(record["slots"] or []):
            begins, ends = instant_of(slot["start_at"]), instant_of(slot["end_at"])
            _require_order(begins, ends, (*place, "slots", index))
            yield Slot(slot["id"], begins, ends, tuple(dict.fromkeys(slot.get("user_ids") or ())))
    elif start is not None and end is not None:
        length = record.get("slot_minutes", _SLOT_MINUTES) * MINUTE
        if (end - start) // length > _MOST_SLOTS:
            raise RecordError(
                (*place, "slot_minutes"), f"would cut it into more than {_MOST_SLOTS} slots"
            )
        for begins, ends in cut(record["available_type"], start, end, length):
            yield Slot(next(free_slots), begins, ends)


def _require_order(start: int | None, end: int | None, place: Place) -> None:
    if start is not None and end is not None and end <= start:
        raise RecordError((*place, "end_at"), "is not after start_at")


def _fill(
    connection: Connection, brief: Brief, records: Iterator[Availability], total: int
) -> None:
    done = 0
    while batch := list(islice(records, _BATCH)):
        insert(connection, batch, done)
        done += len(batch)
        brief.progress("availabilities", done, total)


def insert(connection: Connection, batch: list[Availability], first: int) -> None:
    """Write availabilities into the tables, at the places of the service's table from `first`."""
    _insert(connection, tables.availabilities, _availability_rows(batch, first))
    _insert(connection, tables.reservables, _reservable_rows(batch))
    _insert(connection, tables.bookings, _booking_rows(batch))


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def _availability_rows(batch: list[Availability], first: int) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "place": place,
            "start_at": one.start_at,
            "end_at": one.end_at,
            "created_at": one.created_at,
            "available_type": one.available_type,
            "sound": int(one.sound),
            "available_ids": json.dumps(one.available_ids),
            "slots": json.dumps([(slot.id, slot.start_at, slot.end_at) for slot in one.slots]),
        }
        for place, one in enumerate(batch, first)
    ]


def _reservable_rows(batch: list[Availability]) -> list[dict[str, Any]]:
    return [
        {"availability_id": one.id, "place": place, "reservable_id": reservable}
        for one in batch
        for place, reservable in enumerate(one.available_ids)
    ]


def _booking_rows(batch: list[Availability]) -> list[dict[str, Any]]:
    return [
        {"slot_id": slot.id, "user_id": user, "availability_id": one.id}
        for one in batch
        for slot in one.slots
        for user in slot.user_ids
    ]
