"""Project sessions: projects as they are offered in a cursus. The projects bring them.

Each project has a session for every campus, that of its teams, and sessions of some campus.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from fake_server.api.declare import Json, Renderer, Values
from fake_server.api.records import Row, Seeding, Tables
from fake_server.apis.intra42.dialect.filter_options import future, presence
from fake_server.apis.intra42.dialect.record_cache import rows_where
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.invention.cities import BUSY_CAMPUS
from fake_server.apis.intra42.invention.curricula import session_traits
from fake_server.apis.intra42.resources import RESOURCES, projects

_OWN_CAMPUS = 2
_MOST_SESSIONS = 1000
"""More than the sessions of any project: the ids of its sessions at campus lie this far apart."""

MOULINETTE = 20_000
"""How far the id of the program that tests a project lies above that of the project."""

EVALUATION = 30_000
"""How far the id of the evaluation of a project lies above that of the project."""


class _ProjectSessions(IntraResource):
    name = "project_sessions"
    has_records = False
    conditions = {
        "future": future("begin_at"),
        "end": presence("end_at"),
    }

    def seed(self, tables: Seeding) -> None:
        """Do nothing: the projects bring these rows."""

    def offer(self, tables: Tables, rows: Sequence[Values]) -> None:
        """Write the sessions of projects, which are given by their rows."""
        existing = RESOURCES["campus"].table.c.id
        campus = tables.existing_values(existing, BUSY_CAMPUS)
        sites = [number for number in BUSY_CAMPUS if number in campus][:_OWN_CAMPUS]
        sessions = [session for row in rows for session in _sessions(row, sites)]
        taken = tables.existing_values(self.table.c.id, [session["id"] for session in sessions])
        first = {session["id"]: session for session in reversed(sessions)}
        tables.insert(self.table, [row for key, row in sorted(first.items()) if key not in taken])

    def nested(self, project_ids: Collection[int]) -> Mapping[int, list[Json]]:
        """Return the sessions of projects, as these show them, by the project's id."""
        columns = self.table.c
        rows = rows_where(columns.project_id, project_ids, columns.id)
        sessions = defaultdict(list)
        for row, item in zip(rows, self._render_nested(rows), strict=True):
            sessions[row.project_id].append(item)
        return sessions

    @cached_property
    def _render_nested(self) -> Renderer:
        return self.renderer(self.shape("project_session_nested.json")["properties"])

    def scales(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the scale of each session's project, by the session's id."""
        return {
            row.id: [{"id": row.project_id, "correction_number": 3, "is_primary": True}]
            for row in rows
        }

    def uploads(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the program that tests each session's project, by the session's id."""
        return {row.id: [{"id": MOULINETTE + row.project_id, "name": "Moulinette"}] for row in rows}

    def minimum_mark(self, rows: Sequence[Row]) -> Mapping[int, int]:
        """Return the mark from which on a team passes, by the session's id."""
        return {row.id: row.minimum_mark for row in rows}

    def evaluations(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the evaluations of each session, by the session's id."""
        return {row.id: [{"id": EVALUATION + row.project_id, "kind": "scale"}] for row in rows}

    def project_sessions_rules(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the rules of each session, by the session's id: there are none."""
        return {row.id: [] for row in rows}

    def project(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the project of each session, by the session's id."""
        by_id = projects.resource.summaries({row.project_id for row in rows})
        return {row.id: by_id[row.project_id] for row in rows}

    def campus(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return the campus of each session, by the session's id."""
        by_id = RESOURCES["campus"].summaries({row.campus_id for row in rows} - {None})
        return {row.id: by_id.get(row.campus_id) for row in rows}

    def cursus(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return the cursus of each session, by the session's id."""
        by_id = RESOURCES["cursus"].summaries({row.cursus_id for row in rows} - {None})
        return {row.id: by_id.get(row.cursus_id) for row in rows}


resource = _ProjectSessions()


def _sessions(project: Values, sites: Sequence[int]) -> Iterator[Values]:
    """Yield the sessions of a project: that of every campus, then those of `sites`."""
    own, cursus_ids = project["session_id"], project["cursus_ids"]
    about = {"project_id": project["id"], "cursus_id": cursus_ids[0] if cursus_ids else None}
    yield {"id": own, "campus_id": None, **about, **session_traits(project)}
    for position, campus_id in enumerate(sites, start=1):
        number = own * _MOST_SESSIONS + position
        yield {"id": number, "campus_id": campus_id, **about, **session_traits(project)}
