"""Instants in the server's time zone: how the API writes them, and the instants of local times."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from fake_server.api.invent import EPOCH
from fake_server.api.records import Section
from fake_server.api.serve import world
from fake_server.api.serve import zone as zone_called
from fake_server.apis.fabmanager.resources import API

DEFAULT_ZONE = "Europe/Paris"
MICROSECOND = 1
MILLISECOND = 1_000 * MICROSECOND
SECOND = 1_000 * MILLISECOND
DAY = 86_400 * SECOND
_HOUR = 3_600 * SECOND
_CYCLE_YEARS = 400
_CYCLE = 146_097 * DAY
_WALL_EPOCH = EPOCH.replace(tzinfo=None)
_FIRST = (datetime(1000, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
_LAST = (datetime(9000, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


def zone_of(section: Section) -> ZoneInfo:
    """Return the time zone of the server that a dataset's section describes.

    Raises `UnknownZoneError`.
    """
    return _zone(section.get("time_zone", DEFAULT_ZONE))


def server_zone() -> ZoneInfo:
    """Return the time zone of the server in the world of the current request."""
    return zone_of(world().section(API))


@lru_cache(1024)
def _zone(name: str) -> ZoneInfo:
    return zone_called(name)


@lru_cache(maxsize=65536)
def timestamp(instant: int, zone: ZoneInfo) -> str:
    """Return an instant (milliseconds) as `2023-07-13T14:00:00.000+02:00`, or with Z in UTC."""
    moment = (EPOCH + timedelta(milliseconds=instant)).astimezone(zone)
    text = moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
    if moment.tzname() in {"UTC", "UCT"}:
        return f"{text}Z"
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() / 60)
    return f"{text}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def wall_microseconds(year: int, month: int, day: int, seconds: int = 0, micros: int = 0) -> int:
    """Return a wall clock's time as microseconds since its 1970, for any year.

    A day beyond the month's end counts on into the next month, seconds into the next day.
    """
    cycles, within = divmod(year - 2000, _CYCLE_YEARS)
    first = datetime(2000 + within, month, 1, tzinfo=UTC) - EPOCH
    days = first.days + day - 1
    return cycles * _CYCLE + days * DAY + seconds * SECOND + micros


def instant_of(wall: int, zone: ZoneInfo) -> int:
    """Return when a zone's wall clock shows `wall` (both microseconds since 1970).

    A time that the zone skips is an hour later. Of a time that it repeats, the first counts.
    """
    cycles = 0
    if not _FIRST <= wall < _LAST:
        cycles = (wall - _FIRST) // _CYCLE if wall < _FIRST else (wall - _LAST) // _CYCLE + 1
    local = _WALL_EPOCH + timedelta(microseconds=wall - cycles * _CYCLE)
    instant = local.replace(tzinfo=zone) - EPOCH
    wall_clock = (EPOCH + instant).astimezone(zone).replace(tzinfo=None)
    if wall_clock != local:
        return instant_of(wall + _HOUR, zone)
    return instant // timedelta(microseconds=1) + cycles * _CYCLE
