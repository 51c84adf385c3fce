"""Applications that several processes serve, and the `Date` under gunicorn."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from bench.measure import free_port
from fake_server import create_app
from fake_server.rest.processes import HINT
from tests.support.commands import environment

WORLD = "there is no world called 'other' here"


@contextmanager
def gunicorn(log: Path, *options: str) -> Iterator[Callable[..., tuple[HTTPResponse, bytes]]]:
    """Serve the dataset `documented` with gunicorn; yield a function that sends requests."""
    port = free_port()
    with log.open("w") as file:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "--bind",
                f"127.0.0.1:{port}",
                *options,
                "--no-control-socket",
                "fake_server:create_app('documented')",
            ],
            env=environment(),
            stdout=file,
            stderr=subprocess.STDOUT,
        )

    def ask(path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    try:
        deadline = time.monotonic() + 30
        while True:
            assert process.poll() is None, log.read_text()
            try:
                ask("/_fake/health")
                break
            except OSError:
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)
        yield ask
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@pytest.mark.parametrize(
    "options",
    [[], ["--threads", "4"], ["--preload"], ["--workers", "2"], ["--workers", "2", "--preload"]],
)
def test_gunicorn_keeps_the_date_and_says_what_several_workers_mean(
    options: list[str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    several = "2" in options
    with gunicorn(log, *options) as ask:
        for _ in range(4):
            response, _ = ask("/v1/calendars", Authorization="Bearer YOUR_ACCESS_TOKEN")
            assert response.status == 200
            assert response.headers.get_all("Date") == ["Wed, 22 Nov 2017 14:00:00 GMT"]
            assert len(response.headers.get_all("Server") or []) == 1
        today = ask("/_fake/health")[0].headers.get_all("Date")
        assert today is not None
        assert "2017" not in today[0]
        for path in ("/w/other/v1/calendars", "/_fake/worlds/other"):
            response, body = ask(path)
            assert response.status == 404
            assert json.loads(body)["detail"] == (f"{WORLD}; {HINT}" if several else WORLD)
    warnings = [line for line in log.read_text().splitlines() if HINT in line]
    assert len(warnings) in ({1, 2} if several else {0})


def asked(app: Any, path: str, **environ: Any) -> str:
    """Return the detail of a problem."""
    environ = {"REMOTE_ADDR": "127.0.0.1", **environ}
    answer = Client(app).get(path, environ_overrides=environ)
    detail: str = json.loads(answer.get_data())["detail"]
    return detail


def test_a_server_that_says_it_has_several_processes_is_taken_at_its_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = create_app("empty")
    with caplog.at_level(logging.WARNING):
        assert asked(app, "/w/other/v1/calendars") == WORLD
        assert caplog.messages == []
        for path in ("/w/other/v1/calendars", "/_fake/worlds/other"):
            for _ in range(2):
                assert asked(app, path, **{"wsgi.multiprocess": True}) == f"{WORLD}; {HINT}"
        faults = asked(app, "/_fake/worlds/default/faults/none", **{"wsgi.multiprocess": True})
    assert faults.endswith(HINT)
    assert caplog.messages == [HINT]
    assert asked(app, "/w/other/v1/calendars") == WORLD


def test_forked_processes_find_each_other() -> None:
    app = create_app("empty")
    assert asked(app, "/w/other/v1/calendars") == WORLD
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, asked(app, "/w/other/v1/calendars").encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert pipe.read() == f"{WORLD}; {HINT}"
    assert asked(app, "/w/other/v1/calendars") == f"{WORLD}; {HINT}"


def test_a_process_that_was_forked_before_any_request_is_the_only_one() -> None:
    app = create_app("empty")
    child = os.fork()
    if not child:
        os._exit(0 if asked(app, "/w/other/v1/calendars") == WORLD else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_the_page_names_a_command_that_works() -> None:
    page = (Path(__file__).parents[2] / "docs" / "running.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^gunicorn (.*)$", page, re.MULTILINE)
    assert "--workers 1 --threads 8" in HINT
    assert command.startswith("--workers 1 --threads 8 ")
