"""Slots: quarters of an hour in which users offer to evaluate others."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Integer, Table, Text, select, union

from fake_server.api.declare import Json, LearnedRecords, ListMembership, Sighting, Values
from fake_server.api.invent import milliseconds
from fake_server.api.records import (
    PinnedRecord,
    Record,
    RecordError,
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
from fake_server.api.serve import now, store
from fake_server.apis.intra42.dialect.declared_tallies import tally
from fake_server.apis.intra42.dialect.errors import AccessDeniedError
from fake_server.apis.intra42.dialect.filter_options import chosen_options, future, presence
from fake_server.apis.intra42.dialect.resource import metadata
from fake_server.apis.intra42.dialect.sql_conditions import Condition, valued
from fake_server.apis.intra42.dialect.timestamps import optional_timestamp, timestamp
from fake_server.apis.intra42.dialect.written import WritableResource, WritingUser
from fake_server.apis.intra42.invention.agenda import QUARTER
from fake_server.apis.intra42.login.auth import visible_users
from fake_server.apis.intra42.resources import API, RESOURCES, campus, users
from fake_server.apis.intra42.resources.slot_rules import check_times, on_quarters, quarters
from fake_server.apis.intra42.resources.users.memberships import campus_users

_FILLED = ("final_mark", "comment", "feedback", "filled_at")
INVISIBLE = "invisible"
"""The text in place of people whom a request may not see."""

slots = Table(
    "slots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("begin_at", BigInteger, nullable=False, index=True),
    Column("end_at", BigInteger, index=True),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("user_id", Integer, nullable=False, index=True),
    Column("scale_team_id", Integer, index=True),
    Column("project_id", Integer, index=True),
    Column("corrected_id", Integer, index=True),
    Column("final_mark", Integer),
    Column("comment", Text),
    Column("feedback", Text),
    Column("filled_at", BigInteger),
    Column("truant_id", Integer),
)
_INSTANTS = (slots.c.begin_at, slots.c.end_at, slots.c.created_at)
tally(values=[slots.c.user_id], days=_INSTANTS, hours=_INSTANTS)


def _of_campus(resource: Any, name: str, text: str) -> Condition:
    table = campus.resource.table
    existing = [str(row.id) for row in store().rows(select(table.c.id).order_by(table.c.id))]
    values = [int(value) for value in chosen_options(name, text, existing)]
    members = select(campus_users.c.user_id).where(campus_users.c.campus_id.in_(values))
    return valued(slots.c.user_id, lambda user_id: user_id.in_(members))


class _Slots(WritableResource):
    name = "slots"
    filters = ("user_id", "project_id", "corrected_id", "scale_team_id")
    table = slots
    conditions = {
        "future": future("begin_at"),
        "end": presence("end_at"),
        "campus_id": _of_campus,
    }

    def of_parent(self, parent: str, parent_id: int) -> ColumnElement[bool]:
        if parent != "users":
            return super().of_parent(parent, parent_id)
        offered = select(slots.c.id).where(slots.c.user_id == parent_id)
        evaluated = select(slots.c.id).where(slots.c.corrected_id == parent_id)
        return slots.c.id.in_(union(offered, evaluated))

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        visible = visible_users(row.user_id for row in rows)
        people = users.resource.summaries(visible) if visible else {}
        return [_item(row, people.get(row.user_id, INVISIBLE)) for row in rows]

    def as_record(self, row: Row) -> Json:
        return self.as_items([row])[0]

    def new_rows(self, values: Values, writer: WritingUser) -> Sequence[Values]:
        timed, user_id = on_quarters(values), values["user_id"]
        check_times(slots, user_id, timed["begin_at"], timed["end_at"])
        booking = {"scale_team_id": values.get("scale_team_id")}
        rest = {"created_at": milliseconds(now()), "user_id": user_id, **booking}
        return [
            {"begin_at": begin, "end_at": end, "project_id": None, "corrected_id": None, **rest}
            for begin, end in quarters(timed["begin_at"], timed["end_at"])
        ]

    def creation(self, rows: Sequence[Row]) -> tuple[Any, int]:
        return self.as_items(rows), 201

    def changes(self, row: Row, values: Values, writer: WritingUser) -> Values:
        self.check_deletion(row, writer)
        changed = on_quarters({"begin_at": row.begin_at, "end_at": row.end_at, **values})
        begin, end = changed["begin_at"], changed["end_at"]
        check_times(slots, changed["user_id"], begin, end, shortest=QUARTER, itself=row.id)
        return changed

    def check_deletion(self, row: Row, writer: WritingUser) -> None:
        if not writer.has_role and row.scale_team_id is not None:
            raise AccessDeniedError

    def sightings(self, item: Json) -> Iterator[Sighting]:
        for sighting in super().sightings(item):
            if sighting.kind == self.name:
                sighting.guesses["user_id"] = "users"
                evaluation = item.get("scale_team")
                if isinstance(evaluation, dict):
                    sighting.attributes.update(
                        scale_team_id=evaluation.get("id"),
                        project_id=evaluation.get("scale_id"),
                        created_at=evaluation.get("created_at"),
                        **{name: evaluation[name] for name in _FILLED if name in evaluation},
                    )
            yield sighting

    def satisfy(self, records: LearnedRecords, membership: ListMembership) -> None:
        slot = records[self.name][membership.key]
        # A user's slots are those that the user offers, and those in which the user is evaluated.
        kind, user_id = membership.parent or ("", 0)
        if kind == "users" and slot.get("user_id", user_id) != user_id:
            slot.setdefault("corrected_id", user_id)

    def seed(self, tables: Seeding) -> None:
        from fake_server.apis.intra42.invention.agenda import Agenda
        from fake_server.apis.intra42.invention.school import school_of
        from fake_server.apis.intra42.invention.slot_activity import slots_on_days, slots_over_time

        section = part(tables.section, self.name)
        pinned = pinned_by_id(tables.section, self.name)
        days = section.get("begin_on", {})
        over_time = section.get("count", 0)
        total = over_time + sum(days.values())
        school = school_of(tables)
        if total or pinned:
            require_source(API, self.name, "users", school.users)
        ids = list(islice(free_ids(pinned), total))

        def rows() -> Iterator[Values]:
            agenda = Agenda()
            yield from _pinned_rows(school, pinned.values(), {*school.users}, {*school.projects})
            yield from slots_over_time(school, agenda, ids[:over_time])
            yield from slots_on_days(school, agenda, ids[over_time:], days)

        progress = tables.inputs.progress
        fill(tables.connection, self.table, rows(), total + len(pinned), progress)

    def add(self, records: Records, added: Sequence[Record]) -> None:
        from fake_server.apis.intra42.invention.school import school_of

        school = school_of(records)
        if not school.users:
            _require_users(added)
        existing = RESOURCES["projects"].table.c.id
        numbers = {record["project_id"] for record in added if record.get("project_id") is not None}
        projects = records.existing_values(existing, numbers)
        records.insert(self.table, list(_pinned_rows(school, added, {*school.users}, projects)))


resource = _Slots()


def _require_users(added: Sequence[Record]) -> None:
    for path, record in with_paths("slots", added):
        if "user_id" not in record:
            raise RecordError((*path, "user_id"), "there is nobody: add users first")


def _pinned_rows(
    school: Any,
    records: Iterable[PinnedRecord],
    people: Collection[int],
    projects: Collection[int],
) -> Iterator[Values]:
    """Yield the rows of slots.

    Raises `RecordError` for a user or project that does not exist.
    """
    from fake_server.apis.intra42.invention.slot_activity import pinned_slot

    for path, record in with_paths("slots", records):
        row = pinned_slot(school, record)
        require_existing((*path, "user_id"), [row["user_id"]], people)
        require_existing((*path, "corrected_id"), [row["corrected_id"]], people)
        require_existing((*path, "truant_id"), [row["truant_id"]], people)
        require_existing((*path, "project_id"), [row["project_id"]], projects)
        yield row


def _item(row: Row, user: Any) -> Json:
    return {
        "id": row.id,
        "begin_at": timestamp(row.begin_at),
        "end_at": optional_timestamp(row.end_at),
        "scale_team": None if row.scale_team_id is None else _scale_team(row),
        "user": user,
    }


def _scale_team(row: Row) -> Json:
    return {
        "id": row.scale_team_id,
        "scale_id": row.project_id or 1,
        "comment": row.comment,
        "created_at": timestamp(row.created_at),
        "updated_at": timestamp(row.filled_at or row.created_at),
        "feedback": row.feedback,
        "final_mark": row.final_mark,
        "begin_at": timestamp(row.begin_at),
        "correcteds": INVISIBLE,
        "corrector": INVISIBLE,
        "filled_at": optional_timestamp(row.filled_at),
    }
