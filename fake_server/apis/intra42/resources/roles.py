"""Roles that applications and users may have."""

from fake_server.api.declare import Values
from fake_server.api.invent import DAY
from fake_server.api.records import Tables
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.invention.belongings import numbered
from fake_server.apis.intra42.resources.users.memberships import settled_members

_ROLES = {
    "Basic Staff": "Reads what staff may read.",
    "Advanced Staff": "Changes what staff may change.",
    "Tutor": "Helps students.",
    "Advanced Tutor": "Changes the records of students.",
    "Events Manager": "Looks after events.",
    "Achievements Manager": "Looks after achievements and titles.",
    "Transactions Manager": "Looks after transactions.",
    "Companies Manager": "Looks after companies.",
    "Official App": "Is an application of the school.",
}
_FIRST = as_instant("2015-05-04T08:00:00Z")
_TUTORS = 6


class _Roles(IntraResource):
    name = "roles"

    def invented(self, number: int, tables: Tables) -> Values:
        name = numbered(list(_ROLES), number)
        members = tables.story(settled_members) if name == "Tutor" else []
        return {
            "id": number,
            "name": name,
            "description": _ROLES.get(name, "A role."),
            "user_ids": [member.user_id for member in members[:_TUTORS]],
            "created_at": _FIRST + number * DAY,
            "updated_at": _FIRST + number * DAY,
        }


resource = _Roles()
