"""Published clients, unmodified, under the real hosts: interception answers them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from api42lib import IntraAPIClient
from xurrent.core import XurrentApiHelper

from fake_server.testing import FakeWorld, intercept


@pytest.fixture(scope="module")
def world() -> Iterator[FakeWorld]:
    with intercept(dataset="demo") as world:
        yield world


def test_api42lib_walks_all_pages_one_by_one_and_in_threads(
    world: FakeWorld, tmp_path: Path
) -> None:
    client = IntraAPIClient(config_path=str(tmp_path / "none.yml"), progress_bar=False)
    client.set_config(
        {
            "v2": {
                "client": "Your application uid",
                "secret": "Your application secret",
                "uri": "https://api.intra.42.fr/oauth/token",
                "endpoint": "https://api.intra.42.fr/v2",
                "scopes": "public",
            }
        }
    )
    campuses = client.pages("campus")
    assert len(campuses) == int(client.get("campus").headers["X-Total"]) > 30
    assert sorted(client.pages_threaded("campus"), key=lambda campus: -campus["id"]) == campuses
    world.requests.verify(method="POST", path="/oauth/token")


def test_xurrent_walks_a_list_and_makes_a_calendar(world: FakeWorld) -> None:
    helper = XurrentApiHelper(
        "https://api.xurrent.com/v1", "YOUR_ACCESS_TOKEN", "wdc", resolve_user=False
    )
    before = helper.api_call("/calendars?per_page=5", "GET")
    assert len(before) == 12
    calendar = helper.api_call("/calendars", "POST", {"name": "From a client"})
    assert calendar["id"] in {
        calendar["id"] for calendar in helper.api_call("/calendars?per_page=5", "GET")
    }
    world.requests.verify("xurrent.create_calendar", count=1)
