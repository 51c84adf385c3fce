"""Scores: the points that coalitions got, or lost.

Invented points add up: to the score of their coalition and of the user who earned them.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Select, func, select

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, SeededRandom, milliseconds
from fake_server.api.records import (
    Records,
    Row,
    Seeding,
    Tables,
    pinned_by_id,
    require_source,
)
from fake_server.api.serve import now
from fake_server.apis.intra42.dialect.written import WritableResource
from fake_server.apis.intra42.resources import RESOURCES, coalitions_users

_REASONS = (("Helped at an event", 20), ("Won a contest", 42), ("Left a mess in the kitchen", -10))


class _Scores(WritableResource):
    name = "scores"

    def invented(self, number: int, tables: Tables) -> Values:
        members = tables.story(_members)
        require_source(self.api, self.name, "coalitions users", members)
        random = SeededRandom(tables.inputs.seed, self.name, number)
        member = members[random.integer(0, len(members) - 1)]
        reason, value = random.choice(_REASONS)
        created = milliseconds(tables.inputs.start) - random.integer(0, 19 * DAY)
        ids = {"coalition_id": member.coalition_id, "coalitions_user_id": member.id}
        nulls = dict.fromkeys(("scoreable_id", "scoreable_type", "calculation_id"))
        times = {"created_at": created, "updated_at": created}
        return {"id": number, "value": value, "reason": reason, **ids, **nulls, **times}

    def follow(self, records: Records, before: Values | None, after: Values | None) -> None:
        for row, sign in ((before, -1), (after, 1)):
            if row is not None:
                _count(records, row, sign * row["value"])

    def seed(self, tables: Seeding) -> None:
        super().seed(tables)
        coalitions, members = (RESOURCES[name].table for name in ("coalitions", "coalitions_users"))
        own = self.table.c
        total, latest = func.coalesce(func.sum(own.value), 0), func.max(own.created_at)
        earned = own.coalitions_user_id == members.c.id
        _set(tables, coalitions.c.score, select(total).where(own.coalition_id == coalitions.c.id))
        _set(tables, members.c.this_year_score, select(total).where(earned))
        _set(tables, members.c.this_year_score_updated_at, select(latest).where(earned))
        _set(tables, members.c.rank, coalitions_users.resource.ranks())


def _count(records: Records, row: Values, points: int) -> None:
    """Add points to the score of a row's coalition and to that of its member."""
    coalitions, members = (RESOURCES[name].table for name in ("coalitions", "coalitions_users"))
    more = coalitions.update().where(coalitions.c.id == row["coalition_id"])
    records.connection.execute(more.values(score=coalitions.c.score + points))
    for member in records.matching(members.c.id, {row["coalitions_user_id"]} - {None}):
        changed = {"this_year_score": member.this_year_score + points}
        changed["this_year_score_updated_at"] = milliseconds(now())
        change = members.update().where(members.c.id == member.id).values(changed)
        records.connection.execute(change)
        coalitions_users.resource.rank(records, member.coalition_id)


def _set(tables: Seeding, column: Column[Any], query: Select[Any]) -> None:
    """Set a column to the result of a query in the rows that do not pin it."""
    table = column.table
    records = pinned_by_id(tables.section, table.name)
    pinned = [number for number, record in records.items() if column.name in record]
    value = query.correlate(table).scalar_subquery()
    change = table.update().where(table.c.id.not_in(pinned)).values({column: value})
    tables.connection.execute(change)


def _members(tables: Tables) -> Sequence[Row]:
    table = RESOURCES["coalitions_users"].table
    return tables.rows(select(table).order_by(table.c.id))


resource = _Scores()
