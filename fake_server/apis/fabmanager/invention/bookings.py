"""The reservations of an invented fab lab: one for each user in each availability.

Whoever holds slots of an availability made one reservation of them. Some slots that nobody holds
were reserved and canceled.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from fake_server.api.invent import HOUR, SeededRandom, milliseconds, spelled
from fake_server.api.records import Row, Tables
from fake_server.apis.fabmanager.resources import RESOURCES

Values = dict[str, Any]

_CANCELED = 0.06
_RESOURCES = {"Machine": "machines", "Space": "spaces", "Training": "trainings", "Event": "events"}


class Booking(NamedTuple):
    """A reservation before the table holds it. `canceled_at` is None where it still holds."""

    created_at: int
    user_id: int
    availability: Any
    slots: tuple[int, ...]
    canceled_at: int | None


def booked(tables: Tables) -> list[Booking]:
    """Return the reservations that the bookings of the availabilities tell of, by their time.

    Availabilities of things that the dataset does not have are left out.
    """
    availabilities = RESOURCES["availabilities"].table
    bookings = RESOURCES["availabilities"].tables.tables["bookings"]
    users = set(tables.ids(RESOURCES["users"].table))
    numbers_by_type = tables.story(_bookable_numbers)
    holders: dict[tuple[int, int], list[int]] = {}
    for row in tables.rows(select(bookings).order_by(bookings.c.slot_id)):
        holders.setdefault((row.availability_id, row.user_id), []).append(row.slot_id)
    offers = {
        row.id: row
        for row in tables.rows(select(availabilities).where(availabilities.c.sound == 1))
        if numbers_by_type[row.available_type].intersection(json.loads(row.available_ids))
    }
    bookings = [
        _booking(tables, offers[offer], user, slots)
        for (offer, user), slots in holders.items()
        if offer in offers and user in users
    ]
    held = {slot for slots in holders.values() for slot in slots}
    bookings.extend(_canceled(tables, offers.values(), held, sorted(users)))
    return sorted(
        bookings, key=lambda booking: (booking.created_at, booking.availability.id, booking.user_id)
    )


def reservation(number: int, tables: Tables) -> Values:
    """Return the row of an invented reservation."""
    booking = tables.story(booked)[number - 1]
    offer = booking.availability
    random = SeededRandom(tables.inputs.seed, "what is reserved", f"{offer.id} {booking.user_id}")
    existing = tables.story(_bookable_numbers)[offer.available_type].intersection(
        json.loads(offer.available_ids)
    )
    canceled = None if booking.canceled_at is None else spelled(booking.canceled_at)
    return {
        "id": number,
        "reservable_id": random.choice(sorted(existing)),
        "reservable_type": offer.available_type,
        "created_at": booking.created_at,
        "updated_at": booking.canceled_at or booking.created_at,
        "user_id": booking.user_id,
        "reserved_slots": [
            {"slot_id": slot, "availability_id": offer.id, "canceled_at": canceled}
            for slot in booking.slots
        ],
    }


def _bookable_numbers(tables: Tables) -> Mapping[str, set[int]]:
    """Return the numbers of all that can be reserved, by type."""
    return {kind: set(tables.ids(RESOURCES[name].table)) for kind, name in _RESOURCES.items()}


def _booking(tables: Tables, offer: Row, user: int, slots: Sequence[int]) -> Booking:
    starts = {number: start for number, start, _ in json.loads(offer.slots)}
    random = SeededRandom(tables.inputs.seed, "bookings", f"{offer.id} {user}")
    latest = min(min(starts[slot] for slot in slots), milliseconds(tables.inputs.start))
    earliest = min(offer.created_at, latest)
    return Booking(random.integer(earliest, latest), user, offer, tuple(slots), None)


def _canceled(
    tables: Tables, offers: Any, held: set[int], users: Sequence[int]
) -> Iterator[Booking]:
    for offer in offers:
        random = SeededRandom(tables.inputs.seed, "canceled reservations", offer.id)
        free = [number for number, _, _ in json.loads(offer.slots) if number not in held]
        if users and free and random.chance(_CANCELED):
            new_booking = _booking(tables, offer, random.choice(users), [random.choice(free)])
            latest = milliseconds(tables.inputs.start)
            canceled = min(new_booking.created_at + random.integer(HOUR, 48 * HOUR), latest)
            yield new_booking._replace(canceled_at=canceled)
