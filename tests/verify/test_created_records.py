"""The records that a run makes on a foreign server have a name of their own, and are disabled."""

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from click.testing import CliRunner

from fake_server import FakeServer, create_app
from fake_server.cli.verify.command import verify
from fake_server.verify.api_files import ledger
from fake_server.verify.api_files.creations import MARK_TEXT
from fake_server.verify.run.run_options import Run, RunOptions
from fake_server.verify.run.run_report import Report
from fake_server.verify.run.suite import verify as run_suite
from fake_server.verify.server.client import Rules
from fake_server.verify.server.http_transport import HttpTransport
from fake_server.verify.server.raw_messages import ApiRequest
from fake_server.verify.server.transport import Transport
from fake_server.verify.server.wsgi_transport import WsgiTransport

MAKES = """
    import pytest
    from fake_server.verify import behaviour, expect

    CALENDARS = "/v1/calendars"

    @behaviour("xurrent.made")
    def test_made(xurrent):
        made = xurrent.post(CALENDARS, json={"name": xurrent.name("calendar")}).json
"""
Suite = Callable[..., tuple[Report, list[dict[str, Any]]]]


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """Run one test that makes something: `suite("raise KeyError")` tells what is left then."""
    transport = WsgiTransport(create_app("empty"))

    def go(ends: str, **options: Any) -> tuple[Report, list[dict[str, Any]]]:
        folder = tmp_path / "xurrent"
        folder.mkdir()
        (folder / "test_small.py").write_text(dedent(MAKES) + f"    {ends}\n", encoding="utf-8")
        entry = ledger.entry({"id": "xurrent.made", "says": "It is.", "evidence": "documented"})
        monkeypatch.setattr("fake_server.verify.run.suite.entries", lambda api: {entry.id: entry})
        suite_run = Run("xurrent", transport, {"bearer_token": "api-token"}, Rules(), **options)
        report = run_suite(suite_run, RunOptions(suite=tmp_path))
        return report, calendars(transport)

    return go


def calendars(transport: Transport) -> list[dict[str, Any]]:
    """Return all calendars of a fake."""
    headers = (("Authorization", "Bearer api-token"),)
    target = "/v1/calendars?per_page=100&fields=name,disabled"
    listed: list[dict[str, Any]] = json.loads(
        transport.send(ApiRequest("GET", target, headers)).body
    )
    return listed


@pytest.mark.parametrize(
    "ends",
    ["pass", "expect('it', 1, 2)", "raise KeyboardInterrupt", "pytest.fail('so')", "made['none']"],
)
def test_it_is_put_to_rest_however_the_test_ends(suite: Suite, ends: str) -> None:
    report, (made,) = suite(ends)
    assert made["name"].startswith(MARK_TEXT)
    assert made["disabled"] is True
    assert report.remaining == []


def test_no_budget_keeps_it_from_that(suite: Suite) -> None:
    report, (made,) = suite("pass", max_requests=2)
    assert made["disabled"] is True
    assert report.requests == 4


def test_what_rests_already_is_not_asked_again(suite: Suite) -> None:
    report, (made,) = suite("xurrent.patch(f'{CALENDARS}/{made[\"id\"]}', json={'disabled': True})")
    assert made["disabled"] is True
    assert report.requests == 3


def test_what_a_test_wakes_again_is_put_to_rest(suite: Suite) -> None:
    wake = "[xurrent.patch(f'{CALENDARS}/{made[\"id\"]}', json={'disabled': d}) for d in (1, 0)]"
    report, (made,) = suite(wake)
    assert made["disabled"] is True
    assert report.requests == 6


def test_what_has_no_such_name_is_not_made(suite: Suite) -> None:
    report, made = suite("xurrent.post(CALENDARS, json={'name': 'Nightly'})")
    missing = report.behaviours[0].missing
    assert missing is not None
    assert missing.text == "a world of its own: a record with the mark 'Nightly' in name"
    assert [record["name"] for record in made if MARK_TEXT not in record["name"]] == []


def test_a_holiday_that_cannot_be_taken_back_is_told(suite: Suite) -> None:
    times = "start_at='2030-01-01T00:00', end_at='2030-01-02T00:00'"
    report, _ = suite(f"xurrent.post('/v1/holidays', json=dict(name=xurrent.name('day'), {times}))")
    assert len(report.remaining) == 1
    assert report.remaining[0].startswith("/v1/holidays/")
    assert report.remaining[0].endswith("this API has no way to take it back")


def test_the_curl_is_that_of_the_failure_not_of_what_tidied_up(suite: Suite) -> None:
    report, _ = suite(
        """
    path = f"{CALENDARS}/{made['id']}"
    try:
        expect("the name", "another", xurrent.get(path).json["name"])
    finally:
        xurrent.patch(path, json={"disabled": True})
"""
    )
    failure = report.behaviours[0].failure
    assert failure is not None
    assert "PATCH" not in failure.curl
    assert "/v1/calendars/" in failure.curl


def test_the_whole_suite_over_http_without_levers(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    options = (
        "--allow-writes",
        "--allow-invalid",
        "--rate",
        "0",
        "--max-requests",
        "5000",
        "--seed",
        "1",
    )
    with FakeServer(dataset="demo") as server:
        transport = HttpTransport(f"{server.url}/w/default")
        known = {record["id"] for record in calendars(transport)}
        done = CliRunner().invoke(
            verify,
            ["xurrent", "--target", f"{server.url}/w/default", *options, "--report", str(path)],
            standalone_mode=False,
        )
        made = [record for record in calendars(transport) if record["id"] not in known]
    assert done.return_value == 0, done.output
    told = json.loads(path.read_bytes())["apis"]["xurrent"]
    assert len(made) > 10
    assert all(MARK_TEXT in record["name"] and record["disabled"] for record in made), made
    assert all("no way to take it back" in line and MARK_TEXT in line for line in told["left"])
    assert told["counts"]["behaviour"]["held"] > 80
