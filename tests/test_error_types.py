"""Nothing decides by the text of an error: with every text changed, all behave as before."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import fake_server
from fake_server import FakeServer, UserError
from fake_server.cli import main
from fake_server.errors import Position, error_of_type, tree
from fake_server.rest.api_errors import MalformedParametersError
from fake_server.testing.planes import LocalPlane, Plane
from fake_server.testing.remote import RemotePlane
from fake_server.testing.running import RunningServer
from fake_server.testing.servers import start_early
from fake_server.testing.world import FakeWorld

CHANGED = "quelque chose ne va pas"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="documented") as server:
        yield server


@pytest.fixture(params=["in process", "over HTTP"])
def plane(request: pytest.FixtureRequest, server: FakeServer) -> Plane:
    return LocalPlane(server.app) if request.param == "in process" else RemotePlane(server.url)


@pytest.fixture(params=["as written", "changed"], autouse=True)
def texts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Change what every error of a user, and every unreadable parameter, says."""
    if request.param == "changed":
        for error in (UserError, MalformedParametersError):
            monkeypatch.setattr(error, "__str__", lambda _: CHANGED, raising=False)
    return str(request.param)


def _expect_refused(name: str, act: Callable[[], object], texts: str) -> None:
    with pytest.raises(UserError) as raised:
        act()
    assert type(raised.value).__name__ == name
    assert (str(raised.value) == CHANGED) is (texts == "changed")


@pytest.mark.parametrize(
    ("name", "method", "path", "attributes"),
    [
        ("DataError", "POST", "/worlds", {"data": {"xurrent": {"calendars": [{"id": "x"}]}}}),
        ("DatasetError", "POST", "/worlds", {"dataset": "nothing"}),
        ("DatasetError", "POST", "/worlds", {"dataset_yaml": "a: ["}),
        ("DatasetError", "POST", "/worlds", {"dataset": {"nothing": 1}}),
        ("DefaultWorldError", "DELETE", "/worlds/default", None),
        ("ExpectationError", "GET", "/worlds/default/requests?operation=nothing", None),
        ("FaultError", "POST", "/worlds/default/faults", {"pattern": "nothing.at_all"}),
        ("FaultError", "POST", "/worlds", {"faults": [{"pattern": "nothing.at_all"}]}),
        ("QuirkError", "POST", "/worlds", {"quirks": ["nothing.at-all"]}),
        ("RequestError", "GET", "/nothing", None),
        ("RequestError", "GET", "/worlds?nothing=1", None),
        ("SettingError", "POST", "/worlds", {"nothing": 1}),
        ("SettingError", "POST", "/worlds", {"now": "tomorrow"}),
        ("SettingError", "GET", "/worlds/default/data/xurrent/calendars?nothing=1", None),
        ("UnknownFaultError", "DELETE", "/worlds/default/faults/fault-99", None),
        ("UnknownRecordError", "GET", "/worlds/default/data/xurrent/calendars/99999", None),
        ("UnknownRecordError", "GET", "/worlds/default/data/nothing/calendars", None),
        ("UnknownWorldError", "GET", "/worlds/nothing", None),
        ("WorldExistsError", "POST", "/worlds", {"name": "default"}),
    ],
)
def test_both_planes_raise_the_class(
    plane: Plane, name: str, method: str, path: str, attributes: Any, texts: str
) -> None:
    _expect_refused(name, lambda: plane.ask(method, path, attributes), texts)


def test_what_is_gone_may_be_removed_again(plane: Plane) -> None:
    world = FakeWorld.create(plane)
    fault = world.fail("xurrent.list_calendars", status=503)
    fault.remove()
    fault.remove()
    world.delete()
    world.delete()
    fault.remove()


def test_a_dataset_file_keeps_its_class_and_line(plane: Plane, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("seed: 1\nnothing: 1\n")
    with pytest.raises(fake_server.DatasetError) as raised:
        FakeWorld.create(plane, dataset=file)
    assert type(raised.value) is fake_server.DatasetError
    assert raised.value.position == Position(str(file), 2)
    assert raised.value.message.startswith("nothing: no such key")


def test_a_dataset_in_json_has_no_lines(plane: Plane) -> None:
    with pytest.raises(fake_server.DatasetError) as raised:
        FakeWorld.create(plane, dataset={"seed": 1, "nothing": 1})
    assert raised.value.position == Position("dataset", None)


def test_an_error_without_a_position_has_none(plane: Plane) -> None:
    with pytest.raises(fake_server.DatasetError) as raised:
        FakeWorld.create(plane, dataset="nothing")
    assert raised.value.position is None


def test_a_server_that_is_not_there(texts: str) -> None:
    closed = RunningServer("http://127.0.0.1:9", None, {})
    _expect_refused("UnreachableServerError", closed.create_world, texts)


def test_a_control_token_is_asked_for(texts: str) -> None:
    with FakeServer(dataset="documented", control_token="right") as closed:
        wrong = RemotePlane(closed.url, "wrong")
        _expect_refused("ControlTokenError", lambda: wrong.ask("GET", "/worlds"), texts)


@pytest.mark.parametrize(
    ("status", "code", "method", "path", "headers", "body"),
    [
        (404, "unknown-world", "GET", "/w/nothing/v1/calendars", {}, ""),
        (404, "unknown-world", "GET", "/_fake/worlds/nothing", {}, ""),
        (404, "unknown-fault", "GET", "/_fake/worlds/default/faults/fault-99", {}, ""),
        (409, "world-exists", "POST", "/_fake/worlds", {}, '{"name": "default"}'),
        (409, "default-world", "DELETE", "/_fake/worlds/default", {}, ""),
        (400, "request", "POST", "/_fake/worlds", {}, "{"),
        (400, "request", "GET", "/w/a/v1/calendars", {"X-Fake-World": "b"}, ""),
        (403, "access-denied", "GET", "/_fake/worlds", {"Host": "fake.example.org"}, ""),
        (403, "access-denied", "GET", "/_fake/worlds", {"Origin": "http://a.example"}, ""),
        (422, "setting", "POST", "/_fake/worlds", {}, '{"nothing": 1}'),
    ],
)
def test_statuses_and_types_stay(
    server: FakeServer,
    status: int,
    code: str,
    method: str,
    path: str,
    headers: dict[str, str],
    body: str,
) -> None:
    answer = server.app.test_client().open(
        path, method=method, headers=headers, data=body, content_type="application/json"
    )
    assert answer.status_code == status
    assert answer.get_json()["type"] == f"urn:understudy:{code}"


def test_an_api_words_json_that_cannot_be_read() -> None:
    with FakeServer(dataset="documented", auth="off") as fake:
        answer = fake.app.test_client().post(
            "/v1/calendars", data="{", content_type="application/json"
        )
    assert (answer.status_code, answer.get_json()) == (
        400,
        {"message": "Invalid JSON string posted"},
    )


@pytest.mark.parametrize(
    ("status", "arguments"),
    [
        (2, ["openapi", "nothing"]),
        (2, ["wait", "--url", "nothing"]),
        (2, ["new-api", "own", "--from", "nothing.yaml"]),
        (2, ["world", "reset", "nothing", "--url", "URL"]),
        (2, ["world", "list", "--url", "http://127.0.0.1:9"]),
        (2, ["fail", "nothing.at_all", "--status", "503", "--url", "URL"]),
        (2, ["data", "show", "xurrent", "calendars", "99999", "--url", "URL"]),
        (
            2,
            ["data", "add", "xurrent", "calendars", f"name={'[' * 200}{']' * 200}", "--url", "URL"],
        ),
        (0, ["data", "add", "xurrent", "calendars", "name=[TEXTS", "--url", "URL"]),
        (0, ["world", "list", "--url", "URL"]),
    ],
)
def test_the_command_line_ends_with_the_status(
    server: FakeServer,
    status: int,
    arguments: list[str],
    texts: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = [
        argument.replace("URL", server.url).replace("TEXTS", texts) for argument in arguments
    ]
    monkeypatch.setattr(sys, "argv", ["fake-server", *command])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr().err
    assert ended.value.code == status, printed
    assert len(printed.splitlines()) == (1 if status else 0)


@pytest.mark.parametrize(
    ("option", "value"),
    [("dataset", "nothing"), ("apis", ["nothing"]), ("quirks", ["nothing.at-all"])],
)
def test_a_run_names_the_option(option: str, value: Any) -> None:
    config: Any = SimpleNamespace(getoption=lambda _: None)
    with pytest.raises(pytest.UsageError, match=f"^fake_server_{option}: "):
        start_early({option: value}, config)


def test_a_problem_is_made_the_error_that_it_says() -> None:
    for error in tree():
        assert type(error_of_type(f"urn:understudy:{error.code}", "why")) is error
    for unknown in ("urn:understudy:nothing", "about:blank", None, 1, json.loads("[]")):
        assert type(error_of_type(unknown, "why")) is UserError


def test_an_error_that_is_worded_anew_keeps_its_class() -> None:
    for error in tree():
        assert type(error.of_message("why")) is error
