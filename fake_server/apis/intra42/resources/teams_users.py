"""Teams users: which user is in which team. The records of their work bring them."""

from collections.abc import Sequence

from sqlalchemy import select

from fake_server.api.declare import Json
from fake_server.api.records import Row, Seeding
from fake_server.apis.intra42.dialect.derived import always, derived_table
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.timestamps import timestamp
from fake_server.apis.intra42.resources import teams, users
from fake_server.apis.intra42.resources.projects_users import works

_QUERY = select(
    works.c.id,
    works.c.current_team_id.label("team_id"),
    works.c.user_id,
    works.c.created_at,
    works.c.updated_at,
    always("validated"),
    teams.leads.label("leader"),
    works.c.occurrence,
).where(works.c.current_team_id.is_not(None))


class _TeamsUsers(IntraResource):
    name = "teams_users"
    has_records = False
    table = derived_table("teams_users", _QUERY, ["team_id"])

    def seed(self, tables: Seeding) -> None:
        """Do nothing: the work of users brings these rows."""

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        by_id = teams.resource.summaries({row.team_id for row in rows})
        people = users.resource.full({row.user_id for row in rows})
        return [
            {
                "id": row.id,
                "team_id": row.team_id,
                "user_id": row.user_id,
                "created_at": timestamp(row.created_at),
                "validated": row.validated,
                "leader": row.leader,
                "occurrence": row.occurrence,
                "team": by_id[row.team_id],
                "user": people[row.user_id],
            }
            for row in rows
        ]

    def as_record(self, row: Row) -> Json:
        return self.as_items([row])[0]


resource = _TeamsUsers()
