"""`X-Fake-World` on the control plane, and processes behind a proxy that routes by it."""

from collections.abc import Callable
from typing import Any

import pytest

from fake_server import FakeServer, create_app
from fake_server.control.guard import access_of
from fake_server.errors import UnknownWorldError
from fake_server.testing import RunningServer
from fake_server.testing.remote import RemotePlane
from tests.control.conftest import Create, refusal
from tests.support.client import CheckedClient, JsonClient

TOKEN = "s3cret"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
NAMED = {"X-Fake-World": "mine"}


@pytest.fixture
def proxied(client_for: Callable[..., CheckedClient]) -> CheckedClient:
    """Ask a process behind a proxy."""
    return client_for(dataset="empty", control_token=TOKEN, behind_proxy=True)


def plain(client: CheckedClient) -> JsonClient:
    """Return a client of the same application for answers that no document of an API declares."""
    return JsonClient(client.application)


def process_of(client: CheckedClient) -> str:
    """Return the id of a client's process, as its health has it."""
    process: str = client.get("/_fake/health").json["id"]
    return process


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_fake/worlds/mine"),
        ("PATCH", "/_fake/worlds/mine"),
        ("POST", "/_fake/worlds/mine/reset"),
        ("GET", "/_fake/worlds/mine/clock"),
        ("GET", "/_fake/worlds/mine/requests"),
        ("DELETE", "/_fake/worlds/mine"),
    ],
)
def test_the_header_repeats_the_name_in_the_path(
    client: CheckedClient, create: Create, method: str, path: str
) -> None:
    world = create(name="mine")
    version = world.version
    refused = client.open(path, method=method, headers={"X-Fake-World": "other"})
    assert refusal(refused, 400) == "the path names world 'mine', X-Fake-World 'other'"
    assert world.version == version
    assert client.open(path, method=method, headers=NAMED).status_code in {200, 204}


def test_a_world_takes_the_name_of_the_header(client: CheckedClient) -> None:
    answer = client.post("/_fake/worlds", headers=NAMED)
    assert (answer.status_code, answer.json["name"]) == (201, "mine")
    again = client.post("/_fake/worlds", headers=NAMED, json={"name": "mine"})
    assert refusal(again, 409) == "there is a world called 'mine' already"
    other = client.post("/_fake/worlds", headers=NAMED, json={"name": "other"})
    assert refusal(other, 400) == "the body names world 'other', X-Fake-World 'mine'"


@pytest.mark.parametrize("name", ["", "a/b", "-a", "a" * 65, "é".encode().decode("latin-1")])
def test_the_header_has_the_form_of_a_name(client: CheckedClient, name: str) -> None:
    refused = client.post("/_fake/worlds", headers={"X-Fake-World": name})
    assert refusal(refused, 422).startswith("name: expected ")


def test_a_list_and_a_description_name_their_process(client: CheckedClient) -> None:
    process = process_of(client)
    listed = client.get("/_fake/worlds", headers=NAMED)
    assert (listed.status_code, listed.json["process"]) == (200, process)
    assert client.get("/_fake/worlds/default").json["process"] == process
    assert client.post("/_fake/worlds/default/reset").json["process"] == process


def test_an_unknown_world_names_the_process_only_behind_a_proxy(
    client: CheckedClient, proxied: CheckedClient
) -> None:
    line = "there is no world called 'mine' here"
    for path in ("/w/mine/v1/calendars", "/_fake/worlds/mine"):
        assert refusal(plain(client).get(path), 404) == line
        assert refusal(plain(proxied).get(path, headers=BEARER), 404) == (
            f"{line}: process {process_of(proxied)} was asked, and another may hold it"
        )


def test_no_other_404_sends_a_client_to_another_process(proxied: CheckedClient) -> None:
    answer = proxied.get("/_fake/worlds/default/faults/fault-1", headers=BEARER)
    assert "process" not in refusal(answer, 404)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "fake.test"])
def test_a_process_behind_a_proxy_asks_for_its_token(proxied: CheckedClient, host: str) -> None:
    answer = proxied.get("/_fake/worlds", headers={"Host": host})
    assert "asks for its control token" in refusal(answer, 401)
    assert proxied.get("/_fake/worlds", headers={"Host": host, **BEARER}).status_code == 200
    assert proxied.get("/_fake/health", headers={"Host": host}).status_code == 200


def test_a_process_behind_a_proxy_makes_a_token_where_none_is_given() -> None:
    access = access_of(create_app("empty", behind_proxy=True))
    assert access is not None
    assert (access.exposed, access.generated) == (True, True)


@pytest.mark.parametrize("body", [{}, {"name": "mine"}])
def test_behind_a_proxy_a_new_world_needs_the_header(
    proxied: CheckedClient, body: dict[str, Any]
) -> None:
    refused = proxied.post("/_fake/worlds", headers=BEARER, json=body)
    assert refusal(refused, 400) == (
        "behind a proxy a new world is routed by its name: send it as X-Fake-World"
    )
    answer = proxied.post("/_fake/worlds", headers=BEARER | NAMED, json=body)
    assert answer.status_code == 201
    assert proxied.delete("/_fake/worlds/mine", headers=BEARER).status_code == 204


@pytest.mark.parametrize(
    ("path", "named", "routed"),
    [
        ("/w/a/v1/calendars", None, "a"),
        ("/w//a", None, "a"),
        ("/_fake/worlds/a", None, "a"),
        ("/_fake/worlds/a", "b", "a"),
        ("/_fake/worlds", "b", "b"),
        ("/_fake/worlds", None, "default"),
        ("/v1/calendars", "b", "b"),
        ("/v1/calendars", None, "default"),
        ("/", None, "default"),
    ],
)
def test_a_process_holds_the_proxy_to_the_name_that_it_hashed(
    proxied: CheckedClient, path: str, named: str | None, routed: str
) -> None:
    headers = BEARER | ({} if named is None else {"X-Fake-World": named})
    misrouted = plain(proxied).get(path, headers={**headers, "X-Fake-Routed": f"{routed}x"})
    assert refusal(misrouted, 421) == (
        f"the request is for world '{routed}', and the proxy routed it as one for '{routed}x':"
        " spell its path without escapes and dots"
    )
    right = plain(proxied).get(path, headers={**headers, "X-Fake-Routed": routed})
    assert right.status_code != 421


def test_without_a_proxy_nobody_reads_what_one_hashed(client: CheckedClient) -> None:
    headers = {"X-Fake-Routed": "other"}
    assert client.get("/_fake/worlds", headers=headers).status_code == 200


def test_our_client_drives_a_process_behind_a_proxy() -> None:
    with FakeServer(dataset="empty", control_token=TOKEN, behind_proxy=True) as server:
        with RunningServer(server.url, TOKEN).create_world() as world:
            assert world.name.startswith("world-")
            world.clock.freeze()
            world.reset()
            assert world.requests.lines() == ["(none)"]
            assert world.describe()["name"] == world.name
        with pytest.raises(UnknownWorldError, match="was asked, and another may hold it"):
            world.describe()
        with RunningServer(server.url, TOKEN).create_world(name="mine") as named:
            assert named.name == "mine"


def test_a_client_draws_another_name_each_time() -> None:
    with FakeServer(dataset="empty") as server:
        plane = RemotePlane(server.url)
        assert len({plane.ask("POST", "/worlds", {})["name"] for _ in range(3)}) == 3


@pytest.mark.parametrize(
    ("path", "named"), [("/w/\u00e9/v1/calendars", None), ("/v1/calendars", "a b")]
)
def test_a_name_that_no_world_has_is_routed_as_none(
    proxied: CheckedClient, path: str, named: str | None
) -> None:
    headers = {"X-Fake-Routed": "default"} | ({} if named is None else {"X-Fake-World": named})
    assert plain(proxied).get(path, headers=headers).status_code == 404
