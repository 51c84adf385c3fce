"""`fake-server world` and `fake-server clock`, run as a user runs them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fake_server import FakeServer
from fake_server.cli import world_commands
from fake_server.world.worlds import Worlds
from tests.support.commands import CommandRunner, run
from tests.support.commands_in_process import printer
from tests.support.echo import echo_app

__all__ = ["run"]

Call = Callable[..., str]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="documented") as server:
        yield server


@pytest.fixture
def world(server: FakeServer) -> Call:
    return printer(world_commands.world, server)


@pytest.fixture
def clock(server: FakeServer) -> Call:
    return printer(world_commands.clock, server)


def test_a_world_is_changed(world: Call) -> None:
    assert world("change", "default", "--profile", "live", "--auth", "any").endswith(
        " quirks, auth any, no limits\n"
    )
    changed = world("change", "default", "--profile", "documented", "--limits")
    assert changed == "default: documented, 0 quirks, auth any, limits\n"
    assert world("change", "default", "--quirk", "xurrent.node-id").startswith(
        "default: documented, 1 quirks"
    )


def test_worlds_are_made_listed_reset_and_deleted(server: FakeServer, world: Call) -> None:
    name, url = world("create").split()
    assert url == f"{server.url}/w/{name}"
    assert re.fullmatch("world-[0-9a-f]{16}", name)
    made = world("create", "--name", "mine", "--dataset", "empty", "--frozen", "--limits")
    assert made == f"mine {server.url}/w/mine\n"
    assert world("list").splitlines() == [
        f"default {server.url} documented",
        f"{name} {url} documented",
        f"mine {server.url}/w/mine empty",
    ]
    assert world("reset", "mine") == "mine: reset\n"
    assert world("delete", "mine") == "mine: deleted\n"
    assert "mine" not in world("list")


def test_every_option_reaches_the_world(server: FakeServer, world: Call, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("description: Mine.\n")
    faults = tmp_path / "faults.yaml"
    faults.write_text("- {pattern: xurrent.list_calendars, status: 503, times: 2}\n")
    options = {
        "--name": "mine",
        "--dataset": str(file),
        "--seed": "7",
        "--now": "2030-01-01",
        "--profile": "live",
        "--quirk": "fabmanager.lenient-dates=off",
        "--auth": "off",
        "--expires-after": "3600",
        "--faults": str(faults),
    }
    world(
        "create", "--running", "--no-limits", *(word for pair in options.items() for word in pair)
    )
    worlds: Worlds = server.app.extensions["fake_server.worlds"]
    new = worlds.get("mine")
    assert new.dataset.description == "Mine."
    assert (new.seed, new.profile, new.auth, new.enforce_limits) == (7, "live", "off", False)
    assert new.settings.expires_after == 3600
    assert [(fault.pattern, fault.status, fault.times) for fault in new.settings.faults] == [
        ("xurrent.list_calendars", 503, 2)
    ]
    assert new.clock.now().year == 2030
    assert not new.clock.frozen
    assert not new.has_quirk("fabmanager.lenient-dates")


def test_a_clock_is_shown_and_moved(clock: Call) -> None:
    assert clock("show") == "2017-11-22T14:00:00Z frozen\n"
    assert clock("freeze", "2026-03-01T12:00:00Z") == "2026-03-01T12:00:00Z frozen\n"
    assert clock("advance", "PT1H30M") == "2026-03-01T13:30:00Z frozen\n"
    assert clock("advance", "-P1D") == "2026-02-28T13:30:00Z frozen\n"
    assert clock("advance", "-0.5") == "2026-02-28T13:29:59.500000Z frozen\n"
    assert clock("set", "2026-03-01 12:00") == "2026-03-01T12:00:00Z frozen\n"
    assert clock("freeze") == "2026-03-01T12:00:00Z frozen\n"
    assert re.fullmatch(r"2026-03-01T12:00:\S+Z running\n", clock("run"))


def test_a_world_has_its_own_clock(world: Call, clock: Call) -> None:
    world("create", "--name", "mine")
    clock("advance", "60", "--world", "mine")
    assert clock("show", "--world", "mine") == "2017-11-22T14:01:00Z frozen\n"
    assert clock("show") == "2017-11-22T14:00:00Z frozen\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("world", "delete", "default"), "the world 'default' is always there: reset it"),
        (("world", "reset", "a/b"), "there is no world called 'a/b' here"),
        (("clock", "show", "--world", "no"), "there is no world called 'no' here"),
        (("clock", "advance", "inf"), "by: expected seconds or an ISO 8601 duration such as"),
        (("clock", "advance", "P1M"), "by: expected seconds or an ISO 8601 duration such as"),
        (("world", "create", "--expires-after", "0"), "'0' is not a number of seconds, more than"),
        (("clock", "set", "soon"), "'soon' is not a time such as"),
        (("world", "create", "--dataset", "demp"), "there is none called 'demp'; meant demo?"),
        (("world", "create", "--dataset", "nonesuch.yaml"), "nonesuch.yaml: no such dataset file"),
        (("world", "create", "--url", "nonesuch"), "is not a URL such as"),
        (("world", "list", "--url", f"https://{'a' * 80}"), "no host can have this name"),
        (("requests", "--url", "http://a..b"), "no host can have this name"),
    ],
)
def test_mistakes_get_one_line(
    server: FakeServer, run: CommandRunner, arguments: tuple[str, ...], said: str
) -> None:
    url = () if "--url" in arguments else ("--url", server.url)
    done = run(*arguments, *url)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fake-server: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_mistake_in_a_file_is_said_with_its_line(world: Call, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("seed: 1\n\nfrozen: perhaps\n")
    with pytest.raises(Exception, match=re.escape(f"{file}:3: frozen: expected true or false")):
        world("create", "--dataset", str(file))


def test_a_server_that_is_not_there_is_said_in_one_line(run: CommandRunner) -> None:
    with FakeServer(echo_app(404)) as other:
        url = other.url
        done = run("world", "list", "--url", url)
        assert (
            done.stderr == f"fake-server: {url}: no fake answers there, but something else (404)\n"
        )
    done = run("clock", "show", "--url", url)
    said = f"{url}: Connection refused; start one with fake-server serve, or give --url"
    assert (done.returncode, done.stderr) == (2, f"fake-server: {said}\n")
