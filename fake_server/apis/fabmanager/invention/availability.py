"""An availability with its slots and bookings, before the tables hold it."""

from collections.abc import Iterator
from typing import NamedTuple

TYPES = ("Event", "Machine", "Space", "Training")
CUT_INTO_SLOTS = ("Machine", "Space")


class Slot(NamedTuple):
    """A slot.

    Its instants are in milliseconds. The users in `user_ids` hold a reservation in it.
    """

    id: int
    start_at: int
    end_at: int
    user_ids: tuple[int, ...] = ()


class Availability(NamedTuple):
    """An availability.

    Its instants are in milliseconds. A damaged record has None for a missing one. The slots are in
    the order of the real service's table.
    """

    id: int
    start_at: int | None
    end_at: int | None
    created_at: int | None
    available_type: str | None
    available_ids: tuple[int, ...]
    slots: tuple[Slot, ...]

    @property
    def sound(self) -> bool:
        """Whether the record has all that the document shows."""
        times = (self.start_at, self.end_at, self.created_at)
        return self.available_type in TYPES and None not in times


def cut(available_type: str | None, start: int, end: int, length: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each slot, in milliseconds.

    Machines and spaces are cut into slots of `length`. A shorter remainder has no slot. An
    availability of another kind has one slot.
    """
    if available_type not in CUT_INTO_SLOTS:
        yield start, end
        return
    for number in range((end - start) // length):
        yield start + number * length, start + (number + 1) * length
