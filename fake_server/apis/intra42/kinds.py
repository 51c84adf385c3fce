"""The kinds of records of the API, as a dataset has them."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, select

from fake_server.apis.intra42.accounts import APPLICATIONS, TOKENS
from fake_server.apis.intra42.activity import Setting, count_tries
from fake_server.apis.intra42.people import make_users
from fake_server.apis.intra42.pinned import (
    campus_row,
    cursus_row,
    membership_rows,
    project_row,
    require_memberships,
    slot_rows,
    unsaid_tries,
    work_rows,
)
from fake_server.apis.intra42.places import LANGUAGES
from fake_server.apis.intra42.references import check_projects, check_time_zones
from fake_server.apis.intra42.tables import (
    campus,
    campus_users,
    cursus,
    cursus_users,
    projects,
    projects_users,
    slots,
    users,
)
from fake_server.world.errors import RecordError
from fake_server.world.instants import milliseconds, spelled
from fake_server.world.kinds import Kind, Tabled
from fake_server.world.records import Key, Record, Records
from fake_server.world.store import Row

_EVALUATION = ("scale_team_id", "project_id", "corrected_id")
_MADE = ("url", "image")


def kinds() -> Sequence[Kind]:
    """Return the kinds, those that others refer to first."""
    return _KINDS


class _Table(Tabled):
    """A kind whose records are rows of one table, one each."""

    def __init__(self, table: Table, *filters: str) -> None:
        self.table = table
        self.filters = filters
        super().__init__()

    def read(self, records: Records, keys: Sequence[Key]) -> list[Record]:
        rows = {row.id: row for row in records.matching(self.table.c.id, keys)}
        return [self.record(rows[key]) for key in keys if key in rows]

    def record(self, row: Row) -> Record:
        """Return the record that a row holds."""
        return {
            name: spelled(value) if name.endswith("_at") and value is not None else value
            for name, value in row._asdict().items()
        }

    def clear(self, records: Records, keys: Sequence[Key]) -> None:
        records.delete(self.table.c.id, keys)


class _Campus(_Table):
    def record(self, row: Row) -> Record:
        found = super().record(row)
        del found["updated_at"]
        return found | {"language": LANGUAGES[found.pop("language_id")].identifier}

    def add(self, records: Records, added: Sequence[Record]) -> None:
        places = [("campus", "records", index) for index in range(len(added))]
        check_time_zones({"campus": {"records": added}})
        rows = [campus_row(one["id"], one, at) for one, at in zip(added, places, strict=True)]
        records.insert(campus, rows)

    def release(self, records: Records, keys: Sequence[Key]) -> None:
        records.delete(campus_users.c.campus_id, keys)


class _Cursus(_Table):
    def record(self, row: Row) -> Record:
        found = super().record(row)
        del found["updated_at"]
        return found

    def add(self, records: Records, added: Sequence[Record]) -> None:
        records.insert(cursus, [cursus_row(one["id"], one) for one in added])

    def release(self, records: Records, keys: Sequence[Key]) -> None:
        records.delete(cursus_users.c.cursus_id, keys)
        for row in records.rows(select(projects.c.id, projects.c.cursus_ids)):
            before = json.loads(row.cursus_ids)
            after = [one for one in before if one not in keys]
            if after != before:
                records.connection.execute(
                    projects.update()
                    .where(projects.c.id == row.id)
                    .values(cursus_ids=json.dumps(after))
                )


class _Projects(_Table):
    def record(self, row: Row) -> Record:
        found = super().record(row)
        return found | {"cursus_ids": json.loads(found["cursus_ids"])}

    def add(self, records: Records, added: Sequence[Record]) -> None:
        _require_new_names(records, projects.c.slug, added)
        there = set(_ids(records, cursus))
        known = {*_ids(records, projects), *(one["id"] for one in added)}
        check_projects({"projects": {"records": added}}, known, there)
        records.insert(projects, [project_row(one["id"], one, (), there) for one in added])

    def release(self, records: Records, keys: Sequence[Key]) -> None:
        records.delete(projects_users.c.project_id, keys)
        records.unset(slots.c.project_id, keys, _EVALUATION)
        records.unset(projects.c.parent_id, keys, ["parent_id"])


class _Users(_Table):
    def read(self, records: Records, keys: Sequence[Key]) -> list[Record]:
        places = _groups(records, campus_users.c.campus_id, keys)
        courses = _groups(records, cursus_users.c.cursus_id, keys)
        return [
            {**found, "campus_ids": places[found["id"]], "cursus_ids": courses[found["id"]]}
            for found in super().read(records, keys)
        ]

    def record(self, row: Row) -> Record:
        profile = json.loads(row.profile)
        return {name: value for name, value in profile.items() if name not in _MADE}

    def add(self, records: Records, added: Sequence[Record]) -> None:
        _require_new_names(records, users.c.login, added)
        groups = [_ids(records, table) for table in (campus, cursus)]
        require_memberships(added, groups[0], groups[1])
        pinned = {one["id"]: one for one in added}
        logins = {one["login"] for one in added if "login" in one}
        if any("login" not in one for one in added):
            logins |= {row.login for row in records.rows(select(users.c.login))}
        records.insert(users, list(make_users(records.brief, list(pinned), pinned, logins)))
        members = membership_rows(records.brief.seed, pinned, pinned, groups[0], groups[1])
        records.insert(campus_users, members[0])
        records.insert(cursus_users, members[1])

    def clear(self, records: Records, keys: Sequence[Key]) -> None:
        super().clear(records, keys)
        records.delete(campus_users.c.user_id, keys)
        records.delete(cursus_users.c.user_id, keys)

    def release(self, records: Records, keys: Sequence[Key]) -> None:
        records.delete(slots.c.user_id, keys)
        records.delete(projects_users.c.user_id, keys)
        records.unset(slots.c.corrected_id, keys, _EVALUATION)


class _Slots(_Table):
    def add(self, records: Records, added: Sequence[Record]) -> None:
        people = _joined(records) if any("user_id" not in one for one in added) else []
        if not people:
            _require_given("slots", "user_id", added)
        known = records.there(users.c.id, _named(added, "user_id", "corrected_id"))
        known |= {user for _, user in people}
        works = records.there(projects.c.id, _named(added, "project_id"))
        rows = slot_rows(_setting(records, people), added, known, works)
        records.insert(slots, list(rows))


class _Work(_Table):
    def record(self, row: Row) -> Record:
        found = super().record(row)
        return found | {"validated?": found.pop("validated")}

    def add(self, records: Records, added: Sequence[Record]) -> None:
        known = records.there(users.c.id, _named(added, "user_id"))
        works = records.there(projects.c.id, _named(added, "project_id"))
        rows = list(work_rows(_setting(records, []), added, known, works))
        if unsaid := unsaid_tries(added):
            there = records.matching(projects_users.c.user_id, known)
            count_tries([*(row._asdict() for row in there), *rows], unsaid)
        records.insert(projects_users, rows)


_KINDS: tuple[Kind, ...] = (
    APPLICATIONS,
    TOKENS,
    _Campus(campus, "name", "slug", "country", "city", "time_zone"),
    _Cursus(cursus, "name", "slug", "kind"),
    _Projects(projects, "name", "slug", "parent_id"),
    _Users(users, "login"),
    _Slots(slots, "user_id", "project_id", "corrected_id", "scale_team_id"),
    _Work(projects_users, "user_id", "project_id", "status", "final_mark", "occurrence"),
)


def _ids(records: Records, table: Table) -> list[int]:
    return [row.id for row in records.rows(select(table.c.id).order_by(table.c.id))]


def _named(added: Sequence[Record], *names: str) -> set[int]:
    return {one[name] for one in added for name in names if one.get(name) is not None}


def _require_given(kind: str, name: str, added: Sequence[Record]) -> None:
    for index, one in enumerate(added):
        if name not in one:
            raise RecordError((kind, "records", index, name), "there is nobody: add users first")


def _joined(records: Records) -> list[tuple[int, int]]:
    when = users.c.joined_at
    rows = records.rows(select(when, users.c.id).order_by(when, users.c.id))
    return [(row.joined_at, row.id) for row in rows]


def _setting(records: Records, people: Sequence[tuple[int, int]]) -> Setting:
    ids, joined = [user for _, user in people], [at for at, _ in people]
    return Setting(records.brief.seed, milliseconds(records.brief.start), 0, ids, joined, ())


def _require_new_names(records: Records, column: Column[str], added: Sequence[Record]) -> None:
    field = column.name
    taken = records.there(column, [one[field] for one in added if field in one])
    for index, one in enumerate(added):
        if one.get(field) in taken:
            raise RecordError(
                (column.table.name, "records", index, field),
                f"another record has {one[field]!r} too",
            )
        taken |= {one[field]} if field in one else set()


def _groups(
    records: Records, column: Column[int], people: Collection[Key]
) -> Mapping[Key, list[int]]:
    found: dict[Key, list[int]] = defaultdict(list)
    rows: list[Any] = records.matching(column.table.c.user_id, people)
    for row in sorted(rows, key=lambda one: one.place):
        found[row.user_id].append(getattr(row, column.name))
    return found
