"""What an availability looks like."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.fabmanager.conftest import Lab
from tests.support.client import CheckedClient

DAMAGED = {24, 25, 26}
ONE = "availabilities: {records: [%s]}"
SUMMER = "{id: 1, start_at: 2023-07-06T12:00:00Z, end_at: 2023-07-06T14:00:00Z,"
MADE = " created_at: 2023-01-24T11:26:37.189Z, available_type: Machine}"


@pytest.mark.behaviour("fabmanager.availabilities.keys")
def test_keys_and_their_order(lab: Lab) -> None:
    body = lab.get("per_page=5").json
    assert list(body) == ["availabilities"]
    for availability in body["availabilities"]:
        assert list(availability) == [
            "id",
            "start_at",
            "end_at",
            "created_at",
            "available_type",
            "available_ids",
            "slots",
        ]
        for slot in availability["slots"]:
            assert list(slot) == ["id", "start_at", "end_at"]


@pytest.mark.behaviour("fabmanager.availabilities.compact", "fabmanager.availabilities.empty")
def test_the_json_is_compact(lab: Lab) -> None:
    response = lab.get("id=5000")
    assert response.status_code == 200
    assert response.data == b'{"availabilities":[]}'
    assert response.content_type == "application/json; charset=utf-8"
    assert response.headers["Total"] == "0"
    assert "Link" not in response.headers


@pytest.mark.behaviour("fabmanager.availabilities.type")
def test_types(lab: Lab) -> None:
    types = {availability["available_type"] for availability in lab.page("per_page=100")}
    assert types == {"Event", "Machine", "Space", "Training"}


@pytest.mark.behaviour("fabmanager.availabilities.event_ids")
def test_ids_of_an_event(lab: Lab, lab_with: Callable[..., Lab]) -> None:
    assert [availability["available_ids"] for availability in lab.page("id=[3,27]")] == [[], [103]]
    damaged = lab_with("damaged-records")
    assert [availability["available_ids"] for availability in damaged.page("id=[3,27]")] == [
        [None],
        [103],
    ]


@pytest.mark.behaviour("fabmanager.availabilities.damaged")
def test_damaged_records(lab: Lab, lab_with: Callable[..., Lab]) -> None:
    assert not DAMAGED & set(lab.all_ids())
    assert lab.get("id=[24,25,26]").headers["Total"] == "0"
    damaged = lab_with("damaged-records")
    assert damaged.ids("id=[25,26,1]") == [25, 26, 1]
    first, second = damaged.page("id=[25,26]")
    assert (first["start_at"], first["created_at"], first["available_type"]) == (
        None,
        None,
        "Machine",
    )
    assert (second["end_at"], second["available_type"], second["available_ids"]) == (
        None,
        "Autre",
        [],
    )


@pytest.mark.behaviour("fabmanager.availabilities.untyped")
def test_a_record_without_a_type(lab: Lab, lab_with: Callable[..., Lab]) -> None:
    assert lab.get("id=24").status_code == 200
    response = lab_with("damaged-records").get("id=[24,1]&per_page=1&page=2")
    assert response.status_code == 500
    assert response.json == {
        "error": ["Server error", "undefined method `classify' for nil:NilClass"]
    }
    assert response.headers["Total"] == "2"
    assert response.headers["Per-Page"] == "1"
    assert 'rel="first"' in response.headers["Link"]
    assert response.headers["Cache-Control"] == "no-cache"
    assert "ETag" not in response.headers


@pytest.mark.behaviour("fabmanager.availabilities.all_listed")
def test_past_and_future_are_listed(client_for: Callable[..., CheckedClient]) -> None:
    lab = Lab(client_for(dataset="demo", auth="any"))
    now = lab.world.clock.now()
    starts = [
        datetime.fromisoformat(availability["start_at"])
        for availability in lab.page("per_page=1000")
    ]
    assert min(starts) < now < max(starts)


@pytest.mark.behaviour("fabmanager.slots.by_type")
def test_slots_are_cut_by_type(lab_of: Callable[..., Lab]) -> None:
    times = "start_at: 2026-11-02T09:00:00Z, end_at: 2026-11-02T12:30:00Z"
    records = ", ".join(
        f"{{id: {number}, {times}, available_type: {kind}{more}}}"
        for number, (kind, more) in enumerate(
            [
                ("Machine", ""),
                ("Space", ", slot_minutes: 90"),
                ("Training", ""),
                ("Event", ", available_ids: [4]"),
                ("Machine", ", slots: []"),
                ("Machine", ", slot_minutes: 300"),
            ],
            1,
        )
    )
    slots = {
        availability["id"]: availability["slots"] for availability in lab_of(ONE % records).page()
    }
    assert [len(slots[number]) for number in range(1, 7)] == [3, 2, 1, 1, 0, 0]
    assert slots[1][-1]["end_at"] == "2026-11-02T13:00:00.000+01:00"
    assert slots[2][1] == {**slots[2][1], "start_at": slots[2][0]["end_at"]}
    assert slots[3][0]["end_at"] == "2026-11-02T13:30:00.000+01:00"
    ids = [slot["id"] for each in slots.values() for slot in each]
    assert len(set(ids)) == len(ids)


@pytest.mark.behaviour("fabmanager.slots.order")
def test_slots_are_in_the_order_of_their_start(lab_of: Callable[..., Lab]) -> None:
    day = "2026-11-02T"
    slots = ", ".join(
        f"{{id: {number}, start_at: {day}{hour}:00:00Z, end_at: {day}{hour + 1}:00:00Z}}"
        for number, hour in [(53, 11), (52, 10), (55, 12), (54, 10)]
    )
    times = f"start_at: {day}10:00:00Z, end_at: {day}14:00:00Z"
    section = ONE % f"{{id: 1, {times}, available_type: Machine, slots: [{slots}]}}"
    assert [slot["id"] for slot in lab_of(section).page()[0]["slots"]] == [52, 54, 53, 55]
    unordered = lab_of(section, quirks=("fabmanager.slots-unordered",))
    assert [slot["id"] for slot in unordered.page()[0]["slots"]] == [53, 52, 55, 54]


@pytest.mark.behaviour("fabmanager.slots.order")
def test_booked_slots_have_moved_in_the_table(client_for: Callable[..., CheckedClient]) -> None:
    ordered = Lab(client_for(dataset="demo", auth="any")).page("per_page=1000")
    live = client_for(dataset="demo", auth="any", quirks=("fabmanager.slots-unordered",))
    listed = Lab(live).page("per_page=1000")
    assert listed != ordered
    assert [{*map(str, availability["slots"])} for availability in listed] == [
        {*map(str, availability["slots"])} for availability in ordered
    ]


@pytest.mark.behaviour("fabmanager.times.format", "fabmanager.times.offset")
def test_offsets_follow_the_zone_at_each_instant(lab_of: Callable[..., Lab]) -> None:
    availability = lab_of(ONE % (SUMMER + MADE)).page()[0]
    assert availability["start_at"] == "2023-07-06T14:00:00.000+02:00"
    assert availability["created_at"] == "2023-01-24T12:26:37.189+01:00"


@pytest.mark.behaviour("fabmanager.times.offset")
def test_the_hour_that_comes_twice(lab_of: Callable[..., Lab]) -> None:
    times = "start_at: 2026-10-25T00:30:00Z, end_at: 2026-10-25T02:30:00Z"
    availability = lab_of(ONE % f"{{id: 1, {times}, available_type: Machine}}").page()[0]
    assert [slot["start_at"] for slot in availability["slots"]] == [
        "2026-10-25T02:30:00.000+02:00",
        "2026-10-25T02:30:00.000+01:00",
    ]


@pytest.mark.behaviour("fabmanager.times.utc", "fabmanager.times.zone")
@pytest.mark.parametrize(
    ("zone", "start", "created_at"),
    [
        ("UTC", "2023-07-06T12:00:00.000Z", "2023-01-24T11:26:37.189Z"),
        ("Etc/UTC", "2023-07-06T12:00:00.000Z", "2023-01-24T11:26:37.189Z"),
        ("London", "2023-07-06T13:00:00.000+01:00", "2023-01-24T11:26:37.189+00:00"),
        ("Paris", "2023-07-06T14:00:00.000+02:00", "2023-01-24T12:26:37.189+01:00"),
        (
            "Eastern Time (US & Canada)",
            "2023-07-06T08:00:00.000-04:00",
            "2023-01-24T06:26:37.189-05:00",
        ),
        ("Asia/Kathmandu", "2023-07-06T17:45:00.000+05:45", "2023-01-24T17:11:37.189+05:45"),
        ("Newfoundland", "2023-07-06T09:30:00.000-02:30", "2023-01-24T07:56:37.189-03:30"),
    ],
)
def test_time_zones(lab_of: Callable[..., Lab], zone: str, start: str, created_at: str) -> None:
    availability = lab_of(f'time_zone: "{zone}"\n{ONE % (SUMMER + MADE)}').page()[0]
    assert (availability["start_at"], availability["created_at"]) == (start, created_at)


@pytest.mark.behaviour("fabmanager.times.zone")
def test_paris_is_the_default_zone(lab_of: Callable[..., Lab]) -> None:
    assert lab_of(ONE % (SUMMER + MADE)).page()[0]["end_at"].endswith("+02:00")


@pytest.mark.behaviour("fabmanager.times.truncated")
@pytest.mark.parametrize(
    ("created_at", "shown"),
    [(".123456", ".123"), (".999999", ".999"), ("", ".000"), (".1", ".100")],
)
def test_milliseconds_are_cut_off(lab_of: Callable[..., Lab], created_at: str, shown: str) -> None:
    record = SUMMER + f' created_at: "2023-01-24T11:26:37{created_at}Z", available_type: Machine}}'
    assert lab_of(ONE % record).page()[0]["created_at"] == f"2023-01-24T12:26:37{shown}+01:00"


def test_times_of_the_demo_are_the_opening_hours(client_for: Callable[..., CheckedClient]) -> None:
    paris = ZoneInfo("Europe/Paris")
    for availability in Lab(client_for(dataset="demo", auth="any")).page("per_page=1000"):
        start, end = (datetime.fromisoformat(availability[key]) for key in ("start_at", "end_at"))
        assert start.utcoffset() == start.astimezone(paris).utcoffset()
        assert 9 <= start.hour <= 19
        assert timedelta(hours=2) <= end - start <= timedelta(hours=4)
        assert start.weekday() != 6
        assert datetime.fromisoformat(availability["created_at"]) <= start
