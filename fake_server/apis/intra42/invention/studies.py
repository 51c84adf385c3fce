"""The studies of users: when they are in a cursus, and which level their work has given them.

The exams of a piscine, which no record shows, have given a level as well.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

from sqlalchemy import case, func, select

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, SeededRandom, milliseconds
from fake_server.api.records import Records, Row, Tables
from fake_server.apis.intra42.resources import RESOURCES

_PISCINE = 26 * DAY
_FROM_EXAMS = (2.0, 7.0)
_MOST_SKILLS_BESIDES = 2
_PAUSE = 40 * DAY
_CADET_FROM = 5.0
_FREE_FROM = 9.0
_FIRST_DEADLINE, _DEADLINE_STEP = 77 * DAY, 45 * DAY


class Progress(NamedTuple):
    """The work of a user on the projects of a cursus.

    - `points`: the sum of the best marks of the validated projects.
    - `validated`: how many projects are validated.
    - `first`, `last`: the first and the last instant of all work.
    """

    points: int
    validated: int
    first: int
    last: int


def level_of(points: int) -> float:
    """Return the level for the sum of the best marks: each further project adds less."""
    return round(2.5 * sqrt(points / 100), 2)


def progresses(tables: Tables, user_id: int | None = None) -> Mapping[tuple[int, int], Progress]:
    """Return the progress of a user, or of all, by user and cursus."""
    works, projects = (RESOURCES[name].table for name in ("projects_users", "projects"))
    cursus_ids = {row.id: row.cursus_ids for row in tables.rows(select(projects))}
    own = works.c
    query = select(
        own.user_id,
        own.project_id,
        func.max(case((own.validated, own.final_mark))).label("mark"),
        func.min(own.created_at).label("first"),
        func.max(func.coalesce(own.marked_at, own.created_at)).label("last"),
    ).group_by(own.user_id, own.project_id)
    if user_id is not None:
        query = query.where(own.user_id == user_id)
    parts: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in tables.rows(query):
        for cursus_id in cursus_ids.get(row.project_id, ()):
            parts[row.user_id, cursus_id].append(row)
    return {pair: _progress(rows) for pair, rows in parts.items()}


def _progress(rows: list[Any]) -> Progress:
    marks = [row.mark for row in rows if row.mark is not None]
    points = sum(max(mark, 0) for mark in marks)
    return Progress(
        points, len(marks), min(row.first for row in rows), max(row.last for row in rows)
    )


class _Backgrounds(NamedTuple):
    """What studies follow from: users, kinds of cursus, progress and skills."""

    users: Mapping[int, Row]
    kinds: Mapping[int, str]
    progress: Mapping[tuple[int, int], Progress]
    skills: Sequence[Row]


def _backgrounds(tables: Tables) -> _Backgrounds:
    return _background(tables, None)


def _background(tables: Tables, user_id: int | None) -> _Backgrounds:
    users, cursus = RESOURCES["users"].table, RESOURCES["cursus"].table
    people = select(users.c.id, users.c.created_at, users.c.joined_at)
    if user_id is not None:
        people = people.where(users.c.id == user_id)
    return _Backgrounds(
        {row.id: row for row in tables.rows(people)},
        {row.id: row.kind for row in tables.rows(select(cursus.c.id, cursus.c.kind))},
        progresses(tables, user_id),
        tables.rows(select(RESOURCES["skills"].table).order_by(RESOURCES["skills"].table.c.id)),
    )


def study(tables: Tables, record: Values) -> Values:
    """Return the row of a user in a cursus, but its id; `record` has at least the two.

    A pinned begin or level is kept in what follows from it.
    """
    user_id, cursus_id = record["user_id"], record["cursus_id"]
    is_added = isinstance(tables, Records)
    about = _background(tables, user_id) if is_added else tables.story(_backgrounds)
    start = milliseconds(tables.inputs.start)
    user, progress = about.users[user_id], about.progress.get((user_id, cursus_id))
    random = SeededRandom(tables.inputs.seed, "studies", f"{user_id} {cursus_id}")
    is_main = about.kinds[cursus_id].startswith("main")
    begin = record.get("begin_at", _begin(user, progress, is_main=is_main))
    level = 0.0 if progress is None else level_of(progress.points)
    if about.kinds[cursus_id].startswith("piscine") and begin + _PISCINE <= start:
        exams = SeededRandom(tables.inputs.seed, "exams of piscines", f"{user_id} {cursus_id}")
        level = round(level + exams.number(*_FROM_EXAMS), 2)
    level = record.get("level", level)
    end, blackholed = _end(random, start, begin, progress, level, is_main=is_main)
    created = max(user.created_at, min(begin, start) - random.integer(DAY, 20 * DAY))
    latest = created if progress is None else min(max(created, progress.last), start)
    most = len(about.skills) if is_main else _MOST_SKILLS_BESIDES
    return {
        "user_id": user_id,
        "cursus_id": cursus_id,
        "grade": _grade(level) if is_main else None,
        "level": level,
        "skills": _skills(random, about.skills, cursus_id, level, most),
        "begin_at": begin,
        "end_at": end,
        "blackholed_at": blackholed,
        "has_coalition": is_main,
        "created_at": created,
        "updated_at": latest,
    }


def _skills(
    random: SeededRandom, skills: Sequence[Row], cursus_id: int, level: float, most: int
) -> list[Values]:
    """Return some skills of a cursus, the greatest level first; a beginner has none."""
    own = [skill for skill in skills if cursus_id in skill.cursus_ids]
    shown = random.sample(own, min(len(own), most, 1 + int(level))) if level else []
    levels = [
        {"id": skill.id, "name": skill.name, "level": round(level * random.number(0.3, 1.1), 2)}
        for skill in shown
    ]
    return sorted(levels, key=lambda skill: -skill["level"])


def _grade(level: float) -> str:
    return "Learner" if level < _CADET_FROM else "Cadet"


def _begin(user: Row, progress: Progress | None, *, is_main: bool) -> int:
    """Return the begin of a cursus: after the piscine, and not after the user's first work."""
    begin = int(user.joined_at) + (_PAUSE if is_main else 0)
    return begin if progress is None else min(begin, progress.first)


def _end(
    random: SeededRandom,
    start: int,
    begin: int,
    progress: Progress | None,
    level: float,
    *,
    is_main: bool,
) -> tuple[int | None, int | None]:
    """Return the end of a cursus, and the instant of the black hole, or None for each.

    Whoever is beyond the common core has no black hole. One in ten of the others was too late.
    """
    if not is_main:
        return begin + _PISCINE, None
    if level >= _FREE_FROM:
        return None, None
    last = begin if progress is None else progress.last
    steps = 0 if progress is None else progress.validated
    deadline = max(
        begin + _FIRST_DEADLINE + steps * _DEADLINE_STEP, last + random.integer(7, 60) * DAY
    )
    if deadline <= start and random.chance(0.1):
        return deadline, deadline
    return None, max(deadline, start + random.integer(3, 90) * DAY)
