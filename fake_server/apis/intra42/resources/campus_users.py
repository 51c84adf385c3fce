"""Campus users: which user is at which campus. A dataset names them with the users."""

from collections.abc import Sequence

from fake_server.api.declare import Json
from fake_server.api.records import Row, Seeding
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.timestamps import timestamp
from fake_server.apis.intra42.resources.users import campus_users


class _CampusUsers(IntraResource):
    name = "campus_users"
    has_records = False
    table = campus_users

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        return [
            {
                "id": row.id,
                "user_id": row.user_id,
                "campus_id": row.campus_id,
                "is_primary": row.is_primary,
                "created_at": timestamp(row.created_at),
                "updated_at": timestamp(row.updated_at),
            }
            for row in rows
        ]

    def as_record(self, row: Row) -> Json:
        return self.as_items([row])[0]

    def seed(self, tables: Seeding) -> None:
        """Do nothing: the users bring these rows."""


resource = _CampusUsers()
