"""Dates as Ruby and Rails read them, against recorded results.

`recorded/date_parts.jsonl`: `Date._parse(text, false)` of Ruby 3.1.2. `recorded/times.jsonl`:
`Time.zone.parse(text)` of ActiveSupport 6.1 on it, at noon of 2015-11-20 in UTC.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from fake_server.apis.fabmanager.ruby.dates import date_parts
from fake_server.apis.fabmanager.ruby.rails_times import parse_time
from fake_server.rest.zones import zone
from tests.fabmanager.conftest import Lab

NOW = datetime(2015, 11, 20, 12, tzinfo=UTC)


def recorded(name: str) -> list[dict[str, Any]]:
    file = Path(__file__).with_name("recorded") / name
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def in_ruby_text(value: Any) -> str:
    """Return a part's `to_s` in Ruby."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return "" if value is None else str(value)


def parts_of(text: str) -> dict[str, Any]:
    """Return the recording of a text: its parts but for the zone's name, or the error."""
    try:
        parts = date_parts(text)
    except OverflowError as error:
        return {"text": text, "error": str(error)}
    parts.pop("zone", None)
    return {"text": text, "parts": {key: in_ruby_text(value) for key, value in parts.items()}}


@pytest.mark.behaviour("fabmanager.dates.kind")
def test_parts_of_dates() -> None:
    results = recorded("date_parts.jsonl")
    assert len(results) > 300
    assert [parts_of(result["text"]) for result in results] == results


def instant_of(text: str, name: str) -> dict[str, Any]:
    """Return the recording of a text in a zone: its instant in microseconds, or the error."""
    said: dict[str, Any] = {"text": text, "zone": name}
    try:
        return {**said, "instant": parse_time(text, zone(name), NOW)}
    except ValueError as error:
        return {**said, "error": str(error)}
    except OverflowError as error:
        return {**said, "error": f"RangeError{error}"}


@pytest.mark.behaviour("fabmanager.dates.kind", "fabmanager.dates.out_of_range")
def test_instants_of_dates() -> None:
    results = recorded("times.jsonl")
    assert len(results) > 200
    assert [instant_of(result["text"], result["zone"]) for result in results] == results


@pytest.mark.behaviour("fabmanager.dates.kind")
@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("03/11/2026", "2026-11-03"),
        ("3 nov 2026", "2026-11-03"),
        ("Tue, 3 November 2026", "2026-11-03"),
        ("nov", "2026-11-01"),
        ("2026-W45-2", None),
        ("2026-11-31", "2026-12-01"),
        ("2026-11-03 07:00 EST", "2026-11-03T12:00:00Z"),
        ("10:00", "2026-11-21T10:00:00"),
        ("monday", "2026-11-21"),
    ],
)
def test_live_reads_dates_leniently(
    lab_with: Callable[..., Lab], text: str, same: str | None
) -> None:
    live = lab_with("lenient-dates")
    expected = live.all_ids(f"before={same}") if same else live.all_ids("before=2026-11-21")
    assert live.all_ids(f"before={text}") == expected


@pytest.mark.behaviour("fabmanager.dates.kind")
@pytest.mark.parametrize("text", ["abc", "yesterday", "null", "%00"])
def test_live_texts_without_a_date_match_nothing(lab_with: Callable[..., Lab], text: str) -> None:
    live = lab_with("lenient-dates")
    assert live.ids(f"after={text}") == live.ids(f"before={text}") == []
    assert live.get(f"after={text}").headers["Total"] == "0"
    assert live.ids("after=%20%C2%A0") == live.ids()


@pytest.mark.behaviour("fabmanager.dates.out_of_range")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2016", "argument out of range"),
        ("2016-05", "argument out of range"),
        ("2016-13-45", "argument out of range"),
        ("05/18/2016", "argument out of range"),
        ("1463587228", "argument out of range"),
        ("2016-13-01", "mon out of range"),
        ("2016-05-18T25:00:00", "hour out of range"),
        ("2016-05-18T12:00:00%2B25:00", "utc_offset out of range"),
        ("x" * 200, "string length (200) exceeds the limit 128"),
    ],
)
def test_live_dates_out_of_range(live: Lab, text: str, message: str) -> None:
    for name in ("after", "before"):
        assert live.server_error(f"{name}={text}") == message


@pytest.mark.behaviour("fabmanager.dates.out_of_range")
@pytest.mark.parametrize(
    "text",
    ["9999999-01-01", "-5000-01-01", "20260518160000pm", "0001-01-01", "0001-01-01T00:09:20"],
)
def test_live_dates_that_nothing_can_hold(live: Lab, text: str) -> None:
    response = live.get(f"after={text}")
    assert response.status_code == 500
    assert response.json == {"status": 500, "error": "Internal Server Error"}
    for storable in ("294277-01-01", "-4712-01-01", "0000-01-01", "0001-01-01T00:09:21"):
        assert live.get(f"after={storable}").status_code in {200, 500}
        assert live.get(f"id=1&after={storable}").status_code == 200
