"""Project sessions skills: which skills the project of a session trains, and how much."""

from collections.abc import Sequence

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.resources import project_sessions, skills

_STEP = 25


class _ProjectSessionsSkills(IntraResource):
    name = "project_sessions_skills"

    def invented(self, number: int, tables: Tables) -> Values:
        sessions, trained = tables.story(_sessions), tables.ids(skills.resource.table)
        require_source(self.api, self.name, "projects", sessions)
        require_source(self.api, self.name, "skills", trained)
        turn, index = divmod(number - 1, len(sessions))
        session = sessions[index]
        return {
            "id": number,
            "project_session_id": session.id,
            "skill_id": trained[(index + turn) % len(trained)],
            "value": float(_STEP * (1 + (index + turn) % 3)),
            "created_at": session.created_at,
            "updated_at": session.created_at,
        }


def _sessions(tables: Tables) -> Sequence[Row]:
    table = project_sessions.resource.table
    return tables.rows(select(table).order_by(table.c.id))


resource = _ProjectSessionsSkills()
