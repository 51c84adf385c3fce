"""Many tests at a time on one server: none notices another."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import environment
from tests.support.plugin import PluginRun as Run

TESTS = 200
WORKERS = 4

SUITE = f"""
import datetime

import pytest
import requests

LIST = "xurrent.list_calendars"


@pytest.mark.parametrize("number", range({TESTS}))
def test_alone(fake_world, number):
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(days=number)
    fake_world.clock.freeze(start)
    session = fake_world.xurrent.session()
    before = session.get("/calendars?per_page=100").json()
    assert not [calendar for calendar in before if calendar["name"].startswith("of ")]

    for copy in range(2):
        body = {{"name": f"of {{number}} {{copy}}"}}
        assert session.post("/calendars", json=body).ok
    after = session.get("/calendars?per_page=100").json()
    names, earlier = ({{calendar["name"] for calendar in listed}} for listed in (after, before))
    assert names - earlier == {{
        f"of {{number}} 0", f"of {{number}} 1"
    }}

    status = [429, 500, 502, 503][number % 4]
    with fake_world.fail(LIST, status=status, times=number % 3 + 1) as fault:
        statuses = [session.get("/calendars").status_code for _ in range(5)]
        assert statuses == [status] * (number % 3 + 1) + [200] * (4 - number % 3)
        assert fault.fired == number % 3 + 1

    token_url = f"{{fake_world.url}}/oauth/token"
    (application,) = fake_world.intra42.credentials["applications"]
    token = requests.post(token_url, data={{
        "grant_type": "client_credentials",
        "client_id": application["uid"],
        "client_secret": application["secret"],
    }}).json()
    bearer = {{"Authorization": f"Bearer {{token['access_token']}}"}}
    slots = f"{{fake_world.intra42.base_url}}/slots"
    assert requests.get(slots, headers=bearer).status_code == 200
    fake_world.clock.advance(hours=number % 3 + 1)
    assert requests.get(slots, headers=bearer).status_code == (200 if number % 3 == 0 else 401)
    assert fake_world.clock.now() == start + datetime.timedelta(hours=number % 3 + 1)

    assert len(fake_world.requests) == 12
    fake_world.requests.verify(LIST, count=7)
    fake_world.requests.verify_all_read()

    fake_world.reset()
    assert session.get("/calendars?per_page=100").json() == before
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Serve from a process of its own; gives the URL."""
    file = tmp_path / "ready.json"
    command = [sys.executable, "-m", "fake_server", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--ready-file", str(file)],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline()
    yield json.loads(file.read_text())["url"]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0


@pytest.mark.slow
def test_two_hundred_tests_in_parallel_processes_on_one_server(run: Run, served: str) -> None:
    result = run(SUITE, "-n", str(WORKERS), f"--fake-server-url={served}", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=TESTS)
