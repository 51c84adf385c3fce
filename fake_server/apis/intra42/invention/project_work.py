"""Projects users over time and on days, and the attempts of a user at a project."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from fake_server.api.invent import DAY, HOUR, SeededRandom
from fake_server.apis.intra42.dialect.timestamps import as_day, as_instant, with_instants
from fake_server.apis.intra42.invention.school import School, instant_at

_TEAMS_FROM = 5_000_000
_STATUSES = (
    ("finished", 0.62),
    ("in_progress", 0.18),
    ("waiting_for_correction", 0.08),
    ("searching_a_group", 0.06),
    ("creating_group", 0.04),
    ("parent", 0.02),
)


PASSED = 80


def work_over_time(school: School, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield projects users created over the time of the spread, in the order of creation."""
    rounds = groupby(ids, key=lambda work_id: (work_id - 1) // len(ids))
    return _in_order([_work_of_round(school, [*part], len(ids)) for _, part in rounds])


def _work_of_round(school: School, ids: Sequence[int], total: int) -> Iterator[dict[str, Any]]:
    for work_id in ids:
        random = SeededRandom(school.seed, "projects users", work_id)
        yield _work(
            school, random, work_id, instant_at(school, (work_id - random.number(0, 1)) / total)
        )


def work_on_days(
    school: School, ids: Sequence[int], days: Mapping[Any, int]
) -> Iterator[dict[str, Any]]:
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


def _in_order(parts: Iterable[Iterator[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Yield the rows of all parts in the order of creation. Each part is in this order."""
    return merge(*parts, key=itemgetter("created_at"))


def count_attempts(rows: Iterable[dict[str, Any]], uncounted: Collection[int]) -> dict[int, int]:
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
    school: School, attempts: dict[int, int], parts: Iterable[Iterator[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
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


def _other_project(school: School, row: dict[str, Any], pinned_pairs: set[int]) -> int:
    free = (
        project for project in school.projects if _pair(row["user_id"], project) not in pinned_pairs
    )
    return next(free, int(row["project_id"]))


def _work(school: School, random: SeededRandom, work_id: int, created: int) -> dict[str, Any]:
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


def pinned_work(school: School, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a pinned projects user. By default it is in progress and unmarked."""
    created = as_instant(record["created_at"]) if "created_at" in record else school.start - DAY
    row: dict[str, Any] = {
        "created_at": created,
        "updated_at": created,
        "marked_at": None,
        "retriable_at": None,
        "occurrence": 0,
        "final_mark": None,
        "status": "in_progress",
        "current_team_id": None,
    }
    row |= with_instants({name: value for name, value in record.items() if name != "validated?"})
    mark = row["final_mark"]
    row["validated"] = record.get("validated?", None if mark is None else mark >= PASSED)
    return row
