"""What answers say of the settings of a dataset: its clock, its time zone, its limits."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from fake_server.data_files import registry
from fake_server.data_files.package_files import json_file
from fake_server.learning.exchange_sightings import ReadExchange
from fake_server.world.instants import EARLIEST, LATEST

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_PREFERRED = (
    *("UTC", "Europe/Paris", "Europe/London", "Europe/Amsterdam", "Europe/Athens"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    *("Asia/Tokyo", "Asia/Singapore", "Asia/Kolkata", "Australia/Sydney"),
)


def moment_of(reading: ReadExchange) -> datetime | None:
    """Return when an exchange happened, in UTC: as the recording says, else as `Date` says."""
    moment = reading.exchange.at
    if moment is None:
        try:
            moment = parsedate_to_datetime(reading.exchange.answer.headers.get("Date", ""))
        except ValueError:
            return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.replace(microsecond=0) if EARLIEST <= moment < LATEST else None


def settings_of(api: str, readings: Sequence[ReadExchange], notes: list[str]) -> dict[str, Any]:
    """Return the settings of a section that answers show; `notes` gets what is not certain."""
    declared = json_file(registry.package(api).schemas / "dataset.json")["properties"]
    settings: dict[str, Any] = {}
    if "time_zone" in declared:
        zones = _zones({text for reading in readings for text in _times(reading)})
        if zones:
            settings["time_zone"] = zones[0]
        if len(zones) > 1:
            notes.append(
                f"{api}.time_zone: {zones[0]} is one of {len(zones)} time zones with the offsets"
                " that answers show"
            )
    if "rate_limit" in declared:
        for reading in readings:
            limit = reading.exchange.answer.headers.get("X-RateLimit-Limit", "")
            if limit.isdecimal() and 0 < int(limit) < 2**31:
                settings["rate_limit"] = int(limit)
    return settings


def _times(reading: ReadExchange) -> Iterator[str]:
    for item in reading.items:
        pending: list[Any] = [item]
        while pending:
            node = pending.pop()
            if isinstance(node, str) and _TIME.fullmatch(node):
                yield node
            elif isinstance(node, dict):
                pending += node.values()
            elif isinstance(node, list):
                pending += node


def _zones(texts: Iterable[str]) -> list[str]:
    """Return the time zones that have the offsets of all times, usual ones first."""
    moments = []
    for text in texts:
        try:
            moment = datetime.fromisoformat(text)
            exists = EARLIEST <= moment.astimezone(UTC) < LATEST
        except (ValueError, OverflowError):
            continue
        if exists:
            moments.append(moment)
    if not moments:
        return []
    names = dict.fromkeys([*_PREFERRED, *sorted(available_timezones())])
    return [name for name in names if _fits(name, moments)]


def _fits(name: str, moments: Sequence[datetime]) -> bool:
    try:
        zone = ZoneInfo(name)
    except (ValueError, OSError):
        return False
    return all(moment.astimezone(zone).utcoffset() == moment.utcoffset() for moment in moments)
