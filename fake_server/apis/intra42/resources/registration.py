"""The work of a registration to a project: its team, its status, and the effect of a mark."""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from fake_server.api.declare import Values
from fake_server.api.records import Records
from fake_server.api.serve import has_quirk, store
from fake_server.apis.intra42.dialect.errors import InvalidRecordError
from fake_server.apis.intra42.invention.project_work import PASSED
from fake_server.apis.intra42.invention.studies import level_of
from fake_server.apis.intra42.resources import RESOURCES

_SKIP = "skip_check_permission"
_NULLS = ("marked_at", "retriable_at", "final_mark")


def first_attempt(values: Values) -> Values:
    """Return the row of new work on a project, with a team of its own, but for its id."""
    is_solo = _session(values["project_id"], "solo") is not False
    status = "in_progress" if is_solo else "creating_group"
    row = {**dict.fromkeys(_NULLS), "occurrence": 0, "status": status, **values}
    team_id = RESOURCES["projects_users"].table.c.current_team_id
    last = store().value(select(func.max(team_id))) or 0
    return {"validated": None, "current_team_id": last + 1, **with_verdict(row)}


def check_permission(values: Values) -> Values:
    """Return the values of a registration, but for the word that no rule counts.

    Raises `InvalidRecordError` for a project whose session takes nobody.
    """
    kept = {name: value for name, value in values.items() if name != _SKIP}
    is_open = _session(values["project_id"], "is_subscriptable") is not False
    if not (is_open or values.get(_SKIP) or has_quirk("registrations-unchecked")):
        raise InvalidRecordError({"project_id": ["cannot be registered to"]})
    return kept


def follow_marks(records: Records, before: Values | None, after: Values | None) -> None:
    """Change the levels of a user as a written record of work demands."""
    written = after or before
    if written is None or has_quirk("marks-leave-levels"):
        return
    works, studies = (RESOURCES[name].table for name in ("projects_users", "cursus_users"))
    of_user = works.c.user_id == written["user_id"]
    now = [row._asdict() for row in records.rows(select(works).where(of_user))]
    earlier = [row for row in now if row["id"] != written["id"]]
    cursus_ids = _cursus_ids(records, {row["project_id"] for row in [*now, written]})
    points = _points(now, cursus_ids)
    points_before = _points([*earlier, *([before] if before else [])], cursus_ids)
    for study in records.matching(studies.c.user_id, [written["user_id"]]):
        own = study.cursus_id
        change = level_of(points[own]) - level_of(points_before[own])
        if change:
            level = round(max(0.0, study.level + change), 2)
            update = studies.update().where(studies.c.id == study.id).values(level=level)
            records.connection.execute(update)


def _cursus_ids(records: Records, project_ids: Iterable[int]) -> Mapping[int, list[int]]:
    projects = RESOURCES["projects"].table
    rows = records.matching(projects.c.id, project_ids)
    return {row.id: row.cursus_ids for row in rows}


def _points(works: Iterable[Values], cursus_ids: Mapping[int, list[int]]) -> Counter[int]:
    """Return by cursus the sum of the best marks of the projects that some works validate."""
    best: Counter[int] = Counter()
    for work in works:
        if work["validated"]:
            best[work["project_id"]] = max(best[work["project_id"]], work["final_mark"])
    points: Counter[int] = Counter()
    for project_id, mark in best.items():
        points.update(dict.fromkeys(cursus_ids[project_id], mark))
    return points


def with_verdict(values: Values) -> Values:
    """Return values that are written, with whether a mark among them is enough."""
    if "final_mark" not in values:
        return values
    mark = values["final_mark"]
    return {**values, "validated": None if mark is None else mark >= PASSED}


def _session(project_id: int, column: str) -> object:
    """Return a column of the session of a project that every campus has."""
    sessions = RESOURCES["project_sessions"].table.c
    own = select(sessions[column]).where(sessions.project_id == project_id)
    return store().value(own.order_by(sessions.id).limit(1))
