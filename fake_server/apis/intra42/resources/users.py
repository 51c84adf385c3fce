"""Users: the people of the school, with their campus and cursus."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    Table,
    Text,
    select,
)

from fake_server.api.declare import Json, Sighting, Values
from fake_server.api.invent import DAY, milliseconds
from fake_server.api.records import (
    PinnedRecord,
    Record,
    RecordError,
    RecordKey,
    Records,
    Row,
    Seeding,
    Tables,
    expected_one_of,
    ids_with,
    part,
    pinned_by_id,
    pinned_values,
    require_existing,
    with_paths,
)
from fake_server.api.serve import base_url
from fake_server.apis.intra42.dialect.conditions import Condition, valued
from fake_server.apis.intra42.dialect.options import flag, integers
from fake_server.apis.intra42.dialect.record_cache import cached
from fake_server.apis.intra42.dialect.resource import IntraResource, metadata
from fake_server.apis.intra42.dialect.timestamps import as_instant
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

cursus_users = Table(
    "cursus_users",
    metadata,
    Column("cursus_id", ForeignKey("cursus.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("position", Integer, nullable=False),
)


class Person(NamedTuple):
    """A user as records of other resources show it. `profile` lacks the `url`."""

    login: str
    profile: Json

    def full(self, base: str) -> Json:
        """Return the user in full."""
        return self.profile | {"url": f"{base}/v2/users/{self.login}"}

    def summary(self, base: str) -> Json:
        """Return the user's id, login and address."""
        url = f"{base}/v2/users/{self.login}"
        return {"id": self.profile["id"], "login": self.login, "url": url}


def _in_primary_campus(resource: IntraResource, name: str, text: str) -> Condition:
    members = select(campus_users.c.user_id).where(
        campus_users.c.campus_id.in_(integers(name, text)), campus_users.c.position == 0
    )
    return valued(resource.table.c.id, lambda user_id: user_id.in_(members))


_SEARCHED: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("email", "first_name", "last_name", "usual_first_name"), lambda text: text),
    **dict.fromkeys(("kind", "pool_year", "pool_month", "staff?", "alumni?"), lambda text: text),
    **dict.fromkeys(("created_at", "updated_at", "alumnized_at"), as_instant),
}
"""The attributes of a profile that lists are searched and sorted by, and what reads their values.

Each has a column beside the profile, without the question mark."""


class _Users(IntraResource):
    name = "users"
    filters = ("login",)
    conditions = {  # noqa: RUF012  # a mapping that nobody changes
        "primary_campus_id": _in_primary_campus,
        "alumni?": flag("alumni"),
        "staff?": flag("staff"),
    }
    table = Table(
        "users",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("login", Text, nullable=False, unique=True),
        Column("joined_at", BigInteger, nullable=False),
        Column("profile", Text, nullable=False, comment="the rendered user but its URL, as JSON"),
        *(Column(name, Text, nullable=False) for name in ("email", "first_name", "last_name")),
        Column("usual_first_name", Text),
        Column("kind", Text, nullable=False, index=True),
        *(Column(name, Text, index=True) for name in ("pool_year", "pool_month")),
        *(Column(name, Boolean, nullable=False) for name in ("staff", "alumni")),
        *(
            Column(name, BigInteger, nullable=False, index=True)
            for name in ("created_at", "updated_at")
        ),
        Column("alumnized_at", BigInteger),
    )

    def of_parent(self, parent: str, parent_id: int) -> ColumnElement[bool]:
        works = RESOURCES["projects_users"].table.c
        columns = {
            "campus": (campus_users.c.user_id, campus_users.c.campus_id),
            "cursus": (cursus_users.c.user_id, cursus_users.c.cursus_id),
            "projects": (works.user_id, works.project_id),
        }
        user_id, group_id = columns[parent]
        condition: ColumnElement[bool] = self.table.c.id.in_(
            select(user_id).where(group_id == parent_id)
        )
        return condition

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        base = base_url()
        return [_person(row).full(base) for row in rows]

    def people(self, ids: Collection[int]) -> Mapping[int, Person]:
        """Return users by id, at least those with the given ids."""
        return cached(self.table, ids, _person)

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return users by id, in short."""
        people, base = self.people(ids), base_url()
        return {number: people[number].summary(base) for number in ids}

    def full(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return users by id, in full."""
        people, base = self.people(ids), base_url()
        return {number: people[number].full(base) for number in ids}

    def as_record(self, row: Row) -> Json:
        return self.full([row.id])[row.id]

    def sightings(self, item: Json) -> Iterator[Sighting]:
        for sighting in super().sightings(item):
            sighting.guesses.update(campus_ids=[], cursus_ids=[])
            yield sighting

    def seed(self, tables: Seeding) -> None:
        pinned = pinned_by_id(tables.section, self.name)
        logins = pinned_values(tables.section, self.name, "login")
        numbers = ids_with(pinned, part(tables.section, self.name).get("count", 0))
        self._insert(tables, numbers, pinned, logins)
        login = tables.section.get("login")
        if isinstance(login, str):
            everybody = [row.login for row in tables.rows(select(self.table.c.login))]
            if login not in everybody:
                raise RecordError(
                    ("login",),
                    f"nobody is called {login!r}; {expected_one_of(login, everybody)}",
                )

    def _insert(
        self,
        tables: Tables,
        numbers: Sequence[int],
        pinned: Mapping[int, PinnedRecord],
        logins: set[str],
    ) -> None:
        from fake_server.apis.intra42.invention.people import make_users

        campus, cursus = (tables.ids(RESOURCES[name].table) for name in ("campus", "cursus"))
        for path, record in with_paths(self.name, pinned.values()):
            require_existing((*path, "campus_ids"), record.get("campus_ids", ()), campus)
            require_existing((*path, "cursus_ids"), record.get("cursus_ids", ()), cursus)
        invented = make_users(tables.inputs, numbers, pinned, logins) if numbers else ()
        rows = [row | _searched(row["profile"]) for row in invented]
        if rows:
            tables.insert(self.table, rows)
        memberships = _memberships(tables.inputs.seed, numbers, pinned, campus, cursus)
        created = {row["id"]: row["created_at"] for row in rows}
        tables.insert(campus_users, [_at_campus(member, created) for member in memberships[0]])
        tables.insert(cursus_users, memberships[1])

    def add(self, records: Records, added: Sequence[Record]) -> None:
        records.require_new(self.table.c.login, added)
        logins = {record["login"] for record in added if "login" in record}
        if any("login" not in record for record in added):
            logins |= {row.login for row in records.rows(select(self.table.c.login))}
        pinned = {record["id"]: record for record in added}
        self._insert(records, list(pinned), pinned, logins)

    def read(self, records: Records, keys: Sequence[RecordKey]) -> list[Record]:
        campus_by_user = _groups(records, campus_users.c.campus_id, keys)
        cursus_by_user = _groups(records, cursus_users.c.cursus_id, keys)
        return [
            {
                **record,
                "campus_ids": campus_by_user[record["id"]],
                "cursus_ids": cursus_by_user[record["id"]],
            }
            for record in super().read(records, keys)
        ]

    def as_pinned(self, row: Row) -> Record:
        profile: Record = json.loads(row.profile)
        del profile["url"]
        return profile

    def clear(self, records: Records, keys: Sequence[RecordKey]) -> None:
        super().clear(records, keys)
        records.delete(campus_users.c.user_id, keys)
        records.delete(cursus_users.c.user_id, keys)

    def release(self, records: Records, keys: Sequence[RecordKey]) -> None:
        super().release(records, keys)
        slots, works = RESOURCES["slots"].table.c, RESOURCES["projects_users"].table.c
        records.delete(slots.user_id, keys)
        records.delete(works.user_id, keys)
        records.unset(slots.corrected_id, keys, ("scale_team_id", "project_id", "corrected_id"))


resource = _Users()


def _person(row: Row) -> Person:
    return Person(row.login, json.loads(row.profile))


def _searched(profile: str) -> Values:
    """Return the columns that repeat attributes of a profile."""
    attributes = json.loads(profile)
    return {
        name.rstrip("?"): None if attributes[name] is None else read(attributes[name])
        for name, read in _SEARCHED.items()
    }


class Membership(NamedTuple):
    """A user in the user's first campus. `host` is the computer that the profile shows."""

    user_id: int
    campus_id: int
    host: str | None


def settled_members(tables: Tables) -> list[Membership]:
    """Return everybody who is in a campus and joined a month before the dataset's start.

    If nobody had joined by then, it returns everybody in a campus. The order is by the user's id.
    """
    people = resource.table.c
    rows = tables.rows(
        select(people.id, people.joined_at, people.profile, campus_users.c.campus_id)
        .join(campus_users, campus_users.c.user_id == people.id)
        .where(campus_users.c.position == 0)
        .order_by(people.id)
    )
    joined_by = milliseconds(tables.inputs.start) - 30 * DAY
    settled = [row for row in rows if row.joined_at <= joined_by] or rows
    return [
        Membership(row.id, row.campus_id, json.loads(row.profile)["location"]) for row in settled
    ]


def _memberships(
    seed: int,
    ids: Iterable[int],
    pinned: Mapping[int, PinnedRecord],
    campus: Sequence[int],
    cursus: Sequence[int],
) -> tuple[list[Values], list[Values]]:
    """Return the rows of the campus, and of the cursus, that users are in."""
    from fake_server.apis.intra42.invention.people import make_memberships

    in_campus: list[Values] = []
    in_cursus: list[Values] = []
    for user_id in ids:
        record = pinned.get(user_id, {})
        campus_ids, cursus_ids = make_memberships(seed, user_id, record, campus, cursus)
        in_campus += _groups_of("campus_id", user_id, campus_ids)
        in_cursus += _groups_of("cursus_id", user_id, cursus_ids)
    return in_campus, in_cursus


_MOST_CAMPUS = 1000
"""More than the campus of any user: the ids of a user's records at campus lie this far apart."""


def _at_campus(member: Values, created: Mapping[int, int]) -> Values:
    """Return the row of a user at a campus. The first campus is the primary one."""
    user_id, position = member["user_id"], member["position"]
    instants = dict.fromkeys(("created_at", "updated_at"), created[user_id])
    number = user_id * _MOST_CAMPUS + position
    return {**member, "id": number, "is_primary": position == 0, **instants}


def _groups_of(column: str, user_id: int, groups: Iterable[int]) -> Iterator[Values]:
    for position, group in enumerate(dict.fromkeys(groups)):
        yield {column: group, "user_id": user_id, "position": position}


def _groups(
    records: Records, column: Column[int], people: Collection[RecordKey]
) -> Mapping[RecordKey, list[int]]:
    groups: dict[RecordKey, list[int]] = defaultdict(list)
    rows: list[Any] = records.matching(column.table.c.user_id, people)
    for row in sorted(rows, key=lambda row: row.position):
        groups[row.user_id].append(getattr(row, column.name))
    return groups
