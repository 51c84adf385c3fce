"""Commands print whatever the terminal can, and ask this machine through no proxy."""

import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from fake_server import FakeServer
from fake_server.cli.waiting import wait_for
from fake_server.testing import connect
from tests.support.commands import Run

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
        server.world.data.add("xurrent", "calendars", name=NAME)
        yield server.url


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "ascii:strict"])
def test_a_command_prints_in_any_encoding(run: Run, url: str, encoding: str) -> None:
    arguments = ("data", "list", "xurrent", "calendars", "--url", url)
    done = run(*arguments, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


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
def test_no_command_dies_of_its_output(run: Run, encoding: str, arguments: tuple[str, ...]) -> None:
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
    run: Run, url: str, arguments: tuple[str, ...]
) -> None:
    done = run(*arguments, url, **PROXIES, NO_PROXY="", no_proxy="")
    assert (done.returncode, done.stderr) == (0, "")


def test_tests_ask_this_machine_through_no_proxy(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PROXIES.items():
        monkeypatch.setenv(name, value)
    server = connect(url)
    api = server.create_world().apis["xurrent"]
    assert api.session().get("/calendars").status_code == 200
    assert api.client().get("/calendars").status_code == 200


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


def test_escapes_of_a_printed_json_text_are_those_of_json(run: Run, url: str) -> None:
    listed = run("data", "list", "xurrent", "calendars", "--url", url, PYTHONIOENCODING="latin-1:x")
    assert listed.returncode in {0, 1}
    ascii_only = run(
        "data", "list", "xurrent", "calendars", "--url", url, PYTHONIOENCODING="latin-1"
    )
    row = ascii_only.stdout.encode("utf-8", "surrogateescape").decode("latin-1")
    assert "\\ud83d\\ude00" in row
    assert json.loads(f'"{row[row.index(chr(92)) :].partition(chr(34))[0]}"').endswith("\U0001f600")
