"""Cursus: the curricula of the school."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, select

from fake_server.api.declare import Json, Values
from fake_server.api.records import PinnedRecord, Record, RecordKey, Records, Row, Tables, pinned
from fake_server.api.serve import has_quirk, world
from fake_server.apis.intra42.dialect.record_cache import cached
from fake_server.apis.intra42.dialect.resource import IntraResource, documented_ids
from fake_server.apis.intra42.invention.cities import dated_row
from fake_server.apis.intra42.invention.curricula import cursus_name
from fake_server.apis.intra42.resources import API, projects

NEWEST = 77


class _Cursus(IntraResource):
    name = "cursus"
    filters = ("name", "slug", "kind")

    def first_ids(self, tables: Tables) -> Iterable[int]:
        return documented_ids("cursus")

    def existing(self) -> Iterable[ColumnElement[bool]]:
        if lacks_newest():
            yield self.table.c.id != NEWEST

    def row(self, number: int, record: PinnedRecord, tables: Tables) -> Values:
        name, kind = cursus_name(number)
        name = record.get("name", name)
        row = {
            "id": number,
            "name": name,
            "slug": name.lower().replace(" ", "-"),
            "kind": kind,
            "restricted": kind == "test",
            "is_subscriptable": kind != "main_deprecated",
        }
        return dated_row(row, record)

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return cursus by id, as other records show them, at least those with the given ids."""
        return cached(self.table, ids, lambda row: self.as_items([row])[0])

    def as_pinned(self, row: Row) -> Record:
        record = super().as_pinned(row)
        del record["updated_at"]
        return record

    def release(self, records: Records, keys: Sequence[RecordKey]) -> None:
        super().release(records, keys)
        table = projects.resource.table
        for row in records.rows(select(table.c.id, table.c.cursus_ids)):
            before = row.cursus_ids
            after = [number for number in before if number not in keys]
            if after != before:
                records.connection.execute(
                    table.update().where(table.c.id == row.id).values(cursus_ids=after)
                )


resource = _Cursus()


def lacks_newest() -> bool:
    """Return whether one documented cursus does not exist yet. It exists if it is pinned."""
    records = pinned(world().section(API), "cursus")
    return has_quirk("older-cursus-list") and all(record["id"] != NEWEST for record in records)
