"""Projects users: a user's work on a project, one record for each attempt."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, Select, Table, Text, select

from fake_server.api.declare import Json, LearnedRecords, ListMembership, Sighting, Values
from fake_server.api.records import (
    PinnedRecord,
    Record,
    Records,
    Row,
    Seeding,
    fill,
    free_ids,
    part,
    pinned_by_id,
    require_existing,
    require_source,
    with_paths,
)
from fake_server.api.serve import store
from fake_server.apis.intra42.dialect.declared_tallies import tally
from fake_server.apis.intra42.dialect.filter_options import chosen_options, presence
from fake_server.apis.intra42.dialect.resource import IntraResource, metadata
from fake_server.apis.intra42.dialect.sql_conditions import Condition, valued
from fake_server.apis.intra42.dialect.timestamps import optional_timestamp, timestamp
from fake_server.apis.intra42.dialect.written import WritableResource, WritingUser
from fake_server.apis.intra42.resources import API, RESOURCES, cursus, cursus_users, projects, users
from fake_server.apis.intra42.resources.projects import Project
from fake_server.apis.intra42.resources.users.memberships import campus_users

works = Table(
    "projects_users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("project_id", Integer, nullable=False, index=True),
    Column("user_id", Integer, nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("updated_at", BigInteger, nullable=False, index=True),
    Column("marked_at", BigInteger, index=True),
    Column("retriable_at", BigInteger, index=True),
    Column("occurrence", Integer, nullable=False, index=True),
    Column("final_mark", Integer, index=True),
    Column("status", Text, nullable=False, index=True),
    Column("validated", Boolean),
    Column("current_team_id", Integer, index=True),
)
_GRAPHED = (works.c.created_at, works.c.updated_at, works.c.retriable_at)
tally(
    values=[
        *(works.c.project_id, works.c.user_id, works.c.occurrence),
        *(works.c.final_mark, works.c.status),
    ],
    days=[*_GRAPHED, works.c.marked_at],
    hours=_GRAPHED,
)

_GROUPS = {
    "cursus": (cursus_users.resource.table, cursus_users.resource.table.c.cursus_id),
    "campus": (campus_users, campus_users.c.campus_id),
}


def in_groups(resource: IntraResource, name: str, text: str, group: str) -> Select[Any]:
    """Return the query of the ids of users who are in the cursus or campus that a filter names.

    - `name`, `text`: the filter and its value; its options are those that are declared, and the
      groups of the world.
    - `group`: cursus or campus; active_cursus or primary_campus are those alone.
    """
    kind = group.rpartition("_")[2]
    members, group_id = _GROUPS[kind]
    table = RESOURCES[kind].table
    existing = [row.id for row in store().rows(select(table.c.id).order_by(table.c.id))]
    documented = {int(option) for option in resource.declared().filter[name].options}
    ids = {*documented, *existing}
    if kind == "cursus" and cursus.lacks_newest():
        ids -= {cursus.NEWEST}
    values = chosen_options(name, text, [str(number) for number in sorted(ids)])
    query = select(members.c.user_id).where(group_id.in_([int(value) for value in values]))
    return query.where(members.c.position == 0) if group == "primary_campus" else query


def _of_members(resource: IntraResource, name: str, text: str) -> Condition:
    """Return the condition that a record's user is in a cursus or campus."""
    user_ids = in_groups(resource, name, text, name)
    return valued(works.c.user_id, lambda user_id: user_id.in_(user_ids))


class _ProjectsUsers(WritableResource):
    name = "projects_users"
    filters = ("user_id", "project_id", "status", "final_mark", "occurrence")
    table = works
    conditions = {
        "cursus": _of_members,
        "campus": _of_members,
        "retriable": presence("retriable_at"),
        "marked": presence("marked_at"),
    }

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        people = users.resource.full({row.user_id for row in rows})
        projects_by_id = projects.resource.by_id({row.project_id for row in rows})
        teams = RESOURCES["teams"].summaries({row.current_team_id for row in rows} - {None})
        return [
            {
                **_item(row, projects_by_id[row.project_id]),
                "user": people[row.user_id],
                "teams": [teams[row.current_team_id]] if row.current_team_id in teams else [],
            }
            for row in rows
        ]

    def as_record(self, row: Row) -> Json:
        return self.as_items([row])[0]

    def as_belongings(self, rows: Sequence[Row], keys: Sequence[str]) -> list[Json]:
        projects_by_id = projects.resource.by_id({row.project_id for row in rows})
        return [_item(row, projects_by_id[row.project_id]) for row in rows]

    def new_rows(self, values: Values, writer: WritingUser) -> Sequence[Values]:
        from fake_server.apis.intra42.resources.registration import check_permission, first_attempt

        rows = super().new_rows(check_permission(values), writer)
        return [first_attempt(row) for row in rows]

    def changes(self, row: Row, values: Values, writer: WritingUser) -> Values:
        from fake_server.apis.intra42.resources.registration import with_verdict

        return with_verdict(super().changes(row, values, writer))

    def follow(self, records: Records, before: Values | None, after: Values | None) -> None:
        """Let the levels of the user follow from the mark."""
        from fake_server.apis.intra42.resources.registration import follow_marks

        follow_marks(records, before, after)

    def sightings(self, item: Json) -> Iterator[Sighting]:
        for sighting in super().sightings(item):
            if sighting.kind == "projects":
                if isinstance(item.get("cursus_ids"), list):
                    sighting.attributes["cursus_ids"] = item["cursus_ids"]
                for team in item.get("teams") or ():
                    if isinstance(team, dict) and "project_session_id" in team:
                        sighting.attributes["session_id"] = team["project_session_id"]
            yield sighting

    def satisfy(self, records: LearnedRecords, membership: ListMembership) -> None:
        user = records["users"].get(records[self.name][membership.key].get("user_id", 0))
        for name in _GROUPS:
            text = membership.query.get(f"filter[{name}]", "")
            # Of several groups, the answer does not say which one the user is in.
            if user is not None and text.isascii() and text.isdecimal():
                ids = user.setdefault(f"{name}_ids", [])
                ids += [number for number in [int(text[:18])] if number not in ids]

    def as_pinned(self, row: Row) -> Record:
        record = super().as_pinned(row)
        return record | {"validated?": record.pop("validated")}

    def seed(self, tables: Seeding) -> None:
        from fake_server.apis.intra42.invention import project_work
        from fake_server.apis.intra42.invention.school import school_of

        section = part(tables.section, self.name)
        pinned = pinned_by_id(tables.section, self.name)
        days = section.get("created_on", {})
        over_time = section.get("count", 0)
        total = over_time + sum(days.values())
        school = school_of(tables)
        if total:
            require_source(API, self.name, "users", school.users)
            require_source(API, self.name, "projects", school.projects)
        ids = list(islice(free_ids(pinned), total))

        def rows() -> Iterator[Values]:
            existing = {*school.users}, {*school.projects}
            first = list(_pinned_rows(school, pinned.values(), *existing))
            attempts = project_work.count_attempts(first, _without_occurrence(pinned.values()))
            yield from first
            parts = [
                project_work.work_over_time(school, ids[:over_time]),
                project_work.work_on_days(school, ids[over_time:], days),
            ]
            yield from project_work.with_occurrences(school, attempts, parts)

        progress = tables.inputs.progress
        fill(tables.connection, self.table, rows(), total + len(pinned), progress)

    def add(self, records: Records, added: Sequence[Record]) -> None:
        from fake_server.apis.intra42.invention import project_work
        from fake_server.apis.intra42.invention.school import school_of

        user_ids = records.existing_values(
            RESOURCES["users"].table.c.id, [record["user_id"] for record in added]
        )
        project_ids = records.existing_values(
            RESOURCES["projects"].table.c.id, [record["project_id"] for record in added]
        )
        rows = list(_pinned_rows(school_of(records), added, user_ids, project_ids))
        if uncounted := _without_occurrence(added):
            earlier = records.matching(self.table.c.user_id, user_ids)
            project_work.count_attempts([*(row._asdict() for row in earlier), *rows], uncounted)
        records.insert(self.table, rows)


resource = _ProjectsUsers()


def _without_occurrence(records: Iterable[PinnedRecord]) -> set[int]:
    """Return the ids of the records that leave out the user's number of earlier attempts."""
    return {record["id"] for record in records if "occurrence" not in record}


def _pinned_rows(
    school: Any,
    records: Iterable[PinnedRecord],
    user_ids: Collection[int],
    project_ids: Collection[int],
) -> Iterator[Values]:
    """Yield the rows of pinned records.

    Raises `RecordError` for a user or project that does not exist.
    """
    from fake_server.apis.intra42.invention.project_work import pinned_work

    for path, record in with_paths("projects_users", records):
        row = pinned_work(school, record)
        require_existing((*path, "user_id"), [row["user_id"]], user_ids)
        require_existing((*path, "project_id"), [row["project_id"]], project_ids)
        yield row


def _item(row: Row, project: Project) -> Json:
    return {
        "id": row.id,
        "occurrence": row.occurrence,
        "final_mark": row.final_mark,
        "status": row.status,
        "validated?": row.validated,
        "current_team_id": row.current_team_id,
        "project": project.rendered,
        "cursus_ids": project.cursus_ids,
        "marked_at": optional_timestamp(row.marked_at),
        "marked": row.marked_at is not None,
        "retriable_at": optional_timestamp(row.retriable_at),
        "created_at": timestamp(row.created_at),
        "updated_at": timestamp(row.updated_at),
    }
