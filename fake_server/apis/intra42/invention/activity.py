"""Slots and projects users: many records, so each is made of a few drawn bits."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any

from fake_server.api.invent import DAY, HOUR, MINUTE, SeededRandom, milliseconds
from fake_server.api.records import ImageInputs
from fake_server.apis.intra42.dialect.timestamps import as_day, as_instant
from fake_server.apis.intra42.invention.agenda import QUARTER, Agenda

_SPREAD_DAYS = 120
_BLOCK = 4
_QUARTERS = DAY // QUARTER
_TEAMS_FROM = 5_000_000
_EVALUATIONS_FROM = 7_000_000
_STATUSES = (
    ("finished", 0.62),
    ("in_progress", 0.18),
    ("waiting_for_correction", 0.08),
    ("searching_a_group", 0.06),
    ("creating_group", 0.04),
    ("parent", 0.02),
)
_PASSED = 80

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """What records are made from; `start` and `spread` are in milliseconds.

    `users` come in the order in which they joined, `joined` says when each did.
    """

    seed: int
    start: int
    spread: int
    users: Sequence[int]
    joined: Sequence[int]
    projects: Sequence[int]

    def anybody(self, random: SeededRandom, at: int) -> int:
        """Return a user who has joined by then; any, where nobody has."""
        return next(self.people(random.bits(), at))

    def people(self, first: int, at: int) -> Iterator[int]:
        """Yield all who have joined by then, beginning anywhere; all, where nobody has."""
        there = bisect_right(self.joined, at) or len(self.users)
        return (self.users[(first + step) % there] for step in range(there))


def spread_of(inputs: ImageInputs) -> int:
    """Return over how many milliseconds before the start records are spread."""
    return int(inputs.section.get("spread_days", _SPREAD_DAYS)) * DAY


def first_activity(inputs: ImageInputs) -> int:
    """Return an instant before which no generated record is created."""
    section = inputs.section
    days = chain(
        (section.get("slots") or {}).get("begin_on", ()),
        (section.get("projects_users") or {}).get("created_on", ()),
    )
    return min(chain([milliseconds(inputs.start) - spread_of(inputs)], map(as_day, days))) - DAY


def _moment_of(setting: Setting, place: float) -> int:
    """Return the instant at `place` (its fraction counts) of the time of the spread."""
    return setting.start - setting.spread + int(place % 1 * setting.spread)


def slots_over_time(setting: Setting, agenda: Agenda, ids: Sequence[int]) -> Iterator[Row]:
    """Yield slots in blocks of an hour, created over the spread, begun up to two weeks later."""
    for number, block in groupby(ids, key=lambda slot_id: slot_id // _BLOCK):
        random = SeededRandom(setting.seed, "slot blocks", number)
        created = _moment_of(setting, number * _BLOCK / len(ids)) - random.integer(0, 12 * HOUR)
        day = created - created % DAY + random.integer(0, 13) * DAY
        begin = day + 8 * HOUR + random.integer(0, 52) * QUARTER
        if begin < created + 30 * MINUTE:
            begin += DAY
        first = random.bits()
        user = agenda.first_free(setting.people(first, created), begin, _BLOCK)
        if user is None:
            user = next(setting.people(first, created))
        for slot_id in block:
            start = begin + slot_id % _BLOCK * QUARTER
            yield _booked(setting, agenda, _slot(slot_id, start, created, user))


def slots_on_days(
    setting: Setting, agenda: Agenda, ids: Sequence[int], days: Mapping[Any, int]
) -> Iterator[Row]:
    """Yield so many slots as each day asks for, at any of its quarters of an hour."""
    free = iter(ids)
    for day, count in days.items():
        looked_at = _QUARTERS
        for _, slot_id in zip(range(count), free, strict=False):
            made, found = _slot_of_day(setting, agenda, slot_id, as_day(day), looked_at)
            looked_at = looked_at if found else 1
            yield _booked(setting, agenda, made)


def _slot_of_day(
    setting: Setting, agenda: Agenda, slot_id: int, day: int, looked_at: int
) -> tuple[Row, bool]:
    """Return a slot at the first of so many quarters at which somebody has time, and if one has."""
    random = SeededRandom(setting.seed, "slot days", slot_id)
    quarter, earlier, first = random.integer(0, 95), random.integer(0, 12 * HOUR), random.bits()
    for begin in (day + (quarter + later) % _QUARTERS * QUARTER for later in range(looked_at)):
        created = min(begin, setting.start - QUARTER) - earlier
        user = agenda.first_free(setting.people(first, created), begin, 1)
        if user is not None:
            return _slot(slot_id, begin, created, user), True
    begin = day + quarter * QUARTER
    created = min(begin, setting.start - QUARTER) - earlier
    return _slot(slot_id, begin, created, next(setting.people(first, created))), False


def _slot(slot_id: int, begin: int, created: int, user: int) -> Row:
    return {
        "id": slot_id,
        "begin_at": begin,
        "end_at": begin + QUARTER,
        "created_at": created,
        "user_id": user,
        "scale_team_id": None,
        "project_id": None,
        "corrected_id": None,
    }


def _booked(setting: Setting, agenda: Agenda, slot: Row) -> Row:
    """Return a slot that somebody who has time may have booked."""
    random = SeededRandom(setting.seed, "slots", slot["id"])
    if not random.chance(0.6 if slot["begin_at"] < setting.start else 0.35) or not setting.projects:
        return slot
    project = random.choice(setting.projects)
    people = setting.people(random.bits(), slot["created_at"])
    others = (one for one in people if one != slot["user_id"])
    corrected = agenda.first_free(others, slot["begin_at"], 1)
    if corrected is None:
        return slot
    evaluation = {"scale_team_id": _EVALUATIONS_FROM + slot["id"], "project_id": project}
    return slot | evaluation | {"corrected_id": corrected}


def pinned_slot(setting: Setting, record: Mapping[str, Any]) -> Row:
    """Return the row of a pinned slot: free and a quarter of an hour long unless it says so."""
    begin = as_instant(record["begin_at"])
    made = _slot(record["id"], begin, min(begin, setting.start) - DAY, 0)
    if "user_id" not in record:
        random = SeededRandom(setting.seed, "slots", record["id"])
        made["user_id"] = setting.anybody(random, made["created_at"])
    return made | _with_instants(record)


def work_over_time(setting: Setting, ids: Sequence[int]) -> Iterator[Row]:
    """Yield projects users created over the spread, in the order in which they were."""
    rounds = groupby(ids, key=lambda work_id: (work_id - 1) // len(ids))
    return _in_order([_work_of_round(setting, [*part], len(ids)) for _, part in rounds])


def _work_of_round(setting: Setting, ids: Sequence[int], of: int) -> Iterator[Row]:
    for work_id in ids:
        random = SeededRandom(setting.seed, "projects users", work_id)
        yield _work(
            setting, random, work_id, _moment_of(setting, (work_id - random.number(0, 1)) / of)
        )


def work_on_days(setting: Setting, ids: Sequence[int], days: Mapping[Any, int]) -> Iterator[Row]:
    """Yield so many projects users as each day asks for, in the order of their creation.

    None is created after the start.
    """
    free = iter(ids)
    theirs = {as_day(day): [*islice(free, count)] for day, count in days.items()}
    for first in sorted(theirs):
        last = max(first, min(first + DAY - 1, setting.start - 1))
        length = (last - first) / max(len(theirs[first]), 1)
        for place, work_id in enumerate(theirs[first]):
            random = SeededRandom(setting.seed, "projects users", work_id)
            yield _work(
                setting, random, work_id, first + int((place + random.number(0, 1)) * length)
            )


def _in_order(parts: Iterable[Iterator[Row]]) -> Iterator[Row]:
    """Yield the rows of all parts, each in the order of creation, in that order."""
    return merge(*parts, key=itemgetter("created_at"))


def count_tries(rows: Iterable[Row], unsaid: Collection[int]) -> dict[int, int]:
    """Set `occurrence` of the rows with the ids `unsaid`; return the next one of each pair."""
    tries: dict[int, int] = {}
    for row in sorted(rows, key=itemgetter("created_at", "id")):
        pair = _pair(row["user_id"], row["project_id"])
        if row["id"] in unsaid:
            row["occurrence"] = tries.get(pair, 0)
        tries[pair] = max(tries.get(pair, 0), row["occurrence"] + 1)
    return tries


def counted(
    setting: Setting, tries: dict[int, int], parts: Iterable[Iterator[Row]]
) -> Iterator[Row]:
    """Yield the rows of all parts, `occurrence` counting a user's earlier tries of a project.

    `tries` is what `count_tries` found in the pinned rows. What a user is pinned to have done
    with a project is all that was done: further work goes to another, as far as there is one.
    """
    taken = {*tries}
    for row in _in_order(parts):
        pair = _pair(row["user_id"], row["project_id"])
        if pair in taken:
            row["project_id"] = _other_project(setting, row, taken)
            pair = _pair(row["user_id"], row["project_id"])
        number = tries.get(pair, 0)
        row["occurrence"] = number
        tries[pair] = number + 1
        yield row


def _pair(user: int, project: int) -> int:
    return user << 32 | project


def _other_project(setting: Setting, row: Row, taken: set[int]) -> int:
    free = (one for one in setting.projects if _pair(row["user_id"], one) not in taken)
    return next(free, int(row["project_id"]))


def _work(setting: Setting, random: SeededRandom, work_id: int, created: int) -> Row:
    status = random.weighted(_STATUSES)
    marked = created + random.integer(HOUR, 21 * DAY)
    if status == "finished" and marked > setting.start:
        status = "waiting_for_correction"
    mark = _mark(random) if status == "finished" else None
    return {
        "id": work_id,
        "project_id": random.choice(setting.projects),
        "user_id": setting.anybody(random, created),
        "created_at": created,
        "updated_at": marked if mark is not None else created,
        "marked_at": marked if mark is not None else None,
        "retriable_at": None if mark is None or mark >= 100 else marked + 3 * DAY,
        "occurrence": 0,
        "final_mark": mark,
        "status": status,
        "validated": None if mark is None else mark >= _PASSED,
        "current_team_id": None if status == "searching_a_group" else _TEAMS_FROM + work_id,
    }


def _mark(random: SeededRandom) -> int:
    kind = random.integer(0, 199)
    if kind == 0:
        return -42
    if kind < 24:
        return 0
    if kind < 44:
        return random.integer(1, _PASSED - 1)
    return 100 if kind < 120 else random.integer(_PASSED, 125)


def pinned_work(setting: Setting, record: Mapping[str, Any]) -> Row:
    """Return the row of a pinned projects user: in progress and unmarked unless it says so."""
    created = as_instant(record["created_at"]) if "created_at" in record else setting.start - DAY
    made: Row = {
        "created_at": created,
        "updated_at": created,
        "marked_at": None,
        "retriable_at": None,
        "occurrence": 0,
        "final_mark": None,
        "status": "in_progress",
        "current_team_id": None,
    }
    made |= _with_instants({name: value for name, value in record.items() if name != "validated?"})
    mark = made["final_mark"]
    made["validated"] = record.get("validated?", None if mark is None else mark >= _PASSED)
    return made


def _with_instants(record: Mapping[str, Any]) -> Row:
    return {
        name: as_instant(value) if name.endswith("_at") and value is not None else value
        for name, value in record.items()
    }
