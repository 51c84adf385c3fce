"""PyPI's `xurrent`, unmodified, over HTTP."""

from collections.abc import Iterator

import pytest
from xurrent.core import XurrentApiHelper

from fake_server import FakeServer


@pytest.fixture(scope="module")
def helper() -> Iterator[XurrentApiHelper]:
    with FakeServer(dataset="demo") as server:
        yield XurrentApiHelper(f"{server.url}/v1", "YOUR_ACCESS_TOKEN", "wdc", resolve_user=False)


@pytest.mark.behaviour("xurrent.pages.link.query", "xurrent.accounts.header")
def test_a_list_is_walked_to_its_end(helper: XurrentApiHelper) -> None:
    walked = helper.api_call("/calendars?per_page=5&sort=name,id&fields=name,disabled", "GET")
    assert len(walked) == 12
    assert len({calendar["id"] for calendar in walked}) == 12
    assert walked == sorted(walked, key=lambda calendar: calendar["name"].casefold())


@pytest.mark.behaviour("xurrent.duration.body_parameters", "xurrent.duration.extra")
def test_a_calendar_is_made_and_used(helper: XurrentApiHelper) -> None:
    made = helper.api_call("/calendars", "POST", {"name": "From a client"})
    path = f"/calendars/{made['id']}"
    hours = {"weekday": "mon", "time_from": "09:00", "time_until": "17:00"}
    assert helper.api_call(f"{path}/calendar_hours", "POST", hours)["weekday"] == "mon"
    span = {
        "start": "2020-01-20T09:00:00-05:00",
        "end": "2020-01-20T17:00:00-05:00",
        "time_zone": "Central Time (US & Canada)",
    }
    assert helper.api_call(f"{path}/duration", "GET", span) == {"duration": 420}
    assert helper.api_call(path, "PATCH", {"disabled": True})["disabled"] is True
