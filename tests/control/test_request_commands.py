"""`fake-server requests`, run as a user runs it."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import click
import pytest
from click.testing import Result

from fake_server import FakeServer
from fake_server.cli import requests
from tests.support.client import CheckedClient
from tests.support.commands import CommandRunner, environment, run
from tests.support.commands_in_process import caller

__all__ = ["run"]

Call = Callable[..., Result]
TOKEN = {"Authorization": "Bearer api-token"}


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="documented") as server:
        client = CheckedClient(server.app)
        client.get("/v1/calendars?per_page=3", headers=TOKEN)
        client.post("/v1/calendars", json={"nmae": "A"}, headers=TOKEN)
        client.get("/v2/slots?access_token=secret-token")
        yield server


@pytest.fixture
def call(server: FakeServer) -> Call:
    return caller(requests.requests, server)


def lines(text: str) -> list[str]:
    """Return lines without the milliseconds, which differ."""
    return [re.sub(r" [0-9]+\.[0-9] ms", "", line) for line in text.splitlines()]


def test_requests_are_printed(call: Call) -> None:
    assert lines(call().output) == [
        "14:00:00 GET    /v1/calendars?per_page=3 200",
        "14:00:00 POST   /v1/calendars 422 unread: nmae",
        "14:00:00 GET    /v2/slots?access_token=[redacted] 401",
    ]


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ("--operation xurrent.*", [1, 2]),
        ("--method post", [2]),
        ("--path /v2/*", [3]),
        ("--status 4xx", [2, 3]),
        ("--unread", [2]),
        ("--read --limit 1", [3]),
    ],
)
def test_requests_are_chosen_and_printed_as_json(
    call: Call, options: str, numbers: list[int]
) -> None:
    entries = [json.loads(line) for line in call(*options.split(), "--json").output.splitlines()]
    assert [entry["number"] for entry in entries] == numbers


def test_what_is_not_served_is_printed_once_to_standard_error(
    server: FakeServer, call: Call
) -> None:
    for number in (1, 2):
        CheckedClient(server.app).get(f"/v2/offers/{number}")
    assert call("--limit", "1").stderr == "not served: GET /v2/offers/{id}\n"
    assert call("--limit", "1", "--json").stderr == ""


def test_lines_are_coloured_on_a_terminal_alone(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b[" not in call().output
    assert "\x1b[33m422\x1b[0m" in call(color=True).output
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in call(color=True).output


def test_requests_are_cleared(server: FakeServer, call: Call) -> None:
    assert call("clear").output == "default: requests cleared\n"
    assert call().output == ""
    assert server.world.journal.last == 3


def test_requests_are_verified(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "expected.yaml"
    file.write_text("- operation: xurrent.list_calendars\n  parameters: {per_page: 3}\n")
    good = call("verify", str(file))
    assert good.return_value == 0
    assert good.output == "ok     at least 1: xurrent.list_calendars with per_page 3\n"


def test_what_came_closest_is_printed(call: Call) -> None:
    expectation = {"operation": "xurrent.create_calendar", "parameters": {"name": "A"}}
    bad = call("verify", "-", input=json.dumps([expectation]))
    assert bad.return_value == 1
    assert lines(bad.output)[1:4] == [
        "       expected at least 1, found 0",
        "       near miss: 2 14:00:00 POST   /v1/calendars 422 unread: nmae",
        "         parameters.name: expected 'A', found nothing; nmae was sent",
    ]
    verification = json.loads(call("verify", "-", "--json", input=json.dumps([expectation])).output)
    assert verification["expectations"][0]["found"] == 0


def test_order_and_beginning_may_be_said(call: Call) -> None:
    expectations = "- method: POST\n- operation: xurrent.list_calendars\n"
    assert call("verify", "-", input=expectations).return_value == 0
    assert call("verify", "-", "--in-order", input=expectations).return_value == 1
    whole = f"in_order: true\nexpectations:\n{expectations}"
    assert call("verify", "-", input=whole).return_value == 1
    assert (
        call("verify", "-", "--since", "2", input="- {method: POST, never: true}").return_value == 0
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--operation", "xurrent.list_calendar"), "meant xurrent.list_calendars?"),
        (("--status", "600"), "status: expected a status such as 404 or 4xx, found '600'"),
        (("--limit", "0"), "0 is not in the range 1<=x<=1000"),
        (("--world", "no"), "there is no world called 'no' here"),
        (("--world", "mine", "clear"), "give --world after clear"),
        (("clear", "--world", "a/b"), "there is no world called 'a/b' here"),
        (("verify", "nonesuch.yaml"), "'nonesuch.yaml': No such file or directory"),
        (("verify", "-"), "<stdin>: expected a list of expectations"),
    ],
)
def test_mistakes_get_one_line(
    server: FakeServer, run: CommandRunner, arguments: tuple[str, ...], said: str
) -> None:
    done = run("requests", *arguments, FAKE_SERVER_URL=server.url)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("fake-server: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("text", ["- [", "a: b: c", "- {x: 1", "\0"])
def test_a_file_that_is_not_yaml_gets_one_line(call: Call, text: str) -> None:
    with pytest.raises(click.ClickException, match=r"<stdin>(:\d)?: not YAML"):
        call("verify", "-", input=text)


class Following:
    """A running `fake-server requests --follow`."""

    def __init__(self, url: str, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fake_server", "requests", "--follow", "--url", url, *options],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def line(self) -> str:
        """Wait for the next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def end(self) -> tuple[int, str, str]:
        """Wait for the end; return status, and what else was printed."""
        output, error = self.process.communicate(timeout=20)
        return self.process.returncode, output, error


def test_requests_are_followed_until_interrupted(server: FakeServer) -> None:
    client = server.app.test_client()
    with Following(server.url) as following:
        assert "GET    /v1/calendars?per_page=3" in following.line()
        assert [following.line() for _ in range(2)][-1].startswith("14:00:00 GET    /v2/slots")
        for number in range(2):
            client.get(f"/v1/rate_limit?{number}")
            assert f"/v1/rate_limit?{number} 200" in following.line()
        server.world.reset()
        client.get("/v1/calendars")
        assert "/v1/calendars 401" in following.line()
        following.process.send_signal(signal.SIGINT)
        assert following.end() == (0, "", "")


def test_what_was_forgotten_between_is_told(server: FakeServer) -> None:
    with Following(server.url) as following:
        assert [following.line() for _ in range(3)][-1].startswith("14:00:00 GET    /v2/slots")
        client = server.app.test_client()
        with server.world.lock:
            # The server waits for its turn meanwhile, so that nobody sees what is forgotten.
            for _ in range(3):
                client.get("/v1")
            server.world.journal.clear()
            client.get("/v1/rate_limit")
        assert "/v1/rate_limit" in following.line()
        following.process.send_signal(signal.SIGINT)
        assert following.end() == (0, "", "(3 requests before these are not remembered)\n")


def test_a_server_that_goes_away_is_said_in_one_line(server: FakeServer) -> None:
    with Following(server.url, "--json", "--status", "422") as following:
        assert json.loads(following.line())["number"] == 2
        server.stop()
        status, output, error = following.end()
    assert (status, output) == (2, "")
    assert error.startswith("fake-server: http://127.0.0.1:")
    assert error.count("\n") == 1
