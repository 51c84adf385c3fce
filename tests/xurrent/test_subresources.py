"""Calendar hours, holidays, and the links between holidays and calendars."""

from typing import Any

import pytest

from tests.xurrent.conftest import Caller

NINE_TO_FIVE = {"weekday": "mon", "time_from": "09:00", "time_until": "17:00"}
DAY = {"name": "Company day", "start_at": "2016-06-17T16:00", "end_at": "2016-06-18T00:00:00"}


@pytest.mark.behaviour("xurrent.hours.create", "xurrent.hours.list", "xurrent.hours.get")
def test_hours_are_added_listed_and_shown(empty: Caller) -> None:
    number = empty.created("/calendars", {"name": "x"})["id"]
    answer = empty.post(f"/calendars/{number}/calendar_hours", NINE_TO_FIVE)
    assert answer.status_code == 201
    assert list(answer.json) == ["id", "weekday", "time_from", "time_until"]
    path = f"/calendars/{number}/calendar_hours/{answer.json['id']}"
    assert answer.headers["Location"] == f"http://localhost/v1{path}"
    assert empty.get(path).json == answer.json == {"id": 1, **NINE_TO_FIVE}
    assert empty.get(f"/calendars/{number}/calendar_hours").json == [answer.json]
    assert empty.get(f"/calendars/{number}").json["calendar_hours"] == [NINE_TO_FIVE]
    assert empty.get("/calendars").json[0]["calendar_hours"] == [NINE_TO_FIVE]


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.behaviour("xurrent.hours.update", "xurrent.calendars.hours")
def test_hours_are_changed_and_kept_in_the_order_of_the_week(api: Caller, method: str) -> None:
    first = api.get("/calendars/33/calendar_hours").json[0]
    path = f"/calendars/33/calendar_hours/{first['id']}"
    answer = api(method, path, json={"weekday": "sun", "time_from": "12:30"})
    assert answer.status_code == 200
    assert answer.json == {**first, "weekday": "sun", "time_from": "12:30"}
    assert api(method, path, json={}).json == answer.json
    days = [hours["weekday"] for hours in api.get("/calendars/33").json["calendar_hours"]]
    assert days == ["tue", "wed", "thu", "fri", "sat", "sun"]


@pytest.mark.behaviour("xurrent.hours.delete", "xurrent.answers.no_content")
def test_hours_are_deleted_singly_and_all(api: Caller) -> None:
    ids = api.ids("/calendars/33/calendar_hours")
    gone = api.delete(f"/calendars/33/calendar_hours/{ids[0]}")
    assert (gone.status_code, gone.data) == (204, b"")
    assert "Content-Type" not in gone.headers
    assert "ETag" not in gone.headers
    assert api.delete(f"/calendars/33/calendar_hours/{ids[0]}").status_code == 404
    assert api.ids("/calendars/33/calendar_hours") == ids[1:]
    assert api.delete("/calendars/33/calendar_hours/").status_code == 204
    assert api.ids("/calendars/33/calendar_hours") == []
    assert len(api.ids("/calendars/32/calendar_hours")) == 5
    new = api.created("/calendars/33/calendar_hours", NINE_TO_FIVE)
    assert new["id"] > max(ids)


@pytest.mark.parametrize(
    ("attributes", "errors"),
    [
        (
            {},
            [
                ["weekday", "Weekday can't be blank"],
                ["time_from", "Time from can't be blank"],
                ["time_until", "Time until can't be blank"],
            ],
        ),
        ({**NINE_TO_FIVE, "weekday": "Mon"}, [["weekday", "Weekday is not included in the list"]]),
        ({**NINE_TO_FIVE, "weekday": [1]}, [["weekday", "Weekday is not included in the list"]]),
        ({**NINE_TO_FIVE, "time_from": "9:00"}, [["time_from", "Time from is invalid"]]),
        ({**NINE_TO_FIVE, "time_from": 540}, [["time_from", "Time from is invalid"]]),
        ({**NINE_TO_FIVE, "time_until": "24:01"}, [["time_until", "Time until is invalid"]]),
        (
            {**NINE_TO_FIVE, "time_until": "09:00"},
            [["time_until", "Time until must be after Time from"]],
        ),
        (
            {**NINE_TO_FIVE, "time_from": "22:00", "time_until": "06:00"},
            [["time_until", "Time until must be after Time from"]],
        ),
        (
            {**NINE_TO_FIVE, "time_from": "24:00", "time_until": "24:00"},
            [["time_until", "Time until must be after Time from"]],
        ),
    ],
)
@pytest.mark.behaviour("xurrent.hours.required", "xurrent.hours.backwards")
def test_hours_that_are_refused(api: Caller, attributes: Any, errors: list[list[str]]) -> None:
    before = api.get("/calendars/33/calendar_hours").data
    assert api.errors(api.post("/calendars/33/calendar_hours", attributes)) == errors
    assert api.get("/calendars/33/calendar_hours").data == before


@pytest.mark.behaviour("xurrent.hours.backwards")
def test_a_change_is_checked_against_what_stays(api: Caller) -> None:
    number = api.created("/calendars/33/calendar_hours", NINE_TO_FIVE)["id"]
    path = f"/calendars/33/calendar_hours/{number}"
    assert api.errors(api.patch(path, {"time_from": "18:00"}))
    assert api.patch(path, {"time_until": "00:00", "time_from": "18:00"}).status_code == 200


@pytest.mark.parametrize("end", ["00:00", "24:00"])
@pytest.mark.behaviour("xurrent.hours.echo")
def test_midnight_is_given_back_as_it_came(api: Caller, end: str) -> None:
    made = api.created("/calendars/33/calendar_hours", {**NINE_TO_FIVE, "time_until": end})
    assert made["time_until"] == end


@pytest.mark.behaviour("xurrent.holidays.create", "xurrent.holidays.get", "xurrent.holidays.times")
def test_holidays_are_created_and_shown(empty: Caller) -> None:
    answer = empty.post("/holidays", DAY, headers={"X-4me-Source": "HR"})
    assert answer.status_code == 201
    assert answer.headers["Location"] == "http://localhost/v1/holidays/1"
    assert list(answer.json) == sorted(answer.json, key=str.lower)
    assert answer.json["start_at"] == "2016-06-17T16:00:00"
    assert answer.json["end_at"] == "2016-06-18T00:00:00"
    assert answer.json["source"] == "HR"
    assert answer.json["picture_uri"] is None
    assert empty.get("/holidays/1").json == answer.json


@pytest.mark.behaviour("xurrent.holidays.list", "xurrent.holidays.names")
def test_holidays_are_listed_by_name(empty: Caller) -> None:
    for name in ("b", "A", "b"):
        empty.created("/holidays", {**DAY, "name": name})
    listed = empty.get("/holidays").json
    assert [(holiday["name"], holiday["id"]) for holiday in listed] == [
        ("A", 2),
        ("b", 1),
        ("b", 3),
    ]
    fields = "id source sourceID name picture_uri start_at end_at created_at updated_at"
    assert list(listed[0]) == fields.split()


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.behaviour("xurrent.holidays.update", "xurrent.holidays.backwards")
def test_holidays_are_changed(empty: Caller, method: str) -> None:
    before = empty.created("/holidays", DAY)
    answer = empty(method, "/holidays/1", json={"picture_uri": "https://x.test/a.png"})
    assert answer.status_code == 200
    assert answer.json["picture_uri"] == "https://x.test/a.png"
    assert answer.json["name"] == before["name"]
    assert empty.errors(empty(method, "/holidays/1", json={"end_at": "2016-06-17T16:00"})) == [
        ["end_at", "End must be after Start"]
    ]


@pytest.mark.parametrize(
    ("attributes", "errors"),
    [
        (
            {},
            [
                ["name", "Name can't be blank"],
                ["start_at", "Start can't be blank"],
                ["end_at", "End can't be blank"],
            ],
        ),
        ({**DAY, "start_at": "2016-02-30T00:00"}, [["start_at", "Start is invalid"]]),
        ({**DAY, "start_at": "2016-06-17T16:00+15:00"}, [["start_at", "Start is invalid"]]),
        ({**DAY, "start_at": "17 June 2016"}, [["start_at", "Start is invalid"]]),
        ({**DAY, "start_at": 5}, [["start_at", "Start is invalid"]]),
        ({**DAY, "end_at": "2016-06-17T15:00"}, [["end_at", "End must be after Start"]]),
        (
            {**DAY, "name": "x" * 81},
            [["name", "Name is too long (maximum is 80 characters)"]],
        ),
    ],
)
@pytest.mark.behaviour("xurrent.holidays.create", "xurrent.holidays.backwards")
def test_holidays_that_are_refused(empty: Caller, attributes: Any, errors: list[list[str]]) -> None:
    assert empty.errors(empty.post("/holidays", attributes)) == errors
    assert empty.ids("/holidays") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2016-06-17", "2016-06-17T00:00:00"),
        ("2016-06-17T16:00Z", "2016-06-17T16:00:00"),
        ("2016-06-17T16:00:00+00:00", "2016-06-17T16:00:00"),
        ("2016-06-17T16:00:00-06:00", "2016-06-17T22:00:00"),
        ("2016-06-17T16:00:59.999", "2016-06-17T16:00:59"),
    ],
)
@pytest.mark.behaviour("xurrent.holidays.times.read")
def test_other_times_that_clients_send(empty: Caller, text: str, shown: str) -> None:
    made = empty.created("/holidays", {**DAY, "start_at": text})
    assert made["start_at"] == shown
    assert empty.ids(f"/holidays?start_at={shown}") == [made["id"]]
    changed = empty.patch("/holidays/1", {"start_at": "2015-01-01", "end_at": text})
    assert changed.json["end_at"] == shown


@pytest.mark.behaviour("xurrent.holidays.picture")
def test_a_picture_of_any_length(empty: Caller) -> None:
    picture = "data:image/png;base64," + "A" * 100_000
    made = empty.created("/holidays", {**DAY, "picture_uri": picture})
    assert made["picture_uri"] == picture
    assert empty.get("/holidays").json[0]["picture_uri"] == picture


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("start_at=2016-06-17T16:00", [1]),
        ("start_at=>=2016-06-17T16:00:00Z", [1, 2]),
        ("end_at=<2017-01-01", [1]),
        ("name=COMPANY%20DAY", [1]),
        ("id=!1", [2]),
        ("sourceID=", [1, 2]),
        ("created_at=>2016-01-01", [1, 2]),
        ("updated_at=<2016-01-01", []),
        ("sort=-name", [2, 1]),
        ("sort=-id&per_page=1", [2]),
        ("fields=name", [1, 2]),
    ],
)
@pytest.mark.behaviour("xurrent.holidays.filters")
def test_holidays_are_filtered_and_sorted(empty: Caller, query: str, expected: list[int]) -> None:
    empty.created("/holidays", DAY)
    empty.created(
        "/holidays", {"name": "Other", "start_at": "2017-01-01T00:00", "end_at": "2017-01-02T00:00"}
    )
    assert empty.ids(f"/holidays?{query}") == expected


@pytest.mark.behaviour("xurrent.holidays.filters")
def test_filters_holidays_do_not_have(empty: Caller) -> None:
    assert empty.message("/holidays?disabled=true") == "Unknown fields: disabled"
    assert empty.message("/holidays?picture_uri=x") == (
        "Filtering not allowed on fields: picture_uri"
    )
    assert empty.message("/holidays?sort=start_at") == "Sorting not allowed on fields: start_at"


@pytest.mark.behaviour(
    "xurrent.holidays.link",
    "xurrent.holidays.unlink",
    "xurrent.holidays.of_calendar",
    "xurrent.holidays.calendars",
)
def test_links_from_both_sides(api: Caller) -> None:
    for name in ("one", "two", "three"):
        api.created("/holidays", {**DAY, "name": name})
    for path in (
        "/calendars/32/holidays/1",
        "/holidays/1/calendars/33",
        "/calendars/32/holidays/2",
    ):
        for _ in range(2):
            linked = api.post(path)
            assert (linked.status_code, linked.data) == (200, b"{}")
    assert api.get("/calendars/32/holidays").json == api.get("/holidays?id=1,2").json
    assert api.ids("/calendars/32/holidays?name=TWO") == [2]
    assert api.ids("/holidays/1/calendars") == [32, 33]
    assert api.ids("/holidays/1/calendars/disabled") == [32]
    assert api.ids("/holidays/1/calendars/enabled") == [33]
    assert api.ids("/holidays/1/calendars?state=enabled") == [33]
    assert api.get("/holidays/1/calendars/disabled?per_page=1").status_code == 200
    assert api.delete("/holidays/1/calendars/33").status_code == 204
    assert api.delete("/holidays/1/calendars/33").status_code == 404
    assert api.delete("/calendars/32/holidays").status_code == 204
    assert api.ids("/calendars/32/holidays") == []
    assert api.ids("/holidays/1/calendars") == []
    api.post("/holidays/3/calendars/33")
    assert api.delete("/holidays/3/calendars").status_code == 204
    assert api.ids("/calendars/33/holidays") == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/calendars/99"),
        ("GET", "/calendars/99/calendar_hours"),
        ("GET", "/calendars/32/calendar_hours/99"),
        ("GET", "/calendars/32/calendar_hours/7"),
        ("DELETE", "/calendars/32/calendar_hours/7"),
        ("GET", "/calendars/99/holidays"),
        ("POST", "/calendars/32/holidays/99"),
        ("POST", "/calendars/99/holidays/1"),
        ("DELETE", "/calendars/99/holidays"),
        ("GET", "/holidays/99"),
        ("PATCH", "/holidays/99"),
        ("PATCH", "/calendars/99"),
        ("GET", "/holidays/99/calendars"),
        ("GET", "/calendars/foo"),
        ("GET", "/calendars/-1"),
        ("GET", "/calendars/99999999999999999999"),
        ("GET", "/calendars/%00"),
        ("GET", "/calendars/%FF"),
    ],
)
@pytest.mark.behaviour("xurrent.ids.unknown")
def test_ids_that_are_not_there(api: Caller, method: str, path: str) -> None:
    answer = api(method, path)
    assert (answer.status_code, answer.data) == (404, b'{"message":"Not Found"}')
    assert "X-Fake-Not-Served" not in answer.headers
