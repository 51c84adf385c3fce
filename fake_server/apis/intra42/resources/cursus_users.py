"""Cursus users: which user is in which cursus, and how far the user is.

Each cursus of a user has one record. A dataset pins what it wants of it; the rest follows from the
work of the user.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, not_, or_, select

from fake_server.api.declare import Json, Values
from fake_server.api.invent import milliseconds
from fake_server.api.records import (
    DatasetPath,
    PinnedRecord,
    Record,
    RecordError,
    RecordKey,
    Records,
    Row,
    Seeding,
    Tables,
    fill,
    free_ids,
    pinned_by_id,
)
from fake_server.api.serve import now, store
from fake_server.apis.intra42.dialect.filter_options import FLAGS, chosen_options, future, presence
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.dialect.sql_conditions import Condition
from fake_server.apis.intra42.dialect.written import WritableResource, WritingUser
from fake_server.apis.intra42.resources import cursus
from fake_server.apis.intra42.resources.users.memberships import in_primary_campus, memberships

_Pair = tuple[int, int]


def _active(resource: IntraResource, name: str, text: str) -> Condition:
    """Return the condition that a user has begun a cursus and has not ended it."""
    own, instant = resource.table.c, milliseconds(now())
    active = and_(own.begin_at <= instant, or_(own.end_at.is_(None), own.end_at > instant))
    values = chosen_options(name, text, FLAGS)
    terms = or_(*(active if value == "true" else not_(active) for value in values))
    return Condition(terms, terms, "begin_at")


class _CursusUsers(WritableResource):
    name = "cursus_users"
    conditions = {
        "active": _active,
        "campus_id": in_primary_campus("user_id"),
        "end": presence("end_at"),
        "future": future("begin_at"),
        "blackholed": presence("blackholed_at"),
    }

    def cursus(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the cursus of each record, by the record's id."""
        by_id = cursus.resource.summaries({row.cursus_id for row in rows})
        return {row.id: by_id[row.cursus_id] for row in rows}

    def new_rows(self, values: Values, writer: WritingUser) -> Sequence[Values]:
        own = self.table.c
        last = select(func.max(own.position)).where(own.user_id == values["user_id"])
        position = store().value(last)
        beginner: Values = {"grade": None, "level": 0.0, "skills": [], "blackholed_at": None}
        beginner |= {"position": 0 if position is None else position + 1, "came_along": False}
        return [{**beginner, **row} for row in super().new_rows(values, writer)]

    def row(self, number: int, record: PinnedRecord, tables: Tables) -> Values:
        from fake_server.apis.intra42.invention.studies import study

        values = self._values(record)
        row = {"position": 0, "came_along": False, **study(tables, values), **values, "id": number}
        return {**row, "skills": _with_float_levels(row["skills"])}

    def seed(self, tables: Seeding) -> None:
        pinned = pinned_by_id(tables.section, self.name)
        self.check_all(pinned.values(), tables)
        by_pair = _by_pair(self.path, list(pinned.values()))
        pairs = [
            (user_id, cursus_id)
            for user_id, groups in tables.story(memberships).items()
            for cursus_id in groups.cursus_ids
        ]
        pairs += [pair for pair in by_pair if pair not in {*pairs}]
        records = self._records(pairs, by_pair, free_ids(pinned))
        rows = (self.row(record["id"], record, tables) for record in records)
        fill(tables.connection, self.table, rows, len(pairs), tables.inputs.progress)

    def _records(
        self, pairs: Sequence[_Pair], pinned: Mapping[_Pair, PinnedRecord], ids: Iterator[int]
    ) -> Iterator[Record]:
        """Yield the records of users in cursus: what is pinned of each, id and position."""
        positions: dict[int, int] = {}
        for user_id, cursus_id in pairs:
            position = positions.get(user_id, 0)
            positions[user_id] = position + 1
            record = pinned.get((user_id, cursus_id)) or {
                "id": next(ids),
                "user_id": user_id,
                "cursus_id": cursus_id,
            }
            yield {"position": position, **record}

    def existing_keys(self, records: Records, keys: Sequence[RecordKey]) -> set[RecordKey]:
        # A record that came with an added user gives way to one that wants its id.
        return {row.id for row in records.matching(self.table.c.id, keys) if not row.came_along}

    def add(self, records: Records, added: Sequence[Record]) -> None:
        """Add records. One takes the place of the one that its user has in the cursus."""
        self.check_all(added, records)
        by_pair = _by_pair(self.path, added)
        rows = records.matching(self.table.c.user_id, [record["user_id"] for record in added])
        earlier = {(row.user_id, row.cursus_id): row for row in rows}
        replaced = [row.id for pair, row in earlier.items() if pair in by_pair]
        records.delete(self.table.c.id, replaced)
        self._make_way(records, [record["id"] for record in added])
        last = {row.user_id: row.position for row in sorted(rows, key=lambda row: row.position)}
        for pair, record in by_pair.items():
            if pair in earlier:
                position = earlier[pair].position
            else:
                position = last[pair[0]] = last.get(pair[0], -1) + 1
            row = self.row(record["id"], {"position": position, **record}, records)
            records.insert(self.table, [row])

    def _make_way(self, records: Records, ids: Sequence[int]) -> None:
        """Give new ids to the records that have some ids."""
        own = self.table.c.id
        number = max(records.largest(own), *ids, 0)
        for row in records.matching(own, ids):
            number += 1
            records.connection.execute(self.table.update().where(own == row.id).values(id=number))

    def enrol(self, records: Records, cursus_ids: Mapping[int, Sequence[int]]) -> None:
        """Give users exactly the given cursus, in their order; records that stay keep the rest."""
        rows = records.matching(self.table.c.user_id, cursus_ids)
        earlier = {(row.user_id, row.cursus_id): row for row in rows}
        gone = [row.id for row in rows if row.cursus_id not in cursus_ids[row.user_id]]
        records.delete(self.table.c.id, gone)
        for user_id, ids in cursus_ids.items():
            for position, cursus_id in enumerate(ids):
                row = earlier.get((user_id, cursus_id))
                if row is None:
                    own = {"position": position, "came_along": True}
                    study = {"user_id": user_id, "cursus_id": cursus_id, **own}
                    number = records.largest(self.table.c.id) + 1
                    records.insert(self.table, [self.row(number, study, records)])
                elif row.position != position:
                    change = self.table.update().where(self.table.c.id == row.id)
                    records.connection.execute(change.values(position=position))


resource = _CursusUsers()


def _with_float_levels(skills: Sequence[Record]) -> list[Record]:
    """Return skills with levels such as 3.0, whatever number a dataset has: Ruby shows floats."""
    return [{**skill, "level": float(skill["level"])} for skill in skills]


def _by_pair(path: DatasetPath, records: Collection[Any]) -> Mapping[_Pair, PinnedRecord]:
    """Return records by user and cursus; raises `RecordError` for a pair that occurs twice."""
    by_pair: dict[_Pair, PinnedRecord] = {}
    for index, record in enumerate(records):
        pair = (record["user_id"], record["cursus_id"])
        if pair in by_pair:
            raise RecordError(
                (*path, index, "cursus_id"),
                f"an earlier record has user {pair[0]} in cursus {pair[1]} too",
            )
        by_pair[pair] = record
    return by_pair
