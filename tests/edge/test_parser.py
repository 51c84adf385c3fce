"""What the parser reads of a stream of requests, however it is cut into packets."""

from collections.abc import Iterable
from typing import Any

import httptools
import pytest

from fake_server.edge.parser import MAX_METHOD, RequestParser
from tests.edge.wire import request

LENGTH = b"Content-Length: 8"
CHUNKED = b"Transfer-Encoding: chunked"
UPGRADE = (b"Connection: Upgrade", b"Upgrade: h2c")
BLANK = b"ab\r\n\r\ncd"
CHUNKS = b"4\r\n\r\n\r\n\r\n4;a=b\r\nabcd\r\n0\r\nTrailer: a\r\n\r\n"

STREAM = b"".join(
    [
        request("GET", b"/1"),
        request("get", b"/2"),
        b"\r\n" + request("PATCH", b"/3", LENGTH, body=BLANK),
        request("purge", b"/4", LENGTH, body=BLANK),
        request("BREW", b"/5", CHUNKED, body=CHUNKS),
        request("POST", b"/6", CHUNKED, *UPGRADE, body=CHUNKS),
        request("Post", b"/7", LENGTH, *UPGRADE, body=BLANK),
        request("PRI", b"*", *UPGRADE),
        b"\r\n\r\n" + request("x", b"/9", b"Content-Length: 0", *UPGRADE),
        request("PLAY", b"/10"),
        b"\r\n" + request("GET", b"/\xc3\xa9?\xff"),
        request("play", b"/\xc3\xa9", b"A: \xc3\xa9", LENGTH, body=b"\xc3\xa9\n\xc3\xa9\r\n "),
        request("DELETE", b"/11", b"Connection: close"),
        request("GET", b"/never"),
    ]
)
READ = [
    (b"GET", b"/1", b""),
    (b"get", b"/2", b""),
    (b"PATCH", b"/3", BLANK),
    (b"purge", b"/4", BLANK),
    (b"BREW", b"/5", b"\r\n\r\nabcd"),
    (b"POST", b"/6", b"\r\n\r\nabcd"),
    (b"Post", b"/7", BLANK),
    (b"PRI", b"*", b""),
    (b"x", b"/9", b""),
    (b"PLAY", b"/10", b""),
    (b"GET", b"/%C3%A9?%FF", b""),
    (b"play", b"/%C3%A9", b"\xc3\xa9\n\xc3\xa9\r\n "),
    (b"DELETE", b"/11", b""),
]


class Reader:
    """Keeps what a parser reads, and the order in which it does."""

    def __init__(self) -> None:
        self.read: list[tuple[bytes, bytes, bytes]] = []
        self.order: list[str] = []
        self.parser = RequestParser(self)
        self.left = b""

    def feed(self, data: bytes) -> None:
        """Read what has come, with what the parser left of the data before."""
        data, start, self.left = self.left + data, -1, b""
        end = 0
        while start < end < len(data):
            start, end = end, self.parser.read(data, end)
        self.left = data[end:]

    def on_message_begin(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.url = self.body = b""
        self.order.append("begin")

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self.method = self.parser.get_method()
        self.order.append("head")

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.read.append((self.method, self.url, self.body))
        self.order.append("end")


def read(packets: Iterable[bytes]) -> Any:
    """Return the messages in a stream."""
    reader = Reader()
    for packet in packets:
        reader.feed(packet)
    assert reader.order == ["begin", "head", "end"] * len(reader.read)
    return reader.read


def test_a_stream_may_be_cut_anywhere() -> None:
    assert read([STREAM]) == READ
    for cut in range(1, len(STREAM)):
        assert read([STREAM[:cut], STREAM[cut:]]) == READ, cut


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64])
def test_a_stream_may_come_in_small_packets(size: int) -> None:
    assert read(STREAM[at : at + size] for at in range(0, len(STREAM), size)) == READ


@pytest.mark.parametrize("method", [b"F" * (MAX_METHOD + 1), b"a:b", b"\x00", b"(", b'"'])
def test_what_is_no_method_is_refused_at_once(method: bytes) -> None:
    reader = Reader()
    reader.feed(request("GET", b"/"))
    with pytest.raises(httptools.HttpParserInvalidMethodError):
        reader.feed(method)
    assert reader.order.count("head") == 1
