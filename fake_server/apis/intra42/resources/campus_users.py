"""Campus users: which user is at which campus. A dataset names them with the users."""

from collections.abc import Sequence

from fake_server.api.declare import Json, Values
from fake_server.api.records import Records, Row, Seeding
from fake_server.apis.intra42.dialect.timestamps import timestamp
from fake_server.apis.intra42.dialect.written import WritableResource, WritingUser
from fake_server.apis.intra42.resources.users.memberships import campus_users


class _CampusUsers(WritableResource):
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

    def new_rows(self, values: Values, writer: WritingUser) -> Sequence[Values]:
        return [{"position": 0, **row} for row in super().new_rows(values, writer)]

    def follow(self, records: Records, before: Values | None, after: Values | None) -> None:
        """Let the users whom a write is about have one primary campus, which comes first."""
        own = self.table.c
        first = after["id"] if after is not None and after["is_primary"] else None
        changed = [row for row in (before, after) if row is not None]
        latest = None if before is not None else changed[0]["id"]
        for user_id in {row["user_id"] for row in changed}:
            rows = records.matching(own.user_id, [user_id])
            keys = {
                row.id: (row.id != first, not row.is_primary, row.id == latest, row.position)
                for row in rows
            }
            for position, number in enumerate(sorted(keys, key=keys.__getitem__)):
                values = {"position": position}
                if first is not None:
                    values["is_primary"] = number == first
                change = self.table.update().where(own.id == number)
                records.connection.execute(change.values(values))

    def seed(self, tables: Seeding) -> None:
        """Do nothing: the users bring these rows."""


resource = _CampusUsers()
