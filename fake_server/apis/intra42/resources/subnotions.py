"""Subnotions: parts of notions, in the order of their positions."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from fake_server.api.declare import Json, Values
from fake_server.api.invent import DAY
from fake_server.api.records import Row, Tables, require_source
from fake_server.apis.intra42.dialect.record_cache import rows_where
from fake_server.apis.intra42.dialect.resource import IntraResource, referred_by
from fake_server.apis.intra42.resources import notions

_PARTS = ("First steps", "Common mistakes", "Going further")


class _Subnotions(IntraResource):
    name = "subnotions"

    def of_notions(self, ids: Collection[int]) -> Mapping[int, list[Json]]:
        """Return the parts of notions, as these show them, by the notion's id."""
        own = self.table.c
        rows = rows_where(own.notion_id, ids, own.position, own.id)
        render = self.renderer(self.shape("subnotion_summary.json")["properties"])
        parts: dict[int, list[Json]] = {number: [] for number in ids}
        for row, item in zip(rows, render(rows), strict=True):
            parts[row.notion_id].append(item)
        return parts

    def attachments(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the files of each subnotion, by its id: there are none."""
        return {row.id: [] for row in rows}

    def notion(self, rows: Sequence[Row]) -> Mapping[int, Json | None]:
        """Return the notion of each subnotion, by the subnotion's id."""
        return referred_by(rows, "notion_id", notions.resource.summaries)

    def invented(self, number: int, tables: Tables) -> Values:
        rows = tables.story(_notions)
        require_source(self.api, self.name, "notions", rows)
        turn, index = divmod(number - 1, len(rows))
        notion, name = rows[index], _PARTS[turn % len(_PARTS)]
        created = notion.created_at + (turn + 1) * DAY
        return {
            "id": number,
            "name": f"{notion.name}: {name.lower()}",
            "slug": f"{notion.slug}-{turn + 1}",
            "notepad": None,
            "notion_id": notion.id,
            "position": turn + 1,
            "created_at": created,
            "updated_at": created,
        }


def _notions(tables: Tables) -> Sequence[Row]:
    table = notions.resource.table
    return tables.rows(select(table).order_by(table.c.id))


resource = _Subnotions()
