"""The views of what makes a calendar useful: its hours and holidays, and holidays themselves."""

from typing import Any

from flask import Response
from sqlalchemy import select

from fake_server.apis.xurrent import attributes, records
from fake_server.apis.xurrent.answers import created, deleted
from fake_server.apis.xurrent.auth import current, require_administrator
from fake_server.apis.xurrent.errors import NotFoundError
from fake_server.apis.xurrent.listing import by_cursor, by_number, page_size, wanted
from fake_server.apis.xurrent.pages import paginated
from fake_server.apis.xurrent.params import parameters
from fake_server.apis.xurrent.render import (
    HOLIDAY,
    HOURS,
    Printer,
    account_zone,
    alphabetical,
)
from fake_server.apis.xurrent.routes import blueprint as blueprint
from fake_server.apis.xurrent.sources import source_of
from fake_server.apis.xurrent.tables import calendar_holidays, calendar_hours, holidays
from fake_server.rest.answers import json_answer
from fake_server.rest.context import now, store, world
from fake_server.rest.pages import restricted
from fake_server.world.instants import SECOND, milliseconds
from fake_server.world.store import Row


@blueprint.get("/v1/calendars/<calendar>/calendar_hours")
def list_calendar_hours(calendar: str) -> Response:
    """List the hours of a calendar, in the order of the week."""
    scope = records.calendar(calendar).id
    given = parameters()
    asked = wanted("list_calendar_hours", records.HOURS, given, account_zone())
    query = select(calendar_hours).where(calendar_hours.c.calendar_id == scope)
    page = by_number(query, asked.order, given, page_size("list_calendar_hours", given))
    printer = Printer.for_request()
    items = [printer.hours(row, asked.fields or HOURS) for row in page.rows]
    return paginated(items, page, {"parent_scope_id": scope})


@blueprint.get("/v1/calendars/<calendar>/calendar_hours/<hours>")
def get_calendar_hours(calendar: str, hours: str) -> Response:
    """Show one of the hours of a calendar."""
    return json_answer(_hours(records.hours_of(records.calendar(calendar).id, hours)))


@blueprint.post("/v1/calendars/<calendar>/calendar_hours")
def create_calendar_hours(calendar: str) -> Response:
    """Add hours to a calendar."""
    require_administrator()
    scope = records.calendar(calendar).id
    row = {"calendar_id": scope, **attributes.hours(parameters(), {})}
    with store().writing() as connection:
        number = records.inserted(connection, calendar_hours, row)
    world().changed()
    path = f"/calendars/{scope}/calendar_hours/{number}"
    return created(_hours(records.hours_of(scope, str(number))), path)


@blueprint.route("/v1/calendars/<calendar>/calendar_hours/<hours>", methods=["PATCH", "PUT"])
def update_calendar_hours(calendar: str, hours: str) -> Response:
    """Change one of the hours of a calendar."""
    require_administrator()
    row = records.hours_of(records.calendar(calendar).id, hours)
    columns = attributes.hours(parameters(), row._asdict())
    if columns:
        with store().writing() as connection:
            connection.execute(
                calendar_hours.update().where(calendar_hours.c.id == row.id).values(columns)
            )
        world().changed()
    return json_answer(_hours(records.hours_of(row.calendar_id, str(row.id))))


@blueprint.delete("/v1/calendars/<calendar>/calendar_hours/<hours>")
def delete_calendar_hours(calendar: str, hours: str) -> Response:
    """Take one of its hours from a calendar."""
    require_administrator()
    row = records.hours_of(records.calendar(calendar).id, hours)
    return _deleted(calendar_hours.delete().where(calendar_hours.c.id == row.id))


@blueprint.delete("/v1/calendars/<calendar>/calendar_hours")
def delete_all_calendar_hours(calendar: str) -> Response:
    """Take all its hours from a calendar."""
    require_administrator()
    scope = records.calendar(calendar).id
    return _deleted(calendar_hours.delete().where(calendar_hours.c.calendar_id == scope))


@blueprint.get("/v1/calendars/<calendar>/holidays")
def list_holidays_of_calendar(calendar: str) -> Response:
    """List the holidays that are linked to a calendar."""
    scope = records.calendar(calendar).id
    given = parameters()
    asked = wanted("list_holidays", records.HOLIDAYS, given, account_zone())
    query = select(holidays).where(records.linked_to_calendar(scope), *asked.conditions)
    page = by_number(query, asked.order, given, page_size("list_holidays", given))
    return paginated(_items(page.rows, asked.fields), page, {"parent_scope_id": scope})


@blueprint.post("/v1/calendars/<calendar>/holidays/<holiday>")
@blueprint.post("/v1/holidays/<holiday>/calendars/<calendar>")
def link_holiday(calendar: str, holiday: str) -> Response:
    """Link a holiday to a calendar."""
    require_administrator()
    left, right = records.calendar(calendar).id, records.holiday(holiday).id
    with store().writing() as connection:
        records.link(connection, left, right)
    world().changed()
    return json_answer({})


@blueprint.delete("/v1/calendars/<calendar>/holidays/<holiday>")
@blueprint.delete("/v1/holidays/<holiday>/calendars/<calendar>")
def unlink_holiday(calendar: str, holiday: str) -> Response:
    """Take a holiday from a calendar."""
    require_administrator()
    left, right = records.calendar(calendar).id, records.holiday(holiday).id
    if not records.is_linked(left, right):
        raise NotFoundError
    link = calendar_holidays.c
    return _deleted(
        calendar_holidays.delete().where(link.calendar_id == left, link.holiday_id == right)
    )


@blueprint.delete("/v1/calendars/<calendar>/holidays")
def unlink_all_holidays(calendar: str) -> Response:
    """Take all its holidays from a calendar."""
    require_administrator()
    scope = records.calendar(calendar).id
    return _deleted(calendar_holidays.delete().where(calendar_holidays.c.calendar_id == scope))


@blueprint.delete("/v1/holidays/<holiday>/calendars")
def unlink_all_calendars(holiday: str) -> Response:
    """Take a holiday from all calendars."""
    require_administrator()
    scope = records.holiday(holiday).id
    return _deleted(calendar_holidays.delete().where(calendar_holidays.c.holiday_id == scope))


@blueprint.get("/v1/holidays")
def list_holidays() -> Response:
    """List the holidays of the account."""
    given = parameters()
    asked = wanted("list_holidays", records.HOLIDAYS, given, account_zone())
    query = restricted(records.HOLIDAYS_OF_ACCOUNT, asked.conditions)
    size = page_size("list_holidays", given)
    page = by_cursor(query, asked.order, given, size, {"account": current().account})
    return paginated(_items(page.rows, asked.fields), page)


@blueprint.get("/v1/holidays/<holiday>")
def get_holiday(holiday: str) -> Response:
    """Show one holiday."""
    return json_answer(_holiday(records.holiday(holiday)))


@blueprint.post("/v1/holidays")
def create_holiday() -> Response:
    """Create a holiday."""
    who = require_administrator()
    columns = attributes.holiday(parameters(), {})
    instant = milliseconds(now()) // SECOND * SECOND
    row = {"source_id_folded": "", "account": who.account, **columns}
    row |= {"source": source_of(columns), "created_at": instant, "updated_at": instant}
    with store().writing() as connection:
        number = records.inserted(connection, holidays, row)
    world().changed()
    return created(_holiday(records.holiday(str(number))), f"/holidays/{number}")


@blueprint.route("/v1/holidays/<holiday>", methods=["PATCH", "PUT"])
def update_holiday(holiday: str) -> Response:
    """Change a holiday."""
    require_administrator()
    row = records.holiday(holiday)
    columns = attributes.holiday(parameters(), row._asdict())
    if columns:
        columns["updated_at"] = milliseconds(now()) // SECOND * SECOND
        with store().writing() as connection:
            connection.execute(holidays.update().where(holidays.c.id == row.id).values(columns))
        world().changed()
    return json_answer(_holiday(records.holiday(holiday)))


def _hours(row: Row) -> Any:
    return Printer.for_request().hours(row)


def _holiday(row: Row) -> Any:
    return alphabetical(Printer.for_request().holiday(row, HOLIDAY))


def _items(rows: Any, fields: frozenset[str] | None) -> list[dict[str, Any]]:
    printer = Printer.for_request()
    return [printer.holiday(row, fields or HOLIDAY) for row in rows]


def _deleted(statement: Any) -> Response:
    with store().writing() as connection:
        connection.execute(statement)
    world().changed()
    return deleted()
