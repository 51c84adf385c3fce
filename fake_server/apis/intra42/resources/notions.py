"""Notions: topics of lessons."""

from collections.abc import Collection, Mapping, Sequence

from fake_server.api.declare import Json, Values
from fake_server.api.invent import DAY
from fake_server.api.records import Row, Tables
from fake_server.apis.intra42.dialect.resource import IntraResource, listed_by
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.invention.belongings import numbered, slug_of
from fake_server.apis.intra42.resources import RESOURCES, cursus, tags

_FIRST = as_instant("2016-03-01T00:00:00Z")


class _Notions(IntraResource):
    name = "notions"

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return notions by id, as their parts show them."""
        shown = self.shown_in_lists(ids)
        names = self.shape("notion_summary.json")["properties"]
        return {number: {name: item[name] for name in names} for number, item in shown.items()}

    def subnotions(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the parts of each notion, by the notion's id."""
        parts: Mapping[int, list[Json]] = RESOURCES["subnotions"].of_notions([r.id for r in rows])
        return parts

    def tags(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the tags of each notion, by the notion's id."""
        return listed_by(rows, "tag_ids", _tags)

    def cursus(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the cursus of each notion, by the notion's id."""
        return listed_by(rows, "cursus_ids", cursus.resource.shown_in_lists)

    def invented(self, number: int, tables: Tables) -> Values:
        name = f"{numbered(tags.TAGS, number)} basics"
        existing = tables.ids(tags.resource.table)
        groups = tables.ids(RESOURCES["cursus"].table)
        created = _FIRST + number * DAY
        return {
            "id": number,
            "name": name,
            "slug": slug_of(name),
            "tag_ids": [tag_id for tag_id in (number,) if tag_id in existing],
            "cursus_ids": [cursus_id for cursus_id in (9, 21) if cursus_id in groups],
            "created_at": created,
            "updated_at": created,
        }


def _tags(ids: Collection[int]) -> Mapping[int, Json]:
    names = resource.shape("tag_summary.json")["properties"]
    shown = tags.resource.shown_in_lists(ids)
    return {number: {name: item[name] for name in names} for number, item in shown.items()}


resource = _Notions()
