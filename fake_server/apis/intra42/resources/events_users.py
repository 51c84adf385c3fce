"""Events users: who takes part in which event."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from fake_server.api.declare import Json, Values
from fake_server.api.invent import DAY, SeededRandom
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.resources import events, users
from fake_server.apis.intra42.resources.blocs import students


class _EventsUsers(IntraResource):
    name = "events_users"

    def user(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the user of each record in full, by the record's id."""
        people = users.resource.full({row.user_id for row in rows})
        return {row.id: people[row.user_id] for row in rows}

    def event(self, rows: Sequence[Row]) -> Mapping[int, Json]:
        """Return the event of each record, by the record's id."""
        by_id = events.resource.summaries({row.event_id for row in rows})
        return {row.id: by_id[row.event_id] for row in rows}

    def invented(self, number: int, tables: Tables) -> Values:
        rows = tables.story(_events)
        require_source(self.api, self.name, "events", rows)
        turn, index = divmod(number - 1, len(rows))
        event = rows[index]
        group = (event.campus_ids[0], event.cursus_ids[0])
        people = tables.story(students).get(group, ())
        require_source(self.api, self.name, "users at the campus of an event", people)
        user_id = people[(turn + event.id) % len(people)]
        random = SeededRandom(tables.inputs.seed, self.name, number)
        created = event.created_at + random.integer(0, DAY - 1)
        times = {"created_at": created, "updated_at": created}
        return {"id": number, "event_id": event.id, "user_id": user_id, **times}


def _events(tables: Tables) -> Sequence[Row]:
    """Return the events at a campus for a cursus."""
    table = events.resource.table
    rows = tables.rows(select(table).order_by(table.c.id))
    return [row for row in rows if row.campus_ids and row.cursus_ids]


resource = _EventsUsers()
