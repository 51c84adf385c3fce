"""`FakeWorld`: the same surface in this process and over HTTP."""

import doctest
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fake_server import Fault
from fake_server.errors import UserError
from fake_server.testing import FakeServer, FakeWorld, RunningServer, requests

LIST = "xurrent.list_calendars"
LABS = "fabmanager.list_availabilities"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="documented") as server:
        yield server


@pytest.fixture(params=["here", "elsewhere"])
def world(request: pytest.FixtureRequest, server: FakeServer) -> Iterator[FakeWorld]:
    chosen = server if request.param == "here" else RunningServer(server.url)
    with chosen.create_world() as world:
        yield world


def ask(world: FakeWorld, path: str = "/calendars", **options: Any) -> int:
    """Ask Xurrent for something and return the status."""
    with world.xurrent.session() as session:
        return session.get(path, **options).status_code


def ask_lab(world: FakeWorld, path: str) -> int:
    """Ask the fab lab for something and return the status."""
    with world.fabmanager.session() as session:
        return session.get(path).status_code


def test_the_samples_of_the_docstrings_hold(world: FakeWorld) -> None:
    ask(world, "/calendars?per_page=100")
    ask(world, "/calendars?per_page=100")
    assert doctest.testmod(requests, extraglobs={"world": world}) == (0, 1)


def test_the_clock_is_read_and_moved(world: FakeWorld) -> None:
    assert world.clock.frozen
    world.clock.set("2026-03-02T09:00:00Z")
    world.clock.advance(90)
    world.clock.advance("PT1H")
    world.clock.advance(timedelta(days=1))
    world.clock.advance(hours=-1, seconds=-90)
    assert world.clock.now() == datetime(2026, 3, 3, 9, tzinfo=UTC)
    world.clock.freeze(datetime(2026, 1, 1, tzinfo=UTC))
    assert world.clock.now().year == 2026
    world.clock.run()
    assert not world.clock.frozen
    with pytest.raises(TypeError, match="one duration"):
        world.clock.advance()
    with pytest.raises(TypeError, match="one duration"):
        world.clock.advance(3, hours=1)
    with pytest.raises(UserError, match="at: expected a time such as"):
        world.clock.set("noon")


def test_requests_fail_on_demand(world: FakeWorld) -> None:
    with world.fail(LIST, status=503) as fault:
        assert ask(world) == 503
        assert (fault.fired, fault.matched) == (1, 1)
    assert ask(world) == 200
    fault.remove()
    world.fail(Fault(LIST, status=500), times=1)
    assert [ask(world), ask(world)] == [500, 200]
    with pytest.raises(UserError, match="list_calendars"):
        world.fail("xurrent.list_calendar", status=503)


def test_the_journal_is_read(world: FakeWorld) -> None:
    assert list(world.requests) == []
    ask_lab(world, "/availabilities?per_page=1&pag=2")
    ask_lab(world, "/nonesuch")
    first, last = world.requests
    assert (first.operation, first.method, first.path) == (
        LABS,
        "GET",
        "/open_api/v1/availabilities",
    )
    assert (first.parameters, first.unread) == ({"per_page": "1", "pag": "2"}, ["pag"])
    assert (first.status, first.fault, last.number) == (200, None, 2)
    assert str(first).endswith("unread: pag")
    assert first.at == world.clock.now()
    assert world.requests[-1].status == 404
    assert world.requests[:1] == [first]
    assert world.requests.find(status="4xx") == [last]
    assert world.requests.find(unread=True) == [first]
    assert len(world.requests) == 2
    world.requests.clear()
    assert len(world.requests) == 0


def test_the_journal_is_verified(world: FakeWorld) -> None:
    ask(world, "/calendars?per_page=3")
    ask(world, "/holidays")
    world.requests.verify(LIST)
    world.requests.verify(LIST, count=1, parameters={"per_page": 3})
    world.requests.verify("xurrent.*", at_least=2, at_most=2)
    world.requests.verify("intra42.*", never=True)
    world.requests.verify_in_order(LIST, {"path": "/v1/holidays", "count": 1})
    world.requests.verify_all_read()


def test_what_was_not_so_is_shown_with_what_came_closest(world: FakeWorld) -> None:
    ask_lab(world, "/availabilities?per_page=30&pag=2")
    with pytest.raises(AssertionError) as raised:
        world.requests.verify(LABS, parameters={"per_page": 3})
    text = str(raised.value)
    assert "expected at least 1, found 0" in text
    assert "near miss:" in text
    assert "per_page" in text.partition("near miss:")[2]
    assert text.splitlines()[-1].endswith("unread: pag")
    with pytest.raises(AssertionError, match="unread: pag"):
        world.requests.verify_all_read()
    with pytest.raises(AssertionError, match="expected"):
        world.requests.verify_in_order(LIST, LABS)
    with pytest.raises(UserError, match="operation: none is called"):
        world.requests.verify("xurrent.list_calendar")


def test_variables_for_the_process_under_test(
    world: FakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in world.environ.items():
        monkeypatch.setenv(name, value)
    assert os.environ["XURRENT_BASE_URL"] == world.xurrent.base_url
    assert os.environ["XURRENT_TOKEN"] == world.xurrent.token
    assert (
        world.at(dict.fromkeys(world.apis, "https://a.example")).environ["XURRENT_BASE_URL"]
        == "https://a.example/v1"
    )


def test_what_is_made_is_deleted(server: FakeServer, world: FakeWorld) -> None:
    assert repr(world) == f"<FakeWorld {world.name} at {world.url}>"
    assert {"intra42", "fabmanager", "xurrent", "clock"} <= set(dir(world))
    world.delete()
    world.delete()
    with pytest.raises(UserError, match="there is no world called"):
        world.describe()


def test_limits_are_enforced_on_demand(world: FakeWorld) -> None:
    session = world.intra42.session()
    world.enforce_limits()
    assert 429 in [session.get("/slots").status_code for _ in range(4)]
    world.enforce_limits(False)
    assert session.get("/slots").status_code == 200


def test_a_server_that_asks_for_its_token_is_given_it() -> None:
    with FakeServer(dataset="documented", host="0.0.0.0") as server:
        with server.create_world() as world:
            assert ask(world) == 200
        with RunningServer(server.url, server.control_token).create_world() as world:
            assert ask(world) == 200
        with pytest.raises(UserError, match="control token"):
            RunningServer(server.url).create_world()
