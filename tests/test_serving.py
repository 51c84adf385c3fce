"""`FakeServer`: the fake in a thread of its own process."""

import doctest
import errno
import json
import socket
import ssl
import threading
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask import Flask

from bench.measure import free_port
from fake_server import FakeServer, create_app
from fake_server.data_files import registry
from fake_server.edge.http_server import bound_socket
from fake_server.errors import UserError
from fake_server.testing import server_thread as documented
from fake_server.world import image_making
from tests.edge.wire import Wire


def _status(url: str) -> int:
    with urlopen(url) as response:
        return int(response.status)


def test_a_server_on_a_free_port_answers_the_index() -> None:
    with FakeServer(dataset="empty") as server, urlopen(server.url) as response:
        index, url = json.load(response), server.url
    assert list(index["apis"]) == registry.names()
    assert index["apis"]["xurrent"]["base_url"] == f"{url}/v1"


def test_only_the_named_apis_are_served() -> None:
    with FakeServer(dataset="demo", apis=["xurrent"]) as server:
        with urlopen(server.url) as response:
            assert list(json.load(response)["apis"]) == ["xurrent"]
        assert _status(f"{server.url}/xurrent/openapi.json") == 200
        for path in ("/v2/cursus", "/intra42/openapi.json"):
            with pytest.raises(HTTPError, match="404"):
                urlopen(f"{server.url}{path}")
        with server.create_world() as world:
            assert list(world.apis) == ["xurrent"]
            assert world.export().count("xurrent:") == 1


@pytest.mark.parametrize(
    ("apis", "mistake"),
    [
        (["xurent"], r"xurent: no such API; meant xurrent\?"),
        ("xurrent", "apis: expected a list of names, found the text 'xurrent'"),
    ],
)
def test_apis_that_there_are_not_are_refused_in_one_line(apis: list[str], mistake: str) -> None:
    with pytest.raises(UserError, match=mistake):
        create_app("empty", apis=apis)


def test_the_samples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(documented).failed == 0
    assert doctest.testmod(documented).attempted > 0


def test_it_is_ready_at_once_and_gone_after() -> None:
    app = create_app("empty")
    for _ in range(20):
        server = FakeServer(app).start()
        url = server.url
        assert _status(f"{url}/_fake/health") == 200
        server.stop()
        with pytest.raises(OSError, match="refused"):
            urlopen(url)
    assert not [thread for thread in threading.enumerate() if thread.name == "fake-server"]


def test_it_may_be_started_again_and_stopped_twice() -> None:
    server = FakeServer(dataset="empty")
    for _ in range(2):
        with server:
            assert _status(server.url) == 200
        server.stop()


def test_started_once_is_enough() -> None:
    with FakeServer(dataset="empty") as server, pytest.raises(RuntimeError, match="already"):
        server.start()


def test_a_server_that_is_not_started_has_no_url() -> None:
    with pytest.raises(RuntimeError, match="not started"):
        _ = FakeServer(dataset="empty").url


def test_stopping_does_not_wait_for_idle_or_half_sent_requests(
    capfd: pytest.CaptureFixture[str],
) -> None:
    server = FakeServer(dataset="empty").start()
    idle, kept, half = Wire(server.url), Wire(server.url), Wire(server.url)
    assert kept.ask("GET", "/_fake/health").status == 200
    half.send(b"POST /v1/calendars HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
    server.stop()
    for wire in (idle, kept, half):
        assert wire.at_end()
        wire.close()
    assert capfd.readouterr().err == ""


def test_stopping_does_not_wait_for_ever_for_a_client_that_does_not_read(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fake_server.edge.http_server._GRACE_SECONDS", 0.2)
    app = Flask("large", static_folder=None)
    app.before_request(lambda: b"a" * 64 * 1024 * 1024)
    server = FakeServer(app).start()
    with Wire(server.url) as wire:
        wire.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 2)
        assert wire.status() == 200
        server.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "fake-server"]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("localhost", "http://127.0.0.1:"),
        ("0.0.0.0", "http://127.0.0.1:"),
        ("::1", "http://[::1]:"),
        ("[::1]", "http://[::1]:"),
        ("::", "http://[::1]:"),
    ],
)
def test_the_url_reaches_every_kind_of_host(host: str, url: str) -> None:
    if ":" in host and not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    with FakeServer(dataset="empty", host=host) as server:
        assert server.url.startswith(url)
        assert _status(server.url) == 200


def test_localhost_is_both_loopbacks_on_one_port() -> None:
    app = create_app("empty")
    for _ in range(5):
        with FakeServer(app, host="localhost") as server:
            port = int(server.url.rsplit(":", 1)[1])
            for address in ("127.0.0.1", "[::1]", "localhost"):
                assert _status(f"http://{address}:{port}/_fake/worlds") == 200
            assert server.control_token is None
        for host in ("127.0.0.1", "::1"):
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((host, port), 5)


def test_localhost_with_tls_is_both_loopbacks() -> None:
    with FakeServer(dataset="empty", host="localhost", tls=True) as server:
        context = ssl.create_default_context(cafile=server.ca_file)
        port = server.url.rsplit(":", 1)[1]
        for address in ("127.0.0.1", "[::1]", "localhost"):
            with urlopen(f"https://{address}:{port}/_fake/health", context=context) as response:
                assert response.status == 200


@pytest.mark.parametrize("number", [errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT])
def test_localhost_is_ipv4_alone_on_a_machine_without_ipv6(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bound(host: str, port: int) -> socket.socket:
        if ":" in host:
            raise OSError(number, "no IPv6")
        return bound_socket(host, port)

    monkeypatch.setattr("fake_server.edge.http_server.bound_socket", bound)
    with FakeServer(dataset="empty", host="localhost") as server:
        assert _status(server.url) == 200


def test_localhost_takes_another_port_where_one_is_in_use_at_the_other_loopback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[int] = []

    def bound(host: str, port: int) -> socket.socket:
        if ":" in host:
            tried.append(port)
            if len(tried) < 3:
                raise OSError(errno.EADDRINUSE, "in use")
        return bound_socket(host, port)

    monkeypatch.setattr("fake_server.edge.http_server.bound_socket", bound)
    with FakeServer(dataset="empty", host="localhost") as server:
        assert server.url.endswith(f":{tried[-1]}")
        assert len(tried) == 3
        tried.clear()
        with pytest.raises(OSError, match="in use"):
            FakeServer(dataset="empty", host="localhost", port=free_port()).start()
        assert len(tried) == 1


def test_what_keeps_it_from_starting_is_raised() -> None:
    with FakeServer(dataset="empty") as server:
        taken = int(server.url.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="in use"):
            FakeServer(server.app, port=taken).start()
    with pytest.raises(OSError, match="assign"):
        FakeServer(dataset="empty", host="192.0.2.1").start()
    with pytest.raises(UserError, match="no such dataset"):
        FakeServer(dataset="nonesuch")
    with pytest.raises(TypeError, match="dataset"):
        FakeServer(server.app, dataset="empty")


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        ("/v2/slots", "Bearer YOUR_ACCESS_TOKEN", 404),
        ("/open_api/v1/availabilities", "Token 7Yq3hKc9WnB5tRf2XvM8sZdE", 405),
        ("/v1/calendars", "Bearer YOUR_ACCESS_TOKEN", 404),
    ],
)
def test_a_method_that_nobody_knows_is_answered_by_the_api(
    path: str, token: str, status: int
) -> None:
    with FakeServer(dataset="documented") as server, Wire(server.url) as wire:
        for method in ("FOO", "get"):
            reply = wire.ask(method, path, f"Authorization: {token}")
            assert (reply.status, reply.headers["content-type"][:16]) == (
                status,
                "application/json",
            )
            assert wire.ask("GET", path, f"Authorization: {token}").status == 200


def test_waits_counted_from_the_date_come_true() -> None:
    """The window of a rate limit and the Date are of one clock, the world's."""
    with FakeServer(dataset="documented") as server, Wire(server.url) as wire:
        reply = wire.ask("GET", "/v1/calendars", "Authorization: Bearer YOUR_ACCESS_TOKEN")
        date = parsedate_to_datetime(reply.headers["date"]).timestamp()
        assert date == int(server.world.clock.now().timestamp())
        assert 0 < int(reply.headers["x-ratelimit-reset"]) - date <= 3600
        today = parsedate_to_datetime(wire.ask("GET", "/_fake/health").headers["date"])
        assert abs(today.timestamp() - time.time()) < 60


def test_two_servers_of_one_application_share_its_records() -> None:
    app = create_app("empty")
    with FakeServer(app) as first, FakeServer(app) as second:
        assert first.world is second.world
        assert first.url != second.url


def test_the_world_is_that_of_the_answers() -> None:
    with FakeServer(dataset="documented") as server, urlopen(server.url) as response:
        assert json.load(response)["now"] == "2017-11-22T14:00:00Z"
        assert server.world.dataset.name == "documented"


def test_a_world_is_made_while_others_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, answered = threading.Event(), threading.Event()
    order: list[str] = []
    fill = image_making._fill

    def slow(database: Any, definition: Any, dataset: Any, inputs: Any) -> None:
        if dataset.name == "demo":
            begun.set()
            assert answered.wait(20)
            order.append("made")
        fill(database, definition, dataset, inputs)

    def make(url: str) -> None:
        body = json.dumps({"name": "slow", "dataset": "demo", "seed": 77}).encode()
        headers = {"Content-Type": "application/json"}
        urlopen(Request(f"{url}/_fake/worlds", body, headers)).close()

    with FakeServer(dataset="documented") as server:
        monkeypatch.setattr(image_making, "_fill", slow)
        monkeypatch.setenv("FAKE_SERVER_CACHE", "off")
        maker = threading.Thread(target=make, args=[server.url])
        maker.start()
        assert begun.wait(20)
        with urlopen(f"{server.url}/_fake/health") as response:
            order.append(json.load(response)["status"])
        with server.create_world(name="quick") as world:
            order.append(world.name)
        answered.set()
        maker.join()
        assert _status(f"{server.url}/_fake/worlds/slow") == 200
    assert order[:2] == ["ready", "quick"]
    assert set(order[2:]) == {"made"}


CALENDARS = ("/v1/calendars", "Bearer api-token")


def _asked(url: str, path: str, token: str) -> int:
    with urlopen(Request(f"{url}{path}", headers={"Authorization": token})) as response:
        status: int = response.status
        return status


@pytest.mark.parametrize("path", ["/v1/calendars", "/_fake/worlds/default/data/xurrent/calendars"])
def test_an_image_is_made_at_the_first_request_while_others_are_answered(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    begun, answered = threading.Event(), threading.Event()
    order: list[str] = []
    statuses: list[int] = []
    fill = image_making._fill

    def slow(database: Any, definition: Any, dataset: Any, inputs: Any) -> None:
        if definition.api == "xurrent":
            begun.set()
            assert answered.wait(20)
        order.append(definition.api)
        fill(database, definition, dataset, inputs)

    def ask(url: str) -> None:
        statuses.append(_asked(url, path, "Bearer api-token"))

    monkeypatch.setenv("FAKE_SERVER_CACHE", "off")
    monkeypatch.setattr(image_making, "_fill", slow)
    with FakeServer(dataset="demo") as server:
        assert order == []
        first, second = (threading.Thread(target=ask, args=[server.url]) for _ in range(2))
        first.start()
        assert begun.wait(20)
        second.start()
        assert _status(f"{server.url}/_fake/health") == 200
        assert _asked(server.url, "/open_api/v1/machines", "Token token=7Yq3hKc9WnB5tRf2XvM8sZdE")
        order.append("answered")
        answered.set()
        first.join()
        second.join()
    assert statuses == [200, 200]
    assert order.index("answered") < order.index("xurrent")
    assert order.count("xurrent") == 1


def test_the_records_of_a_user_s_dataset_are_made_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FAKE_SERVER_CACHE", str(tmp_path / "cache"))
    own = tmp_path / "own.yaml"
    own.write_text("xurrent: {calendars: {records: [{id: 1, name: Mine}, {id: 1, name: Yours}]}}\n")
    with pytest.raises(UserError, match=r"own\.yaml.*xurrent\.calendars"):
        create_app(str(own))


def test_a_server_ends_while_a_world_is_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(*arguments: Any) -> None:
        begun.set()
        ended.wait(30)

    def make(url: str) -> None:
        with suppress(OSError, HTTPException):
            body = b'{"seed": 78}'
            headers = {"Content-Type": "application/json"}
            urlopen(Request(f"{url}/_fake/worlds", body, headers)).close()

    monkeypatch.setenv("FAKE_SERVER_CACHE", "off")
    with FakeServer(dataset="documented") as server:
        monkeypatch.setattr(image_making, "_fill", endless)
        maker = threading.Thread(target=make, args=[server.url])
        maker.start()
        assert begun.wait(20)
    assert not ended.is_set()
    ended.set()
    maker.join()
