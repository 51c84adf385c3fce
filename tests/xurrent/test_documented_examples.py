"""The example answers of document 004, as JSON values."""

from typing import Any

import pytest

from tests.xurrent.conftest import Caller

STAMP = "2016-03-14T03:09:47-06:00"
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def hours(days: int) -> list[dict[str, str]]:
    return [{"time_until": "00:00", "time_from": "00:00", "weekday": day} for day in DAYS[:days]]


def calendar(number: int, name: str, days: int) -> dict[str, Any]:
    return {
        "name": name,
        "created_at": STAMP,
        "sourceID": None,
        "updated_at": STAMP,
        "id": number,
        "calendar_hours": hours(days),
        "source": None,
    }


FIVE = calendar(32, "24x5 (Monday through Friday)", 5)
SIX = calendar(33, "24x6 (Monday through Saturday)", 6)


@pytest.mark.behaviour("xurrent.calendars.list", "xurrent.calendars.example")
def test_list_of_calendars(api: Caller) -> None:
    answer = api.get("/calendars")
    assert answer.status == "200 OK"
    assert answer.json[:2] == [{**FIVE, "disabled": True}, SIX]


@pytest.mark.behaviour("xurrent.calendars.example", "xurrent.calendars.get")
def test_single_calendar_but_for_disabled(api: Caller) -> None:
    answer = api.get("/calendars/32")
    assert answer.status == "200 OK"
    fields = dict(answer.json)
    assert fields.pop("disabled") is True
    assert fields == FIVE


@pytest.mark.behaviour("xurrent.duration.example.month", "xurrent.auth.basic")
def test_duration_of_a_month(api: Caller) -> None:
    answer = api.get(
        "/calendars/42/duration?start=2020-01-01T00:00:00Z&end=2020-02-01T00:00:00Z",
        token=None,
        auth=("api-token", "x"),
        headers={"X-4me-Account": "wdc"},
    )
    assert answer.json == {"duration": 44640}


@pytest.mark.behaviour("xurrent.duration.example.zone", "xurrent.duration.body_parameters")
def test_duration_in_another_zone_with_a_json_body_sent_as_a_form(api: Caller) -> None:
    answer = api.get(
        "/calendars/42/duration",
        data='{"start":"2020-01-20T09:00:00-05:00", "end":"2020-01-20T17:00:00-05:00",'
        ' "time_zone":"Central Time (US & Canada)"}',
        content_type="application/x-www-form-urlencoded",
        headers={"X-4me-Account": "wdc"},
    )
    assert answer.json == {"duration": 480}
