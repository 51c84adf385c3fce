"""Holidays: times without work, linked to their calendars."""

from collections.abc import Iterator

from sqlalchemy import select

from fake_server.api.invent import DAY, milliseconds
from fake_server.api.records import (
    DatasetPath,
    PinnedRecord,
    Record,
    RecordError,
    Records,
    Seeding,
    Tables,
)
from fake_server.api.serve import store
from fake_server.apis.xurrent.dialect.attributes.validation import Validator
from fake_server.apis.xurrent.dialect.model.resource import XurrentResource, resource_named
from fake_server.apis.xurrent.invention.public_holidays import public_holidays


class _Holidays(XurrentResource):
    name = "holidays"

    def validate(self, validator: Validator) -> None:
        start, end = validator.value("start_at"), validator.value("end_at")
        if start is not None and end is not None and end <= start:
            validator.add_error("end_at", "after", other="start_at")

    def spans(self, calendar_id: int) -> list[tuple[int, int]]:
        """Return start and end, local time, of the holidays that are linked to a calendar."""
        columns = self.table.c
        linked = self.links["calendars"].linked(columns.id, "calendars", calendar_id)
        query = select(columns.start_at, columns.end_at).where(linked)
        return [(row.start_at, row.end_at) for row in store().rows(query)]

    def check(self, record: PinnedRecord, path: DatasetPath, tables: Tables) -> None:
        super().check(record, path, tables)
        row = self.row(record["id"], record, tables)
        if row["end_at"] <= row["start_at"]:
            raise RecordError((*path, "end_at"), "is not after start_at")

    def invent(self, tables: Seeding, ids: Iterator[int], count: int) -> None:
        created = (milliseconds(tables.inputs.start) // DAY - 400) * DAY
        rows = [
            self.completed_row(
                {
                    "id": holiday.id,
                    "name": holiday.name,
                    "start_at": holiday.start,
                    "end_at": holiday.start + DAY,
                    "created_at": created,
                },
                tables,
            )
            for holiday in public_holidays(tables.inputs)
        ]
        tables.insert(self.table, rows)

    def replace(self, records: Records, record: Record) -> None:
        calendars = resource_named("calendars").table.c
        links = self.links["calendars"]
        linked = records.matching(links.columns[self.name], [record["id"]])
        ids = [getattr(link, links.columns["calendars"].name) for link in linked]
        for row in records.matching(calendars.id, ids):
            if row.account != record["account"]:
                raise RecordError(
                    ("holidays", "records", 0, "account"),
                    f"calendar {row.id}, which it is linked to, is in {row.account}",
                )
        super().replace(records, record)


resource = _Holidays()
