"""Expertises users: which user knows which field, and how well."""

from collections.abc import Mapping, Sequence

from fake_server.api.declare import Json, Values
from fake_server.api.records import Row, Tables
from fake_server.apis.intra42.dialect.written import WritableResource
from fake_server.apis.intra42.invention.belongings import ids_of, owned
from fake_server.apis.intra42.resources import expertises, users


class _ExpertisesUsers(WritableResource):
    name = "expertises_users"

    def expertise(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the expertise of each record, by the record's id."""
        by_id = expertises.resource.summaries({row.expertise_id for row in rows})
        return {row.id: by_id[row.expertise_id] for row in rows}

    def user(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the user of each record in short, by the record's id."""
        by_id = users.resource.summaries({row.user_id for row in rows})
        return {row.id: by_id[row.user_id] for row in rows}

    def invented(self, number: int, tables: Tables) -> Values:
        owner = owned(self.name, number, tables)
        return {
            **owner.row(number),
            "expertise_id": owner.different(ids_of("expertises", self.name, tables)),
            "interested": owner.random.chance(0.8),
            "value": owner.random.integer(1, 5),
            "contact_me": owner.random.chance(0.3),
        }


resource = _ExpertisesUsers()
