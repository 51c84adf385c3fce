"""Rows into the documented JSON.

A single record has its keys in alphabetical order; an item of a collection begins with its id
and keeps the order of the documents' list of fields. `account` and `nodeID` come last.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from fake_server.apis.xurrent.auth import accounts, current
from fake_server.apis.xurrent.brands import brand
from fake_server.apis.xurrent.node_ids import node_id
from fake_server.rest.context import has_quirk, world
from fake_server.rest.zones import zone
from fake_server.world.instants import moment

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

CALENDAR_ITEM = ("id", "source", "sourceID", "name", "calendar_hours", "created_at", "updated_at")
CALENDAR_FULL = tuple(sorted((*CALENDAR_ITEM, "disabled"), key=str.lower))
HOLIDAY_ITEM = (
    *("id", "source", "sourceID", "name", "picture_uri"),
    *("start_at", "end_at", "created_at", "updated_at"),
)
HOLIDAY_FULL = tuple(sorted(HOLIDAY_ITEM, key=str.lower))
HOURS_ITEM = ("id", "weekday", "time_from", "time_until")


def account_zone() -> tzinfo:
    """Return the time zone that timestamps are printed in: that of the dataset's account."""
    return zone(world().section("xurrent").get("time_zone", "UTC"))


@lru_cache(maxsize=8192)
def timestamp(instant: int, local: tzinfo) -> str:
    """Return an instant as `2016-03-14T03:09:47-06:00`; with Z where local time is UTC itself."""
    text = moment(instant).astimezone(local).isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "Z" if str(local) in {"UTC", "Etc/UTC"} else text


@lru_cache(maxsize=8192)
def wall_clock(local: int) -> str:
    """Return a local time as `2016-06-17T16:00:00`."""
    return moment(local).astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def hours_of_calendar(rows: Iterable[Row[Any]]) -> list[dict[str, str]]:
    """Return a calendar's hours as they stand in it: without ids."""
    return [
        {
            "weekday": WEEKDAYS[row.weekday],
            "time_from": row.time_from,
            "time_until": row.time_until,
        }
        for row in rows
    ]


def calendar_values(row: Row[Any], hours: Iterable[Row[Any]]) -> dict[str, Any]:
    """Return every field of a calendar."""
    local = account_zone()
    return {
        "id": row.id,
        "source": row.source,
        "sourceID": row.sourceID,
        "name": row.name,
        "calendar_hours": hours_of_calendar(hours),
        "created_at": timestamp(row.created_at, local),
        "updated_at": timestamp(row.updated_at, local),
        "disabled": row.disabled,
    }


def holiday_values(row: Row[Any]) -> dict[str, Any]:
    """Return every field of a holiday."""
    local = account_zone()
    return {
        "id": row.id,
        "source": row.source,
        "sourceID": row.sourceID,
        "name": row.name,
        "picture_uri": row.picture_uri,
        "start_at": wall_clock(row.start_at),
        "end_at": wall_clock(row.end_at),
        "created_at": timestamp(row.created_at, local),
        "updated_at": timestamp(row.updated_at, local),
    }


def hours_values(row: Row[Any]) -> dict[str, Any]:
    """Return every field of calendar hours."""
    return {
        "id": row.id,
        "weekday": WEEKDAYS[row.weekday],
        "time_from": row.time_from,
        "time_until": row.time_until,
    }


def full(values: Mapping[str, Any], names: Iterable[str], row: Row[Any], kind: str) -> Any:
    """Return a single record: all its fields."""
    return {name: values[name] for name in names} | _last(row, kind)


def item(
    values: Mapping[str, Any],
    names: Iterable[str],
    fields: frozenset[str] | None,
    row: Row[Any],
    kind: str,
) -> dict[str, Any]:
    """Return an item of a collection: the default fields `names`, or those of `fields`.

    A disabled record says so, asked or not.
    """
    shown = {name: values[name] for name in values if (name in fields if fields else name in names)}
    if values.get("disabled"):
        shown["disabled"] = True
    return shown | _last(row, kind)


def _last(row: Row[Any], kind: str) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    section = world().section("xurrent")
    owner = getattr(row, "account", None)
    if owner is not None and owner != current().home:
        extra["account"] = next(
            {"id": one["id"], "name": one["name"]}
            for one in accounts(section)
            if one["id"] == owner
        )
    if has_quirk("node-id"):
        extra["nodeID"] = node_id(brand(section).domain, kind, row.id)
    return extra
