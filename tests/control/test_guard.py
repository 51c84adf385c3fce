"""Who may drive the control plane, and in what form."""

from urllib.request import urlopen

import pytest

from fake_server import FakeServer, apis
from tests.client import CheckedClient
from tests.control.conftest import refusal

HOSTS = sorted(host for api in apis.load().values() for host in api.hosts)


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8042", "LOCALHOST:1", "127.0.0.1:8042", "[::1]", "[::1]:8042"]
)
def test_this_machine_may(client: CheckedClient, host: str) -> None:
    assert client.get("/_fake/worlds", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [*HOSTS, "evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "10.0.0.1", "[::2]:1"],
)
@pytest.mark.parametrize("path", ["/_fake/worlds", "/_fake/worlds/default/reset"])
def test_no_other_name_may(client: CheckedClient, host: str, path: str) -> None:
    version = client.world.version
    answer = client.open(path, method="POST", headers={"Host": host})
    assert refusal(answer, 403).startswith(f"Host '{host}' may not drive the fake")
    assert client.world.version == version


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://localhost", "http://localhost:81", "é"]
)
def test_no_page_of_another_origin_may(client: CheckedClient, origin: str) -> None:
    answer = client.post("/_fake/worlds/default/reset", headers={"Origin": origin})
    assert "may not drive the fake" in refusal(answer, 403)


def test_the_servers_own_origin_may(client: CheckedClient) -> None:
    headers = {"Origin": "http://localhost"}
    answer = client.post("/_fake/worlds/default/reset", headers=headers)
    assert answer.status_code == 200
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_browser_that_asks_first_is_refused(client: CheckedClient) -> None:
    answer = client.options(
        "/_fake/worlds",
        headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert answer.status_code == 405
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_must_say_that_it_is_json(client: CheckedClient, kind: str | None) -> None:
    answer = client.post("/_fake/worlds", data=b'{"name": "a"}', content_type=kind)
    assert refusal(answer, 415).startswith("Content-Type: expected application/json, found")


@pytest.mark.parametrize("body", [b"{", b'{"seed": NaN}', b'{"name": "\\ud800"}', b"\xff"])
def test_a_body_must_be_json(client: CheckedClient, body: bytes) -> None:
    answer = client.post("/_fake/worlds", data=body, content_type="application/json")
    assert refusal(answer, 400) == "the body: invalid JSON"


def test_a_body_must_not_be_too_large(client: CheckedClient) -> None:
    answer = client.post("/_fake/worlds", json={"dataset_yaml": "#" * 1024 * 1024})
    refusal(answer, 413)


def test_query_parameters_are_refused(client: CheckedClient) -> None:
    assert "no query parameters" in refusal(client.post("/_fake/worlds?name=a"), 400)


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/w/a/_fake/worlds", {}), ("/_fake/worlds", {"X-Fake-World": "a"})],
)
def test_the_control_plane_belongs_to_no_world(
    client: CheckedClient, path: str, headers: dict[str, str]
) -> None:
    client.post("/_fake/worlds", json={"name": "a"})
    assert "belongs to no world" in refusal(client.get(path, headers=headers), 400)


@pytest.mark.parametrize("address", ["10.0.0.7", "::2", ""])
def test_no_other_machine_may(client: CheckedClient, address: str) -> None:
    environ = {"REMOTE_ADDR": address}
    answer = client.get("/_fake/worlds", headers={"Host": "localhost"}, environ_overrides=environ)
    assert "only programs of its own machine" in refusal(answer, 403)


def test_any_loopback_address_may() -> None:
    with (
        FakeServer(dataset="empty", host="127.0.0.2") as server,
        urlopen(f"{server.url}/_fake/worlds") as answer,
    ):
        assert answer.status == 200
