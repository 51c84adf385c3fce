"""Events users: who takes part in which event."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from fake_server.api.declare import Json, Values
from fake_server.api.invent import DAY, HOUR, SeededRandom, milliseconds
from fake_server.api.records import Row, Tables, require_source
from fake_server.api.serve import now
from fake_server.apis.intra42.dialect.errors import InvalidRecordError
from fake_server.apis.intra42.dialect.written import WritableResource, WritingUser
from fake_server.apis.intra42.resources import API, events, users
from fake_server.apis.intra42.resources.blocs import students


class _EventsUsers(WritableResource):
    name = "events_users"

    def user(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the user of each record in full, by the record's id."""
        people = users.resource.full({row.user_id for row in rows})
        return {row.id: people[row.user_id] for row in rows}

    def event(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the event of each record, by the record's id."""
        by_id = events.resource.summaries({row.event_id for row in rows})
        return {row.id: by_id[row.event_id] for row in rows}

    def new_rows(self, values: Values, writer: WritingUser) -> Sequence[Values]:
        rows, event_id = super().new_rows(values, writer), values["event_id"]
        event = events.resource.named(str(event_id))
        if (
            event.max_people
            and events.resource.nbr_subscribers([event])[event.id] >= event.max_people
        ):
            raise InvalidRecordError({"event_id": ["is full"]})
        return rows

    def check_deletion(self, row: Row, writer: WritingUser) -> None:
        event = events.resource.named(str(row.event_id))
        hours = event.prohibition_of_cancellation
        too_late = hours is not None and milliseconds(now()) >= event.begin_at - hours * HOUR
        if too_late and not writer.has_role:
            raise InvalidRecordError({"event_id": ["cannot be cancelled any more"]})

    def invented(self, number: int, tables: Tables) -> Values:
        gatherings = tables.story(_events)
        require_source(self.api, self.name, "events", gatherings)
        return {"id": number, **attendance(self.name, "event_id", number, tables, gatherings)}


class Gathering(NamedTuple):
    """An event or an exam for those who follow a cursus at a campus."""

    id: int
    campus_id: int
    cursus_id: int
    created_at: int


def attendance(
    name: str, column: str, number: int, tables: Tables, gatherings: Sequence[Gathering]
) -> Values:
    """Return the values of an invented record of a resource: who takes part in which gathering.

    `column` is the one of the gathering's id. Each gathering gets a user in turn.
    """
    turn, index = divmod(number - 1, len(gatherings))
    gathering = gatherings[index]
    people = tables.story(students).get((gathering.campus_id, gathering.cursus_id), ())
    require_source(API, name, f"users at the campus of an {column.removesuffix('_id')}", people)
    user_id = people[(turn + gathering.id) % len(people)]
    random = SeededRandom(tables.inputs.seed, name, number)
    created = gathering.created_at + random.integer(0, DAY - 1)
    times = {"created_at": created, "updated_at": created}
    return {column: gathering.id, "user_id": user_id, **times}


def _events(tables: Tables) -> Sequence[Gathering]:
    """Return the events at a campus for a cursus."""
    table = events.resource.table
    rows = tables.rows(select(table).order_by(table.c.id))
    return [
        Gathering(row.id, row.campus_ids[0], row.cursus_ids[0], row.created_at)
        for row in rows
        if row.campus_ids and row.cursus_ids
    ]


resource = _EventsUsers()
