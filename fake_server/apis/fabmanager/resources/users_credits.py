"""The hours of credits that users used."""

from fake_server.api.declare import Values
from fake_server.api.invent import SeededRandom
from fake_server.api.records import Tables, require_source
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.resources import RESOURCES


class _UsersCredits(LabResource):
    name = "users_credits"

    def invented(self, number: int, tables: Tables) -> Values:
        users, plans_credits = (tables.ids(RESOURCES[name].table) for name in ("users", "credits"))
        require_source(self.api, self.name, "users and credits", users and plans_credits)
        random = SeededRandom(tables.inputs.seed, self.name, number)
        return {
            "id": number,
            "user_id": random.choice(users),
            "credit_id": random.choice(plans_credits),
            "hours_used": random.integer(0, 2),
        }


resource = _UsersCredits()
