"""docs/names.md: each second name does what the first does."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from fake_server import FakeServer
from fake_server.cli import commands
from fake_server.testing import FakeData, FakeRecords, FakeWorld
from tests.support.client import CheckedClient

PAGE = (Path(__file__).parents[2] / "docs" / "names.md").read_text(encoding="utf-8")
WORLD = "/_fake/worlds/default"
ROOMS = {"xurrent": {"calendars": [{"id": 7, "name": "Nights"}]}}


def _run(world: FakeWorld, *arguments: str) -> str:
    url = world.url.partition("/w/")[0]
    result = CliRunner().invoke(
        commands, [*arguments, "--url", url, "--world", world.name], standalone_mode=False
    )
    if result.exception is not None:
        raise result.exception
    return result.output


def _by_path(world: FakeWorld, tmp_path: Path) -> None:
    path = f"/worlds/{world.name}"
    world.plane.ask("POST", f"{path}/data", ROOMS)
    assert world.plane.ask("GET", f"{path}/data/xurrent/calendars/7")["name"] == "Nights"
    added = world.plane.ask("POST", f"{path}/data/xurrent/calendars", {"name": "Days"})
    world.plane.ask("PATCH", f"{path}/data/xurrent/calendars/7", {"name": "Late"})
    listed = world.plane.ask("GET", f"{path}/data/xurrent/calendars")
    assert listed == world.plane.ask("GET", f"{path}/records/xurrent/calendars")
    assert [record["name"] for record in listed["records"]] == ["Late", "Days"]
    world.plane.ask("DELETE", f"{path}/data/xurrent/calendars/{added['id']}")
    assert world.records.counts()["xurrent"]["calendars"] == 1


def _by_attribute(world: FakeWorld, tmp_path: Path) -> None:
    with FakeWorld.create(world.plane, dataset="empty", data=ROOMS) as other:
        assert other.records.get("xurrent", "calendars", 7)["name"] == "Nights"


def _by_member(world: FakeWorld, tmp_path: Path) -> None:
    world.data.add("xurrent", "calendars", {"name": "Nights"})
    assert world.data is world.records


def _by_load(world: FakeWorld, tmp_path: Path) -> None:
    world.load(ROOMS)
    assert world.records.get("xurrent", "calendars", 7)["name"] == "Nights"


def _by_fail(world: FakeWorld, tmp_path: Path) -> None:
    failing = world.fail("xurrent.*", status=503)
    added = world.faults.add("intra42.*", status=503)
    assert [fault.id for fault in world.faults.list()] == [failing.id, added.id]
    world.faults.clear()
    assert world.faults.list() == []


def _by_class(world: FakeWorld, tmp_path: Path) -> None:
    assert FakeData is FakeRecords


def _by_data_command(world: FakeWorld, tmp_path: Path) -> None:
    _run(world, "data", "add", "xurrent", "calendars", "id=7", "name=Nights")
    listed = _run(world, "data", "list", "xurrent", "calendars")
    assert listed == _run(world, "records", "list", "xurrent", "calendars")
    assert "Nights" in listed


def _by_fail_command(world: FakeWorld, tmp_path: Path) -> None:
    failing = _run(world, "fail", "xurrent.*", "--status", "503")
    added = _run(world, "faults", "add", "xurrent.*", "--status", "503")
    assert failing.partition(" ")[2] == added.partition(" ")[2]
    assert _run(world, "faults", "list") == failing + added


def _by_option(world: FakeWorld, tmp_path: Path) -> None:
    file = tmp_path / "rooms.json"
    file.write_text(json.dumps(ROOMS), encoding="utf-8")
    url = world.url.partition("/w/")[0]
    for option in ("--data", "--records"):
        arguments = ["world", "create", "--dataset", "empty", option, str(file), "--url", url]
        result = CliRunner().invoke(commands, arguments, standalone_mode=False)
        assert result.exception is None
        path = f"/worlds/{result.output.split()[0]}"
        counts = world.plane.ask("GET", f"{path}/records")["counts"]
        assert counts["xurrent"]["calendars"] == 1
        world.plane.ask("DELETE", path)


CHECKS: dict[str, Callable[[FakeWorld, Path], None]] = {
    "`/_fake/worlds/<name>/data`": _by_path,
    "`data`, an attribute of a new world": _by_attribute,
    "`FakeWorld.data`": _by_member,
    "`FakeWorld.load`": _by_load,
    "`FakeWorld.fail`": _by_fail,
    "`fake_server.testing.FakeData`": _by_class,
    "`fake-server data`": _by_data_command,
    "`fake-server fail`": _by_fail_command,
    "`fake-server world create --data`": _by_option,
}


@pytest.fixture
def client(client_for: Callable[..., CheckedClient]) -> CheckedClient:
    return client_for(dataset="empty")


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="empty") as server:
        yield server


def test_the_page_has_every_second_name() -> None:
    table = PAGE.partition("| second name ")[2]
    assert re.findall(r"^\| ([^|]*`[^|]*) \|", table, re.MULTILINE) == [*CHECKS]


@pytest.mark.parametrize("name", CHECKS)
def test_a_second_name_does_the_same(name: str, server: FakeServer, tmp_path: Path) -> None:
    with server.create_world(dataset="empty") as world:
        CHECKS[name](world, tmp_path)


def test_the_location_has_the_name_that_the_request_has(client: CheckedClient) -> None:
    for name in ("data", "records"):
        path = f"{WORLD}/{name}/xurrent/calendars"
        created = client.post(path, json={"name": f"Nights by {name}"})
        assert created.headers["Location"] == f"http://localhost{path}/{created.json['id']}"


def test_records_have_one_of_their_names(client: CheckedClient) -> None:
    refused = client.post("/_fake/worlds", json={"data": ROOMS, "records": ROOMS})
    assert refused.status_code == 422
    assert refused.json["detail"] == "expected either records or data"


@pytest.mark.parametrize("name", ["data", "records"])
def test_a_mistake_has_the_name_that_the_request_has(client: CheckedClient, name: str) -> None:
    refused = client.post("/_fake/worlds", json={name: {"xurrent": {"calendar": []}}})
    assert refused.json["detail"].startswith(f"{name}.xurrent")


def test_help_lists_a_command_by_its_first_name() -> None:
    listed = CliRunner().invoke(commands, ["--help"]).output
    names = re.findall(r"^  ([a-z-]+)  ", listed.partition("Commands:")[2], re.MULTILINE)
    assert {"faults", "records"} <= set(names)
    assert not {"data", "fail"} & set(names)
