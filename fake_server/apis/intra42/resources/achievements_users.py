"""Achievements users: which user has which achievement."""

from collections.abc import Mapping, Sequence

from fake_server.api.declare import Values
from fake_server.api.records import Row, Tables
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.invention.belongings import ids_of, owned
from fake_server.apis.intra42.resources import users


class _AchievementsUsers(IntraResource):
    name = "achievements_users"

    def login(self, rows: Sequence[Row]) -> Mapping[int, str]:
        """Return the login of the user of each record, by the record's id."""
        return self._of_user(rows, "login")

    def url(self, rows: Sequence[Row]) -> Mapping[int, str]:
        """Return the address of the user of each record, by the record's id."""
        return self._of_user(rows, "url")

    def _of_user(self, rows: Sequence[Row], key: str) -> Mapping[int, str]:
        by_id = users.resource.summaries({row.user_id for row in rows})
        return {row.id: by_id[row.user_id][key] for row in rows}

    def invented(self, number: int, tables: Tables) -> Values:
        owner = owned(self.name, number, tables)
        achievement_id = owner.different(ids_of("achievements", self.name, tables))
        return {**owner.row(number), "achievement_id": achievement_id, "nbr_of_success": None}


resource = _AchievementsUsers()
