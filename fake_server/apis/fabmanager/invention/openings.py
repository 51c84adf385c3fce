"""Invented availabilities: the opening hours of a fab lab in the months around the start."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from math import gcd

from fake_server.api.invent import DAY, HOUR, SeededRandom, milliseconds
from fake_server.apis.fabmanager.invention.availability import Availability, Slot, cut
from fake_server.apis.fabmanager.invention.workshop import Workshop

SLOTS_AT_MOST = 4
"""The most slots of an invented availability."""

_DAYS_BEFORE = 150
_WEEKS = 30
_WORKING_DAYS = 6 * _WEEKS
_SUNDAY = 6
_LENGTH = HOUR
_HOURS = {
    "Machine": ((9, 4), (14, 4), (18, 3)),
    "Space": ((9, 4), (14, 4)),
    "Training": ((10, 2), (18, 2)),
    "Event": ((10, 3), (14, 3), (19, 2)),
}
_WEIGHTS = {"Machine": 30, "Training": 9, "Event": 6, "Space": 5}
_MOST_MACHINES = 12
_BOOKED = 0.4
_GOLDEN = 0.618
_SEATS = {"Machine": 1, "Space": 2, "Training": 6, "Event": 12}


@dataclass(frozen=True, slots=True)
class _Opening:
    """A time at which something can be reserved.

    - `day`: the day, counted from the first one.
    - `hours`: the index of its hours among those of the kind.
    - `share`: it distinguishes the openings of one time.
    """

    day: int
    hours: int
    share: int


def invented(workshop: Workshop, number: int, first_slot: int) -> Availability:
    """Return availability `number`. Its slots are numbered from `first_slot`.

    Each availability has an opening of its own. The fake offers nothing twice at a time.
    """
    random = SeededRandom(workshop.seed, "availabilities", number)
    kind, index = _kind(workshop, number)
    opening = _opening(workshop, kind, index)
    start, end = _times(workshop, kind, opening)
    made_at = min(start - random.integer(7, 60) * DAY, milliseconds(workshop.start))
    made_at -= random.integer(0, DAY)
    slots = [
        Slot(first_slot + index, begins, ends, _holders(workshop, kind, random))
        for index, (begins, ends) in enumerate(cut(kind, start, end, _LENGTH))
    ]
    return Availability(
        id=number,
        start_at=start,
        end_at=end,
        created_at=made_at,
        available_type=kind,
        available_ids=_offered(workshop, kind, number, opening),
        slots=tuple(sorted(slots, key=_was_updated)),
    )


def _was_updated(slot: Slot) -> bool:
    """Return whether a slot is booked. The service's table has booked slots behind the others."""
    return bool(slot.user_ids)


def _kind(workshop: Workshop, number: int) -> tuple[str, int]:
    """Return the kind of availability `number`, and the number of earlier ones of this kind."""
    kinds = _kinds(workshop)
    rounds, position = divmod(number - 1, len(kinds))
    kind = kinds[position]
    return kind, rounds * kinds.count(kind) + kinds[:position].count(kind)


@lru_cache(maxsize=16)
def _kinds(workshop: Workshop) -> list[str]:
    counts = {
        "Machine": workshop.machines,
        "Space": workshop.spaces,
        "Training": workshop.trainings,
    }
    kinds = [
        kind for kind, weight in _WEIGHTS.items() for _ in range(weight) if counts.get(kind, 1)
    ]
    return SeededRandom(workshop.seed, "kinds of availabilities", 0).sample(kinds, len(kinds))


def _opening(workshop: Workshop, kind: str, index: int) -> _Opening:
    """Return the opening of a kind's availability at `index`. Each index has another one.

    The openings around the start come first, then those of the time before.
    """
    hours, shares = len(_HOURS[kind]), _shares(workshop, kind)
    openings = _WORKING_DAYS * hours * shares
    earlier, index = divmod(index, openings)
    offset = SeededRandom(workshop.seed, "openings", kind).integer(0, openings - 1)
    mixed = (offset + index * _stride(openings)) % openings
    rest, share = divmod(mixed, shares)
    day, choice = divmod(rest, hours)
    return _Opening(day - earlier * _WORKING_DAYS, choice, share)


def _shares(workshop: Workshop, kind: str) -> int:
    """Return how many availabilities of a kind there can be at a time. Machines go in two parts."""
    if kind == "Machine":
        return min(2, workshop.machines)
    return {"Space": workshop.spaces, "Training": workshop.trainings}.get(kind, 1)


@lru_cache(64)
def _stride(size: int) -> int:
    """Return a step that visits each of `size` positions once and keeps neighbours far apart."""
    step = max(1, int(size * _GOLDEN))
    while gcd(step, size) > 1:
        step += 1
    return step


def _times(workshop: Workshop, kind: str, opening: _Opening) -> tuple[int, int]:
    today = workshop.start.astimezone(workshop.zone).replace(minute=0, second=0, microsecond=0)
    first = today - timedelta(days=_DAYS_BEFORE)
    # The weeks count from the first day. Each leaves out its Sunday.
    weeks, weekday = divmod(opening.day, _SUNDAY)
    to_sunday = _SUNDAY - first.weekday()
    day = first + timedelta(days=7 * weeks + weekday + (weekday >= to_sunday))
    hour, length = _HOURS[kind][opening.hours]
    start = milliseconds(day.replace(hour=hour))
    return start, start + length * HOUR


def _offered(workshop: Workshop, kind: str, number: int, opening: _Opening) -> tuple[int, ...]:
    if kind == "Event":
        return (number,)
    if kind != "Machine":
        return (opening.share + 1,)
    random = SeededRandom(workshop.seed, "machines on offer", f"{opening.day} {opening.hours}")
    offered = random.sample(range(1, workshop.machines + 1), 2 * _MOST_MACHINES)
    parted = random.integer(1, max(1, min(_MOST_MACHINES, len(offered) - 1)))
    first, second = offered[:parted], offered[parted:][:_MOST_MACHINES]
    return tuple(second if opening.share else first)


def _holders(workshop: Workshop, kind: str, random: SeededRandom) -> tuple[int, ...]:
    if not workshop.users or not random.chance(_BOOKED):
        return ()
    seats = random.integer(1, _SEATS[kind])
    return tuple({random.integer(1, workshop.users): None for _ in range(seats)})
