"""What `fake-server serve` leaves behind: nothing, however it ends."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fake_server import FakeServer
from tests.support.commands import CommandRunner, Serving, environment

Serve = Callable[..., Serving]
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where a process makes its temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def options_of(folder: Path) -> list[str]:
    """Return the options of a server that makes every kind of file there is."""
    ready = str(folder / "ready.json")
    return ["--dataset", "empty", "--store", "disk", "--tls", "--ready-file", ready]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_removes_every_file(serve: Serve, folder: Path, number: int) -> None:
    served = serve(*options_of(folder))
    kinds = {path.name.partition("-")[0] for path in folder.iterdir()}
    assert kinds == {"ready.json", "understudy"}
    assert len(list(folder.rglob("authority.pem"))) == 1
    assert served.end(number) == (0, "")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("second", SIGNALS)
def test_a_second_signal_kills_it_and_removes_every_file(
    serve: Serve, folder: Path, second: int
) -> None:
    served = serve(*options_of(folder))
    address = urlsplit(served.url)
    (authority,) = folder.rglob("authority.pem")
    context = ssl.create_default_context(cafile=authority)
    with (
        socket.create_connection((address.hostname, address.port), 10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as wire,
    ):
        # Nobody reads the answers: they fill the buffers, and the server waits at its end.
        wire.sendall(b"GET /xurrent/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n" * 200)
        time.sleep(1)
        served.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert served.process.poll() is None
        began = time.monotonic()
        status, error = served.end(second)
        assert time.monotonic() - began < 1
    assert (status, error) == (-second, "")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("count", [1, 2])
def test_signals_while_records_are_made_leave_no_file(folder: Path, count: int) -> None:
    cache = folder / "cache"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "fake_server",
            "serve",
            "--port",
            "0",
            *options_of(folder),
            "--dataset",
            "large",
        ],
        env=environment(FAKE_SERVER_CACHE=str(cache)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list(cache.glob("*.part*")):
        assert process.poll() is None
        time.sleep(0.01)
    for number in SIGNALS[:count]:
        process.send_signal(number)
    error = process.communicate(timeout=20)[1]
    assert error == ""
    assert process.returncode in ({0} if count == 1 else {0, *(-number for number in SIGNALS)})
    assert list(cache.glob("*.part*")) == []
    assert list(folder.iterdir()) == [cache]


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        (["--nonesuch"], "No such option"),
        (["--port", "x"], "'x' is not a valid integer"),
        (["--seed"], "requires an argument"),
        (["--dataset", "nonesuch"], "no such dataset"),
        (["--host", "192.0.2.1"], "expected an address of this machine"),
        (["--allow-host", "a_b"], "no certificate can be made"),
        (["--tls-ca-file", "/dev/null/a.pem"], "cannot be written"),
        (["--quirk", "a.b"], "no such quirk"),
    ],
)
def test_a_failing_start_leaves_no_file(
    run: CommandRunner, folder: Path, options: list[str], mistake: str
) -> None:
    (folder / "ready.json").write_text("{}")
    done = run("serve", "--port", "0", *options_of(folder), *options)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert mistake in done.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("form", ["--ready-file {}", "--ready-file={}"])
def test_a_port_in_use_removes_the_file_of_the_old_server(
    serve: Serve, run: CommandRunner, folder: Path, form: str
) -> None:
    ready = folder / "ready.json"
    old = serve("--dataset", "empty", "--ready-file", str(ready))
    port = old.url.rsplit(":", 1)[1]
    done = run("serve", *form.format(ready).split(), "--port", port)
    assert done.returncode == 2
    assert done.stderr == (
        f"fake-server: 127.0.0.1:{port} is in use;"
        " choose another --port, or --port 0 for a free one\n"
    )
    assert list(folder.iterdir()) == []
    assert old.end() == (0, "")


def test_the_old_file_is_gone_before_a_slow_start(folder: Path) -> None:
    ready = folder / "ready.json"
    ready.write_text("of a server that was killed")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "fake_server",
            "serve",
            "--port",
            "0",
            "--ready-file",
            str(ready),
            "--dataset",
            "large",
        ],
        env=environment(FAKE_SERVER_CACHE="off"),
        stdout=subprocess.DEVNULL,
    )
    began = time.monotonic()
    while ready.exists() and time.monotonic() - began < 20:
        time.sleep(0.005)
    # Any import of the application takes longer than this part of a start.
    modules = "import fake_server.cli.ready_file, sys; print(*sys.modules)"
    imported = subprocess.run(
        [sys.executable, "-c", modules], env=environment(), capture_output=True, text=True
    ).stdout.split()
    assert {"flask", "sqlalchemy", "fake_server.app"} & set(imported) == set()
    assert process.poll() is None
    process.kill()
    process.wait()
    assert not ready.exists()


def test_help_and_other_kinds_of_file_remove_nothing(run: CommandRunner, folder: Path) -> None:
    ready = folder / "ready.json"
    ready.write_text("{}")
    assert run("serve", "--ready-file", str(ready), "--help").returncode == 0
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    assert run("serve", "--ready-file", str(pipe), "--port", "x").returncode == 2
    assert {path.name for path in folder.iterdir()} == {"ready.json", "pipe"}


def test_nohup_keeps_it_running(folder: Path) -> None:
    ready = folder / "ready.json"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "fake_server",
            "serve",
            "--port",
            "0",
            "--dataset",
            "empty",
            "--ready-file",
            str(ready),
        ],
        env=environment(),
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    while not ready.exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert list(folder.iterdir()) == []


def test_the_authority_of_a_killed_server_is_removed_by_the_next(
    serve: Serve, folder: Path
) -> None:
    killed = serve("--dataset", "empty", "--tls")
    killed.end(signal.SIGKILL)
    assert len(list(folder.iterdir())) == 1
    assert serve("--dataset", "empty").end() == (0, "")
    assert list(folder.iterdir()) == []


def test_a_server_of_this_process_removes_its_authority() -> None:
    with FakeServer(dataset="empty", tls=True) as server:
        authority = server.ca_file
        assert authority.is_file()
    assert not authority.parent.exists()
