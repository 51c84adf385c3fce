"""Answers as no service gives them."""

import socket
import time
from collections.abc import Callable

Answer = Callable[[socket.socket], None]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def whole(status: str, kind: str, body: bytes, *more: str) -> Answer:
    """Answer with all of this."""

    def answer(connection: socket.socket) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        connection.sendall("\r\n".join([*lines, *more, "", ""]).encode() + body)

    return answer


def bytes_of(raw: bytes) -> Answer:
    """Answer with these bytes, and close."""
    return lambda connection: connection.sendall(raw)


def hangs(connection: socket.socket) -> None:
    """Say nothing for a while."""
    time.sleep(2)


def trickles(connection: socket.socket) -> None:
    """Send a byte now and then."""
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.05)


def trickles_its_headers(connection: socket.socket) -> None:
    """Send headers now and then."""
    connection.sendall(HEAD)
    for number in range(90):
        connection.sendall(f"X-{number}: a\r\n".encode())
        time.sleep(0.05)


def never_ends(connection: socket.socket) -> None:
    """Send as much as it takes."""
    connection.sendall(HEAD + b"Connection: close\r\n\r\n")
    for _ in range(10_000):
        connection.sendall(b" " * 10_000)
