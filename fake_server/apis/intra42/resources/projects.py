"""Projects: the work of students."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, Table, Text, or_, select

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
from fake_server.apis.intra42.dialect.filter_options import integers
from fake_server.apis.intra42.dialect.record_cache import cached, rows_where
from fake_server.apis.intra42.dialect.resource import IntraResource, metadata
from fake_server.apis.intra42.dialect.sql_conditions import Condition, valued
from fake_server.apis.intra42.dialect.timestamps import as_instant, timestamp
from fake_server.apis.intra42.invention.curricula import PROJECTS, project_traits
from fake_server.apis.intra42.resources import RESOURCES

_PROJECTS_BY_ID = {number: (name, slug, cursus) for number, name, slug, cursus in PROJECTS}


class Project(NamedTuple):
    """A project as records of other resources show it."""

    session_id: int
    rendered: dict[str, Any]
    cursus_ids: list[int]


def _with_difficulty(resource: IntraResource, name: str, text: str) -> Condition:
    sessions = RESOURCES["project_sessions"].table.c
    difficulties = integers(name, text)
    offered = select(sessions.project_id).where(sessions.difficulty.in_(difficulties))
    return valued(resource.table.c.id, lambda number: number.in_(offered))


class _Projects(IntraResource):
    name = "projects"
    filters = ("name", "slug", "parent_id")
    conditions = {"difficulty": _with_difficulty}
    table = Table(
        "projects",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", Text, nullable=False),
        Column("slug", Text, nullable=False, unique=True),
        Column("parent_id", Integer),
        Column("session_id", Integer, nullable=False),
        Column("cursus_ids", JSON, nullable=False),
        *(Column(name, Integer, nullable=False) for name in ("position", "difficulty")),
        *(Column(name, Boolean, nullable=False) for name in ("visible", "exam")),
        Column("description", Text, nullable=False),
        Column("git_id", Integer),
        Column("repository", Text),
        *(Column(name, BigInteger, nullable=False) for name in ("created_at", "updated_at")),
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
        RESOURCES["project_sessions"].offer(tables, rows)

    def add(self, records: Records, added: Sequence[Record]) -> None:
        records.require_new(self.table.c.slug, added)
        cursus = records.ids(RESOURCES["cursus"].table)
        project_ids = {*records.ids(self.table), *(record["id"] for record in added)}
        _check(added, project_ids, cursus)
        rows = [_row(record["id"], record, (), cursus) for record in added]
        records.insert(self.table, rows)
        RESOURCES["project_sessions"].offer(records, rows)

    def clear(self, records: Records, keys: Sequence[RecordKey]) -> None:
        super().clear(records, keys)
        records.delete(RESOURCES["project_sessions"].table.c.project_id, keys)

    def release(self, records: Records, keys: Sequence[RecordKey]) -> None:
        works, slots = RESOURCES["projects_users"].table.c, RESOURCES["slots"].table.c
        records.delete(works.project_id, keys)
        records.unset(slots.project_id, keys, ("scale_team_id", "project_id", "corrected_id"))
        records.unset(self.table.c.parent_id, keys, ["parent_id"])

    def by_id(self, ids: Collection[int]) -> Mapping[int, Project]:
        """Return projects by id, at least those with the given ids."""
        return cached(self.table, ids, _project)

    def rows(self, ids: Collection[int]) -> Sequence[Row]:
        """Return the rows of projects with the given ids."""
        return rows_where(self.table.c.id, ids)

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return projects by id, as their sessions and exams show them."""
        columns = self.table.c
        related = or_(columns.id.in_(ids), columns.parent_id.in_(ids))
        rows = {row.id: row for row in store().rows(select(self.table).where(related))}
        parents = {row.parent_id for row in rows.values()} - rows.keys() - {None}
        above = rows_where(columns.id, parents) if parents else ()
        references = {row.id: _reference(row) for row in (*rows.values(), *above)}
        children = defaultdict(list)
        for row in sorted(rows.values(), key=lambda row: (row.position, -row.id)):
            children[row.parent_id].append(references[row.id])
        return {
            number: _nested(rows[number], references.get(rows[number].parent_id), children[number])
            for number in ids
            if number in rows
        }

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        projects = self.summaries([row.id for row in rows])
        sessions = RESOURCES["project_sessions"].nested(projects)
        cursus, campus = RESOURCES["cursus"], RESOURCES["campus"]
        curricula = cursus.summaries({number for row in rows for number in row.cursus_ids})
        sites = {key: _sites(sessions[key]) for key in projects}
        places = campus.summaries({number for numbers in sites.values() for number in numbers})
        return [
            {
                **projects[row.id],
                "cursus": [curricula[number] for number in row.cursus_ids if number in curricula],
                "campus": [places[number] for number in sites[row.id]],
                "videos": [],
                "project_sessions": sessions[row.id],
            }
            for row in rows
        ]

    def as_record(self, row: Row) -> Json:
        return self.as_items([row])[0]


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
    name = record.get("name", name)
    slug = record.get("slug", f"{slug}-{number}" if slug in slugs else slug)
    row = {
        "id": number,
        "name": name,
        "slug": slug,
        "parent_id": None,
        "session_id": 10_000 + number,
        "cursus_ids": [default_cursus] if default_cursus in cursus else [],
        **project_traits(number, name, slug),
    }
    pinned = {
        key: as_instant(value) if key.endswith("_at") else value for key, value in record.items()
    }
    return {**row, **pinned}


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


def _project(row: Row) -> Project:
    rendered = {"id": row.id, "name": row.name, "slug": row.slug, "parent_id": row.parent_id}
    return Project(row.session_id, rendered, row.cursus_ids)


def is_exam(row: Row) -> bool:
    """Return whether a project is an exam."""
    return bool(row.exam)


def _reference(row: Row) -> Json:
    url = f"https://projects.intra.42.fr/{row.slug}/mine"
    return {"name": row.name, "id": row.id, "slug": row.slug, "url": url}


def _nested(row: Row, parent: Json | None, children: Sequence[Json]) -> Json:
    return {
        "id": row.id,
        "name": row.name,
        "slug": row.slug,
        "difficulty": row.difficulty,
        "parent": parent,
        "children": [*children],
        "attachments": [],
        "created_at": timestamp(row.created_at),
        "updated_at": timestamp(row.updated_at),
        "exam": row.exam,
        "git_id": row.git_id,
        "repository": row.repository,
    }


def _sites(sessions: Iterable[Json]) -> list[int]:
    """Return the ids of the campus that have sessions of their own, in ascending order."""
    return sorted({session["campus_id"] for session in sessions} - {None})
