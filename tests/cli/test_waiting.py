"""`fake-server wait --ready-file`: the server that wrote the file, and no other."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fake_server import FakeServer
from tests.support.commands import CommandRunner, Serving, environment

Serve = Callable[..., Serving]


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    return tmp_path / "ready.json"


def changed(ready: Path, **members: Any) -> None:
    """Change members of a ready file; None removes one."""
    content = json.loads(ready.read_bytes()) | members
    kept = {name: value for name, value in content.items() if value is not None}
    ready.write_text(json.dumps(kept))


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--tls"],
        ["--host", "localhost"],
        ["--host", "0.0.0.0"],
        ["--public-url", "https://fake.example.org"],
    ],
)
def test_it_finds_the_server_that_wrote_the_file(
    serve: Serve, run: CommandRunner, ready: Path, options: list[str]
) -> None:
    serve("--dataset", "empty", "--ready-file", str(ready), *options)
    done = run("wait", "--ready-file", str(ready), FAKE_SERVER_URL="http://127.0.0.1:1")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{ready}: ready\n", "")


def test_it_waits_for_a_file_that_is_not_there_yet(run: CommandRunner, ready: Path) -> None:
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
    )
    assert run("wait", "--ready-file", str(ready)).returncode == 0
    assert json.loads(ready.read_bytes())["pid"] == process.pid
    process.terminate()
    assert process.wait(20) == 0
    done = run("wait", "--ready-file", str(ready), "--timeout", "0.1")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{ready}: not ready after 0.1 s: no server has written the file\n"


def test_the_file_of_a_killed_server_is_not_ready(
    serve: Serve, run: CommandRunner, ready: Path
) -> None:
    killed = serve("--dataset", "empty", "--ready-file", str(ready))
    killed.end(signal.SIGKILL)
    port = killed.url.rsplit(":", 1)[1]
    done = run("wait", "--ready-file", str(ready), "--timeout", "0.1")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"process {killed.process.pid}, which wrote it, is gone" in done.stderr
    with FakeServer(dataset="empty", port=int(port)):
        assert run("wait", killed.url).returncode == 0
        assert run("wait", "--ready-file", str(ready), "--timeout", "0.1").returncode == 1
        # Another process may have got the same id meanwhile.
        changed(ready, pid=os.getpid())
        done = run("wait", "--ready-file", str(ready), "--timeout", "0.1")
    assert done.returncode == 1
    assert done.stderr.endswith(f": another server answers at {killed.url}\n")


def test_a_new_server_on_a_port_in_use_is_never_ready(
    serve: Serve, run: CommandRunner, ready: Path
) -> None:
    old = serve("--dataset", "empty", "--ready-file", str(ready))
    port = old.url.rsplit(":", 1)[1]
    new = subprocess.Popen(
        [sys.executable, "-m", "fake_server", "serve", "--port", port, "--ready-file", str(ready)],
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "is in use" in new.communicate(timeout=20)[1]
    done = run("wait", "--ready-file", str(ready), "--timeout", "0.1")
    assert (done.returncode, done.stdout) == (1, "")


@pytest.mark.parametrize(
    "members",
    [{"pid": None}, {"pid": -1}, {"pid": "1"}, {"url": None}, {"url": 1}, {"id": None}],
)
def test_a_file_that_lacks_something_is_none(
    serve: Serve, run: CommandRunner, ready: Path, members: dict[str, Any]
) -> None:
    serve("--dataset", "empty", "--ready-file", str(ready))
    content = ready.read_bytes()
    changed(ready, **members)
    done = run("wait", "--ready-file", str(ready), "--timeout", "0.1")
    assert done.returncode == 1
    assert done.stderr.endswith(": it is not the ready file of a server\n")
    ready.write_bytes(content)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"url": "http://a"}'])
def test_what_is_no_ready_file_is_said_in_one_line(
    run: CommandRunner, ready: Path, content: bytes
) -> None:
    ready.write_bytes(content)
    done = run("wait", "--ready-file", str(ready), "--timeout", "0.1")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.endswith(": it is not the ready file of a server\n")


def test_a_url_beside_the_file_is_a_mistake(run: CommandRunner, ready: Path) -> None:
    done = run("wait", "http://127.0.0.1:8042", "--ready-file", str(ready))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--ready-file has a URL of its own" in done.stderr


def test_the_process_that_the_file_names_must_live(
    serve: Serve, run: CommandRunner, ready: Path
) -> None:
    served = serve("--dataset", "empty", "--ready-file", str(ready))
    changed(ready, pid=2**22 + 1)
    began = time.monotonic()
    done = run("wait", "--ready-file", str(ready), "--timeout", "0.2")
    assert done.returncode == 1
    assert "is gone" in done.stderr
    assert time.monotonic() - began < 10
    assert served.process.poll() is None
