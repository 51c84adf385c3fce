"""Who is in which campus and cursus."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table, select

from fake_server.api.declare import Values
from fake_server.api.invent import DAY, milliseconds
from fake_server.api.records import (
    PinnedRecord,
    RecordKey,
    Records,
    Tables,
    ids_with,
    part,
    pinned_by_id,
)
from fake_server.apis.intra42.dialect.filter_options import integers
from fake_server.apis.intra42.dialect.resource import IntraResource, metadata
from fake_server.apis.intra42.dialect.sql_conditions import Condition, valued
from fake_server.apis.intra42.resources import RESOURCES

campus_users = Table(
    "campus_users",
    metadata,
    Column("campus_id", ForeignKey("campus.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("id", Integer, nullable=False, unique=True),
    Column("is_primary", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)


class UserGroups(NamedTuple):
    """The ids of the campus and of the cursus that a user is in, the first ones first."""

    campus_ids: list[int]
    cursus_ids: list[int]


def in_primary_campus(column: str) -> Callable[[Any, str, str], Condition]:
    """Return a function that makes a filter's condition: the user's primary campus has an id."""
    return partial(_in_primary_campus, column)


def _in_primary_campus(column: str, resource: IntraResource, name: str, text: str) -> Condition:
    members = select(campus_users.c.user_id).where(
        campus_users.c.campus_id.in_(integers(name, text)), campus_users.c.position == 0
    )
    return valued(resource.table.c[column], lambda user_id: user_id.in_(members))


class CampusMembership(NamedTuple):
    """A user in the user's first campus. `host` is the computer that the profile shows."""

    user_id: int
    campus_id: int
    host: str | None


def settled_members(tables: Tables) -> list[CampusMembership]:
    """Return everybody who is in a campus and joined a month before the dataset's start.

    If nobody had joined by then, it returns everybody in a campus. The order is by the user's id.
    """
    people = RESOURCES["users"].table.c
    rows = tables.rows(
        select(people.id, people.joined_at, people.profile, campus_users.c.campus_id)
        .join(campus_users, campus_users.c.user_id == people.id)
        .where(campus_users.c.position == 0)
        .order_by(people.id)
    )
    joined_by = milliseconds(tables.inputs.start) - 30 * DAY
    settled = [row for row in rows if row.joined_at <= joined_by] or rows
    return [
        CampusMembership(row.id, row.campus_id, json.loads(row.profile)["location"])
        for row in settled
    ]


def memberships(tables: Tables) -> Mapping[int, UserGroups]:
    """Return the campus and the cursus of each user of a dataset, by the user's id."""
    pinned = pinned_by_id(tables.section, "users")
    numbers = ids_with(pinned, part(tables.section, "users").get("count", 0))
    return groups_of(tables, numbers, pinned)


def groups_of(
    tables: Tables, ids: Iterable[int], pinned: Mapping[int, PinnedRecord]
) -> Mapping[int, UserGroups]:
    """Return the campus and the cursus of users, by the user's id, in the order of `ids`."""
    from fake_server.apis.intra42.invention.people import make_memberships

    campus, cursus = (tables.ids(RESOURCES[name].table) for name in ("campus", "cursus"))
    groups = {}
    for user_id in ids:
        record = pinned.get(user_id, {})
        campus_ids, cursus_ids = make_memberships(
            tables.inputs.seed, user_id, record, campus, cursus
        )
        groups[user_id] = UserGroups(
            list(dict.fromkeys(campus_ids)), list(dict.fromkeys(cursus_ids))
        )
    return groups


_MOST_CAMPUS = 1000
"""More than the campus of any user: the ids of a user's records at campus lie this far apart."""


def campus_rows(user: Values, campus_ids: Iterable[int]) -> Iterator[Values]:
    """Yield the rows of a user at each campus. The first campus is the primary one."""
    instants = dict.fromkeys(("created_at", "updated_at"), user["created_at"])
    for position, campus_id in enumerate(campus_ids):
        yield {
            "campus_id": campus_id,
            "user_id": user["id"],
            "position": position,
            "id": user["id"] * _MOST_CAMPUS + position,
            "is_primary": position == 0,
            **instants,
        }


def group_ids(
    records: Records, column: Column[int], people: Collection[RecordKey]
) -> Mapping[RecordKey, list[int]]:
    """Return the campus or cursus of users, the first ones first; `column` has their ids."""
    groups: dict[RecordKey, list[int]] = defaultdict(list)
    rows: list[Any] = records.matching(column.table.c.user_id, people)
    for row in sorted(rows, key=lambda row: row.position):
        groups[row.user_id].append(getattr(row, column.name))
    return groups
