"""Faults on the wire, byte for byte; beside them, what client libraries raise."""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest
import requests

from fake_server import FakeServer, Fault
from fake_server.edge.adapter import decide
from fake_server.rest.delivery import Delivery
from tests.edge.wire import Wire, request

LIST = "xurrent.list_calendars"
TOKEN = b"Authorization: Bearer api-token"
GET = request("GET", b"/v1/calendars", TOKEN)
HEAD = request("HEAD", b"/v1/calendars", TOKEN)
OTHER = request("GET", b"/v1/holidays", TOKEN)


@pytest.fixture(scope="module")
def running() -> Iterator[FakeServer]:
    with FakeServer(dataset="documented") as server:
        yield server


@pytest.fixture
def server(running: FakeServer) -> Iterator[FakeServer]:
    yield running
    running.world.reset()


@pytest.fixture
def fail(server: FakeServer) -> Callable[[Fault], None]:
    def fail(fault: Fault) -> None:
        with server.world.changing():
            server.world.faults.add(fault)

    return fail


Fail = Callable[[Fault], None]


def received(server: FakeServer, sent: bytes) -> bytes:
    """Send bytes, and return every byte that comes until the server ends the connection."""
    address = server.url.removeprefix("http://").split(":")
    with closing(socket.create_connection((address[0], int(address[1])), 10)) as connection:
        connection.sendall(sent)
        received_bytes = bytearray()
        while data := connection.recv(65536):
            received_bytes += data
        return bytes(received_bytes)


def head_and_body(data: bytes) -> tuple[dict[bytes, bytes], bytes]:
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 200 OK"
    pairs = (line.split(b": ", 1) for line in lines[1:])
    return {name.lower(): value for name, value in pairs}, body


def test_closed_before_the_answer_not_one_byte_is_sent(server: FakeServer, fail: Fail) -> None:
    fail(Fault(LIST, close="before"))
    assert received(server, GET) == b""


@pytest.mark.parametrize("cut", [None, 0, 1, 10, 10**9])
def test_closed_in_mid_answer_fewer_bytes_are_sent_than_announced(
    server: FakeServer, fail: Fail, cut: int | None
) -> None:
    with Wire(server.url) as wire:
        whole = wire.ask("GET", "/v1/calendars", TOKEN.decode()).body
    fail(Fault(LIST, close="mid", cut=cut))
    headers, body = head_and_body(received(server, GET))
    assert int(headers[b"content-length"]) == len(whole)
    expected = len(whole) // 2 if cut is None else min(cut, len(whole) - 1)
    assert body == whole[:expected]


def test_closed_in_mid_answer_of_chunks_there_is_no_chunk_that_ends_it(
    server: FakeServer, fail: Fail
) -> None:
    fail(Fault(LIST, close="mid-chunked", cut=10))
    headers, body = head_and_body(received(server, GET))
    assert headers[b"transfer-encoding"] == b"chunked"
    assert b"content-length" not in headers
    size, _, rest = body.partition(b"\r\n")
    assert (int(size, 16), len(rest), rest[-2:]) == (10, 12, b"\r\n")


def test_a_client_of_http_1_0_gets_no_chunks(server: FakeServer, fail: Fail) -> None:
    fail(Fault(LIST, close="mid-chunked", cut=10))
    headers, body = head_and_body(received(server, GET.replace(b"HTTP/1.1", b"HTTP/1.0")))
    assert b"transfer-encoding" not in headers
    assert int(headers[b"content-length"]) > len(body) == 10


@pytest.mark.parametrize("close", ["mid", "mid-chunked"])
def test_an_answer_without_body_is_closed_before_its_first_byte(
    server: FakeServer, fail: Fail, close: str
) -> None:
    fail(Fault.of({"pattern": "*", "close": close}))
    assert received(server, HEAD) == b""
    delete = request("DELETE", b"/v1/calendars/32/calendar_hours", TOKEN)
    assert received(server, delete) == b""


def test_a_body_cut_short_is_a_whole_message(server: FakeServer, fail: Fail) -> None:
    fail(Fault(LIST, cut=10))
    with Wire(server.url) as wire:
        wire.send(GET + OTHER)
        cut, other = wire.reply(), wire.reply()
    assert (cut.headers["content-length"], len(cut.body)) == ("10", 10)
    with pytest.raises(ValueError, match=r"."):
        json.loads(cut.body)
    assert isinstance(json.loads(other.body), list)


def test_a_conditional_request_is_cut_like_any_other(server: FakeServer, fail: Fail) -> None:
    with Wire(server.url) as wire:
        etag = wire.ask("GET", "/v1/calendars", TOKEN.decode()).headers["etag"]
    conditional = request("GET", b"/v1/calendars", TOKEN, b"If-None-Match: " + etag.encode())
    with Wire(server.url) as wire:
        wire.send(conditional)
        assert wire.reply().status == 304
    fail(Fault(LIST, close="mid", cut=3))
    assert head_and_body(received(server, conditional))[1] == b'[{"'
    fail(Fault(LIST, latency=0))
    with Wire(server.url) as wire:
        wire.send(conditional)
        assert wire.reply().status == 304


def test_latency_lets_time_pass_before_the_first_byte_and_keeps_the_connection(
    server: FakeServer, fail: Fail
) -> None:
    fail(Fault(LIST, latency=0.3))
    with Wire(server.url) as wire:
        begun = time.monotonic()
        assert wire.ask("GET", "/v1/calendars", TOKEN.decode()).status == 200
        assert time.monotonic() - begun >= 0.3
        begun = time.monotonic()
        assert wire.ask("GET", "/v1/holidays", TOKEN.decode()).status == 200
        assert time.monotonic() - begun < 0.3


def test_others_are_answered_while_one_waits(server: FakeServer, fail: Fail) -> None:
    fail(Fault(LIST, latency=30))
    with Wire(server.url) as waiting, Wire(server.url, timeout=5) as other:
        waiting.send(GET)
        assert other.ask("GET", "/v1/holidays", TOKEN.decode()).status == 200


def test_latency_and_a_closed_connection_go_together(server: FakeServer, fail: Fail) -> None:
    fail(Fault(LIST, latency=0.2, close="before"))
    begun = time.monotonic()
    assert received(server, GET) == b""
    assert time.monotonic() - begun >= 0.2


def test_pipelined_answers_come_before_the_one_that_fails(server: FakeServer, fail: Fail) -> None:
    fail(Fault(LIST, latency=0.1, close="before"))
    with Wire(server.url) as wire:
        wire.send(OTHER + OTHER + GET + OTHER)
        assert [wire.reply().status, wire.reply().status] == [200, 200]
        assert wire.at_end()


def test_pipelined_answers_come_after_one_that_waits(server: FakeServer, fail: Fail) -> None:
    fail(Fault(LIST, latency=0.1, times=1))
    with Wire(server.url) as wire:
        wire.send(GET + HEAD + OTHER)
        assert wire.reply().status == 200
        assert wire.reply(head=True).status == 200
        assert b"24x7" not in wire.reply().body
        assert wire.ask("GET", "/v1/calendars", TOKEN.decode()).status == 200


def test_the_wait_ends_with_the_client(server: FakeServer, fail: Fail) -> None:
    fail(Fault(LIST, latency=60))
    for sent in (GET, GET + OTHER):
        with Wire(server.url) as wire:
            wire.send(sent)
            _wait_until(lambda: server.world.faults.active[0].fired > 0)
        _wait_until(lambda: not _under_way(server))
        server.world.faults.active[0].fired = 0


def test_a_client_that_sends_no_more_is_taken_for_gone(server: FakeServer, fail: Fail) -> None:
    fail(Fault(LIST, latency=60))
    with Wire(server.url) as wire:
        wire.send(GET)
        wire.send_no_more()
        assert wire.at_end()
    with Wire(server.url) as wire:
        wire.send(OTHER * 20 + GET)
        wire.send_no_more()
        assert {wire.reply().status for _ in range(20)} == {200}
        assert wire.at_end()


def test_a_large_body_is_cut_where_it_should_be(server: FakeServer, fail: Fail) -> None:
    with Wire(server.url) as wire:
        for number in range(300):
            body = json.dumps({"name": f"Calendar {number} " + "x" * 60}).encode()
            kind = "Content-Type: application/json"
            wire.ask("POST", "/v1/calendars", TOKEN.decode(), kind, body=body)
        whole = wire.ask("GET", "/v1/calendars?per_page=100", TOKEN.decode()).body
    assert len(whole) > 16_000
    fail(Fault(LIST, close="mid", cut=len(whole) - 1))
    page = request("GET", b"/v1/calendars?per_page=100", TOKEN)
    assert head_and_body(received(server, page))[1] == whole[:-1]


def test_clients_in_parallel_meet_a_fault_exactly_so_often(server: FakeServer, fail: Fail) -> None:
    fail(Fault(LIST, status=503, times=25, every=2))

    def ask(_: int) -> list[int]:
        with Wire(server.url) as wire:
            return [wire.ask("GET", "/v1/calendars", TOKEN.decode()).status for _ in range(20)]

    with ThreadPoolExecutor(8) as pool:
        statuses = [status for answered in pool.map(ask, range(8)) for status in answered]
    assert (statuses.count(503), statuses.count(200)) == (25, 135)


def test_the_server_stops_at_once_though_an_answer_waits() -> None:
    with FakeServer(dataset="documented", faults=[Fault(LIST, latency=60)]) as own:
        wires = [Wire(own.url), Wire(own.url)]
        wires[0].send(GET)
        wires[1].send(GET + OTHER)
        _wait_until(lambda: own.world.faults.active[0].fired == 2)
        begun = time.monotonic()
    assert time.monotonic() - begun < 1.5
    for wire in wires:
        assert wire.at_end()
        wire.close()


def test_what_was_asked_for_is_done_though_the_answer_is_lost(
    server: FakeServer, fail: Fail
) -> None:
    body = json.dumps({"name": "Lost"}).encode()
    headers = (TOKEN, b"Content-Type: application/json", b"Content-Length: %d" % len(body))
    post = request("POST", b"/v1/calendars", *headers, body=body)
    fail(Fault("xurrent.create_calendar", close="before", carried_out=False, times=1))
    assert received(server, post) == b""
    assert b"Lost" not in _calendars(server)
    fail(Fault("xurrent.create_calendar", close="before", times=1))
    assert received(server, post) == b""
    assert b"Lost" in _calendars(server)


def test_what_requests_and_httpx_raise(server: FakeServer, fail: Fail) -> None:
    url, headers = f"{server.url}/v1/calendars", {"Authorization": "Bearer api-token"}
    fail(Fault(LIST, close="before"))
    with pytest.raises(requests.ConnectionError, match="RemoteDisconnected"):
        requests.get(url, headers=headers, timeout=5)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        httpx.get(url, headers=headers)
    fail(Fault(LIST, close="mid-chunked"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(url, headers=headers, timeout=5)
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        httpx.get(url, headers=headers)
    fail(Fault(LIST, close="mid"))
    # urllib3 1 does not compare what it received with Content-Length.
    with pytest.raises(
        (requests.exceptions.ChunkedEncodingError, requests.exceptions.JSONDecodeError)
    ):
        requests.get(url, headers=headers, timeout=5).json()
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        httpx.get(url, headers=headers)
    fail(Fault(LIST, cut=20))
    with pytest.raises(requests.exceptions.JSONDecodeError):
        requests.get(url, headers=headers, timeout=5).json()
    fail(Fault(LIST, latency=30))
    with pytest.raises(requests.ReadTimeout):
        requests.get(url, headers=headers, timeout=0.2)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(url, headers=headers, timeout=0.2)


def test_the_standard_library_notices_a_missing_rest(server: FakeServer, fail: Fail) -> None:
    fail(Fault(LIST, close="mid", cut=7))
    address = server.url.removeprefix("http://")
    with closing(http.client.HTTPConnection(address, timeout=5)) as connection:
        connection.request("GET", "/v1/calendars", headers={"Authorization": "Bearer api-token"})
        with pytest.raises(http.client.IncompleteRead, match="7 bytes read"):
            connection.getresponse().read()


@pytest.mark.parametrize(
    ("fault", "delivery"),
    [
        (Fault("*", close="before", latency=2), Delivery(2, headless=True)),
        (Fault("*", close="mid", cut=4), Delivery(cut=4)),
        (Fault("*", close="mid-chunked", cut=4), Delivery(cut=4, chunked=True)),
        (Fault("*", status=503, latency=1), Delivery(1)),
        (Fault("*", cut=4), Delivery()),
    ],
)
def test_in_process_the_delivery_is_data(
    server: FakeServer, fail: Fail, fault: Fault, delivery: Delivery
) -> None:
    fail(fault)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/v1/calendars",
        "SERVER_NAME": "fake.test",
        "SERVER_PORT": "80",
        "HTTP_AUTHORIZATION": "Bearer api-token",
        "wsgi.url_scheme": "http",
    }
    begun = time.monotonic()
    answer = decide(server.app, environ)
    assert time.monotonic() - begun < 1
    assert answer.delivery == delivery
    assert (b"x-fake-fault", b"fault-1") in answer.headers


def _calendars(server: FakeServer) -> bytes:
    with Wire(server.url) as wire:
        return wire.ask("GET", "/v1/calendars?per_page=100", TOKEN.decode()).body


def _under_way(server: FakeServer) -> bool:
    running = server._running
    return running is not None and running._server.busy


def _wait_until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(LIST, close="before"), 0),
        (Fault(LIST, close="before", latency=0.1), 0),
        (Fault(LIST, close="mid", cut=9), 9),
    ],
)
def test_over_tls_the_connection_is_closed_the_same_way(fault: Fault, expected: int) -> None:
    with FakeServer(dataset="documented", tls=True, faults=[fault]) as server:
        address = urlsplit(server.url)
        context = ssl.create_default_context(cafile=server.ca_file)
        plain = socket.create_connection((address.hostname, address.port), 10)
        with context.wrap_socket(plain, server_hostname=address.hostname) as connection:
            connection.sendall(GET)
            received_bytes = b""
            while data := connection.recv(65536):
                received_bytes += data
    assert len(head_and_body(received_bytes)[1]) == expected if expected else received_bytes == b""


def test_over_tls_the_wait_ends_with_the_client() -> None:
    with FakeServer(dataset="documented", tls=True, faults=[Fault(LIST, latency=60)]) as server:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(
                f"{server.url}/v1/calendars",
                verify=ssl.create_default_context(cafile=server.ca_file),
                timeout=0.2,
            )
        _wait_until(lambda: not _under_way(server))
