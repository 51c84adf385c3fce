"""Scale teams: evaluations. Booked slots bring them.

The earliest slot of an evaluation leads it: who evaluates, who is evaluated and when are that
slot's, and so is what came of it. Invented evaluations of the past are filled in.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy import tuple_ as sql_tuple

from fake_server.api.declare import Call, Json, Values
from fake_server.api.invent import milliseconds
from fake_server.api.records import RecordKey, Records, Row, Seeding
from fake_server.api.serve import now, store
from fake_server.apis.intra42.dialect.collection import answer_list
from fake_server.apis.intra42.dialect.derived import derived_table
from fake_server.apis.intra42.dialect.errors import NoSuchRecordError
from fake_server.apis.intra42.dialect.filter_options import future, presence
from fake_server.apis.intra42.dialect.timestamps import optional_timestamp, timestamp
from fake_server.apis.intra42.dialect.written import WritableResource, WritingUser
from fake_server.apis.intra42.invention.grading import FLAGS
from fake_server.apis.intra42.invention.project_work import PASSED
from fake_server.apis.intra42.invention.slot_activity import RESULTS
from fake_server.apis.intra42.login.auth import current_user_id, visible_users
from fake_server.apis.intra42.resources import RESOURCES, projects, teams, users
from fake_server.apis.intra42.resources.evaluation_bookings import (
    booking,
    check_cancelling,
    earn,
    filling,
    pay,
)
from fake_server.apis.intra42.resources.projects_users import works
from fake_server.apis.intra42.resources.scales import scale
from fake_server.apis.intra42.resources.slots import INVISIBLE, slots

_FLAGS = {flag["id"]: flag for flag in FLAGS}
_other = slots.alias("other_slot")
_leads = ~exists().where(
    _other.c.scale_team_id == slots.c.scale_team_id,
    sql_tuple(_other.c.begin_at, _other.c.id) < sql_tuple(slots.c.begin_at, slots.c.id),
)
_team = (
    select(works.c.current_team_id)
    .where(
        works.c.user_id == slots.c.corrected_id,
        works.c.project_id == slots.c.project_id,
        works.c.current_team_id.is_not(None),
        works.c.created_at <= slots.c.begin_at,
    )
    .order_by(works.c.created_at.desc(), works.c.id.desc())
    .limit(1)
)
_QUERY = select(
    slots.c.scale_team_id.label("id"),
    slots.c.user_id,
    slots.c.begin_at,
    slots.c.created_at,
    func.coalesce(slots.c.filled_at, slots.c.created_at).label("updated_at"),
    func.coalesce(slots.c.project_id, 1).label("scale_id"),
    _team.label("team_id"),
    slots.c.comment,
    slots.c.feedback,
    slots.c.final_mark,
    slots.c.truant_id,
    case(
        (slots.c.final_mark == 0, 3),
        (slots.c.final_mark < PASSED, 4),
        (slots.c.final_mark > 100, 2),
        else_=1,
    ).label("flag_id"),
    slots.c.filled_at,
    slots.c.project_id,
    slots.c.corrected_id,
).where(slots.c.scale_team_id.is_not(None), _leads)
_REQUIRED = ("id", "user_id", "begin_at", "created_at", "updated_at", "scale_id", "flag_id")


def list_side(resource: Any, call: Call) -> Response:
    """Answer a page of the evaluations that a user gives, or of those that a user gets.

    The user is that of the path or the person of the token. Raises `NoSuchRecordError` for a user
    who does not exist, and for a token of an application.
    """
    parent = call.operation.parent
    user_id = users.resource.id_of(call.parent) if parent else current_user_id()
    if user_id is None:
        raise NoSuchRecordError
    side = call.operation.path.rpartition("/")[2]
    return answer_list(resource, call, [resource.of_side(side, user_id)])


class _ScaleTeams(WritableResource):
    name = "scale_teams"
    has_records = False
    table = derived_table("scale_teams", _QUERY, _REQUIRED)
    conditions = {"future": future("begin_at"), "filled": presence("filled_at")}
    views = {"side": list_side}

    def of_side(self, side: str, user_id: int) -> ColumnElement[bool]:
        """Return the condition of evaluations that a user gives or gets."""
        own: Any = self.table.c
        gives: ColumnElement[bool] = own.user_id == user_id
        mates = select(works.c.current_team_id).where(works.c.user_id == user_id)
        gets = or_(own.corrected_id == user_id, own.team_id.in_(mates))
        return {"as_corrector": gives, "as_corrected": gets}[side]

    def of_parent(self, parent: str, parent_id: int) -> ColumnElement[bool]:
        if parent == "users":
            return or_(*(self.of_side(side, parent_id) for side in self.declaration.keys["sides"]))
        if parent == "projects":
            return super().of_parent(parent, parent_id)
        offered = projects.resource.table.c
        own: Any = self.table.c
        there: ColumnElement[bool] = own.project_id.in_(
            select(offered.id).where(offered.session_id == parent_id)
        )
        return there

    def seed(self, tables: Seeding) -> None:
        """Let invented bookings name a work that is there, and fill in those of the past."""
        from fake_server.apis.intra42.invention.evaluations import tell

        tell(tables)

    def new_rows(self, values: Values, writer: WritingUser) -> Sequence[Values]:
        return [booking(values, writer)]

    def put(self, records: Records, rows: Sequence[Values]) -> Sequence[Values]:
        number = records.largest(self.table.c.id) + 1
        for row in rows:
            booked = slots.update().where(slots.c.id.in_(row["slot_ids"]))
            records.connection.execute(booked.values(scale_team_id=number, **row["slot"]))
        return [{**row["slot"], "id": number} for row in rows]

    def changes(self, row: Row, values: Values, writer: WritingUser) -> Values:
        return filling(row, values, writer)

    def write_changes(self, records: Records, row: Row, changes: Values) -> None:
        change = slots.update().where(slots.c.scale_team_id == row.id).values(changes)
        records.connection.execute(change)

    def check_deletion(self, row: Row, writer: WritingUser) -> None:
        check_cancelling(row, writer)

    def clear(self, records: Records, keys: Sequence[RecordKey]) -> None:
        """Free the slots of evaluations."""
        booked = ("scale_team_id", "project_id", "corrected_id", *RESULTS)
        records.unset(slots.c.scale_team_id, keys, booked)

    def follow(self, records: Records, before: Values | None, after: Values | None) -> None:
        """Let who leads the team pay for the evaluation, or have the point back.

        Who evaluates earns a point where the evaluation is filled in.
        """
        if before is not None and after is not None:
            if before["filled_at"] is None and after["filled_at"] is not None:
                earn(records, after["user_id"], after["id"])
            return
        booked = after or before
        if booked is not None and booked["corrected_id"] is not None:
            pay(records, booked["corrected_id"], is_back=after is None)

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        bases = teams.resource.summaries({row.team_id for row in rows} - {None})
        said = RESOURCES["feedbacks"].of_evaluations([row.id for row in rows])
        return [
            {
                **item,
                "scale": scale(row.scale_id),
                "team": bases.get(row.team_id),
                "feedbacks": said[row.id],
            }
            for row, item in zip(rows, _nested(rows, bases), strict=True)
        ]

    def as_record(self, row: Row) -> Json:
        return self.as_items([row])[0]

    def of_teams(self, bases: Mapping[int, Json]) -> Mapping[int, list[Json]]:
        """Return the evaluations of teams, as these show them, by the team's id.

        `bases` has the teams by id, as other records show them.
        """
        own: Any = self.table.c
        members = {user["id"] for base in bases.values() for user in base["users"]}
        # The users alone are indexed: they narrow what the query has to find the team of.
        narrowed = own.corrected_id.in_(members), own.team_id.in_(bases)
        rows = store().rows(select(self.table).where(*narrowed).order_by(own.id))
        items = defaultdict(list)
        for row, item in zip(rows, _nested(rows, bases), strict=True):
            items[row.team_id].append(item)
        return items


resource = _ScaleTeams()


def _nested(rows: Sequence[Row], bases: Mapping[int, Json]) -> list[Json]:
    """Return evaluations as their teams show them, given the teams by id."""
    ids = {user_id for row in rows for user_id in (row.user_id, row.corrected_id, row.truant_id)}
    people = users.resource.summaries(ids - {None})
    return [
        _item(
            row,
            people[row.user_id],
            _evaluated(row, bases.get(row.team_id), people),
            people.get(row.truant_id),
        )
        for row in rows
    ]


def _item(row: Row, corrector: Json, correcteds: Sequence[Json], truant: Json | None) -> Json:
    return {
        "id": row.id,
        "scale_id": row.scale_id,
        "comment": row.comment,
        "created_at": timestamp(row.created_at),
        "updated_at": timestamp(row.updated_at),
        "feedback": row.feedback,
        "final_mark": row.final_mark,
        "flag": _FLAGS[row.flag_id],
        "begin_at": timestamp(row.begin_at),
        "correcteds": [*correcteds] if _may_see(row, correcteds) else INVISIBLE,
        "corrector": corrector if _may_see(row, [corrector]) else INVISIBLE,
        "truant": {} if truant is None else truant,
        "filled_at": optional_timestamp(row.filled_at),
        "questions_with_answers": [],
    }


def _evaluated(row: Row, team: Json | None, people: Mapping[int, Json]) -> list[Json]:
    """Return who is evaluated, in short: the team, or the user of the slot where there is none."""
    if team is not None:
        return [{key: user[key] for key in ("id", "login", "url")} for user in team["users"]]
    return [people[row.corrected_id]] if row.corrected_id is not None else []


def _may_see(row: Row, people: Sequence[Json]) -> bool:
    """Return whether the current request may see one side of an evaluation.

    Before it begins, only an application with a role sees both; a person sees their own side.
    """
    has_begun: bool = row.begin_at <= milliseconds(now())
    return has_begun or bool(visible_users(person["id"] for person in people))
