"""Rows into the documented JSON.

A single record has its keys in alphabetical order; an item of a collection begins with its id
and keeps the order of the documents' list of fields. `account` and `nodeID` come last.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from fake_server.apis.xurrent.auth import accounts, current
from fake_server.apis.xurrent.brands import brand
from fake_server.apis.xurrent.node_ids import node_id
from fake_server.rest.context import has_quirk, world
from fake_server.rest.zones import zone
from fake_server.world.instants import moment
from fake_server.world.store import Row

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

CALENDAR_ITEM = frozenset(
    {"id", "source", "sourceID", "name", "calendar_hours", "created_at", "updated_at"}
)
CALENDAR = CALENDAR_ITEM | {"disabled"}
HOLIDAY = frozenset({"id", "source", "sourceID", "name", "picture_uri", "start_at", "end_at"}) | {
    "created_at",
    "updated_at",
}
HOURS = frozenset({"id", "weekday", "time_from", "time_until"})
_LAST = ("account", "nodeID")
_TIMESTAMP = "2016-03-14T03:09:47-06:00"


def account_zone() -> tzinfo:
    """Return the time zone that timestamps are printed in: that of the dataset's account."""
    return zone(world().section("xurrent").get("time_zone", "UTC"))


@lru_cache(maxsize=8192)
def timestamp(instant: int, local: tzinfo) -> str:
    """Return an instant as `2016-03-14T03:09:47-06:00`; with Z where local time is UTC itself.

    The seconds of an offset of long ago are cut off: ISO 8601 has none.
    """
    text = moment(instant).astimezone(local).isoformat(timespec="seconds")[: len(_TIMESTAMP)]
    return text.removesuffix("+00:00") + "Z" if str(local) in {"UTC", "Etc/UTC"} else text


@lru_cache(maxsize=8192)
def wall_clock(local: int) -> str:
    """Return a local time as `2016-06-17T16:00:00`."""
    return moment(local).astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


class Printer(NamedTuple):
    """Prints records as the current request gets them.

    `zone` is that of timestamps; `home` is the account whose records do not name theirs; `domain`
    stands in nodeIDs, where answers have them.
    """

    zone: tzinfo
    home: str
    accounts: Mapping[str, Mapping[str, str]]
    domain: str | None

    @classmethod
    def for_request(cls) -> "Printer":
        """Return the printer of the current request."""
        section = world().section("xurrent")
        return cls(
            account_zone(),
            current().home,
            {one["id"]: {"id": one["id"], "name": one["name"]} for one in accounts(section)},
            brand(section).domain if has_quirk("node-id") else None,
        )

    def calendar(
        self, row: Row, hours: Iterable[tuple[int, str, str]], fields: frozenset[str]
    ) -> dict[str, Any]:
        """Return these fields of a calendar; a disabled one says so, asked or not."""
        values = {
            "id": row.id,
            "source": row.source,
            "sourceID": row.sourceID,
            "name": row.name,
            "calendar_hours": [
                {"weekday": WEEKDAYS[day], "time_from": start, "time_until": end}
                for day, start, end in hours
            ],
            "created_at": timestamp(row.created_at, self.zone),
            "updated_at": timestamp(row.updated_at, self.zone),
            "disabled": row.disabled,
        }
        shown = fields | {"disabled"} if row.disabled else fields
        return self._record(values, shown, "Calendar", row.account)

    def holiday(self, row: Row, fields: frozenset[str]) -> dict[str, Any]:
        """Return these fields of a holiday."""
        values = {
            "id": row.id,
            "source": row.source,
            "sourceID": row.sourceID,
            "name": row.name,
            "picture_uri": row.picture_uri,
            "start_at": wall_clock(row.start_at),
            "end_at": wall_clock(row.end_at),
            "created_at": timestamp(row.created_at, self.zone),
            "updated_at": timestamp(row.updated_at, self.zone),
        }
        return self._record(values, fields, "Holiday", row.account)

    def hours(self, row: Row, fields: frozenset[str] = HOURS) -> dict[str, Any]:
        """Return these fields of calendar hours."""
        values = {
            "id": row.id,
            "weekday": WEEKDAYS[row.weekday],
            "time_from": row.time_from,
            "time_until": row.time_until,
        }
        return self._record(values, fields, "CalendarHour", self.home)

    def _record(
        self, values: dict[str, Any], fields: frozenset[str], kind: str, account: str
    ) -> dict[str, Any]:
        shown = {name: value for name, value in values.items() if name in fields}
        if account != self.home:
            shown["account"] = self.accounts[account]
        if self.domain is not None:
            shown["nodeID"] = node_id(self.domain, kind, values["id"])
        return shown


def alphabetical(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as a single one is shown: its keys in order, `account` and `nodeID` last."""
    return {name: record[name] for name in sorted(record, key=_place)}


def _place(name: str) -> tuple[int, str]:
    return _LAST.index(name) + 1 if name in _LAST else 0, name.lower()
