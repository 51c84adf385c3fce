"""The load of a benchmark: one request over and over, on one kept connection or on several.

It reads raw bytes: a client library's parsing of headers would be measured too.
"""

import re
import selectors
import socket
import time

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_LAST_CHUNK = b"0\r\n\r\n"


class KeptConnection:
    """A connection that sends the same request again and again, each after the last answer."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._data = b""

    def send(self) -> None:
        """Send the request."""
        self._data = b""
        self.socket.sendall(self._request)

    def receive(self) -> bool:
        """Read some bytes; return whether the answer is whole. Raises RuntimeError but for 200."""
        part = self.socket.recv(262_144)
        if not part:
            raise RuntimeError("the server closed the connection")
        self._data += part
        return self._is_whole()

    def ask(self) -> bytes:
        """Send the request, and return the whole answer; raises RuntimeError for any but a 200."""
        self.send()
        while not self.receive():
            pass
        return self._data

    def _is_whole(self) -> bool:
        head, end, body = self._data.partition(b"\r\n\r\n")
        if not end:
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the answer is {self._data[:200]!r}")
        length = _LENGTH.search(head)
        if length is not None:
            return len(body) >= int(length[1])
        return _CHUNKED.search(head) is not None and body.endswith(_LAST_CHUNK)


def milliseconds(port: int, request: bytes, count: int) -> list[float]:
    """Return the time of each of `count` requests on one connection, in ascending order."""
    connection = KeptConnection(port, request)
    with connection.socket:
        times = []
        for _ in range(count):
            began = time.perf_counter()
            connection.ask()
            times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def requests_per_second(port: int, request: bytes, connections: int, seconds: float) -> float:
    """Return how many requests a second are answered on so many connections, in one thread."""
    answered = 0
    with selectors.DefaultSelector() as selector:
        clients = [KeptConnection(port, request) for _ in range(connections)]
        for client in clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
            client.send()
        began = time.perf_counter()
        while (spent := time.perf_counter() - began) < seconds:
            for key, _ in selector.select(1):
                if key.data.receive():
                    answered += 1
                    key.data.send()
        for client in clients:
            client.socket.close()
    return answered / spent
