"""docs/troubleshooting.md: its commands run, and what it quotes is what is printed."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_server import FakeServer
from tests.support.commands import ROOT, run_command
from tests.support.pages import BASE, run, samples

PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
COMMANDS = "".join(samples(PAGE, "sh"))
INLINE = [
    command
    for command in re.findall(r"`(fake-server [a-z -]+)`", PAGE)
    if command not in {"fake-server serve", "fake-server serve --auth any"}
]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="documented") as running:
        yield running


def test_the_journal_is_the_first_to_look_at(server: FakeServer) -> None:
    run(COMMANDS, server)


@pytest.mark.parametrize("command", sorted(set(INLINE)))
def test_a_command_in_a_sentence_runs(server: FakeServer, command: str) -> None:
    if command == "fake-server clock set":
        command += " 2026-03-02T00:00:00Z"
    run(command, server)


def test_a_port_in_use_is_worded_so(server: FakeServer) -> None:
    address = server.url.removeprefix("http://")
    port = address.rpartition(":")[2]
    (quoted,) = re.findall(r"`(fake-server: 127\.0\.0\.1:8042 is in use[^`]*)`", PAGE)
    ran = run_command("serve", "--port", port)
    assert ran.returncode == 2
    assert ran.stderr.strip() == quoted.replace(BASE.removeprefix("http://"), address)


def test_the_plugin_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (named,) = re.findall(r"`pytest (-p \S+)`", PAGE)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    test = "def test_it(fake_world):\n    assert fake_world.name\n"
    tmp_path.joinpath("test_it.py").write_text(test, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", *named.split(), "test_it.py"]
    ran = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False
    )
    assert ran.returncode == 0, ran.stdout
