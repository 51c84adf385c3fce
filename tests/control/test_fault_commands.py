"""`fake-server fail` and `fake-server faults`, run as a user runs them."""

from collections.abc import Callable, Iterator

import pytest

from fake_server import FakeServer, Fault
from fake_server.cli import faults
from fake_server.world.worlds import Worlds
from tests.support.commands import CommandRunner, run
from tests.support.commands_in_process import printer

__all__ = ["run"]

Call = Callable[..., str]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="documented") as server:
        yield server


@pytest.fixture
def fail(server: FakeServer) -> Call:
    return printer(faults.add, server)


@pytest.fixture
def manage(server: FakeServer) -> Call:
    return printer(faults.faults, server)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("--status 503 --times 2", Fault("*", status=503, times=2)),
        ("--rate-limited --every 3", Fault("*", rate_limited=True, every=3)),
        ("--rate-limited", Fault("*", rate_limited=True)),
        ("--rate-limited=hour", Fault("*", rate_limited="hour")),
        ("--rate-limited burst --times 1", Fault("*", rate_limited="burst", times=1)),
        ("--status 500 --when page", Fault("*", status=500, when={"query": "page"})),
        (
            "--when range[begin_at] --when page[number]=2* --close mid",
            Fault("*", close="mid", when={"query": ["range[begin_at]", "page[number]=2*"]}),
        ),
        (
            "--token-expired --after 1 --no-header",
            Fault("*", token_expired=True, after=1, header=False),
        ),
        ("--latency 2s", Fault("*", latency=2)),
        ("--latency 0.5", Fault("*", latency=0.5)),
        ("--latency 100ms..900ms", Fault("*", latency=(0.1, 0.9))),
        ("--close mid --cut 0", Fault("*", close="mid", cut=0)),
        ("--close before --not-carried-out", Fault("*", close="before", carried_out=False)),
        ("--status 504 --carried-out", Fault("*", status=504, carried_out=True)),
        ("--not-json --probability 0.5", Fault("*", not_json=True, probability=0.5)),
    ],
)
def test_every_option_reaches_the_fault(
    server: FakeServer, fail: Call, options: str, fault: Fault
) -> None:
    fail("*", *options.split())
    assert [active.fault for active in server.world.faults.active] == [fault]


def test_faults_are_set_listed_shown_and_cleared(fail: Call, manage: Call) -> None:
    said = "fault-1 xurrent.* status=503 times=2 matched=0 fired=0\n"
    assert fail("xurrent.*", "--status", "503", "--times", "2") == said
    slow = fail("GET /v2/*", "--latency", "1s..2s", "--no-header")
    assert slow == "fault-2 GET /v2/* latency=1.0..2.0 header=false matched=0 fired=0\n"
    assert manage("list") == said + slow
    assert manage("show", "fault-2") == slow
    assert manage("clear", "fault-1") == "default: fault-1 cleared\n"
    assert manage("list") == slow
    assert manage("clear") == "default: all faults cleared\n"
    assert manage("list") == ""


def test_conditions_and_limits_are_shown_as_they_are_asked_for(fail: Call) -> None:
    said = fail("*", "--rate-limited=hour", "--when", "page=2", "--when", "sort")
    assert said == "fault-1 * rate_limited=hour when=page=2,sort matched=0 fired=0\n"


def test_a_world_has_its_own_faults(server: FakeServer, fail: Call, manage: Call) -> None:
    worlds: Worlds = server.app.extensions["fake_server.worlds"]
    new = worlds.create("mine")
    fail("*", "--status", "503", "--world", "mine")
    assert [len(world.faults.active) for world in (new, worlds.default)] == [1, 0]
    assert manage("list") == ""
    assert manage("clear", "--world", "mine") == "mine: all faults cleared\n"
    assert new.faults.active == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fail", "*"), "the fault does nothing: expected status"),
        (("fail", "xurrent.list_calendar", "--status", "503"), "meant xurrent.list_calendars?"),
        (("fail", "xurrent.*", "--rate-limited=day"), "'day'; expected burst, hour, true"),
        (("fail", "*", "--rate-limited="), "rate_limited: expected true, false or the name"),
        (("fail", "*", "--status", "500", "--when", ""), "when.query.0: expected a parameter"),
        (("fail", "*", "--status", "200"), "status: expected a whole number from 400 to 599"),
        (("fail", "*", "--latency", "soon"), "'soon' is not a time such as 2s, 100ms or 100ms.."),
        (("fail", "*", "--latency", "2s..1s"), "latency: expected seconds from 0 to 300, or two"),
        (("fail", "*", "--cut", "1", "--probability", "nan"), "probability: expected a number"),
        (("fail", "*", "--status", "503", "--world", "no"), "there is no world called 'no' here"),
        (("faults", "show", "fault-9"), "there is no fault called 'fault-9' here"),
        (("faults", "clear", ""), "there is no fault called '' here"),
        (("faults", "clear", "../x"), "there is no fault called '../x' here"),
    ],
)
def test_mistakes_get_one_line(
    server: FakeServer, run: CommandRunner, arguments: tuple[str, ...], said: str
) -> None:
    with server.world.changing():
        server.world.faults.add(Fault("*", latency=0))
    done = run(*arguments, "--url", server.url)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fake-server: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(server.world.faults.active) == 1
