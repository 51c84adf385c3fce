"""Coalitions users: the memberships of users in coalitions."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, tuple_

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, SeededRandom, milliseconds
from fake_server.api.records import Records, Tables, require_source
from fake_server.apis.intra42.dialect.filter_options import presence
from fake_server.apis.intra42.dialect.written import WritableResource, WritingUser
from fake_server.apis.intra42.resources import RESOURCES
from fake_server.apis.intra42.resources.blocs import students


class Allegiance(NamedTuple):
    """A user in a coalition."""

    user_id: int
    coalition_id: int


class _CoalitionsUsers(WritableResource):
    name = "coalitions_users"
    conditions = {
        "this_year_score_updated": presence("this_year_score_updated_at"),
    }

    def new_rows(self, values: Values, writer: WritingUser) -> Sequence[Values]:
        return [{"rank": 1, **row} for row in super().new_rows(values, writer)]

    def follow(self, records: Records, before: Values | None, after: Values | None) -> None:
        for coalition_id in {row["coalition_id"] for row in (before, after) if row is not None}:
            self.rank(records, coalition_id)

    def rank(self, records: Records, coalition_id: int) -> None:
        """Give each member of a coalition the rank that follows from the scores."""
        own = self.table.c
        rank = self.ranks().correlate(self.table).scalar_subquery()
        change = self.table.update().where(own.coalition_id == coalition_id)
        records.connection.execute(change.values({own.rank: rank}))

    def ranks(self) -> Select[Any]:
        """Return the query of a member's rank in the coalition, to be correlated."""
        own, others = self.table.c, self.table.alias()
        ahead = tuple_(-others.c.this_year_score, others.c.id) <= tuple_(
            -own.this_year_score, own.id
        )
        same = others.c.coalition_id == own.coalition_id
        return select(func.count()).select_from(others).where(same, ahead)

    def invented(self, number: int, tables: Tables) -> Values:
        members = tables.story(_allegiances)
        require_source(self.api, self.name, "coalitions and users of their campus", members)
        member = members[(number - 1) % len(members)]
        random = SeededRandom(tables.inputs.seed, self.name, number)
        created = milliseconds(tables.inputs.start) - random.integer(20 * DAY, 29 * DAY)
        return {
            "id": number,
            "coalition_id": member.coalition_id,
            "user_id": member.user_id,
            "this_year_score": 0,
            "rank": 1,
            "created_at": created,
            "updated_at": created,
            "this_year_score_updated_at": None,
        }


resource = _CoalitionsUsers()


def _allegiances(tables: Tables) -> list[Allegiance]:
    """Return the coalition of each student who has one, by bloc. A head is in its own coalition.

    Heads come first.
    """
    blocs, coalitions = RESOURCES["blocs"].table, RESOURCES["coalitions"].table
    ids, heads = defaultdict(list), {}
    leads = defaultdict(set)
    for row in tables.rows(select(coalitions).order_by(coalitions.c.id)):
        ids[row.bloc_id].append(row.id)
        heads[row.bloc_id, row.user_id] = row.id
        leads[row.user_id].add(row.id)
    result = []
    groups = tables.story(students)
    for bloc in tables.rows(select(blocs).order_by(blocs.c.id)):
        for user_id in groups.get((bloc.campus_id, bloc.cursus_id), ()):
            if ids[bloc.id]:
                random = SeededRandom(tables.inputs.seed, "allegiances", user_id)
                drawn = random.choice(ids[bloc.id])
                result.append(Allegiance(user_id, heads.get((bloc.id, user_id), drawn)))
    return sorted(result, key=lambda member: member.coalition_id not in leads[member.user_id])
