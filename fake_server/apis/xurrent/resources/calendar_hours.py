"""Calendar hours: the active hours of a calendar's week, a part of the calendar."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Index, Text, bindparam, func, select

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
from fake_server.api.serve import store
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
        """Return the hours of several calendars, as these show them, by the calendar's id.

        The caller must not change them: equal weeks are the same object.
        """
        rows = store().rows(_OF_CALENDARS, {"calendars": list(ids)})
        return defaultdict(list, {row.calendar_id: _week(row.hours) for row in rows})

    def active(self, calendar_id: int) -> list[Hours]:
        """Return the active hours of a calendar."""
        return [
            Hours(weekday, minutes_of_day(time_from), end_of_hours(time_until))
            for row in store().rows(_OF_CALENDARS, {"calendars": [calendar_id]})
            for weekday, time_from, _, time_until in sorted(json.loads(row.hours))
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
            hours = _rendered(row.weekday, row.time_from, row.time_until)
            parts[row.calendar_id].append({"id": row.id, **hours})
        return parts


resource = _CalendarHours()
_own = resource.table.c

_shown = (_own.weekday, _own.time_from, _own.id, _own.time_until)

# It has all that is shown of a calendar's hours.
Index("calendar_hours_shown", _own.calendar_id, *_shown)

# A page of calendars shows many hours: a row for each of these takes twice the time.
_OF_CALENDARS = (
    select(
        _own.calendar_id, func.json_group_array(func.json_array(*_shown), type_=Text).label("hours")
    )
    .where(_own.calendar_id.in_(bindparam("calendars", expanding=True)))
    .group_by(_own.calendar_id)
)


@lru_cache(1024)
def _week(hours: str) -> list[Json]:
    """Return the hours in a row of `_OF_CALENDARS`, in the order of the week."""
    return [
        _rendered(weekday, time_from, time_until)
        for weekday, time_from, _, time_until in sorted(json.loads(hours))
    ]


def _rendered(weekday: int, time_from: str, time_until: str) -> Json:
    return {"weekday": WEEKDAYS[weekday], "time_from": time_from, "time_until": time_until}
