"""Raw connections, on a socket and in memory: what is on the wire, byte for byte."""

import io
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from fake_server.edge.memory_connection import Conversation


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as it came: status, headers by lower-case name, body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """One connection to a server, from which answers are read one after the other."""

    def __init__(self, url: str, timeout: float = 10) -> None:
        address = urlsplit(url)
        self._socket = socket.create_connection((address.hostname, address.port), timeout)
        self._reader = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._reader.close()
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self._socket.sendall(data)

    def send_no_more(self) -> None:
        """Half-close: this side has sent all."""
        self._socket.shutdown(socket.SHUT_WR)

    def status(self) -> int:
        """Read the first line of an answer and no more."""
        return int(self._reader.readline().split()[1])

    def reply(self, *, head: bool = False) -> Reply:
        """Read one answer; `head`: it answers a HEAD and has no body."""
        status = self.status()
        headers = {}
        while line := self._reader.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if head or status in {100, 204, 304}:
            return Reply(status, headers, b"")
        return Reply(status, headers, self._reader.read(int(headers["content-length"])))

    def rest(self) -> bytes:
        """Read all that comes until the server closes the connection."""
        return self._reader.read()

    def more_comes(self) -> bool:
        """Wait for the next answer to begin; False if the server closes or resets instead."""
        try:
            return self._reader.peek(1) != b""
        except ConnectionResetError:
            return False

    def at_end(self) -> bool:
        """Wait for the server to close, or reset what it never read; False if it sends instead."""
        try:
            return self._reader.read(1) == b""
        except ConnectionResetError:
            return True

    def ask(self, method: str, target: str, *headers: str, body: bytes = b"") -> Reply:
        """Send a whole request and read its answer."""
        lines = [f"{method} {target} HTTP/1.1", "Host: fake.test", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        return self.reply(head=method == "HEAD")


class MemoryWire(Wire):
    """One connection in memory, which looks like one to a server."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._source = _Source(conversation)
        self._reader = io.BufferedReader(self._source)

    def close(self) -> None:
        """Close the connection."""
        self._reader.close()

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self._conversation.send(data)

    def send_no_more(self) -> None:
        """Half-close: a server answers what has come, and closes."""
        self._source.client_is_done = True


class _Source(io.RawIOBase):
    """What a client reads; where a socket would wait for ever, it fails."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__()
        self._conversation = conversation
        self.client_is_done = False

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what the server sends."""
        data = self._conversation.receive(len(buffer), None)
        if not data and not self.client_is_done and not self._conversation.ended:
            raise TimeoutError("the server sends nothing, and keeps the connection")
        buffer[: len(data)] = data
        return len(data)


Connect = Callable[[], Wire]


def request(method: str, target: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    """Return a request as bytes, with a Host."""
    return _message([method.encode() + b" " + target + b" HTTP/1.1", b"Host: a", *headers], body)


def _message(lines: Iterable[bytes], body: bytes) -> bytes:
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
