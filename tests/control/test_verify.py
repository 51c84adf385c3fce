"""The contract tests against a fake over HTTP: they pull the same levers as in process."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from fake_server import FakeServer
from fake_server.cli.verify.command import verify
from fake_server.errors import VerificationError
from fake_server.verify.server.http_control import HttpControl, create_world
from fake_server.verify.server.raw_messages import ApiRequest
from fake_server.world.worlds import Worlds
from tests.support.echo import echo_app

START = datetime(2026, 3, 1, tzinfo=UTC)
TOKEN = (("Authorization", "Bearer api-token"), ("Accept", "application/json"))


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="documented") as server:
        yield server


@pytest.fixture
def control(server: FakeServer) -> HttpControl:
    http_control = create_world(server.url)
    assert http_control is not None
    return http_control


def worlds_of(server: FakeServer) -> Worlds:
    worlds: Worlds = server.app.extensions["fake_server.worlds"]
    return worlds


def test_the_clock_is_that_of_a_world_of_its_own(server: FakeServer, control: HttpControl) -> None:
    version = server.world.version
    began = control.now()
    control.freeze(START)
    control.advance(timedelta(hours=1, microseconds=1))
    assert control.now() == START + timedelta(hours=1, microseconds=1)
    control.set(START)
    assert control.now() == START
    control.reset()
    assert control.now() == began
    assert server.world.version == version


def test_limits_are_switched(server: FakeServer, control: HttpControl) -> None:
    (_, own) = worlds_of(server).all()
    control.enforce_limits(True)
    assert own.enforce_limits
    control.enforce_limits(False)
    assert not own.enforce_limits


def test_paths_without_a_prefix_are_those_of_its_world(
    server: FakeServer, control: HttpControl
) -> None:
    version = server.world.version
    created = control.transport.send(
        ApiRequest(
            "POST", "/v1/calendars", (*TOKEN, ("Content-Type", "application/json")), b'{"name":"x"}'
        )
    )
    assert created.status == 201, created.body
    assert created.headers["Location"].startswith(f"{server.url}/v1/calendars/")
    assert server.world.version == version
    control.delete()
    assert len(worlds_of(server).all()) == 1


def test_a_fresh_world_has_exactly_the_records_given(
    server: FakeServer, control: HttpControl
) -> None:
    section = {"calendars": {"records": [{"id": 7, "name": "Only"}]}}
    with control.fresh("xurrent", section, START) as fresh:
        assert fresh.now() >= START
        listed = control.transport.send(ApiRequest("GET", f"{fresh.prefix}/v1/calendars", TOKEN))
        assert [record["id"] for record in json.loads(listed.body)] == [7]
    assert len(worlds_of(server).all()) == 2
    with control.fresh("xurrent", None, None) as fresh:
        listed = control.transport.send(ApiRequest("GET", f"{fresh.prefix}/v1/calendars", TOKEN))
        own = control.transport.send(ApiRequest("GET", "/v1/calendars", TOKEN))
        assert json.loads(listed.body) == json.loads(own.body)


def test_a_mistake_is_said_in_one_line(control: HttpControl) -> None:
    with (
        pytest.raises(VerificationError, match=r"dataset: xurrent\.calendar: no such key"),
        control.fresh("xurrent", {"calendar": {}}, None),
    ):
        pass


def test_only_a_fake_on_this_machine_is_asked(server: FakeServer) -> None:
    assert create_world("https://api.example.invalid") is None
    assert create_world(f"{server.url}/w/default") is None
    with FakeServer(echo_app(200)) as other:
        gone = other.url
        assert create_world(gone) is None
    assert create_world(gone) is None
    assert len(worlds_of(server).all()) == 1


def test_a_fake_elsewhere_is_driven_with_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer(dataset="empty", host="0.0.0.0") as server:
        assert server.control_token is not None
        with pytest.raises(VerificationError, match="asks for its control token"):
            create_world(server.url)
        with pytest.raises(VerificationError, match="the control token is another one"):
            create_world(server.url, control_token="wrong")
        http_control = create_world(server.url, control_token=server.control_token)
        assert http_control is not None
        http_control.freeze(START)
        monkeypatch.setenv("FAKE_SERVER_CONTROL_TOKEN", server.control_token)
        assert create_world(server.url) is not None
        assert len(worlds_of(server).all()) == 3


def test_a_fake_elsewhere_is_asked_only_for_a_token_that_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FAKE_SERVER_CONTROL_TOKEN", "s3cret")
    assert create_world("http://fake.invalid") is None
    with pytest.raises(VerificationError, match="plain http would send credentials"):
        create_world("http://fake.invalid", control_token="s3cret")


@pytest.mark.slow
def test_every_behaviour_is_shown_over_http(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with FakeServer(dataset="demo") as server:
        version = server.world.version
        done = CliRunner().invoke(
            verify,
            [
                *("fabmanager", "--target", server.url, "--only", "*", "--seed", "1"),
                *("--report", str(report)),
            ],
            standalone_mode=False,
        )
        assert done.exception is None
        assert len(worlds_of(server).all()) == 1
        assert server.world.version == version
    told = json.loads(report.read_bytes())["apis"]["fabmanager"]
    assert (done.return_value, told["profile"]) == (0, "documented"), done.output
    assert told["counts"]["behaviour"]["not shown"] == 0
    assert told["counts"]["behaviour"]["held"] > 20


def test_a_frozen_world_without_levers_tells_its_time(server: FakeServer, tmp_path: Path) -> None:
    world = worlds_of(server).create("then")
    with world.changing():
        world.clock.freeze(START)
    report = tmp_path / "report.json"
    options = ["--target", f"{server.url}/w/then", "--rate", "0", "--allow-writes"]
    for glob in ("xurrent.rate_limit.headers", "xurrent.calendars.create*"):
        options += ["--only", glob]
    arguments = ["xurrent", *options, "--report", str(report)]
    ran = CliRunner().invoke(verify, arguments, standalone_mode=False)
    assert ran.return_value == 0, ran.output
    told = json.loads(report.read_bytes())["apis"]["xurrent"]
    assert told["counts"]["behaviour"]["held"] == 2
