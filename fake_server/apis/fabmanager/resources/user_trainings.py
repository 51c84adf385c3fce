"""The trainings that users completed."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from fake_server.api.declare import Json, Values
from fake_server.api.invent import DAY, SeededRandom, milliseconds
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.fabmanager.dialect.resource import LabResource
from fake_server.apis.fabmanager.resources import RESOURCES


class _UserTrainings(LabResource):
    name = "user_trainings"

    def user(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return users, by the id of their training."""
        return self.referred("users", "user_id", rows)

    def training(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return trainings, by the id of the user's training."""
        return self.referred("trainings", "training_id", rows)

    def invented(self, number: int, tables: Tables) -> Values:
        users = tables.story(_accounts)
        trainings = tables.ids(RESOURCES["trainings"].table)
        require_source(self.api, self.name, "users and trainings", users and trainings)
        random = SeededRandom(tables.inputs.seed, self.name, number)
        completed = milliseconds(tables.inputs.start) - random.integer(DAY, 300 * DAY)
        return {
            "id": number,
            "user_id": random.choice(users),
            "training_id": random.choice(trainings),
            "created_at": completed,
            "updated_at": completed,
        }


def _accounts(tables: Tables) -> list[int]:
    """Return the users whose account is there, as a deleted one leaves its trainings without."""
    users = RESOURCES["users"].table
    rows = tables.rows(select(users.c.id).where(users.c.deleted.is_(False)).order_by(users.c.id))
    return [row.id for row in rows]


resource = _UserTrainings()
