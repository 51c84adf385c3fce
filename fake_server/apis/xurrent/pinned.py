"""The records that a dataset pins by hand, checked for what no schema can refuse."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, Table

from fake_server.apis.xurrent.auth import accounts, tokens
from fake_server.apis.xurrent.render import WEEKDAYS
from fake_server.apis.xurrent.tables import calendar_holidays, calendar_hours, calendars, holidays
from fake_server.apis.xurrent.values import folded, instant, local_time
from fake_server.apis.xurrent.working_time import end_of_hours, minutes_of_day
from fake_server.rest.zones import UnknownZoneError, zone
from fake_server.world.errors import RecordError
from fake_server.world.instants import SECOND, milliseconds
from fake_server.world.recipe import Brief, Section

Row = dict[str, Any]
Place = tuple[str | int, ...]


class Batch:
    """The rows to insert, by table, and what must be known of those that are there already.

    - `names`: ids of calendars by account and folded name.
    - `hours_ids`: ids of calendar hours.
    - `accounts_of_holidays`: the accounts of holidays by id.
    """

    def __init__(self) -> None:
        self.calendars: list[Row] = []
        self.hours: list[Row] = []
        self.holidays: list[Row] = []
        self.links: list[Row] = []
        self.names: dict[tuple[str, str], int] = {}
        self.hours_ids: set[int] = set()
        self.accounts_of_holidays: dict[int, str] = {}

    def insert(self, connection: Connection) -> None:
        """Write all rows; hours without an id get one."""
        ids = (number for number in count(1) if number not in self.hours_ids)
        for row in self.hours:
            if row["id"] is None:
                row["id"] = next(ids)
        tables: tuple[tuple[Table, list[Row]], ...] = (
            (calendars, self.calendars),
            (calendar_hours, self.hours),
            (holidays, self.holidays),
            (calendar_holidays, self.links),
        )
        for table, rows in tables:
            if rows:
                connection.execute(table.insert(), rows)


def free_ids(rows: Sequence[Row]) -> Iterator[int]:
    """Yield the ids, from 1, that no row has."""
    taken = {row["id"] for row in rows}
    return (number for number in count(1) if number not in taken)


def resource(brief: Brief, name: str) -> Mapping[str, Any]:
    """Return what a section says of one kind of record."""
    found: Mapping[str, Any] = brief.section.get(name) or {}
    return found


def pinned(brief: Brief, name: str) -> Sequence[Mapping[str, Any]]:
    """Return the records of one kind that a section pins; raises `RecordError` for an id twice."""
    found: Sequence[Mapping[str, Any]] = resource(brief, name).get("records") or ()
    seen: set[int] = set()
    for index, record in enumerate(found):
        _claim(seen, record["id"], (name, "records", index))
    return found


def check_settings(brief: Brief) -> None:
    """Raise `RecordError` for a time zone that is not known, or a token's account."""
    section = brief.section
    try:
        zone(section.get("time_zone", "UTC"))
    except UnknownZoneError as error:
        raise RecordError(("time_zone",), error.told()) from None
    for index, token in enumerate(tokens(section)):
        require_account(section, token, ("credentials", "tokens", index))


def require_account(section: Section, record: Mapping[str, Any], place: Place) -> None:
    """Raise `RecordError` for a record of an account that is not there."""
    if "account" in record and record["account"] not in {one["id"] for one in accounts(section)}:
        raise RecordError((*place, "account"), f"{record['account']} is not in xurrent.accounts")


def _claim(taken: set[int], number: int, place: Place) -> None:
    if number in taken:
        raise RecordError((*place, "id"), f"another record has the id {number} too")
    taken.add(number)


def shared(record: Mapping[str, Any], brief: Brief) -> Row:
    """Return the columns that calendars and holidays share."""
    made = _instant(record.get("created_at"), milliseconds(brief.start))
    updated = _instant(record.get("updated_at"), made)
    return {
        "id": record["id"],
        "account": record.get("account", accounts(brief.section)[0]["id"]),
        "name": record["name"],
        "name_folded": folded(record["name"]),
        "source": record.get("source") or None,
        "sourceID": record.get("sourceID") or None,
        "source_id_folded": folded(record.get("sourceID")),
        "created_at": made // SECOND * SECOND,
        "updated_at": updated // SECOND * SECOND,
    }


def _instant(value: object, default: int) -> int:
    found = None if value is None else instant(_text(value), UTC)
    return default if found is None else found


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def pin_holidays(batch: Batch, brief: Brief, records: Iterable[Mapping[str, Any]]) -> None:
    """Add pinned holidays; raises `RecordError`."""
    for index, record in enumerate(records):
        place: Place = ("holidays", "records", index)
        require_account(brief.section, record, place)
        start, end = local_time(_text(record["start_at"])), local_time(_text(record["end_at"]))
        if start is None or end is None or end <= start:
            raise RecordError((*place, "end_at"), "is not after start_at")
        times = {"start_at": start, "end_at": end, "picture_uri": record.get("picture_uri") or None}
        row = {**shared(record, brief), **times}
        batch.accounts_of_holidays[row["id"]] = row["account"]
        batch.holidays.append(row)


def pin_calendars(batch: Batch, brief: Brief, records: Iterable[Mapping[str, Any]]) -> None:
    """Add pinned calendars, their hours and links; raises `RecordError`."""
    for index, record in enumerate(records):
        place: Place = ("calendars", "records", index)
        require_account(brief.section, record, place)
        row = {**shared(record, brief), "disabled": record.get("disabled", False)}
        other = batch.names.setdefault((row["account"], row["name_folded"]), row["id"])
        if other != row["id"]:
            raise RecordError((*place, "name"), f"calendar {other} has this name too")
        batch.calendars.append(row)
        _pin_hours(batch, record, place)
        _pin_links(batch, record, place)


def _pin_hours(batch: Batch, record: Mapping[str, Any], place: Place) -> None:
    for index, hours in enumerate(record.get("calendar_hours") or ()):
        here: Place = (*place, "calendar_hours", index)
        if hours.get("id") is not None:
            _claim(batch.hours_ids, hours["id"], here)
        if end_of_hours(hours["time_until"]) <= minutes_of_day(hours["time_from"]):
            raise RecordError(
                (*here, "time_until"), f"{hours['time_until']} is not after {hours['time_from']}"
            )
        batch.hours.append(
            {
                "id": hours.get("id"),
                "calendar_id": record["id"],
                "weekday": WEEKDAYS.index(hours["weekday"]),
                "time_from": hours["time_from"],
                "time_until": hours["time_until"],
            }
        )


def _pin_links(batch: Batch, record: Mapping[str, Any], place: Place) -> None:
    account = batch.calendars[-1]["account"]
    for index, number in enumerate(dict.fromkeys(record.get("holidays") or ())):
        if batch.accounts_of_holidays.get(number) != account:
            raise RecordError(
                (*place, "holidays", index),
                f"{number} is not a pinned holiday of the same account",
            )
        batch.links.append({"calendar_id": record["id"], "holiday_id": number})
