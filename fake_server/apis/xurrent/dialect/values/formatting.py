"""The formats of instants and local times in answers."""

from datetime import UTC, tzinfo
from functools import lru_cache

from fake_server.api.invent import moment
from fake_server.api.serve import world, zone

_TIMESTAMP = "2016-03-14T03:09:47-06:00"


def account_zone() -> tzinfo:
    """Return the time zone of timestamps: that of the dataset's account."""
    return zone(world().section("xurrent").get("time_zone", "UTC"))


@lru_cache(maxsize=8192)
def timestamp(instant: int, local: tzinfo) -> str:
    """Return an instant as `2016-03-14T03:09:47-06:00`, or with Z if the zone is UTC itself.

    The seconds of a historical offset are cut off: ISO 8601 has none.
    """
    text = moment(instant).astimezone(local).isoformat(timespec="seconds")[: len(_TIMESTAMP)]
    return text.removesuffix("+00:00") + "Z" if str(local) in {"UTC", "Etc/UTC"} else text


def calendar_date(local: int) -> str:
    """Return the date of a local time as `2016-06-17`."""
    return wall_clock(local)[: len("2016-06-17")]


@lru_cache(maxsize=8192)
def wall_clock(local: int) -> str:
    """Return a local time as `2016-06-17T16:00:00`."""
    return moment(local).astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
