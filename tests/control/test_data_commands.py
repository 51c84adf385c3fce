"""`fake-server data`, `world export` and `world create --data`, run as a user runs them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
import yaml

from fake_server import FakeServer
from fake_server.cli import commands
from tests.support.commands_in_process import printer

Call = Callable[..., str]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="documented") as server:
        yield server


@pytest.fixture
def run(server: FakeServer) -> Call:
    return printer(commands, server)


def test_counts(run: Call) -> None:
    assert run("data", "list").splitlines()[0] == "fabmanager tokens 1"
    assert run("data", "list", "xurrent").splitlines() == [
        "xurrent accounts 1",
        "xurrent tokens 2",
        "xurrent holidays 0",
        "xurrent calendars 3",
    ]


def test_a_record_from_beginning_to_end(run: Call) -> None:
    (added,) = yaml.safe_load(run("data", "add", "xurrent", "calendars", "name=12:00"))
    assert (added["id"], added["name"]) == (43, "12:00")
    assert json.loads(run("data", "show", "xurrent", "calendars", "43")) == added
    (changed,) = yaml.safe_load(
        run("data", "change", "xurrent", "calendars", "43", "disabled=true")
    )
    assert changed == {**added, "disabled": True}
    listed = yaml.safe_load(run("data", "list", "xurrent", "calendars", "disabled=true"))
    assert [record["id"] for record in listed] == [32, 43]
    assert run("data", "remove", "xurrent", "calendars", "43") == "xurrent calendars 43: removed\n"
    with pytest.raises(click.ClickException, match="no record with the id '43'"):
        run("data", "show", "xurrent", "calendars", "43")


def test_what_is_listed_can_be_added(run: Call) -> None:
    run("world", "create", "--name", "mine", "--dataset", "empty")
    listed = run("data", "list", "xurrent", "calendars")
    mine = ("--world", "mine")
    added = run("data", "add", "xurrent", "calendars", "--file", "-", *mine, input=listed)
    assert added == listed
    assert (
        run("data", "list", "xurrent", "calendars", "--limit", "1", *mine)
        == (listed.splitlines(keepends=True)[0])
    )


def test_many_records_are_listed_to_their_end(run: Call) -> None:
    assert len(run("data", "list", "intra42", "slots").splitlines()) == 1389
    assert len(run("data", "list", "intra42", "slots", "--limit", "1100").splitlines()) == 1100


def test_records_from_files(run: Call, tmp_path: Path) -> None:
    file = tmp_path / "records.yaml"
    file.write_text(
        "intra42:\n  users: [{login: norminet, created_at: 2026-01-01T00:00:00Z}]\n"
        "fabmanager: {tokens: [second]}\n"
    )
    loaded = run("data", "load", str(file)).splitlines()
    assert sorted(loaded) == ["fabmanager tokens 1", "intra42 users 1"]
    assert run("world", "create", "--name", "mine", "--data", str(file)).startswith("mine ")
    users = run("data", "list", "intra42", "users", "login=norminet", "--world", "mine")
    assert '"created_at": "2026-01-01T00:00:00.000Z"' in users


def test_an_exported_world_is_made_again(run: Call, tmp_path: Path) -> None:
    run("data", "add", "xurrent", "calendars", "name=Mine")
    file = tmp_path / "mine.yaml"
    run("world", "export", "default", "-o", str(file))
    assert file.read_text() == run("world", "export", "default")
    run("world", "create", "--name", "again", "--dataset", str(file))
    again = run("data", "list", "xurrent", "calendars", "--world", "again")
    assert again == run("data", "list", "xurrent", "calendars")


@pytest.mark.parametrize(
    ("arguments", "mistake"),
    [
        (("add", "xurrent", "calendars", "nam=x"), "xurrent.calendars.0.nam: no such key; meant"),
        (("add", "xurrent", "calendars", "name"), "'name' is not an attribute such as name=value"),
        (("list", "xurrent", "calendar"), "xurrent.calendar: no such kind of records; meant"),
        (("list", "xurrent", "calendars", "nam=x"), "nam: no such filter of xurrent.calendars;"),
        (("change", "xurrent", "calendars", "9", "name=x"), "there is no record with the id '9'"),
        (("remove", "xurrent", "accounts", "wdc"), "wdc is the default account, it stays"),
        (("list", "xurent"), "xurent: no such API; meant xurrent?"),
        (("list", "nope"), "nope: no such API; expected one of fabmanager, intra42, xurrent"),
        (("list", "--world", "none"), "there is no world called 'none' here"),
    ],
)
def test_a_mistake_is_told_in_one_line(run: Call, arguments: tuple[str, ...], mistake: str) -> None:
    with pytest.raises(click.ClickException) as refused:
        run("data", *arguments)
    assert mistake in refused.value.format_message()
    assert "\n" not in refused.value.format_message()


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[" * 40_000 + "]" * 40_000, "<stdin>:1: nested too deeply: expected at most 50 lists"),
        ("- " * 1_000 + "1", "<stdin>:1: nested too deeply: expected at most 50 lists"),
        ("xurrent: &a {a: *a}", "<stdin>:1: an alias contains itself"),
    ],
)
def test_a_file_without_end_is_told_in_one_line(run: Call, text: str, mistake: str) -> None:
    for arguments in (
        ("data", "load", "-"),
        ("data", "add", "xurrent", "calendars", "--file", "-"),
        ("world", "create", "--data", "-"),
        ("world", "create", "--faults", "-"),
        ("requests", "verify", "-"),
    ):
        with pytest.raises(click.ClickException) as refused:
            run(*arguments, input=text)
        assert refused.value.format_message().startswith(mistake)


def test_a_value_without_end_is_told_in_one_line(run: Call) -> None:
    with pytest.raises(click.ClickException, match="name: nested too deeply"):
        run("data", "add", "xurrent", "calendars", f"name={'[' * 40_000}{']' * 40_000}")


def test_a_value_that_is_no_text_is_told_in_one_line(run: Call) -> None:
    with pytest.raises(click.ClickException, match="invalid JSON"):
        run("data", "add", "xurrent", "calendars", "name=\udce9")


def test_a_file_that_is_not_text(run: Call, tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("xurrent:\n  calendars: [{name: Café}]\n".encode("latin-1"))
    with pytest.raises(click.ClickException, match=r"latin.yaml:2: .* found the byte 0xe9$"):
        run("data", "load", str(path))


def test_a_file_that_is_not_yaml(run: Call) -> None:
    with pytest.raises(click.ClickException, match=r"<stdin>:\d: not YAML: "):
        run("data", "load", "-", input="a: [")
    with pytest.raises(click.UsageError, match="attributes or a file, not both"):
        run("data", "add", "xurrent", "calendars", "name=x", "--file", "-", input="{}")
