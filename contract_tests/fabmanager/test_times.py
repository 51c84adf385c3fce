"""How times are written."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import availability, everything, lab, listed, moment

FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)")


def times(records: list[dict[str, Any]]) -> Iterator[str]:
    """Go through all times of availabilities."""
    for record in records:
        for part in (record, *record["slots"]):
            yield from (part[key] for key in ("start_at", "end_at", "created_at") if part.get(key))


@behaviour("fabmanager.times.format")
def test_the_form_of_times(fabmanager: Target) -> None:
    seen = list(times(everything(fabmanager)))
    need(seen, "an availability")
    for text in seen:
        expect_that("a time", FORM.fullmatch(text), "three fractional digits and an offset", text)


@behaviour("fabmanager.times.offset")
def test_the_offset_follows_the_season(fabmanager: Target) -> None:
    seen = sorted(set(times(everything(fabmanager))))
    need(len({text[23:] for text in seen}) > 1, "times of two offsets")
    # No answer names the zone: one that has all these offsets must exist.
    zones = [ZoneInfo(name) for name in sorted(available_timezones())]
    for text in seen:
        instant = moment(text)
        zones = [zone for zone in zones if _offset_in(zone, instant) == instant.utcoffset()]
        expect_that("an offset", zones, "one of the zone that the other times are in", text)


def _offset_in(zone: ZoneInfo, instant: datetime) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()


@behaviour("fabmanager.times.offset", needs=("data",))
def test_each_time_has_the_offset_of_its_instant(fabmanager: Target) -> None:
    record = availability(1, "2023-07-13T12:00:00Z", created_at="2023-01-24T11:28:25.905Z")
    edge = availability(2, "2026-03-28T23:00:00Z", "2026-03-29T03:00:00Z")
    with lab(fabmanager, record, edge, time_zone="Europe/Paris") as own:
        by_id = {record["id"]: record for record in listed(own)}
        expect("a time in summer", "2023-07-13T14:00:00.000+02:00", by_id[1]["start_at"])
        expect("a time in winter", "2023-01-24T12:28:25.905+01:00", by_id[1]["created_at"])
        hours = [slot["start_at"] for slot in by_id[2]["slots"]]
        expected = [
            "2026-03-29T00:00:00.000+01:00",
            "2026-03-29T01:00:00.000+01:00",
            "2026-03-29T03:00:00.000+02:00",
            "2026-03-29T04:00:00.000+02:00",
        ]
        expect("the slots of the night in which the clocks change", expected, hours)


@behaviour("fabmanager.times.utc", needs=("data",))
def test_utc_is_written_z(fabmanager: Target) -> None:
    with lab(fabmanager, availability(1, "2026-05-01T08:00:00Z"), time_zone="UTC") as own:
        expect("a time in UTC", "2026-05-01T08:00:00.000Z", listed(own)[0]["start_at"])


@behaviour("fabmanager.times.truncated", needs=("data",))
def test_parts_of_a_millisecond_are_cut_off(fabmanager: Target) -> None:
    record = availability(1, "2026-05-01T08:00:00Z", created_at="2026-04-01T08:00:00.123999Z")
    with lab(fabmanager, record, time_zone="UTC") as own:
        expect("created_at", "2026-04-01T08:00:00.123Z", listed(own)[0]["created_at"])


@behaviour("fabmanager.times.zone", needs=("data",))
def test_the_zone_is_a_setting(fabmanager: Target) -> None:
    record = availability(1, "2026-05-01T08:00:00Z")
    written = {
        "Paris": "2026-05-01T10:00:00.000+02:00",
        "Europe/Paris": "2026-05-01T10:00:00.000+02:00",
        "Tokyo": "2026-05-01T17:00:00.000+09:00",
        "America/New_York": "2026-05-01T04:00:00.000-04:00",
    }
    for zone, expected in written.items():
        with lab(fabmanager, record, time_zone=zone) as own:
            expect(f"a time in {zone}", expected, listed(own)[0]["start_at"])
    with lab(fabmanager, record) as own:
        expect("a time in the default zone", written["Paris"], listed(own)[0]["start_at"])
