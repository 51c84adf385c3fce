"""Targets of the proxy, and waiting for what it reports of them."""

import re
import socket
import time

from tests.watch.conftest import (
    SECONDS,
    RunningProxy,
    everything,
    exactly,
    head_of,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def length_of(head: bytes) -> int:
    """Return the Content-Length of a head; 0 without one."""
    match = re.search(rb"(?im)^content-length: *(\d+)", head)
    return int(match[1]) if match else 0


def echoes(connection: socket.socket) -> None:
    """Answer each request with its own head and body."""
    while True:
        head, rest = head_of(connection)
        body = head + b"\n--\n" + exactly(connection, length_of(head), rest)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
        if not head.startswith(b"HEAD "):
            connection.sendall(body)


def answers(answer: bytes) -> "object":
    """Return a target that reads a request and sends these bytes, then closes."""

    def serve(connection: socket.socket) -> None:
        head, rest = head_of(connection)
        exactly(connection, length_of(head), rest)
        connection.sendall(answer)

    return serve


def wait_for_exchanges(running: RunningProxy, count: int) -> None:
    """Wait until the proxy reported so many exchanges."""
    end = time.monotonic() + SECONDS
    while len(running.exchanges) < count and time.monotonic() < end:
        time.sleep(0.01)
    assert len(running.exchanges) == count


def closes(connection: socket.socket) -> None:
    """Read a request, and close."""
    head_of(connection)


def hangs(connection: socket.socket) -> None:
    """Read a request, and say nothing until the client goes."""
    everything(connection)
