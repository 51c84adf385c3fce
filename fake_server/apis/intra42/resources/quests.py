"""Quests: the stages of a cursus."""

from collections.abc import Collection, Mapping, Sequence

from fake_server.api.declare import Json, Values
from fake_server.api.invent import DAY
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.intra42.dialect.resource import IntraResource, referred_by
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.resources import campus, cursus
from fake_server.apis.intra42.resources.blocs import students

_FIRST = as_instant("2019-08-01T10:00:00Z")
_RELATIVES = ("grade", "cursus", "campus")


class _Quests(IntraResource):
    name = "quests"

    def cursus(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return the cursus of each quest, by the quest's id."""
        return referred_by(rows, "cursus_id", cursus.resource.shown_in_lists)

    def campus(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return the campus of each quest or None, by the quest's id."""
        return referred_by(rows, "campus_id", campus.resource.summaries)

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return quests by id, as who is on them shows them."""
        shown = self.shown_in_lists(ids)
        return {
            number: {name: value for name, value in item.items() if name not in _RELATIVES}
            for number, item in shown.items()
        }

    def invented(self, number: int, tables: Tables) -> Values:
        ids = sorted({cursus_id for _, cursus_id in tables.story(students)})
        require_source(self.api, self.name, "cursus and users", ids)
        position, index = divmod(number - 1, len(ids))
        rank, suffix = f"{position:02}", f"-{ids[index]}" if len(ids) > 1 else ""
        created = _FIRST + number * DAY
        texts = {"name": f"Rank {rank}", "slug": f"rank-{rank}{suffix}", "kind": "main"}
        more = {"internal_name": f"rank{rank}", "description": f"Rank {rank} of the cursus."}
        times = {"created_at": created, "updated_at": created}
        groups = {"cursus_id": ids[index], "campus_id": None, "position": position}
        return {"id": number, **texts, **more, **groups, **times, "grade_id": None, "grade": None}


resource = _Quests()
