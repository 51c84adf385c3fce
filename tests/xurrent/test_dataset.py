"""What a world starts with."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from fake_server import create_app
from fake_server.data_files import registry
from fake_server.errors import UserError
from fake_server.rest.zones import zone
from tests.support.client import CheckedClient
from tests.xurrent.conftest import Caller


def served(text: str, tmp_path: Path, **options: object) -> Caller:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    return Caller(CheckedClient(create_app(str(path), **options)))  # type: ignore[arg-type]  # options vary by test


def test_demo_has_calendars_with_real_holidays(caller_for: Callable[..., Caller]) -> None:
    demo = caller_for(dataset="demo")
    calendars = demo.get("/calendars").json
    assert len(calendars) == 12
    assert all(calendar["calendar_hours"] for calendar in calendars)
    holidays = demo.get("/holidays?per_page=100").json
    names = {holiday["name"] for holiday in holidays}
    year = demo.world.start.year
    assert {f"New Year's Day {year} ({country})" for country in ("NL", "US", "GB")} <= names
    assert f"King's Day {year} (NL)" in names
    linked = [demo.ids(f"/calendars/{calendar['id']}/holidays") for calendar in calendars]
    assert sum(bool(ids) for ids in linked) > 6


@pytest.mark.behaviour("xurrent.calendars.updated_at", "xurrent.holidays.picture")
def test_pinned_values_that_are_almost_nothing(tmp_path: Path) -> None:
    text = """
start: 2020-05-05
xurrent:
  calendars:
    records: [{id: 1, name: Old, created_at: "1970-01-01T00:00:00Z", source: ""}]
  holidays:
    records:
      - {id: 1, name: H, start_at: 2020-01-01T00:00, end_at: 2020-01-02T00:00, picture_uri: ""}
"""
    own = served(text, tmp_path, auth="off")
    calendar = own.get("/calendars/1").json
    assert calendar["created_at"] == calendar["updated_at"] == "1970-01-01T00:00:00Z"
    assert calendar["source"] is None
    assert own.get("/holidays/1").json["picture_uri"] is None


def test_a_dataset_gives_the_same_bytes_every_time(tmp_path: Path) -> None:
    text = "seed: 7\nstart: 2020-05-05\nxurrent: {calendars: {count: 9}, holidays: {count: 9}}"
    bodies = {
        tuple(caller.get(path).data for path in ("/calendars", "/holidays"))
        for caller in (served(text, tmp_path, auth="off") for _ in range(2))
    }
    assert len(bodies) == 1


def test_a_record_does_not_change_when_others_are_added(tmp_path: Path) -> None:
    text = "start: 2020-05-05\nxurrent: {calendars: {count: %d, records: [{id: 2, name: Pinned}]}}"
    few, many = (
        served(text % count, tmp_path, auth="off").get("/calendars?sort=id").json
        for count in (3, 8)
    )
    assert [calendar["id"] for calendar in few] == [1, 2, 3, 4]
    assert many[:4] == few


@pytest.mark.parametrize(
    ("pinned", "printed"),
    [
        ("2026-01-01T10:00:00", "2026-01-01T05:00:00-05:00"),
        ("2026-01-01T10:00:00+01:00", "2026-01-01T04:00:00-05:00"),
        ("1880-01-01T10:00:00Z", "1880-01-01T05:03:58-04:56"),
    ],
)
def test_pinned_times(tmp_path: Path, pinned: str, printed: str) -> None:
    record = f"{{id: 1, name: a, created_at: {pinned}}}"
    text = f"xurrent: {{time_zone: America/New_York, calendars: {{records: [{record}]}}}}"
    assert served(text, tmp_path, auth="off").get("/calendars/1").json["created_at"] == printed


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("time_zone: Mars", "2: xurrent.time_zone: Mars is not a time zone"),
        ("holidays: {count: 1, countries: [NO]}", "(expected: Two capitals, in quotes where YAML"),
        ("holidays: {count: 1, countries: [XX]}", "2: xurrent.holidays.countries.0: no public"),
        ("accounts: [{id: a, name: A}, {id: a, name: B}]", "accounts.1.id: 'a' stands here twice"),
        ("credentials: {tokens: [{token: a}, {token: a}]}", "tokens.1.token: 'a' stands here"),
        ('calendars: {records: [{id: 1, name: " "}]}', "not all of them blank"),
        (
            "calendars: {records: [{id: 1, name: a, calendar_hours: [{id: 4, weekday: mon,"
            ' time_from: "09:00", time_until: "17:00"}, {id: 4, weekday: tue, time_from: "09:00",'
            ' time_until: "17:00"}]}]}',
            "calendar_hours.1.id: an earlier record has the id 4 too",
        ),
        (
            'holidays: {records: [{id: 1, name: a, start_at: "2020-01-01T00:00",'
            ' end_at: "2020-01-02T00:00"}, {id: 1, name: b, start_at: "2020-01-01T00:00",'
            ' end_at: "2020-01-02T00:00"}]}',
            "holidays.records.1.id: an earlier record has the id 1 too",
        ),
        ("calendars: {records: [{id: 1}]}", "'name' is a required property"),
        ("calendars: {records: [{id: 1, name: a}, {id: 1, name: b}]}", "has the id 1 too"),
        ("calendars: {records: [{id: 1, name: a}, {id: 2, name: A}]}", "1 has this name too"),
        ("calendars: {records: [{id: 1, name: a, holidays: [7]}]}", "7 is not a pinned holiday"),
        ("calendars: {records: [{id: 1, name: a, account: b}]}", "account: b is not in"),
        ("credentials: {tokens: [{token: a, account: b}]}", "tokens.0.account: b is not in"),
        (
            "calendars: {records: [{id: 1, name: a, calendar_hours:"
            ' [{weekday: mon, time_from: "17:00", time_until: "09:00"}]}]}',
            "calendar_hours.0.time_until: 09:00 is not after 17:00",
        ),
        (
            "calendars: {records: [{id: 1, name: a, calendar_hours:"
            " [{weekday: mon, time_from: 17:00, time_until: 18:00}]}]}",
            "hh:mm in quotes",
        ),
        (
            'holidays: {records: [{id: 1, name: a, start_at: "2020-01-02T00:00",'
            ' end_at: "2020-01-01T00:00"}]}',
            "records.0.end_at: is not after start_at",
        ),
    ],
)
def test_mistakes_get_one_line(tmp_path: Path, section: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        served(f"xurrent:\n  {section}\n", tmp_path)
    assert message in str(caught.value)
    assert "own.yaml:2: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_time_zone_of_the_specification_is_known() -> None:
    schema = yaml.safe_load((registry.package("xurrent").schemas / "time_zone.json").read_text())
    listed = [name for alternative in schema["anyOf"] for name in alternative["enum"]]
    assert len(listed) > 700
    assert all(zone(name) for name in listed)
