"""Quests users: who is on which quest, or has completed it.

Invented users complete the quests of their cursus one after the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from fake_server.api.declare import Json, Values
from fake_server.api.invent import DAY, SeededRandom, milliseconds
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.intra42.dialect.filter_options import integers, presence
from fake_server.apis.intra42.dialect.resource import IntraResource, referred_by
from fake_server.apis.intra42.dialect.sql_conditions import Condition, valued
from fake_server.apis.intra42.resources import quests
from fake_server.apis.intra42.resources.blocs import students
from fake_server.apis.intra42.resources.users.memberships import campus_users

_PARTS = 7
_DAYS = 30


def _of_campus(resource: Any, name: str, text: str) -> Condition:
    at_campus = campus_users.c.campus_id.in_(integers(name, text))
    members = select(campus_users.c.user_id).where(at_campus)
    return valued(resource.table.c.user_id, lambda user_id: user_id.in_(members))


class _Stage(NamedTuple):
    """A quest that a user began some days ago. It is completed unless it is the user's last."""

    user_id: int
    quest_id: int
    days: int
    completed: bool


class _QuestsUsers(IntraResource):
    name = "quests_users"
    conditions = {
        "campus_id": _of_campus,
        "end": presence("end_at"),
        "validated": presence("validated_at"),
    }

    def quest(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return the quest of each record, by the record's id."""
        return referred_by(rows, "quest_id", quests.resource.summaries)

    def invented(self, number: int, tables: Tables) -> Values:
        stages = tables.story(_stages)
        require_source(self.api, self.name, "quests and users", stages)
        stage = stages[(number - 1) % len(stages)]
        random = SeededRandom(tables.inputs.seed, self.name, number)
        begin = milliseconds(tables.inputs.start) - stage.days * DAY + random.integer(0, DAY)
        validated = begin + random.integer(5, _DAYS - 2) * DAY if stage.completed else None
        parts = _PARTS if stage.completed else random.integer(0, _PARTS - 1)
        ids = {"id": number, "quest_id": stage.quest_id, "user_id": stage.user_id}
        progress = {"validated_at": validated, "advancement": f"{parts}/{_PARTS}", "prct": None}
        times = {"created_at": begin, "updated_at": validated or begin, "end_at": None}
        return {**ids, **progress, **times}


def _stages(tables: Tables) -> Sequence[_Stage]:
    """Return the quests of each user, in the order of users."""
    table = quests.resource.table
    by_cursus: dict[int, list[int]] = {}
    for row in tables.rows(select(table).order_by(table.c.position, table.c.id)):
        by_cursus.setdefault(row.cursus_id, []).append(row.id)
    stages = []
    for (_, cursus_id), people in tables.story(students).items():
        own = by_cursus.get(cursus_id, [])
        for user_id in people if own else ():
            completed = SeededRandom(tables.inputs.seed, "quests of", user_id).integer(0, len(own))
            begun = own[: completed + 1]
            for index, quest_id in enumerate(begun):
                days = (len(begun) - index) * _DAYS
                stages.append(_Stage(user_id, quest_id, days, completed=index < completed))
    return sorted(stages)


resource = _QuestsUsers()
