"""Who may drive the control plane, and in what form."""

import re
from collections.abc import Callable
from contextlib import closing
from typing import Any
from urllib.request import urlopen

import pytest

from fake_server import FakeServer, apis, create_app
from fake_server.control.guard import access_of
from fake_server.edge.http_server import Server, bound_socket
from fake_server.errors import UserError
from tests.control.conftest import refusal
from tests.support.client import CheckedClient, JsonResponse

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


@pytest.mark.parametrize(
    "body", [b'{"seed": 1, "seed": 2}', b'{"faults": [{"seed": 1, "seed": 1}]}']
)
def test_no_name_stands_twice_in_an_object(client: CheckedClient, body: bytes) -> None:
    answer = client.post("/_fake/worlds", data=body, content_type="application/json")
    assert refusal(answer, 400) == 'the body: "seed" stands twice in one object'


def test_a_body_must_not_be_too_large(client: CheckedClient) -> None:
    answer = client.post("/_fake/worlds", json={"dataset_yaml": "#" * 1024 * 1024})
    assert refusal(answer, 413) == (
        "the body: expected at most 1048576 bytes; send less at a time, or start a server with it:"
        " fake-server serve --dataset FILE"
    )


def test_query_parameters_are_refused(client: CheckedClient) -> None:
    refused = refusal(client.post("/_fake/worlds?name=a"), 400)
    assert refused == "'name': no such query parameter here; it takes none"


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/w/a/_fake/worlds", {}), ("/_fake/openapi.json", {"X-Fake-World": "a"})],
)
def test_the_control_plane_belongs_to_no_world(
    client: CheckedClient, path: str, headers: dict[str, str]
) -> None:
    client.post("/_fake/worlds", json={"name": "a"})
    assert "belongs to no world" in refusal(client.get(path, headers=headers), 400)


@pytest.mark.parametrize(
    "host", ["", "a..b", "evil.example:123456", "evil.example:", "évil", "localhost@evil.example"]
)
def test_no_name_that_is_none_may(client: CheckedClient, host: str) -> None:
    answer = client.post("/_fake/worlds/default/reset", headers={"Host": host})
    assert "may not drive the fake" in refusal(answer, 403)


@pytest.mark.parametrize("address", ["10.0.0.7", "::2", ""])
def test_no_other_machine_may(client: CheckedClient, address: str) -> None:
    environ = {"REMOTE_ADDR": address}
    answer = client.get("/_fake/worlds", headers={"Host": "localhost"}, environ_overrides=environ)
    assert "only programs of its own machine" in refusal(answer, 403)


TOKEN = "s3cret"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def asked(
    client: CheckedClient, host: str, address: str = "127.0.0.1", **headers: str
) -> JsonResponse:
    """List the worlds under a name, from an address."""
    environ = {"REMOTE_ADDR": address}
    return client.get("/_fake/worlds", headers={"Host": host, **headers}, environ_overrides=environ)


@pytest.fixture
def guarded(client_for: Callable[..., CheckedClient]) -> CheckedClient:
    """Ask an application with a control token and allowed names."""
    return client_for(
        dataset="empty", control_token=TOKEN, allow_hosts=("Fake.Test", "[2001:DB8::1]")
    )


@pytest.mark.parametrize("host", ["fake.test", "FAKE.test.:8042", "[2001:db8::1]:8042"])
def test_allowed_names_may_on_this_machine(guarded: CheckedClient, host: str) -> None:
    assert asked(guarded, host).status_code == 200
    assert "only programs of its own machine" in refusal(asked(guarded, host, "10.0.0.7"), 403)
    assert "may not drive" in refusal(asked(guarded, "a.fake.test"), 403)


def test_the_token_may_under_any_name_from_anywhere(guarded: CheckedClient) -> None:
    for host in ("evil.example", "10.0.0.1:8042", "localhost"):
        assert asked(guarded, host, "10.0.0.7", **BEARER).status_code == 200
    assert asked(guarded, "a", Authorization=f"bearer  {TOKEN} ").status_code == 200


@pytest.mark.parametrize("host", [*HOSTS, HOSTS[0].upper(), f"{HOSTS[0]}.", f"{HOSTS[0]}:8042"])
def test_not_even_the_token_may_under_a_real_name(guarded: CheckedClient, host: str) -> None:
    answer = asked(guarded, host, **BEARER)
    assert refusal(answer, 403).endswith("may not drive the fake: it is a real service's")


def test_the_token_opens_nothing_to_a_page(guarded: CheckedClient) -> None:
    answer = asked(guarded, "localhost", Origin="http://evil.example", **BEARER)
    assert "may not drive the fake" in refusal(answer, 403)


@pytest.mark.parametrize("token", ["", "s3cre", "s3crett", "S3CRET", "é"])
def test_a_wrong_token_is_refused_even_here(guarded: CheckedClient, token: str) -> None:
    answer = asked(guarded, "localhost", Authorization=f"Bearer {token}")
    assert refusal(answer, 401) == "the control token is another one"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="fake-server", error="invalid_token"'


def test_a_server_without_a_token_takes_no_notice_of_one(client: CheckedClient) -> None:
    assert asked(client, "localhost", Authorization="Bearer guess").status_code == 200


def test_other_credentials_are_no_token(guarded: CheckedClient) -> None:
    assert asked(guarded, "localhost", Authorization="Basic czNjcmV0Og==").status_code == 200
    answer = asked(guarded, "evil.example", Authorization=f"Token {TOKEN}")
    assert "may not drive the fake" in refusal(answer, 403)


@pytest.mark.parametrize("text", [TOKEN, None])
def test_a_server_that_others_reach_asks_for_its_token(text: str | None) -> None:
    app = create_app("empty", control_token=text)
    with closing(bound_socket("0.0.0.0", 0)) as bound:
        Server(app, bound)
    access = access_of(app)
    assert access is not None
    assert access.token is not None
    assert access.generated == (text is None)
    assert access.token not in repr(access)
    assert len(access.token) >= (len(TOKEN) if text else 32)
    client = CheckedClient(app)
    answer = asked(client, "localhost")
    assert "asks for its control token" in refusal(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="fake-server"'
    assert (
        asked(client, "fake", "10.0.0.7", Authorization=f"Bearer {access.token}").status_code == 200
    )
    assert client.get("/_fake/health", headers={"Host": "fake"}).status_code == 200


OPEN = ("/_fake/health", "/_fake/openapi/<api>.json")


def test_no_view_but_health_and_documents_is_open_without_the_token() -> None:
    app = create_app("empty", control_token=TOKEN)
    with closing(bound_socket("0.0.0.0", 0)) as bound:
        Server(app, bound)
    client = CheckedClient(app)
    version, asked_for = client.world.version, 0
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/_fake/") or rule.rule in OPEN:
            continue
        path = re.sub(r"<(?:\w+:)?\w+>", "1", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            refusal(client.open(path, method=method), 401)
            asked_for += 1
    assert asked_for >= 12
    assert client.world.version == version


def test_a_new_token_is_another_each_time() -> None:
    tokens = set()
    for _ in range(3):
        app = create_app("empty")
        with closing(bound_socket("0.0.0.0", 0)) as bound:
            tokens.add(FakeServer(app).control_token)
            Server(app, bound)
            tokens.add(FakeServer(app).control_token)
    assert len(tokens) == 4
    assert None in tokens


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({"control_token": ""}, "control token: expected ASCII characters without spaces"),
        ({"control_token": "a b"}, "control token: expected ASCII characters without spaces"),
        ({"control_token": "a\n"}, "control token: expected ASCII characters without spaces"),
        ({"allow_hosts": ("http://a",)}, "allowed host: expected a name such as fake.test"),
        ({"allow_hosts": ("",)}, "allowed host: expected a name such as fake.test"),
        ({"allow_hosts": (HOSTS[0].upper(),)}, "is a real service's, and drives no fake"),
    ],
)
def test_mistakes_get_one_line(options: dict[str, Any], mistake: str) -> None:
    with pytest.raises(UserError, match=mistake) as raised:
        create_app("empty", **options)
    assert "a b" not in str(raised.value)


def test_any_loopback_address_may() -> None:
    with (
        FakeServer(dataset="empty", host="127.0.0.2") as server,
        urlopen(f"{server.url}/_fake/worlds") as answer,
    ):
        assert answer.status == 200
