"""Projects: the work of students."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, Integer, Table, Text, or_, select

from fake_server.api.declare import Json, Values
from fake_server.api.records import (
    PinnedRecord,
    Record,
    RecordError,
    RecordKey,
    Records,
    Row,
    Seeding,
    ids_with,
    insert,
    part,
    pinned_by_id,
    pinned_values,
    with_paths,
)
from fake_server.api.serve import store
from fake_server.apis.intra42.dialect.record_cache import cached
from fake_server.apis.intra42.dialect.resource import IntraResource, metadata
from fake_server.apis.intra42.dialect.timestamps import timestamp
from fake_server.apis.intra42.invention.cities import dated_row
from fake_server.apis.intra42.invention.curricula import PROJECTS
from fake_server.apis.intra42.resources import RESOURCES

_PROJECTS_BY_ID = {number: (name, slug, cursus) for number, name, slug, cursus in PROJECTS}


class Project(NamedTuple):
    """A project as records of other resources show it."""

    session_id: int
    rendered: dict[str, Any]
    cursus_ids: list[int]


class _Projects(IntraResource):
    name = "projects"
    filters = ("name", "slug", "parent_id")
    table = Table(
        "projects",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", Text, nullable=False),
        Column("slug", Text, nullable=False, unique=True),
        Column("parent_id", Integer),
        Column("session_id", Integer, nullable=False),
        Column("cursus_ids", Text, nullable=False, comment="a JSON array"),
    )

    def seed(self, tables: Seeding) -> None:
        pinned = pinned_by_id(tables.section, self.name)
        slugs = pinned_values(tables.section, self.name, "slug")
        count = part(tables.section, self.name).get("count", 0)
        numbers = ids_with(pinned, count, [number for number, *_ in PROJECTS])
        cursus = tables.ids(RESOURCES["cursus"].table)
        rows = [_row(number, pinned.get(number, {}), slugs, cursus) for number in numbers]
        insert(tables.connection, self.table, rows)
        _check(pinned.values(), numbers, cursus)

    def add(self, records: Records, added: Sequence[Record]) -> None:
        records.require_new(self.table.c.slug, added)
        cursus = records.ids(RESOURCES["cursus"].table)
        project_ids = {*records.ids(self.table), *(record["id"] for record in added)}
        _check(added, project_ids, cursus)
        records.insert(self.table, [_row(record["id"], record, (), cursus) for record in added])

    def release(self, records: Records, keys: Sequence[RecordKey]) -> None:
        super().release(records, keys)
        works, slots = RESOURCES["projects_users"].table.c, RESOURCES["slots"].table.c
        records.delete(works.project_id, keys)
        records.unset(slots.project_id, keys, ("scale_team_id", "project_id", "corrected_id"))
        records.unset(self.table.c.parent_id, keys, ["parent_id"])

    def as_pinned(self, row: Row) -> Record:
        record = super().as_pinned(row)
        return record | {"cursus_ids": json.loads(record["cursus_ids"])}

    def by_id(self, ids: Collection[int]) -> Mapping[int, Project]:
        """Return projects by id, at least those with the given ids."""
        return cached(self.table, ids, _project)

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return projects by id, as exams show them."""
        own = self.table.c
        family = store().rows(
            select(self.table).where(or_(own.id.in_(ids), own.parent_id.in_(ids)))
        )
        parents = {row.parent_id for row in family} - {row.id for row in family}
        by_id = {row.id: row for row in family}
        by_id |= {
            row.id: row for row in store().rows(select(self.table).where(own.id.in_(parents)))
        }
        return {number: _summary(by_id[number], by_id) for number in ids if number in by_id}


resource = _Projects()


def _row(
    number: int, record: PinnedRecord, slugs: Collection[str], cursus: Collection[int]
) -> Values:
    """Return the row of a project.

    A project without a pinned slug gets one that is not in `slugs`. A project without pinned cursus
    is in its default cursus, if that exists.
    """
    name, slug, default_cursus = _PROJECTS_BY_ID.get(
        number, (f"Project {number}", f"project-{number}", 21)
    )
    return {
        "id": number,
        "name": record.get("name", name),
        "slug": record.get("slug", f"{slug}-{number}" if slug in slugs else slug),
        "parent_id": record.get("parent_id"),
        "session_id": record.get("session_id", 10_000 + number),
        "cursus_ids": json.dumps(
            record.get("cursus_ids", [default_cursus] if default_cursus in cursus else [])
        ),
    }


def _check(
    records: Iterable[PinnedRecord], projects: Collection[int], cursus: Collection[int]
) -> None:
    """Raise `RecordError` for a project of a parent or cursus that does not exist."""
    for path, record in with_paths("projects", records):
        parent = record.get("parent_id")
        if parent is not None and (parent not in projects or parent == record["id"]):
            raise RecordError((*path, "parent_id"), f"there is no other project {parent}")
        for number in record.get("cursus_ids", ()):
            if number not in cursus:
                raise RecordError((*path, "cursus_ids"), f"there is no cursus {number}")


def is_exam(row: Row) -> bool:
    """Return whether a project is an exam."""
    return str(row.name).startswith("Exam")


def _summary(row: Row, by_id: Mapping[int, Row]) -> Json:
    created = timestamp(dated_row({"id": row.id}, {})["created_at"])
    children = [_reference(other) for other in by_id.values() if other.parent_id == row.id]
    return {
        "id": row.id,
        "name": row.name,
        "slug": row.slug,
        "difficulty": None,
        "parent": None if row.parent_id is None else _reference(by_id[row.parent_id]),
        "children": children,
        "attachments": [],
        "created_at": created,
        "updated_at": created,
        "exam": is_exam(row),
        "git_id": None,
        "repository": None,
    }


def _reference(row: Row) -> Json:
    url = f"https://projects.intra.42.fr/{row.slug}/mine"
    return {"name": row.name, "id": row.id, "slug": row.slug, "url": url}


def _project(row: Row) -> Project:
    rendered = {"id": row.id, "name": row.name, "slug": row.slug, "parent_id": row.parent_id}
    return Project(row.session_id, rendered, json.loads(row.cursus_ids))
