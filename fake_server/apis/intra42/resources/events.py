"""Events: talks, workshops and meetings at a campus."""

from collections.abc import Collection, Mapping, Sequence

from fake_server.api.declare import Json, Values
from fake_server.api.invent import DAY, HOUR, SeededRandom, milliseconds
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.intra42.dialect.filter_options import future, presence
from fake_server.apis.intra42.dialect.written import WritableResource, WritingUser
from fake_server.apis.intra42.resources.blocs import students

_TALKS = (("Talk about compilers", "conference"), ("Soldering", "workshop"), ("Games", "event"))


class _Events(WritableResource):
    name = "events"
    conditions = {
        "future": future("begin_at"),
        "end": presence("end_at"),
    }

    def new_rows(self, values: Values, writer: WritingUser) -> Sequence[Values]:
        hidden: Values = {"waitlist": None, "themes": [], "difficulty": None, "remote": False}
        return super().new_rows({**hidden, **values}, writer)

    def nbr_subscribers(self, rows: Sequence[Row]) -> Mapping[int, int]:
        """Return how many users take part in each event, by the event's id."""
        return self.counts("events_users", rows)

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return events by id, as who takes part shows them: without themes."""
        shown = self.shown_in_lists(ids)
        return {
            number: {name: value for name, value in item.items() if name != "themes"}
            for number, item in shown.items()
        }

    def invented(self, number: int, tables: Tables) -> Values:
        groups = list(tables.story(students))
        require_source(self.api, self.name, "campus, cursus and users", groups)
        campus_id, cursus_id = groups[(number - 1) % len(groups)]
        random = SeededRandom(tables.inputs.seed, self.name, number)
        start, (name, kind) = milliseconds(tables.inputs.start), random.choice(_TALKS)
        day = start - start % DAY + random.integer(-90, 20) * DAY
        begin = day + random.integer(9, 18) * HOUR
        created = min(begin - 10 * DAY, start - DAY)
        ids = {"id": number, "campus_ids": [campus_id], "cursus_ids": [cursus_id]}
        texts = {"name": name, "kind": kind, "description": f"{name} for everybody."}
        times = {"begin_at": begin, "end_at": begin + 2 * HOUR, "created_at": created}
        room = {"location": "Amphitheatre", "max_people": random.integer(2, 8) * 10}
        rest: Values = {"prohibition_of_cancellation": 24, "waitlist": None, "themes": []}
        hidden = {"difficulty": None, "remote": False, "updated_at": created}
        return {**ids, **texts, **times, **room, **rest, **hidden}


resource = _Events()
