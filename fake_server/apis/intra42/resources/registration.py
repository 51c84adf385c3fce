"""The work that a registration to a project begins: its team, its status, and what a mark says."""

from sqlalchemy import func, select

from fake_server.api.declare import Values
from fake_server.api.serve import store
from fake_server.apis.intra42.invention.activity import PASSED
from fake_server.apis.intra42.resources import RESOURCES

_NULLS = ("marked_at", "retriable_at", "final_mark")


def first_attempt(values: Values) -> Values:
    """Return the row of new work on a project, with a team of its own, but for its id."""
    is_solo = _session(values["project_id"], "solo") is not False
    status = "in_progress" if is_solo else "creating_group"
    row = {**dict.fromkeys(_NULLS), "occurrence": 0, "status": status, **values}
    team_id = RESOURCES["projects_users"].table.c.current_team_id
    last = store().value(select(func.max(team_id))) or 0
    return {"validated": None, "current_team_id": last + 1, **with_verdict(row)}


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
