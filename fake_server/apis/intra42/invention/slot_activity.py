"""Slots over time and on days. There are many, so a few drawn bits make each of them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from fake_server.api.invent import DAY, HOUR, MINUTE, SeededRandom
from fake_server.apis.intra42.dialect.timestamps import as_day, as_instant, with_instants
from fake_server.apis.intra42.invention.agenda import QUARTER, Agenda
from fake_server.apis.intra42.invention.school import School, instant_at

_BLOCK = 4
_QUARTERS = DAY // QUARTER
_EVALUATIONS_FROM = 7_000_000

RESULTS = ("final_mark", "comment", "feedback", "filled_at", "truant_id")
"""The columns of a slot that say what came of its evaluation."""


def slots_over_time(school: School, agenda: Agenda, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield slots in blocks of an hour.

    They are created over the time of the spread and begin up to two weeks later.
    """
    for number, block in groupby(ids, key=lambda slot_id: slot_id // _BLOCK):
        random = SeededRandom(school.seed, "slot blocks", number)
        created = instant_at(school, number * _BLOCK / len(ids)) - random.integer(0, 12 * HOUR)
        day = created - created % DAY + random.integer(0, 13) * DAY
        begin = day + 8 * HOUR + random.integer(0, 52) * QUARTER
        if begin < created + 30 * MINUTE:
            begin += DAY
        first = random.bits()
        user = agenda.first_free(school.joined_users(first, created), begin, _BLOCK)
        if user is None:
            user = next(school.joined_users(first, created))
        for slot_id in block:
            start = begin + slot_id % _BLOCK * QUARTER
            yield _booked(school, agenda, _slot(slot_id, start, created, user))


def slots_on_days(
    school: School, agenda: Agenda, ids: Sequence[int], days: Mapping[Any, int]
) -> Iterator[dict[str, Any]]:
    """Yield the number of slots that each day asks for, at any of its quarters of an hour."""
    free = iter(ids)
    for day, count in days.items():
        quarters = _QUARTERS
        for _, slot_id in zip(range(count), free, strict=False):
            slot, has_time = _slot_of_day(school, agenda, slot_id, as_day(day), quarters)
            quarters = quarters if has_time else 1
            yield _booked(school, agenda, slot)


def _slot_of_day(
    school: School, agenda: Agenda, slot_id: int, day: int, quarters: int
) -> tuple[dict[str, Any], bool]:
    """Return a slot at the first of `quarters` quarters at which a user has time.

    The second result is whether a user has time.
    """
    random = SeededRandom(school.seed, "slot days", slot_id)
    first_quarter, earlier, first = (
        random.integer(0, 95),
        random.integer(0, 12 * HOUR),
        random.bits(),
    )
    for begin in (
        day + (first_quarter + offset) % _QUARTERS * QUARTER for offset in range(quarters)
    ):
        created = min(begin, school.start - QUARTER) - earlier
        user = agenda.first_free(school.joined_users(first, created), begin, 1)
        if user is not None:
            return _slot(slot_id, begin, created, user), True
    begin = day + first_quarter * QUARTER
    created = min(begin, school.start - QUARTER) - earlier
    return _slot(slot_id, begin, created, next(school.joined_users(first, created))), False


def _slot(slot_id: int, begin: int, created: int, user: int) -> dict[str, Any]:
    return {
        "id": slot_id,
        "begin_at": begin,
        "end_at": begin + QUARTER,
        "created_at": created,
        "user_id": user,
        "scale_team_id": None,
        "project_id": None,
        "corrected_id": None,
        **dict.fromkeys(RESULTS),
    }


def _booked(school: School, agenda: Agenda, slot: dict[str, Any]) -> dict[str, Any]:
    """Return a slot, perhaps booked by a user who has time."""
    random = SeededRandom(school.seed, "slots", slot["id"])
    if not random.chance(0.6 if slot["begin_at"] < school.start else 0.35) or not school.projects:
        return slot
    project = random.choice(school.projects)
    people = school.joined_users(random.bits(), slot["created_at"])
    candidates = (user for user in people if user != slot["user_id"])
    corrected = agenda.first_free(candidates, slot["begin_at"], 1)
    if corrected is None:
        return slot
    evaluation = {"scale_team_id": _EVALUATIONS_FROM + slot["id"], "project_id": project}
    return slot | evaluation | {"corrected_id": corrected}


def pinned_slot(school: School, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a pinned slot. By default it is free and a quarter of an hour long."""
    begin = as_instant(record["begin_at"])
    row = _slot(record["id"], begin, min(begin, school.start) - DAY, 0)
    if "user_id" not in record:
        random = SeededRandom(school.seed, "slots", record["id"])
        row["user_id"] = school.any_user(random, row["created_at"])
    return row | with_instants(record)
