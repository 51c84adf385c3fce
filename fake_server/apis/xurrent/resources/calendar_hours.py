"""Calendar hours: the active hours of a calendar's week, a part of the calendar."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import bindparam, select

from fake_server.api.declare import Json, Values
from fake_server.api.records import (
    DatasetPath,
    PinnedRecord,
    Record,
    RecordError,
    RecordKey,
    Row,
    Tables,
    claim,
    free_ids,
)
from fake_server.api.serve import cached_records, store
from fake_server.apis.xurrent.dialect.attributes.attribute_kinds import WEEKDAYS
from fake_server.apis.xurrent.dialect.attributes.validation import Validator
from fake_server.apis.xurrent.dialect.model.resource import XurrentResource
from fake_server.apis.xurrent.duration.working_time import Hours, end_of_hours, minutes_of_day


class _CalendarHours(XurrentResource):
    name = "calendar_hours"

    def weekday(self, rows: Sequence[Row]) -> Mapping[int, str]:
        """Return the weekday of some hours, by their id."""
        return {row.id: WEEKDAYS[row.weekday] for row in rows}

    def as_record(self, row: Row) -> Json:
        return self.as_items([row])[0]

    def validate(self, validator: Validator) -> None:
        start, end = validator.value("time_from"), validator.value("time_until")
        if start is not None and end is not None and end_of_hours(end) <= minutes_of_day(start):
            validator.add_error("time_until", "after", other="time_from")

    def of_calendars(self, ids: Iterable[int]) -> Mapping[int, list[Json]]:
        """Return the hours of several calendars, as these show them, by the calendar's id."""
        return cached_records(self.table, [*ids], _hours_of)

    def active(self, calendar_id: int) -> list[Hours]:
        """Return the active hours of a calendar."""
        rows = store().rows(_OF_CALENDARS, {"calendars": [calendar_id]})
        return [
            Hours(row.weekday, minutes_of_day(row.time_from), end_of_hours(row.time_until))
            for row in rows
        ]

    # Hours of pinned calendars

    def check_part(self, hours: PinnedRecord, path: DatasetPath) -> None:
        """Raise `RecordError` for hours that end before they begin."""
        if end_of_hours(hours["time_until"]) <= minutes_of_day(hours["time_from"]):
            raise RecordError(
                (*path, "time_until"), f"{hours['time_until']} is not after {hours['time_from']}"
            )

    def add_parts(
        self, tables: Tables, parts: Iterable[tuple[DatasetPath, int, PinnedRecord]]
    ) -> None:
        """Write hours into the table, each with its path and its calendar's id.

        Hours without an id get the next free id.

        Raises `RecordError` for an id that other hours have.
        """
        used_ids = {*tables.ids(self.table)}
        rows: list[Values] = []
        for path, calendar_id, hours in parts:
            if hours.get("id") is not None:
                claim(used_ids, hours["id"], (*path, "id"))
            row = {name: hours.get(name) for name in ("id", "time_from", "time_until")}
            rows.append(
                {**row, "calendar_id": calendar_id, "weekday": WEEKDAYS.index(hours["weekday"])}
            )
        ids = free_ids(used_ids)
        tables.insert(self.table, [row if row["id"] else {**row, "id": next(ids)} for row in rows])

    def pinned_parts(
        self, tables: Tables, calendars: Sequence[RecordKey]
    ) -> Mapping[RecordKey, list[Record]]:
        """Return the hours of calendars as a dataset has them, by the calendar's id."""
        parts: dict[RecordKey, list[Record]] = defaultdict(list)
        rows = tables.matching(self.table.c.calendar_id, calendars)
        for row in sorted(rows, key=lambda row: (row.weekday, row.time_from, row.id)):
            parts[row.calendar_id].append({"id": row.id, **_rendered(row)})
        return parts


resource = _CalendarHours()

_OF_CALENDARS = (
    select(resource.table)
    .where(resource.table.c.calendar_id.in_(bindparam("calendars", expanding=True)))
    .order_by(resource.table.c.weekday, resource.table.c.time_from, resource.table.c.id)
)


def _hours_of(calendars: Collection[int]) -> Mapping[int, list[Json]]:
    hours: dict[int, list[Json]] = {number: [] for number in calendars}
    for row in store().rows(_OF_CALENDARS, {"calendars": [*calendars]}):
        hours[row.calendar_id].append(_rendered(row))
    return hours


def _rendered(row: Row) -> Json:
    return {
        "weekday": WEEKDAYS[row.weekday],
        "time_from": row.time_from,
        "time_until": row.time_until,
    }
