"""The command line, run as a user runs it: a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CommandRunner = Callable[..., subprocess.CompletedProcess[str]]


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a command that finds this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def run_command(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `fake-server` with arguments to its end, in this environment and `more`."""
    # The two modules need each other.
    from tests.support.forking import fork_server

    env, program = environment(**more), ("-m", "fake_server", *arguments)
    server = fork_server()
    if server.starts_like(env):
        return server.run(*program, env=env)
    return subprocess.run(
        [sys.executable, *program],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Serving:
    """A running `fake-server serve`; `banner` is what it printed up to its last line."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fake_server", "serve", "--port", "0", *options],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("Ctrl-C"):
                break
        self.banner = lines
        self.url = lines[0].rsplit(" ", 1)[1] if lines else ""

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; return exit status and standard error."""
        self.process.send_signal(number)
        error = self.process.communicate(timeout=20)[1]
        return self.process.returncode, error


@pytest.fixture
def run() -> CommandRunner:
    """Run `fake-server` with arguments to its end: `run("wait", url).returncode`."""
    return run_command


@pytest.fixture
def serve() -> Iterator[Callable[..., Serving]]:
    """Start `fake-server serve` on a free port with options."""
    started: list[Serving] = []

    def start(*options: str) -> Serving:
        started.append(Serving(*options))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.end()
        for stream in (server.process.stdout, server.process.stderr):
            if stream is not None:
                stream.close()
