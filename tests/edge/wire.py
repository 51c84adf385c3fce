"""Raw connections: what is on the wire, byte for byte."""

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as it came: status, headers by lower-case name, body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """One connection to a server, from which answers are read one after the other."""

    def __init__(self, url: str, timeout: float = 10) -> None:
        place = urlsplit(url)
        self._socket = socket.create_connection((place.hostname, place.port), timeout)
        self._reader = self._socket.makefile("rb")

    def __enter__(self) -> "Wire":
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


Connect = Callable[[], Wire]


def request(method: str, target: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    """Return a request as bytes, with a Host."""
    return _message([method.encode() + b" " + target + b" HTTP/1.1", b"Host: a", *headers], body)


def _message(lines: Iterable[bytes], body: bytes) -> bytes:
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
