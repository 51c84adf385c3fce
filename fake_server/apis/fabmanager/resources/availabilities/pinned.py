"""The availabilities of a dataset: the pinned ones, then the invented ones."""

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import count, islice

from sqlalchemy import select

from fake_server.api.invent import DAY, MINUTE, instant_of
from fake_server.api.records import (
    DatasetPath,
    ImageInputs,
    PinnedRecord,
    RecordError,
    Records,
    claim,
    free_ids,
    instant_in,
    require_after,
    with_paths,
)
from fake_server.apis.fabmanager.invention.availability import Availability, Slot, cut
from fake_server.apis.fabmanager.resources.availabilities.availability_tables import availabilities

_NAME = "availabilities"
_SLOT_MINUTES = 60
_MOST_SLOTS = 10_000
_MOST_SLOTS_IN_ALL = 200_000
_MONTH = 30 * DAY


def dataset_availabilities(
    inputs: ImageInputs, pinned: Collection[PinnedRecord], invented_count: int
) -> Iterator[Availability]:
    """Yield the pinned availabilities of a dataset, then `invented_count` invented ones.

    Raises `RecordError` for a repeated id of a slot, for an end that is not after its start, and
    for too many slots.
    """
    # The import stands here because a world may pin records without inventing any.
    from fake_server.apis.fabmanager.invention.openings import SLOTS_AT_MOST, invented
    from fake_server.apis.fabmanager.invention.workshop import workshop_of

    slot_ids: set[int] = set()
    _claim_slots(slot_ids, pinned)
    after_pinned = max(slot_ids, default=0) + 1
    numbers = list(islice(free_ids(record["id"] for record in pinned), invented_count))
    last = max(numbers, default=0)
    yield from pinned_availabilities(pinned, count(after_pinned + (last + 1) * SLOTS_AT_MOST))
    workshop = workshop_of(inputs)
    for number in numbers:
        yield invented(workshop, number, after_pinned + number * SLOTS_AT_MOST)


def slots_after(records: Records, added: Iterable[PinnedRecord]) -> Iterator[int]:
    """Return free ids for the slots of records that a world gets.

    Raises `RecordError` for a slot whose id another slot has.
    """
    slot_ids = {slot[0] for row in records.rows(_ALL_SLOTS) for slot in json.loads(row.slots)}
    _claim_slots(slot_ids, added)
    return count(max(slot_ids, default=0) + 1)


_ALL_SLOTS = select(availabilities.c.slots)


def _claim_slots(slot_ids: set[int], pinned: Iterable[PinnedRecord]) -> None:
    for path, record in with_paths(_NAME, pinned):
        for index, slot in enumerate(record.get("slots") or []):
            claim(slot_ids, slot["id"], (*path, "slots", index, "id"))


def pinned_availabilities(
    pinned: Iterable[PinnedRecord], free_slots: Iterator[int]
) -> Iterator[Availability]:
    """Yield pinned availabilities. The slots that are not pinned get the ids of `free_slots`.

    Raises `RecordError` for an end that is not after its start, and for too many slots.
    """
    slot_count = 0
    for path, record in with_paths(_NAME, pinned):
        availability = _pinned(record, path, free_slots)
        slot_count += 0 if "slots" in record else len(availability.slots)
        if slot_count > _MOST_SLOTS_IN_ALL:
            raise RecordError(
                (*path, "slot_minutes"),
                f"with those before, would be cut into more than {_MOST_SLOTS_IN_ALL} slots",
            )
        yield availability


def _pinned(record: PinnedRecord, path: DatasetPath, free_slots: Iterator[int]) -> Availability:
    start, end = instant_in(record, "start_at"), instant_in(record, "end_at")
    require_after(path, start, end)
    default_creation = None if start is None else start - _MONTH
    return Availability(
        id=record["id"],
        start_at=start,
        end_at=end,
        created_at=instant_in(record, "created_at") if "created_at" in record else default_creation,
        available_type=record["available_type"],
        available_ids=tuple(record.get("available_ids") or ()),
        slots=tuple(_pinned_slots(record, path, start, end, free_slots)),
    )


def _pinned_slots(
    record: PinnedRecord,
    path: DatasetPath,
    start: int | None,
    end: int | None,
    free_slots: Iterator[int],
) -> Iterator[Slot]:
    if "slots" in record:
        for index, slot in enumerate(record["slots"] or []):
            begins, ends = instant_of(slot["start_at"]), instant_of(slot["end_at"])
            require_after((*path, "slots", index), begins, ends)
            yield Slot(slot["id"], begins, ends, tuple(dict.fromkeys(slot.get("user_ids") or ())))
    elif start is not None and end is not None:
        length = record.get("slot_minutes", _SLOT_MINUTES) * MINUTE
        if (end - start) // length > _MOST_SLOTS:
            raise RecordError(
                (*path, "slot_minutes"), f"would cut it into more than {_MOST_SLOTS} slots"
            )
        for begins, ends in cut(record["available_type"], start, end, length):
            yield Slot(next(free_slots), begins, ends)
