"""Groups of users."""

from fake_server.api.declare import Values
from fake_server.api.records import Tables
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.invention.belongings import numbered

_NAMES = ("Assistants", "Tutors", "Ambassadors", "Captains", "Mentors", "Volunteers")


class _Groups(IntraResource):
    name = "groups"

    def invented(self, number: int, tables: Tables) -> Values:
        return {"id": number, "name": numbered(_NAMES, number)}


resource = _Groups()
