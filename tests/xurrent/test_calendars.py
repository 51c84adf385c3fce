"""Calendars: shown, created, updated."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from tests.xurrent.conftest import Caller

Maker = Callable[..., Caller]


@pytest.mark.behaviour(
    "xurrent.calendars.fields.default",
    "xurrent.calendars.fields.disabled",
    "xurrent.calendars.hours",
)
def test_items_have_the_default_fields_and_say_that_they_are_disabled(api: Caller) -> None:
    five, six, _ = api.get("/calendars").json
    default = ["id", "source", "sourceID", "name", "calendar_hours", "created_at", "updated_at"]
    assert list(six) == default
    assert list(five) == [*default, "disabled"]
    assert list(six["calendar_hours"][0]) == ["weekday", "time_from", "time_until"]


@pytest.mark.behaviour("xurrent.calendars.key_order", "xurrent.calendars.get")
def test_a_single_calendar_has_all_fields_in_alphabetical_order(api: Caller) -> None:
    keys = list(api.get("/calendars/33").json)
    assert keys == sorted(keys, key=str.lower)
    assert "disabled" in keys


@pytest.mark.behaviour("xurrent.calendars.get.fields", "xurrent.filters.unknown")
def test_a_single_calendar_takes_no_notice_of_list_parameters(api: Caller) -> None:
    assert api.get("/calendars/33?fields=name&strange=1").json == api.get("/calendars/33").json


@pytest.mark.behaviour("xurrent.calendars.order", "xurrent.calendars.order.case")
def test_order_by_name_without_regard_to_case(empty: Caller) -> None:
    for name in ("beta", "Alpha", "Gamma", "alpha 2"):
        empty.created("/calendars", {"name": name})
    assert [calendar["name"] for calendar in empty.get("/calendars").json] == [
        "Alpha",
        "alpha 2",
        "beta",
        "Gamma",
    ]


@pytest.mark.behaviour("xurrent.calendars.predefined", "xurrent.calendars.state")
def test_predefined_filters(api: Caller) -> None:
    assert api.ids("/calendars/disabled") == api.ids("/calendars?state=disabled") == [32]
    assert api.ids("/calendars/enabled") == api.ids("/calendars?state=enabled") == [33, 42]
    assert api.ids("/calendars/enabled?id=>33") == [42]
    assert api.ids("/calendars/enabled?state=disabled") == []


@pytest.mark.behaviour("xurrent.calendars.state.unknown")
def test_unknown_state(api: Caller) -> None:
    assert api.message("/calendars?state=foo") == "Unknown state: foo"


@pytest.mark.behaviour("xurrent.calendars.timestamps")
def test_timestamps_follow_the_zone_of_the_account_and_its_summers(
    api: Caller, empty: Caller
) -> None:
    api.world.clock.freeze(api.world.clock.now().replace(month=7, microsecond=999_999))
    assert api.created("/calendars", {"name": "x"})["created_at"] == "2017-07-22T08:00:00-06:00"
    assert empty.created("/calendars", {"name": "x"})["created_at"].endswith("Z")


@pytest.mark.behaviour(
    "xurrent.calendars.create", "xurrent.calendars.create.location", "xurrent.answers.etag"
)
def test_create_with_a_name(empty: Caller) -> None:
    answer = empty.post("/calendars", {"name": "Night <shift> & more"})
    assert answer.status == "201 CREATED"
    assert answer.json["calendar_hours"] == []
    assert answer.json["disabled"] is False
    assert answer.json["updated_at"] == answer.json["created_at"]
    assert answer.headers["Location"] == f"http://localhost/v1/calendars/{answer.json['id']}"
    assert (
        empty.client.get(
            answer.headers["Location"], headers={"Authorization": "Bearer api-token"}
        ).json
        == answer.json
    )
    assert answer.headers["ETag"] == f'W/"{sha256(answer.data).hexdigest()[:32]}"'


@pytest.mark.behaviour("xurrent.calendars.create.location")
def test_location_as_the_real_service_has_it(caller_for: Maker) -> None:
    live = caller_for(quirks=("xurrent.location-ui-url",))
    assert live.post("/calendars", {"name": "x"}).headers["Location"] == (
        "https://wdc.r-service.tech/calendars/43"
    )


@pytest.mark.behaviour("xurrent.calendars.create.location")
def test_location_keeps_the_prefix_of_the_world(empty: Caller) -> None:
    answer = empty.client.post(
        "/w/default/v1/calendars",
        json={"name": "x"},
        headers={"Authorization": "Bearer api-token", "Host": "fake.test:81"},
    )
    assert answer.headers["Location"] == "http://fake.test:81/w/default/v1/calendars/1"


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.behaviour(
    "xurrent.calendars.update", "xurrent.calendars.update.put", "xurrent.calendars.updated_at"
)
def test_update(api: Caller, method: str) -> None:
    before = api.get("/calendars/33").json
    unchanged = api(method, "/calendars/33", json={"name": before["name"], "source": ""})
    assert unchanged.json == before
    answer = api(method, "/calendars/33", json={"sourceID": "A-1", "disabled": "yes"})
    assert answer.status_code == 200
    after = {**before, "sourceID": "A-1", "disabled": True}
    assert answer.json == {**after, "updated_at": "2017-11-22T07:00:00-07:00"}
    assert api.get("/calendars/33").json == answer.json
    assert api.ids("/calendars?sourceID=a-1") == [33]


@pytest.mark.behaviour("xurrent.calendars.unknown_attributes")
def test_unknown_and_read_only_attributes_are_ignored(api: Caller) -> None:
    before = api.get("/calendars/33").json
    attributes = {
        "remarks": "x",
        "id": 99,
        "created_at": "2020-01-01T00:00:00Z",
        "calendar_hours": [],
    }
    assert api.patch("/calendars/33", attributes).json == before
    made = api.created("/calendars", {"name": "x", **attributes})
    assert made["id"] != 99
    assert made["created_at"] == "2017-11-22T07:00:00-07:00"


@pytest.mark.parametrize("attributes", [{}, {"name": None}, {"name": ""}, {"name": " \t\n "}])
@pytest.mark.behaviour("xurrent.calendars.name.required", "xurrent.errors.validation")
def test_a_name_is_required(api: Caller, attributes: dict[str, Any]) -> None:
    assert api.errors(api.post("/calendars", attributes)) == [["name", "Name can't be blank"]]
    if attributes:
        assert api.errors(api.patch("/calendars/33", attributes)) == [
            ["name", "Name can't be blank"]
        ]
    assert api.get("/calendars").headers["X-Pagination-Total-Entries"] == "3"


@pytest.mark.parametrize(
    ("field", "longest", "sentence"),
    [
        ("name", 80, "Name is too long (maximum is 80 characters)"),
        ("source", 30, "Source is too long (maximum is 30 characters)"),
        ("sourceID", 128, "Source ID is too long (maximum is 128 characters)"),
    ],
)
@pytest.mark.behaviour("xurrent.calendars.name.length", "xurrent.calendars.source.length")
def test_lengths_count_characters(api: Caller, field: str, longest: int, sentence: str) -> None:
    assert api.patch("/calendars/33", {field: "É" * longest}).json[field] == "É" * longest
    answer = api.patch("/calendars/33", {field: "É" * (longest + 1)})
    assert api.errors(answer) == [[field, sentence]]


@pytest.mark.behaviour("xurrent.calendars.name.taken", "xurrent.calendars.name.taken.case")
def test_a_name_is_unique_until_it_is_freed(api: Caller) -> None:
    taken = [["name", "Name has already been taken"]]
    name = "24x5 (Monday through Friday)"
    assert api.errors(api.post("/calendars", {"name": name})) == taken
    assert api.errors(api.post("/calendars", {"name": name.upper()})) == taken
    assert api.errors(api.patch("/calendars/33", {"name": name})) == taken
    assert api.patch("/calendars/32", {"name": name.upper()}).status_code == 200
    assert api.patch("/calendars/32", {"name": "other"}).status_code == 200
    assert api.post("/calendars", {"name": name}).status_code == 201


@pytest.mark.behaviour("xurrent.calendars.invalid_kind", "xurrent.errors.validation")
def test_all_mistakes_are_told_at_once(api: Caller) -> None:
    attributes = {"name": 5, "source": ["x"], "sourceID": "\0", "disabled": {"a": 1}}
    assert api.errors(api.post("/calendars", attributes)) == [
        ["name", "Name is invalid"],
        ["source", "Source is invalid"],
        ["sourceID", "Source ID is invalid"],
        ["disabled", "Disabled is invalid"],
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(word, True) for word in (True, 1, "1", "T", "y", "TRUE", "Yes", "oN")]
    + [(word, False) for word in (False, 0, "0", "false", "no", "2", "", None, 1.5, "enabled")],
)
@pytest.mark.behaviour("xurrent.calendars.disabled")
def test_what_is_true(api: Caller, value: Any, expected: bool) -> None:
    assert api.created("/calendars", {"name": "x", "disabled": value})["disabled"] is expected


@pytest.mark.parametrize(
    ("attributes", "headers", "expected"),
    [
        ({"source": "ERP"}, {"X-4me-Source": "Header", "User-Agent": "agent"}, "ERP"),
        ({"source": " "}, {"X-4me-Source": "Header", "User-Agent": "agent"}, "Header"),
        ({}, {"X-Xurrent-Source": "Header"}, "Header"),
        ({}, {"User-Agent": "curl/8.5.0"}, "curl/8.5.0"),
        ({}, {"User-Agent": "x" * 40}, "x" * 30),
        ({}, {"User-Agent": ""}, "R-Service API"),
        ({}, {"X-4me-Source": "Caf\xc3\xa9"}, "Café"),
        ({}, {"X-4me-Source": "Caf\xe9"}, "Café"),
        ({}, {"User-Agent": "\xe2\x98\x95" * 40}, "☕" * 30),
    ],
)
@pytest.mark.behaviour("xurrent.calendars.source.default")
def test_source(
    api: Caller, attributes: dict[str, str], headers: dict[str, str], expected: str
) -> None:
    answer = api.post("/calendars", {"name": "x", **attributes}, headers=headers)
    assert answer.json["source"] == expected


@pytest.mark.parametrize("path", ["/calendars/32", "/calendars", "/holidays/1", "/rate_limit"])
@pytest.mark.behaviour("xurrent.calendars.delete", "xurrent.errors.method")
def test_methods_that_are_not_there(api: Caller, path: str) -> None:
    answer = api.delete(path)
    assert (answer.status_code, answer.json) == (404, {"message": "Not Found"})
    assert "X-Fake-Not-Served" not in answer.headers


@pytest.mark.parametrize(
    "body", [b"[]", b'["name"]', b'"name"', b"{", b'{"name": NaN}', b"\xff", b'{"name":"\\ud800"}']
)
@pytest.mark.behaviour("xurrent.errors.json")
def test_bodies_that_are_no_json_object(api: Caller, body: bytes) -> None:
    answer = api("POST", "/calendars", data=body, content_type="application/json")
    assert (answer.status_code, answer.data) == (
        400,
        b'{"message":"Invalid JSON string posted"}',
    )


@pytest.mark.parametrize(
    "options",
    [
        {"data": {"name": "Été", "disabled": "on"}},
        {"data": {"name": "Été", "disabled": "on"}, "content_type": "multipart/form-data"},
        {"data": json.dumps({"name": "Été", "disabled": "on"}), "content_type": "text/plain"},
        {"query_string": {"name": "Été", "disabled": "on"}},
    ],
)
@pytest.mark.behaviour("xurrent.bodies")
def test_other_bodies(api: Caller, options: dict[str, Any]) -> None:
    answer = api("POST", "/calendars", **options)
    assert (answer.json["name"], answer.json["disabled"]) == ("Été", True)


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"X-4me-Language": "nl"}, "Naam moet opgegeven zijn"),
        ({"X-Xurrent-Language": "nl-NL"}, "Naam moet opgegeven zijn"),
        ({"X-4me-Language": "de"}, "Name muss ausgefüllt werden"),
        ({"X-4me-Language": "fr"}, "Nom doit être rempli(e)"),
        ({"X-4me-Language": "tlh"}, "Name can't be blank"),
    ],
)
@pytest.mark.behaviour("xurrent.errors.language")
def test_language(api: Caller, headers: dict[str, str], sentence: str) -> None:
    answer = api.post("/calendars", {}, headers=headers)
    assert api.errors(answer) == [["name", sentence]]


@pytest.mark.behaviour("xurrent.calendars.updated_at")
def test_updates_follow_the_clock_of_the_world(api: Caller) -> None:
    made = api.created("/calendars", {"name": "x"})
    api.world.clock.advance(timedelta(hours=3))
    changed = api.patch(f"/calendars/{made['id']}", {"name": "y"}).json
    assert changed["created_at"] == made["created_at"]
    assert changed["updated_at"] == "2017-11-22T10:00:00-07:00"
