"""Invented availabilities: a fab lab's opening hours over some months around the start."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fake_server.apis.fabmanager.records import Availability, Slot, cut
from fake_server.world.draw import Draw
from fake_server.world.instants import DAY, HOUR, milliseconds

SLOTS_AT_MOST = 4
"""How many slots an invented availability has, at most."""

_DAYS_BEFORE = 150
_DAYS_AFTER = 60
_SUNDAY = 6
_LENGTH = HOUR
_HOURS = {
    "Machine": ((9, 4), (14, 4), (18, 3)),
    "Space": ((9, 4), (14, 4)),
    "Training": ((10, 2), (18, 2)),
    "Event": ((10, 3), (14, 3), (19, 2)),
}
_WEIGHTS = {"Machine": 60.0, "Training": 18.0, "Event": 12.0, "Space": 10.0}
_BOOKED = 0.4
_SEATS = {"Machine": 1, "Space": 2, "Training": 6, "Event": 12}


@dataclass(frozen=True, slots=True)
class Workshop:
    """What invented availabilities refer to: counts of people and things, numbered from 1."""

    seed: int
    start: datetime
    zone: ZoneInfo
    users: int
    machines: int
    spaces: int
    trainings: int


def invented(workshop: Workshop, number: int, first_slot: int) -> Availability:
    """Return availability `number`; its slots are numbered from `first_slot`."""
    draw = Draw(workshop.seed, "availabilities", number)
    kind = draw.weighted(_kinds(workshop))
    start, end = _opening(workshop, kind, draw)
    slots = [
        Slot(first_slot + place, begins, ends, _holders(workshop, kind, draw))
        for place, (begins, ends) in enumerate(cut(kind, start, end, _LENGTH))
    ]
    made = min(start - draw.integer(7, 60) * DAY, milliseconds(workshop.start))
    return Availability(
        id=number,
        start_at=start,
        end_at=end,
        created_at=made - draw.integer(0, DAY),
        available_type=kind,
        available_ids=_offered(workshop, kind, number, draw),
        slots=tuple(sorted(slots, key=_was_updated)),
    )


def _was_updated(slot: Slot) -> bool:
    """Tell a slot that was booked, and so moved behind the others in its table."""
    return bool(slot.user_ids)


def _kinds(workshop: Workshop) -> list[tuple[str, float]]:
    there = {"Machine": workshop.machines, "Space": workshop.spaces, "Training": workshop.trainings}
    return [(kind, weight) for kind, weight in _WEIGHTS.items() if there.get(kind, 1)]


def _opening(workshop: Workshop, kind: str, draw: Draw) -> tuple[int, int]:
    today = workshop.start.astimezone(workshop.zone).replace(minute=0, second=0, microsecond=0)
    day = today + timedelta(days=draw.integer(-_DAYS_BEFORE, _DAYS_AFTER))
    if day.weekday() == _SUNDAY:
        day += timedelta(days=1)
    hour, length = draw.choice(_HOURS[kind])
    start = milliseconds(day.replace(hour=hour))
    return start, start + length * HOUR


def _offered(workshop: Workshop, kind: str, number: int, draw: Draw) -> tuple[int, ...]:
    if kind == "Machine":
        machines = range(1, workshop.machines + 1)
        return tuple(draw.sample(machines, draw.integer(1, min(12, workshop.machines))))
    if kind == "Event":
        return (number,)
    return (draw.integer(1, workshop.spaces if kind == "Space" else workshop.trainings),)


def _holders(workshop: Workshop, kind: str, draw: Draw) -> tuple[int, ...]:
    if not workshop.users or not draw.chance(_BOOKED):
        return ()
    held = draw.integer(1, _SEATS[kind])
    return tuple({draw.integer(1, workshop.users): None for _ in range(held)})
