"""Calendars: the times of work, in weekly hours without holidays."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import Response
from sqlalchemy import select

from fake_server.api.declare import Call, Json
from fake_server.api.invent import MINUTE
from fake_server.api.records import (
    DatasetPath,
    PinnedRecord,
    Record,
    RecordError,
    RecordKey,
    Records,
    Row,
    Seeding,
    Tables,
    with_paths,
)
from fake_server.api.serve import has_quirk, json_answer
from fake_server.apis.xurrent.dialect.model.dataset_records import account_of
from fake_server.apis.xurrent.dialect.model.resource import XurrentResource
from fake_server.apis.xurrent.dialect.query.parameters import parameters
from fake_server.apis.xurrent.duration.duration_query import DurationQuery
from fake_server.apis.xurrent.duration.working_time import Week
from fake_server.apis.xurrent.invention.team_calendars import team_calendars
from fake_server.apis.xurrent.resources import calendar_hours, holidays


def show_duration(resource: Any, call: Call) -> Response:
    """Answer how many minutes a calendar is active between two instants."""
    row = resource.named(call.record)
    query = DurationQuery.from_parameters(parameters())
    week = Week(calendar_hours.resource.active(row.id))
    minutes = query.working_time(week, holidays.resource.spans(row.id)) // MINUTE
    return json_answer(minutes if has_quirk("duration-bare-number") else {"duration": minutes})


class _Calendars(XurrentResource):
    name = "calendars"
    views = {"duration": show_duration}

    def calendar_hours(self, rows: Sequence[Row]) -> Mapping[int, list[Json]]:
        """Return the hours of calendars, in the order of the week, by the calendar's id."""
        return calendar_hours.resource.of_calendars(row.id for row in rows)

    # Records of a dataset

    def check(self, record: PinnedRecord, path: DatasetPath, tables: Tables) -> None:
        super().check(record, path, tables)
        for index, hours in enumerate(record.get("calendar_hours") or ()):
            calendar_hours.resource.check_part(hours, (*path, "calendar_hours", index))
        linked = tables.matching(holidays.resource.table.c.id, record.get("holidays") or ())
        account = account_of(record, tables.section)
        linkable = {row.id for row in linked if row.account == account}
        for index, number in enumerate(dict.fromkeys(record.get("holidays") or ())):
            if number not in linkable:
                raise RecordError(
                    (*path, "holidays", index),
                    f"{number} is not a pinned holiday of the same account",
                )

    def add_rows(self, tables: Tables, records: Collection[PinnedRecord]) -> None:
        super().add_rows(tables, records)
        parts = [
            ((*path, "calendar_hours", index), record["id"], hours)
            for path, record in with_paths(self.name, records)
            for index, hours in enumerate(record.get("calendar_hours") or ())
        ]
        calendar_hours.resource.add_parts(tables, parts)
        self._link(tables, {record["id"]: record.get("holidays") or () for record in records})

    def _link(self, tables: Tables, linked: Mapping[int, Iterable[int]]) -> None:
        links = self.links["holidays"]
        calendar_column, holiday_column = (
            links.columns[name].name for name in (self.name, "holidays")
        )
        rows = [
            {calendar_column: number, holiday_column: holiday}
            for number, ids in linked.items()
            for holiday in dict.fromkeys(ids)
        ]
        tables.insert(links.table, rows)

    def invent(self, tables: Seeding, ids: Iterator[int], count: int) -> None:
        names = [row.name for row in tables.rows(select(self.table.c.name))]
        teams = list(team_calendars(tables.inputs, ids, names))
        tables.insert(self.table, [self.completed_row(team.values, tables) for team in teams])
        parts = [((), team.values["id"], hours) for team in teams for hours in team.hours]
        calendar_hours.resource.add_parts(tables, parts)
        self._link(tables, {team.values["id"]: team.holidays for team in teams})

    def read(self, records: Records, keys: Sequence[RecordKey]) -> list[Record]:
        hours = calendar_hours.resource.pinned_parts(records, keys)
        links = self.links["holidays"]
        calendar_column, holiday_column = (
            links.columns[name].name for name in (self.name, "holidays")
        )
        linked: dict[RecordKey, list[int]] = defaultdict(list)
        for row in records.matching(links.columns[self.name], keys):
            linked[getattr(row, calendar_column)].append(getattr(row, holiday_column))
        return [
            {
                **record,
                "calendar_hours": hours.get(record["id"], []),
                "holidays": sorted(linked[record["id"]]),
            }
            for record in super().read(records, keys)
        ]

    def clear(self, records: Records, keys: Sequence[RecordKey]) -> None:
        super().clear(records, keys)
        records.delete(calendar_hours.resource.table.c.calendar_id, keys)
        records.delete(self.links["holidays"].columns[self.name], keys)


resource = _Calendars()
