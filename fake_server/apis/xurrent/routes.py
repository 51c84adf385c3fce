"""The views of calendars, their duration, and of the API itself."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from fake_server.apis.xurrent import attributes, limits, records
from fake_server.apis.xurrent.answers import created
from fake_server.apis.xurrent.auth import current, require_administrator
from fake_server.apis.xurrent.duration import DurationQuery
from fake_server.apis.xurrent.filters import state
from fake_server.apis.xurrent.listing import by_cursor, by_number, page_size, wanted
from fake_server.apis.xurrent.pages import paginated
from fake_server.apis.xurrent.params import parameters, text_of
from fake_server.apis.xurrent.render import (
    CALENDAR,
    CALENDAR_ITEM,
    Printer,
    account_zone,
    alphabetical,
)
from fake_server.apis.xurrent.sources import source_of
from fake_server.apis.xurrent.tables import calendars
from fake_server.apis.xurrent.working_time import Hours, Week, end_of_hours, minutes_of_day
from fake_server.rest.answers import json_answer
from fake_server.rest.context import has_quirk, now, store, world
from fake_server.rest.pages import restricted
from fake_server.rest.parameters import Parameters
from fake_server.world.instants import MINUTE, SECOND, milliseconds
from fake_server.world.store import Row

blueprint = Blueprint("xurrent", __name__)


@blueprint.get("/v1")
def root() -> Response:
    """Answer that the API is there, to anyone."""
    return json_answer({})


@blueprint.get("/v1/rate_limit")
def rate_limit() -> Response:
    """Tell the usage of the rate limit without adding to it."""
    usage = limits.peek(request)
    core = {
        "limit": usage.limit,
        "remaining": usage.remaining,
        "reset": int(usage.closes.timestamp()),
    }
    return json_answer({"resources": {"core": core}})


@blueprint.get("/v1/calendars", defaults={"predefined": None})
@blueprint.get("/v1/calendars/enabled", defaults={"predefined": "enabled"})
@blueprint.get("/v1/calendars/disabled", defaults={"predefined": "disabled"})
def list_calendars(predefined: str | None) -> Response:
    """List the calendars of the account."""
    given = parameters()
    asked = wanted("list_calendars", records.CALENDARS, given, account_zone())
    conditions = [*asked.conditions, *states(given, predefined)]
    query = restricted(records.CALENDARS_OF_ACCOUNT, conditions)
    size = page_size("list_calendars", given)
    page = by_cursor(query, asked.order, given, size, {"account": current().account})
    return paginated(calendar_items(page.rows, asked.fields), page, predefined_filter(predefined))


@blueprint.get("/v1/holidays/<holiday>/calendars", defaults={"predefined": None})
@blueprint.get("/v1/holidays/<holiday>/calendars/enabled", defaults={"predefined": "enabled"})
@blueprint.get("/v1/holidays/<holiday>/calendars/disabled", defaults={"predefined": "disabled"})
def list_calendars_of_holiday(holiday: str, predefined: str | None) -> Response:
    """List the calendars that a holiday is linked to."""
    scope = records.holiday(holiday).id
    given = parameters()
    asked = wanted("list_calendars", records.CALENDARS, given, account_zone())
    query = select(calendars).where(
        records.linked_to_holiday(scope), *asked.conditions, *states(given, predefined)
    )
    page = by_number(query, asked.order, given, page_size("list_calendars", given))
    links = {"parent_scope_id": scope, **predefined_filter(predefined)}
    return paginated(calendar_items(page.rows, asked.fields), page, links)


@blueprint.get("/v1/calendars/<calendar>")
def get_calendar(calendar: str) -> Response:
    """Show one calendar."""
    return json_answer(whole(records.calendar(calendar)))


@blueprint.post("/v1/calendars")
def create_calendar() -> Response:
    """Create a calendar."""
    who = require_administrator()
    given = parameters()
    columns = attributes.calendar(given, {}, lambda name: taken(name, who.account, None))
    instant = milliseconds(now()) // SECOND * SECOND
    row = {"disabled": False, "source_id_folded": "", "account": who.account, **columns}
    row |= {"source": source_of(columns), "created_at": instant, "updated_at": instant}
    with store().writing() as connection:
        number = records.inserted(connection, calendars, row)
    world().changed()
    return created(whole(records.calendar(str(number))), f"/calendars/{number}")


@blueprint.route("/v1/calendars/<calendar>", methods=["PATCH", "PUT"])
def update_calendar(calendar: str) -> Response:
    """Change a calendar."""
    who = require_administrator()
    row = records.calendar(calendar)
    columns = attributes.calendar(
        parameters(), row._asdict(), lambda name: taken(name, who.account, row.id)
    )
    if columns:
        columns["updated_at"] = milliseconds(now()) // SECOND * SECOND
        with store().writing() as connection:
            connection.execute(calendars.update().where(calendars.c.id == row.id).values(columns))
        world().changed()
    return json_answer(whole(records.calendar(calendar)))


@blueprint.get("/v1/calendars/<calendar>/duration")
def get_duration(calendar: str) -> Response:
    """Tell how many minutes a calendar is active between two instants."""
    row = records.calendar(calendar)
    asked = DurationQuery.from_parameters(parameters())
    hours = records.hours_by_calendar([row.id])[row.id]
    week = Week(
        Hours(weekday, minutes_of_day(start), end_of_hours(end)) for weekday, start, end in hours
    )
    minutes = asked.working_time(week, records.holiday_spans(row.id)) // MINUTE
    return json_answer(minutes if has_quirk("duration-bare-number") else {"duration": minutes})


def taken(folded_name: str, account: str, but: int | None) -> bool:
    """Return whether another calendar has a name."""
    return records.name_is_taken(folded_name, account, but)


def states(given: Parameters, predefined: str | None) -> list[Any]:
    """Return the conditions of a predefined filter, in the path or as `state`."""
    names = (predefined, text_of("state", given.get("state")))
    return [state(name, calendars.c.disabled) for name in names if name]


def predefined_filter(name: str | None) -> dict[str, str]:
    """Return what a predefined filter in the path adds to links."""
    return {"predefined_filter": name} if name else {}


def whole(row: Row) -> Any:
    """Return a calendar with all its fields."""
    hours = records.hours_by_calendar([row.id])[row.id]
    return alphabetical(Printer.for_request().calendar(row, hours, CALENDAR))


def calendar_items(rows: Any, fields: frozenset[str] | None) -> list[dict[str, Any]]:
    """Return calendars as items of a collection."""
    hours = records.hours_by_calendar([row.id for row in rows])
    printer = Printer.for_request()
    return [printer.calendar(row, hours[row.id], fields or CALENDAR_ITEM) for row in rows]
