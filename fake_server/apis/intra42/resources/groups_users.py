"""Groups users: which user is in which group."""

from fake_server.api.declare import Values
from fake_server.api.records import Tables
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.invention.belongings import ids_of, owned


class _GroupsUsers(IntraResource):
    name = "groups_users"

    def invented(self, number: int, tables: Tables) -> Values:
        member = owned(self.name, number, tables)
        groups = ids_of("groups", self.name, tables)
        return {**member.row(number), "group_id": member.different(groups)}


resource = _GroupsUsers()
