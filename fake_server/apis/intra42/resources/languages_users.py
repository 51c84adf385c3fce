"""Languages users: which user speaks which language. The first one is that of the campus."""

from collections.abc import Mapping

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.records import Tables
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.invention.belongings import ids_of, owned
from fake_server.apis.intra42.resources import RESOURCES
from fake_server.apis.intra42.resources.users.memberships import campus_users


class _LanguagesUsers(IntraResource):
    name = "languages_users"

    def invented(self, number: int, tables: Tables) -> Values:
        speaker = owned(self.name, number, tables)
        ids = ids_of("languages", self.name, tables)
        native = tables.story(_native).get(speaker.user.id, ids[0])
        first = ids.index(native) if native in ids else 0
        return {
            "id": number,
            "user_id": speaker.user.id,
            "language_id": ids[(first + speaker.turn) % len(ids)],
            "position": speaker.turn + 1,
            "created_at": speaker.created_at,
        }


def _native(tables: Tables) -> Mapping[int, int]:
    """Return the language of each user's primary campus, by the user's id."""
    campus, members = RESOURCES["campus"].table.c, campus_users.c
    query = select(members.user_id, campus.language_id).where(
        members.campus_id == campus.id, members.position == 0
    )
    return {row.user_id: row.language_id for row in tables.rows(query)}


resource = _LanguagesUsers()
