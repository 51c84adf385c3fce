"""Users: the people of the school, with their campus and cursus."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Integer,
    Table,
    Text,
    select,
)

from fake_server.api.declare import Json, Sighting
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
    pinned_by_id,
    pinned_values,
    require_existing,
    with_paths,
)
from fake_server.api.serve import base_url, cached_records
from fake_server.apis.intra42.dialect.filter_options import flag
from fake_server.apis.intra42.dialect.record_cache import cached
from fake_server.apis.intra42.dialect.resource import metadata
from fake_server.apis.intra42.invention.slot_activity import RESULTS
from fake_server.apis.intra42.resources import RESOURCES
from fake_server.apis.intra42.resources.users.memberships import (
    UserGroups,
    campus_rows,
    campus_users,
    group_ids,
    groups_of,
    in_primary_campus,
    memberships,
)
from fake_server.apis.intra42.resources.users.written_users import WritableUsers, searched


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


class _Users(WritableUsers):
    name = "users"
    filters = ("login",)
    conditions = {
        "primary_campus_id": in_primary_campus("id"),
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
        cursus_users = RESOURCES["cursus_users"].table
        columns = {
            "campus": (campus_users.c.user_id, campus_users.c.campus_id),
            "cursus": (cursus_users.c.user_id, cursus_users.c.cursus_id),
            "projects": (works.user_id, works.project_id),
        }
        if parent not in columns:
            return super().of_parent(parent, parent_id)
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
        base = base_url()

        def rendered(missing: Collection[int]) -> Mapping[int, Json]:
            people = self.people(missing)
            return {number: people[number].full(base) for number in missing}

        return cached_records((self.table, base), ids, rendered)

    def as_record(self, row: Row) -> Json:
        from fake_server.apis.intra42.resources.users.user_record import belongings

        return self.full([row.id])[row.id] | belongings(row.id)

    def sightings(self, item: Json) -> Iterator[Sighting]:
        from fake_server.apis.intra42.resources.users.user_record import sightings_of_belongings

        yield from sightings_of_belongings(item)
        for sighting in super().sightings(item):
            for name in ("campus", "cursus"):
                key, members = f"{name}_ids", item.get(f"{name}_users")
                if members is None:
                    sighting.guesses[key] = []
                else:
                    sighting.attributes[key] = [member[f"{name}_id"] for member in members]
            yield sighting

    def seed(self, tables: Seeding) -> None:
        pinned = pinned_by_id(tables.section, self.name)
        logins = pinned_values(tables.section, self.name, "login")
        self._insert(tables, pinned, logins, tables.story(memberships))
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
        pinned: Mapping[int, PinnedRecord],
        logins: set[str],
        groups: Mapping[int, UserGroups],
    ) -> None:
        from fake_server.apis.intra42.invention.people import make_users

        campus, cursus = (tables.ids(RESOURCES[name].table) for name in ("campus", "cursus"))
        for path, record in with_paths(self.name, pinned.values()):
            require_existing((*path, "campus_ids"), record.get("campus_ids", ()), campus)
            require_existing((*path, "cursus_ids"), record.get("cursus_ids", ()), cursus)
        invented = make_users(tables.inputs, list(groups), pinned, logins) if groups else ()
        rows = [row | searched(row["profile"]) for row in invented]
        if rows:
            tables.insert(self.table, rows)
        tables.insert(
            campus_users,
            [member for row in rows for member in campus_rows(row, groups[row["id"]].campus_ids)],
        )

    def add(self, records: Records, added: Sequence[Record]) -> None:
        records.require_new(self.table.c.login, added)
        logins = {record["login"] for record in added if "login" in record}
        if any("login" not in record for record in added):
            logins |= {row.login for row in records.rows(select(self.table.c.login))}
        pinned = {record["id"]: record for record in added}
        groups = groups_of(records, list(pinned), pinned)
        self._insert(records, pinned, logins, groups)
        enrolled = {user_id: group.cursus_ids for user_id, group in groups.items()}
        RESOURCES["cursus_users"].enrol(records, enrolled)

    def read(self, records: Records, keys: Sequence[RecordKey]) -> list[Record]:
        cursus_users = RESOURCES["cursus_users"].table
        campus_by_user = group_ids(records, campus_users.c.campus_id, keys)
        cursus_by_user = group_ids(records, cursus_users.c.cursus_id, keys)
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

    def release(self, records: Records, keys: Sequence[RecordKey]) -> None:
        super().release(records, keys)
        slots, works = RESOURCES["slots"].table.c, RESOURCES["projects_users"].table.c
        records.delete(slots.user_id, keys)
        records.delete(works.user_id, keys)
        booking = ("scale_team_id", "project_id", "corrected_id", *RESULTS)
        records.unset(slots.corrected_id, keys, booking)
        records.unset(slots.truant_id, keys, ["truant_id"])


resource = _Users()


def _person(row: Row) -> Person:
    return Person(row.login, json.loads(row.profile))
