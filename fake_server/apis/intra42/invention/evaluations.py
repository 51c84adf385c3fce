"""The story of invented evaluations.

A booking names a work of who is evaluated that is there when the evaluation begins. An evaluation
of the past is filled in, except some of the last day and those that a user missed.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from fake_server.api.invent import DAY, MINUTE, SeededRandom, milliseconds
from fake_server.api.records import Row, Seeding, Tables, pinned_by_id
from fake_server.apis.intra42.invention.agenda import QUARTER
from fake_server.apis.intra42.invention.slot_activity import RESULTS
from fake_server.apis.intra42.resources import RESOURCES

_MOST = 50_000
"""The number of slots beyond which bookings stay as they are: the story would take long."""

_COMMENTS = (
    (100, "Works."),
    (80, "Mostly works."),
    (0, "Fails."),
)
_FEEDBACKS = ("Precise.", "Calm.", "Strict.", "Hasty.")
_MARKS = (100, 100, 110, 90, 85, 125, 60, 0)


class Work(NamedTuple):
    """A user's work on a project. `marked_at` is None for one without a mark."""

    created_at: int
    project_id: int
    marked_at: int | None
    final_mark: int | None


def tell(tables: Seeding) -> None:
    """Let invented bookings name a work that is there, and fill in those of the past."""
    slots = RESOURCES["slots"].table
    total = tables.rows(select(func.count()).select_from(slots))[0][0]
    if total > _MOST:
        return
    pinned = pinned_by_id(tables.section, "slots")
    booked = tables.rows(
        select(slots).where(slots.c.scale_team_id.is_not(None)).order_by(slots.c.id)
    )
    works, start = _works(tables), milliseconds(tables.inputs.start)
    changes = [
        {"slot": slot.id, **_columns(slot, works[slot.corrected_id], start, tables.inputs.seed)}
        for slot in booked
        if slot.id not in pinned
    ]
    if changes:
        names = ("scale_team_id", "project_id", "corrected_id", *RESULTS)
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        change = slots.update().where(slots.c.id == bindparam("slot")).values(values)
        tables.connection.execute(change, changes)


def _works(tables: Tables) -> Mapping[int, Sequence[Work]]:
    """Return the works that have a team, by user, in the order of creation."""
    own = RESOURCES["projects_users"].table.c
    query = select(own.user_id, own.created_at, own.project_id, own.marked_at, own.final_mark)
    works: dict[int, list[Work]] = defaultdict(list)
    with_team = query.where(own.current_team_id.is_not(None))
    for user_id, *about in tables.rows(with_team.order_by(own.created_at, own.id)):
        works[user_id].append(Work(*about))
    return works


def _columns(slot: Row, works: Sequence[Work], start: int, seed: int) -> Mapping[str, Any]:
    """Return the columns of a booked slot. It is free where the evaluated has no work by then."""
    names = ("scale_team_id", "project_id", "corrected_id", *RESULTS)
    columns: dict[str, Any] = dict.fromkeys(names)
    work = _work_at(works, slot.begin_at)
    if work is not None:
        columns.update(scale_team_id=slot.scale_team_id, corrected_id=slot.corrected_id)
        columns["project_id"] = work.project_id
        columns |= _results(slot, work, start, seed)
    return {f"new_{name}": value for name, value in columns.items()}


def _work_at(works: Sequence[Work], at: int) -> Work | None:
    """Return the latest work that is there at an instant, the latest without a mark if possible.

    It is the last attempt at its project.
    """
    there = works[: bisect_right(works, at, key=lambda work: work.created_at)]
    latest = {work.project_id: work for work in there}
    last = sorted(latest.values())
    is_open = [work for work in last if work.marked_at is None or work.marked_at >= at]
    return next(reversed(is_open or last), None)


def _results(slot: Row, work: Work, start: int, seed: int) -> dict[str, Any]:
    random = SeededRandom(seed, "evaluations", slot.scale_team_id)
    filled = slot.begin_at + random.integer(8 * MINUTE, QUARTER)
    if filled > start or (filled > start - DAY and random.chance(0.3)):
        return {}
    if random.chance(0.03):
        return {"truant_id": random.choice([slot.user_id, slot.corrected_id])}
    mark = random.choice(_MARKS)
    if work.final_mark is not None and work.marked_at is not None and work.marked_at >= filled:
        mark = max(0, work.final_mark)
    comment = next(text for least, text in _COMMENTS if mark >= least)
    feedback = random.choice(_FEEDBACKS) if random.chance(0.12) else None
    return {"final_mark": mark, "comment": comment, "feedback": feedback, "filled_at": filled}
