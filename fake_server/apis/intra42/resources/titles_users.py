"""Titles users: which user has which title. A user bears one at most."""

from fake_server.api.declare import Values
from fake_server.api.records import Tables
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.invention.belongings import ids_of, owned


class _TitlesUsers(IntraResource):
    name = "titles_users"

    def invented(self, number: int, tables: Tables) -> Values:
        owner = owned(self.name, number, tables)
        title_id = owner.different(ids_of("titles", self.name, tables))
        is_borne = owner.turn == 0 and owner.random.chance(0.7)
        return {**owner.row(number), "title_id": title_id, "selected": is_borne}


resource = _TitlesUsers()
