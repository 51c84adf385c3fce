"""Feedbacks: what people say of evaluations that they got, and of events that they went to."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from flask import Response
from sqlalchemy import ColumnElement, and_, select

from fake_server.api.declare import Call, Json, Renderer, Values
from fake_server.api.invent import HOUR, SeededRandom, milliseconds
from fake_server.api.records import Records, Row, Tables, require_source
from fake_server.api.serve import has_quirk, store
from fake_server.apis.intra42.dialect.collection import answer_list
from fake_server.apis.intra42.dialect.errors import AccessDeniedError, InvalidRecordError
from fake_server.apis.intra42.dialect.resource import referred_by
from fake_server.apis.intra42.dialect.written import WritableResource, WritingUser
from fake_server.apis.intra42.resources import RESOURCES, users
from fake_server.apis.intra42.resources.slots import slots

_TYPES = {"scale_teams": "ScaleTeam", "events": "Event"}
_DETAILS = "feedback_details"
_RESPECTS = ("punctuality", "interested", "rigorous", "nice")
_MOST_DETAILS = 100
_PRAISE = ("A good evening.", "Too short.", "I learned a lot.")


def list_feedbacks(resource: Any, call: Call) -> Response:
    """Answer a page of feedbacks; those of an evaluation have their details."""
    is_detailed = call.operation.parent == "scale_teams"
    return answer_list(resource, call, render=resource.detailed if is_detailed else None)


class _Feedbacks(WritableResource):
    name = "feedbacks"
    views = {"list": list_feedbacks}

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        return self._render_plain(rows)

    def as_record(self, row: Row) -> Json:
        return self._render_plain([row])[0]

    def detailed(self, rows: Sequence[Row]) -> list[Json]:
        """Return rows as items of the list under an evaluation."""
        items = super().as_items(rows)
        return [{**item, _DETAILS: _details(row)} for row, item in zip(rows, items, strict=True)]

    @cached_property
    def _render_plain(self) -> Renderer:
        names = self.shape(self.declaration.item)["properties"]
        return self.renderer(name for name in names if name != _DETAILS)

    def new_rows(self, values: Values, writer: WritingUser) -> Sequence[Values]:
        parent, number = _subject(values)
        if not writer.has_role and not has_quirk("feedbacks-by-anybody"):
            _require_part(parent, number, writer.user_id)
        said: Values = {
            "feedbackable_type": _TYPES[parent],
            "feedbackable_id": number,
            "user_id": writer.user_id,
            "comment": values["comment"],
            "rating": values.get("rating"),
            _DETAILS: values.get(f"{_DETAILS}_attributes", []),
        }
        return super().new_rows(said, writer)

    def changes(self, row: Row, values: Values, writer: WritingUser) -> Values:
        writer.require_own(row.user_id)
        names = {f"{_DETAILS}_attributes": _DETAILS}
        said = {names.get(name, name): value for name, value in values.items()}
        return super().changes(row, said, writer)

    def check_deletion(self, row: Row, writer: WritingUser) -> None:
        writer.require_own(row.user_id)

    def follow(self, records: Records, before: Values | None, after: Values | None) -> None:
        """Let an evaluation show the comment that is the latest."""
        said = after or before
        if said is not None and said["feedbackable_type"] == _TYPES["scale_teams"]:
            number, own = said["feedbackable_id"], self.table.c
            of_evaluation = self.of_parent("scale_teams", number)
            latest = select(own.comment).where(of_evaluation).order_by(own.created_at, own.id)
            comments = [row.comment for row in records.rows(latest)]
            change = slots.update().where(slots.c.scale_team_id == number)
            records.connection.execute(change.values(feedback=comments[-1] if comments else None))

    def of_parent(self, parent: str, parent_id: int) -> ColumnElement[bool]:
        own = self.table.c
        kind = own.feedbackable_type == _TYPES[parent]
        return and_(own.feedbackable_id == parent_id, kind)

    def of_evaluations(self, ids: Collection[int]) -> Mapping[int, list[Json]]:
        """Return the feedbacks of evaluations, by the evaluation's id."""
        own = self.table.c
        of_kind = own.feedbackable_type == _TYPES["scale_teams"], own.feedbackable_id.in_(ids)
        rows = store().rows(select(self.table).where(*of_kind).order_by(own.created_at, own.id))
        feedbacks: dict[int, list[Json]] = defaultdict(list)
        for row, item in zip(rows, self.as_items(rows), strict=True):
            feedbacks[row.feedbackable_id].append(item)
        return feedbacks

    def user(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return who gave each feedback, in short, by the feedback's id."""
        return referred_by(rows, "user_id", _people)

    def invented(self, number: int, tables: Tables) -> Values:
        stories = tables.story(_of_evaluations), tables.story(_of_events)
        require_source(self.api, self.name, "evaluations and events", [*stories[0], *stories[1]])
        evaluations, events = stories
        if number <= len(evaluations) or not events:
            feedback = evaluations[(number - 1) % len(evaluations)]
        else:
            feedback = events[(number - 1 - len(evaluations)) % len(events)]
        random = SeededRandom(tables.inputs.seed, self.name, number)
        return {"id": number, "rating": random.integer(3, 5), _DETAILS: None, **feedback}


def _subject(values: Values) -> tuple[str, int]:
    """Return the name of the resource and the id of the record that a new feedback is about.

    The path says so, or the attributes do. Raises `InvalidRecordError` where neither does.
    """
    for name, kind in _TYPES.items():
        number = values.get(RESOURCES[name].argument)
        if number is None and values.get("feedbackable_type") == kind:
            number = values.get("feedbackable_id")
        if number is not None and RESOURCES[name].shown_in_lists([number]):
            return name, number
    raise InvalidRecordError({"feedbackable": ["must exist"]})


def _require_part(parent: str, number: int, user_id: int | None) -> None:
    """Raise `AccessDeniedError` for who was not evaluated, or does not take part in the event."""
    if parent == "events":
        members = RESOURCES["events_users"].table.c
        own = select(members.id).where(members.event_id == number, members.user_id == user_id)
    else:
        evaluations = RESOURCES[parent]
        own = select(evaluations.table.c.id).where(
            evaluations.table.c.id == number, evaluations.of_side("as_corrected", user_id)
        )
    if not store().rows(own.limit(1)):
        raise AccessDeniedError


def _details(row: Row) -> list[Json]:
    """Return how good an evaluation was in each respect.

    What no request and no dataset says is near the rating.
    """
    first = _MOST_DETAILS * row.id
    details = row.feedback_details
    if details is None and row.rating is not None:
        details = [
            {"rate": min(5, max(0, row.rating + number % 3 - 1)), "kind": kind}
            for number, kind in enumerate(_RESPECTS, row.id)
        ]
    return [{"id": number, **detail} for number, detail in enumerate(details or (), first)]


def _people(ids: Collection[int]) -> Mapping[int, Json]:
    people = users.resource.summaries(ids)
    keys = ("login", "id", "url")
    return {number: {key: person[key] for key in keys} for number, person in people.items()}


def _of_evaluations(tables: Tables) -> Sequence[Values]:
    """Return the feedbacks of evaluations, as these show them, in the order of time."""
    own = slots.c
    said = select(slots).where(own.feedback.is_not(None), own.filled_at.is_not(None))
    rows = {row.scale_team_id: row for row in tables.rows(said.order_by(own.filled_at, own.id))}
    return [
        _feedback("scale_teams", row.scale_team_id, row.corrected_id, row.feedback, row.filled_at)
        for row in rows.values()
    ]


def _of_events(tables: Tables) -> Sequence[Values]:
    """Return the feedbacks of past events by those who took part."""
    events, members = RESOURCES["events"].table.c, RESOURCES["events_users"].table.c
    past = events.end_at <= milliseconds(tables.inputs.start) - HOUR
    query = select(members.user_id, events.id, events.end_at).where(past)
    joined = query.where(members.event_id == events.id).order_by(members.id)
    return [
        _feedback("events", row.id, row.user_id, _PRAISE[index % len(_PRAISE)], row.end_at + HOUR)
        for index, row in enumerate(tables.rows(joined))
    ]


def _feedback(kind: str, number: int, user_id: int | None, comment: str, at: int) -> dict[str, Any]:
    about = {"feedbackable_type": _TYPES[kind], "feedbackable_id": number, "user_id": user_id}
    return {**about, "comment": comment, "created_at": at, "updated_at": at}


resource = _Feedbacks()
