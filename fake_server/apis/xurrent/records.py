"""The records: finding one, and what lists of them compare."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlalchemy import Connection, Select, Table, bindparam, exists, select

from fake_server.apis.xurrent.auth import current
from fake_server.apis.xurrent.errors import NotFoundError
from fake_server.apis.xurrent.listing import Collection
from fake_server.apis.xurrent.node_ids import record_id
from fake_server.apis.xurrent.tables import calendar_holidays, calendar_hours, calendars, holidays
from fake_server.rest.context import store
from fake_server.world.store import Row

CALENDARS = Collection(
    {
        "id": calendars.c.id,
        "sourceID": calendars.c.source_id_folded,
        "name": calendars.c.name_folded,
        "disabled": calendars.c.disabled,
        "created_at": calendars.c.created_at,
        "updated_at": calendars.c.updated_at,
    },
    frozenset({"sourceID", "name"}),
    ("name",),
)
HOLIDAYS = Collection(
    {
        "id": holidays.c.id,
        "sourceID": holidays.c.source_id_folded,
        "name": holidays.c.name_folded,
        "start_at": holidays.c.start_at,
        "end_at": holidays.c.end_at,
        "created_at": holidays.c.created_at,
        "updated_at": holidays.c.updated_at,
    },
    frozenset({"sourceID", "name"}),
    ("name",),
)
HOURS = Collection(
    {
        "id": calendar_hours.c.id,
        "weekday": calendar_hours.c.weekday,
        "time_from": calendar_hours.c.time_from,
    },
    frozenset({"time_from"}),
    ("weekday", "time_from"),
)


def _numeric(text: str, kind: str) -> int:
    number = record_id(text, kind)
    if number is None:
        raise NotFoundError
    return number


def _one(table: Table) -> Select[Any]:
    return select(table).where(
        table.c.id == bindparam("id"), table.c.account == bindparam("account")
    )


def _of_account(table: Table) -> Select[Any]:
    return select(table).where(table.c.account == bindparam("account"))


CALENDARS_OF_ACCOUNT = _of_account(calendars)
HOLIDAYS_OF_ACCOUNT = _of_account(holidays)
_ONE_CALENDAR = _one(calendars)
_ONE_HOLIDAY = _one(holidays)
_HOURS_OF_CALENDARS = (
    select(
        calendar_hours.c.calendar_id,
        calendar_hours.c.weekday,
        calendar_hours.c.time_from,
        calendar_hours.c.time_until,
    )
    .where(calendar_hours.c.calendar_id.in_(bindparam("calendars", expanding=True)))
    .order_by(calendar_hours.c.weekday, calendar_hours.c.time_from, calendar_hours.c.id)
)


def _found(query: Select[Any], text: str, kind: str) -> Row:
    wanted = {"id": _numeric(text, kind), "account": current().account}
    rows = store().rows(query, wanted)
    if not rows:
        raise NotFoundError
    return rows[0]


def calendar(text: str) -> Row:
    """Return the calendar that a path names; raises `NotFoundError`."""
    return _found(_ONE_CALENDAR, text, "Calendar")


def holiday(text: str) -> Row:
    """Return the holiday that a path names; raises `NotFoundError`."""
    return _found(_ONE_HOLIDAY, text, "Holiday")


def hours_of(calendar_id: int, text: str) -> Row:
    """Return the hours that a path names, if they are the calendar's; raises `NotFoundError`."""
    query = select(calendar_hours).where(
        calendar_hours.c.id == _numeric(text, "CalendarHour"),
        calendar_hours.c.calendar_id == calendar_id,
    )
    row = store().row(query)
    if row is None:
        raise NotFoundError
    return row


def hours_by_calendar(ids: Iterable[int]) -> dict[int, list[tuple[int, str, str]]]:
    """Return the hours of several calendars, by the calendar's id, in the order of the week.

    Hours are `(weekday, time_from, time_until)`.
    """
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    rows: Any = store().rows(_HOURS_OF_CALENDARS, {"calendars": list(ids)})
    for calendar_id, weekday, time_from, time_until in rows:
        found[calendar_id].append((weekday, time_from, time_until))
    return found


def holiday_spans(calendar_id: int) -> list[tuple[int, int]]:
    """Return start and end (local time) of the holidays that are linked to a calendar."""
    query = (
        select(holidays.c.start_at, holidays.c.end_at)
        .join(calendar_holidays, calendar_holidays.c.holiday_id == holidays.c.id)
        .where(calendar_holidays.c.calendar_id == calendar_id)
    )
    return [(row.start_at, row.end_at) for row in store().rows(query)]


def inserted(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a record; return the id it got."""
    key = connection.execute(table.insert().values(dict(row))).inserted_primary_key
    return int(cast(Any, key)[0])


def name_is_taken(folded_name: str, account: str, but: int | None) -> bool:
    """Return whether another calendar of the account, disabled ones counted, has a name."""
    query = select(calendars.c.id).where(
        calendars.c.name_folded == folded_name, calendars.c.account == account
    )
    return any(row.id != but for row in store().rows(query))


def is_linked(calendar_id: int, holiday_id: int) -> bool:
    """Return whether a holiday is linked to a calendar."""
    link = calendar_holidays.c
    query = select(link.holiday_id).where(
        link.calendar_id == calendar_id, link.holiday_id == holiday_id
    )
    return store().row(query) is not None


def link(connection: Connection, calendar_id: int, holiday_id: int) -> None:
    """Link a holiday to a calendar; nothing happens if it is linked already."""
    if not is_linked(calendar_id, holiday_id):
        connection.execute(
            calendar_holidays.insert().values(calendar_id=calendar_id, holiday_id=holiday_id)
        )


def linked_to_calendar(calendar_id: int) -> Any:
    """Return the condition for the holidays that are linked to a calendar."""
    link = calendar_holidays.c
    return exists().where(link.calendar_id == calendar_id, link.holiday_id == holidays.c.id)


def linked_to_holiday(holiday_id: int) -> Any:
    """Return the condition for the calendars that a holiday is linked to."""
    link = calendar_holidays.c
    return exists().where(link.holiday_id == holiday_id, link.calendar_id == calendars.c.id)
