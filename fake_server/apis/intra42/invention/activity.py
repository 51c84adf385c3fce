"""Slots and projects users. There are many, so a few drawn bits make each of them."""

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
PASSED = 80

RESULTS = ("final_mark", "comment", "feedback", "filled_at", "truant_id")
"""The columns of a slot that say what came of its evaluation."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class School:
    """The users and projects that invented records refer to, and the time that they span.

    `start` and `spread` are in milliseconds. `users` are in the order in which they joined, and
    `joined` has the instant of each.
    """

    seed: int
    start: int
    spread: int
    users: Sequence[int]
    joined: Sequence[int]
    projects: Sequence[int]

    def any_user(self, random: SeededRandom, at: int) -> int:
        """Return a user who has joined by an instant, or any user if nobody has."""
        return next(self.joined_users(random.bits(), at))

    def joined_users(self, first: int, at: int) -> Iterator[int]:
        """Yield all users who have joined by an instant, or all users if nobody has.

        `first` determines the user who comes first.
        """
        user_count = bisect_right(self.joined, at) or len(self.users)
        return (self.users[(first + step) % user_count] for step in range(user_count))


def spread_of(inputs: ImageInputs) -> int:
    """Return the length in milliseconds of the time before the start that the records span."""
    return int(inputs.section.get("spread_days", _SPREAD_DAYS)) * DAY


def first_activity(inputs: ImageInputs) -> int:
    """Return an instant before which no generated record is created."""
    section = inputs.section
    days = chain(
        (section.get("slots") or {}).get("begin_on", ()),
        (section.get("projects_users") or {}).get("created_on", ()),
    )
    return min(chain([milliseconds(inputs.start) - spread_of(inputs)], map(as_day, days))) - DAY


def _instant_at(school: School, position: float) -> int:
    """Return the instant at a position in the time of the spread. Only its fraction counts."""
    return school.start - school.spread + int(position % 1 * school.spread)


def slots_over_time(school: School, agenda: Agenda, ids: Sequence[int]) -> Iterator[Row]:
    """Yield slots in blocks of an hour.

    They are created over the time of the spread and begin up to two weeks later.
    """
    for number, block in groupby(ids, key=lambda slot_id: slot_id // _BLOCK):
        random = SeededRandom(school.seed, "slot blocks", number)
        created = _instant_at(school, number * _BLOCK / len(ids)) - random.integer(0, 12 * HOUR)
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
) -> Iterator[Row]:
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
) -> tuple[Row, bool]:
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
        **dict.fromkeys(RESULTS),
    }


def _booked(school: School, agenda: Agenda, slot: Row) -> Row:
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


def pinned_slot(school: School, record: Mapping[str, Any]) -> Row:
    """Return the row of a pinned slot. By default it is free and a quarter of an hour long."""
    begin = as_instant(record["begin_at"])
    row = _slot(record["id"], begin, min(begin, school.start) - DAY, 0)
    if "user_id" not in record:
        random = SeededRandom(school.seed, "slots", record["id"])
        row["user_id"] = school.any_user(random, row["created_at"])
    return row | _with_instants(record)


def work_over_time(school: School, ids: Sequence[int]) -> Iterator[Row]:
    """Yield projects users created over the time of the spread, in the order of creation."""
    rounds = groupby(ids, key=lambda work_id: (work_id - 1) // len(ids))
    return _in_order([_work_of_round(school, [*part], len(ids)) for _, part in rounds])


def _work_of_round(school: School, ids: Sequence[int], total: int) -> Iterator[Row]:
    for work_id in ids:
        random = SeededRandom(school.seed, "projects users", work_id)
        yield _work(
            school, random, work_id, _instant_at(school, (work_id - random.number(0, 1)) / total)
        )


def work_on_days(school: School, ids: Sequence[int], days: Mapping[Any, int]) -> Iterator[Row]:
    """Yield the number of projects users that each day asks for, in the order of creation.

    None is created after the start.
    """
    free = iter(ids)
    ids_by_day = {as_day(day): [*islice(free, count)] for day, count in days.items()}
    for first in sorted(ids_by_day):
        last = max(first, min(first + DAY - 1, school.start - 1))
        length = (last - first) / max(len(ids_by_day[first]), 1)
        for index, work_id in enumerate(ids_by_day[first]):
            random = SeededRandom(school.seed, "projects users", work_id)
            yield _work(
                school, random, work_id, first + int((index + random.number(0, 1)) * length)
            )


def _in_order(parts: Iterable[Iterator[Row]]) -> Iterator[Row]:
    """Yield the rows of all parts in the order of creation. Each part is in this order."""
    return merge(*parts, key=itemgetter("created_at"))


def count_attempts(rows: Iterable[Row], uncounted: Collection[int]) -> dict[int, int]:
    """Set `occurrence` of the rows with the ids `uncounted`.

    Return the next occurrence of each pair of user and project.
    """
    attempts: dict[int, int] = {}
    for row in sorted(rows, key=itemgetter("created_at", "id")):
        pair = _pair(row["user_id"], row["project_id"])
        if row["id"] in uncounted:
            row["occurrence"] = attempts.get(pair, 0)
        attempts[pair] = max(attempts.get(pair, 0), row["occurrence"] + 1)
    return attempts


def with_occurrences(
    school: School, attempts: dict[int, int], parts: Iterable[Iterator[Row]]
) -> Iterator[Row]:
    """Yield the rows of all parts. `occurrence` counts a user's earlier attempts at a project.

    `attempts` is what `count_attempts` returns for the pinned rows. The pinned rows of a user and a
    project are all that the two have. Further work goes to another project, if there is one.
    """
    pinned_pairs = {*attempts}
    for row in _in_order(parts):
        pair = _pair(row["user_id"], row["project_id"])
        if pair in pinned_pairs:
            row["project_id"] = _other_project(school, row, pinned_pairs)
            pair = _pair(row["user_id"], row["project_id"])
        number = attempts.get(pair, 0)
        row["occurrence"] = number
        attempts[pair] = number + 1
        yield row


def _pair(user: int, project: int) -> int:
    return user << 32 | project


def _other_project(school: School, row: Row, pinned_pairs: set[int]) -> int:
    free = (
        project for project in school.projects if _pair(row["user_id"], project) not in pinned_pairs
    )
    return next(free, int(row["project_id"]))


def _work(school: School, random: SeededRandom, work_id: int, created: int) -> Row:
    status = random.weighted(_STATUSES)
    marked = created + random.integer(HOUR, 21 * DAY)
    if status == "finished" and marked > school.start:
        status = "waiting_for_correction"
    mark = _mark(random) if status == "finished" else None
    return {
        "id": work_id,
        "project_id": random.choice(school.projects),
        "user_id": school.any_user(random, created),
        "created_at": created,
        "updated_at": marked if mark is not None else created,
        "marked_at": marked if mark is not None else None,
        "retriable_at": None if mark is None or mark >= 100 else marked + 3 * DAY,
        "occurrence": 0,
        "final_mark": mark,
        "status": status,
        "validated": None if mark is None else mark >= PASSED,
        "current_team_id": None if status == "searching_a_group" else _TEAMS_FROM + work_id,
    }


def _mark(random: SeededRandom) -> int:
    kind = random.integer(0, 199)
    if kind == 0:
        return -42
    if kind < 24:
        return 0
    if kind < 44:
        return random.integer(1, PASSED - 1)
    return 100 if kind < 120 else random.integer(PASSED, 125)


def pinned_work(school: School, record: Mapping[str, Any]) -> Row:
    """Return the row of a pinned projects user. By default it is in progress and unmarked."""
    created = as_instant(record["created_at"]) if "created_at" in record else school.start - DAY
    row: Row = {
        "created_at": created,
        "updated_at": created,
        "marked_at": None,
        "retriable_at": None,
        "occurrence": 0,
        "final_mark": None,
        "status": "in_progress",
        "current_team_id": None,
    }
    row |= _with_instants({name: value for name, value in record.items() if name != "validated?"})
    mark = row["final_mark"]
    row["validated"] = record.get("validated?", None if mark is None else mark >= PASSED)
    return row


def _with_instants(record: Mapping[str, Any]) -> Row:
    return {
        name: as_instant(value) if name.endswith("_at") and value is not None else value
        for name, value in record.items()
    }
