"""Commands print whatever the terminal can, and ask this machine through no proxy."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from fake_server import FakeServer
from fake_server.cli.waiting import wait_for
from fake_server.testing import RunningServer
from tests.support.commands import CommandRunner, environment

PROXIES = {
    name: "http://127.0.0.1:9"
    for scheme in ("http_proxy", "https_proxy", "all_proxy")
    for name in (scheme, scheme.upper())
}
NAME = "caf\u00e9 \u2026 \U0001f600"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve a world with a calendar whose name few encodings have."""
    with FakeServer(dataset="empty") as server:
        world = server.create_world(name="odd")
        world.data.add("xurrent", "calendars", {"id": 1, "name": NAME})
        yield server.url


@pytest.mark.parametrize("encoding", ["ascii", "ascii:strict", "latin-1", "cp1252", "utf-8"])
def test_a_printed_json_text_is_one_in_any_encoding(url: str, encoding: str) -> None:
    arguments = ("data", "show", "xurrent", "calendars", "1", "--world", "odd", "--url", url)
    done = subprocess.run(
        [sys.executable, "-m", "fake_server", *arguments],
        env=environment(PYTHONIOENCODING=encoding),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    written_in = "utf-8" if encoding.startswith("ascii") else encoding
    assert json.loads(done.stdout.decode(written_in))["name"] == NAME


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "fabmanager", "--only", "fabmanager.pages.*"),
        ("verify", "intra42", "--target", "http://127.0.0.1:9"),
        ("--help",),
        ("verify", "--help"),
        ("datasets",),
        ("verify", "\u2026\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace")),
    ],
)
def test_no_command_dies_of_its_output(
    run: CommandRunner, encoding: str, arguments: tuple[str, ...]
) -> None:
    done = run(*arguments, PYTHONIOENCODING=encoding)
    assert "Traceback" not in done.stderr
    assert done.returncode in {0, 2}


@pytest.mark.parametrize(
    "arguments",
    [
        ("wait",),
        ("world", "list", "--url"),
        ("requests", "--url"),
        ("faults", "list", "--url"),
        ("clock", "show", "--url"),
        ("data", "list", "--url"),
        ("env", "--url"),
    ],
)
def test_commands_ask_this_machine_through_no_proxy(
    run: CommandRunner, url: str, arguments: tuple[str, ...]
) -> None:
    done = run(*arguments, url, **PROXIES, NO_PROXY="", no_proxy="")
    assert (done.returncode, done.stderr) == (0, "")


def test_tests_ask_this_machine_through_no_proxy(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PROXIES.items():
        monkeypatch.setenv(name, value)
    api = RunningServer(url).create_world(dataset="demo").xurrent
    with api.session() as session, api.client() as client:
        assert session.get("/calendars").status_code == 200
        assert client.get("/calendars").status_code == 200


def test_waiting_ends_although_the_server_trickles(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def trickle() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                for number in range(80):
                    try:
                        connection.sendall(f"X-{number}: a\r\n".encode())
                    except OSError:
                        return
                    time.sleep(0.05)

        threading.Thread(target=trickle, daemon=True).start()
        started = time.monotonic()
        assert wait_for(f"http://127.0.0.1:{listener.getsockname()[1]}", 0.5) == 1
        assert time.monotonic() - started < 2
    assert "not ready after 0.5 s" in capsys.readouterr().err
