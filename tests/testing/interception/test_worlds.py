"""Interception: which world answers, and how long it is there."""

from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from fake_server import FakeServer
from fake_server.testing import FakeWorld, intercept
from tests.support.senders import LAB, Get, each_library


@each_library
def test_a_world_that_a_request_names_is_found_as_over_http(
    send: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    with (
        FakeServer(dataset="empty") as server,
        intercept(dataset="documented", allow=server.url) as world,
    ):

        def ask(origin: str, named: str, prefix: str = "") -> Any:
            headers = {**world.xurrent.headers, "X-Fake-World": named}
            return send("GET", f"{origin}{prefix}/v1/calendars", headers=headers)

        assert ask("https://api.4me.com", world.name).json()
        for prefix, status in (("", 404), (f"/w/{world.name}", 400)):
            here = ask("https://api.4me.com", "nope", prefix)
            there = ask(server.url, "nope", prefix)
            assert here.status_code == there.status_code == status
            assert here.headers["Content-Type"] == "application/problem+json"
            assert here.json() == there.json()


def test_the_world_is_one_of_its_own_and_gone_after() -> None:
    with intercept(dataset="documented") as first, intercept() as second:
        assert first.name != second.name
        plane = first.plane
        assert first.xurrent.base_url == "https://api.4me.com/v1"
    assert [listed["name"] for listed in plane.ask("GET", "/worlds")["worlds"]] == ["default"]


def test_a_world_that_is_given_stays() -> None:
    with intercept(dataset="documented") as outer:
        outer.xurrent.session().post("/calendars", json={"name": "mine"})
        with intercept(outer) as inner:
            names = [
                calendar["name"] for calendar in inner.xurrent.session().get("/calendars").json()
            ]
            assert "mine" in names
        assert outer.describe()["name"] == outer.name


@each_library
def test_the_innermost_answers(send: Get) -> None:
    def dataset() -> Any:
        return len(send("GET", "https://api.4me.com/v1/calendars", headers=headers).json())

    headers = {"Authorization": "Bearer api-token"}
    with intercept(dataset="documented", fabmanager=LAB) as outer:
        documented = dataset()
        with intercept(dataset={"xurrent": {"calendars": {"count": 1}}}, auth="any"):
            assert dataset() == 1
            answer = send("GET", f"{LAB}/open_api/v1/availabilities")
            assert answer.status_code == 401
        assert dataset() == documented
        assert outer.describe()["dataset"] == "documented"


def test_an_interception_can_be_used_again_and_within_itself() -> None:
    again = intercept(dataset="documented")
    with again as first, again as second:
        assert first.name != second.name
        assert requests.get(f"{second.xurrent.base_url}/calendars").status_code == 401
    with again as third:
        assert third.name not in {first.name, second.name}


def test_interceptions_may_end_in_any_order() -> None:
    real = HTTPAdapter.send
    first, second = intercept(), intercept()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert requests.get("https://api.4me.com/v1/calendars").status_code == 401
    second.__exit__(None, None, None)
    assert HTTPAdapter.send is real


def test_options_and_a_world_do_not_go_together(world: FakeWorld) -> None:
    with pytest.raises(TypeError, match="dataset"):
        intercept(world, dataset="demo")
