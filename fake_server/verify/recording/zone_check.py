"""Whether all times of a server are those of one time zone, in summer and in winter."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from fake_server.verify.api_files.row_values import as_time
from fake_server.verify.assertions import expect_that
from fake_server.verify.outcome_errors import need
from fake_server.verify.recording.kind_checks import times_of

_APART = timedelta(days=120)
"""Two times this far apart have different offsets in most zones with a summer time."""

_YEARS = range(1900, 2100)
"""The years in which the offset of a time is looked at."""

_MOST = 20_000
"""How many different times of one server are looked at."""


class OneZone:
    """Narrows down the time zones that have all offsets of a server's times."""

    def __init__(self) -> None:
        self._zones: dict[str, frozenset[str]] = {}
        self._first: dict[str, datetime] = {}
        self._seen: dict[str, set[str]] = {}
        self._has_contrast: set[str] = set()

    def check(self, body: Any, server: str) -> None:
        """Assert that a zone is left that has the offset of every time in a body."""
        seen = self._seen.setdefault(server, set())
        new = {text for _, text in times_of(body)} - seen
        for text in sorted(new):
            moment = as_time(text)
            if moment.tzinfo is None or moment.year not in _YEARS or len(seen) >= _MOST:
                continue
            seen.add(text)
            self._narrow(server, moment, text)
        need(server in self._has_contrast, "times of summer and of winter")

    def _narrow(self, server: str, moment: datetime, text: str) -> None:
        zones = self._zones.get(server, _all_zones())
        left = frozenset(zone for zone in zones if _offset(zone, moment) == moment.utcoffset())
        if not left:
            near = sorted(zones & _USUAL) or sorted(zones)
            expected = " or ".join(_as_in(zone, moment) for zone in near[:2])
            expect_that("the offset of a time", False, expected, text)
        self._zones[server] = left
        first = self._first.setdefault(server, moment)
        if abs(moment - first) > _APART:
            self._has_contrast.add(server)


_USUAL = frozenset({"Europe/Paris", "Europe/London", "America/New_York", "America/Chicago", "UTC"})


def _as_in(zone: str, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)).isoformat()} ({zone})"


def _offset(zone: str, moment: datetime) -> timedelta | None:
    return moment.astimezone(_zone(zone)).utcoffset()


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def _all_zones() -> frozenset[str]:
    probe = datetime(2026, 1, 1, tzinfo=UTC)
    return frozenset(zone for zone in available_timezones() if _offset(zone, probe) is not None)
