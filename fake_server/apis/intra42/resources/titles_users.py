"""Titles users: which user has which title. A user bears one at most."""

from fake_server.api.declare import Values
from fake_server.api.records import Records, Tables
from fake_server.apis.intra42.dialect.written import WritableResource
from fake_server.apis.intra42.invention.belongings import ids_of, owned


class _TitlesUsers(WritableResource):
    name = "titles_users"

    def follow(self, records: Records, before: Values | None, after: Values | None) -> None:
        if after is not None and after["selected"]:
            own = self.table.c
            others = self.table.update().where(
                own.user_id == after["user_id"], own.id != after["id"]
            )
            records.connection.execute(others.values(selected=False))

    def invented(self, number: int, tables: Tables) -> Values:
        owner = owned(self.name, number, tables)
        title_id = owner.different(ids_of("titles", self.name, tables))
        is_borne = owner.turn == 0 and owner.random.chance(0.7)
        return {**owner.row(number), "title_id": title_id, "selected": is_borne}


resource = _TitlesUsers()
