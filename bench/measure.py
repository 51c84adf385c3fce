"""How the benchmarks measure: real processes, one kept connection, medians."""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def _nothing() -> None:
    pass


def median_ms(
    action: Callable[[], object],
    runs: int,
    warm_up: int = 5,
    before: Callable[[], object] = _nothing,
) -> float:
    """Return the median time of `action`, in milliseconds; `before` each run is not measured."""
    times = []
    for _ in range(warm_up + runs):
        before()
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return statistics.median(times[warm_up:]) * 1000


class Served:
    """A server in a process of its own, and one kept connection to it."""

    def __init__(self, process: subprocess.Popen[str], port: int, ready_ms: float) -> None:
        self.process = process
        self.port = port
        self.ready_ms = ready_ms
        self._connection = socket.create_connection(("127.0.0.1", port))
        self._ahead = b""
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        """Return the body of a 200; raises RuntimeError for any other status.

        Reads the bytes itself: a client library's parsing of headers would be measured too.
        """
        return self.get_many(path, 1, headers)

    def get_many(self, path: str, count: int, headers: dict[str, str] | None = None) -> bytes:
        """Send so many requests at once, read all answers, and return the body of the last."""
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: bench"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self._connection.sendall("\r\n".join([*lines, "", ""]).encode() * count)
        body = b""
        for _ in range(count):
            head, body = self._received()
            if not head.startswith(b"HTTP/1.1 200 "):
                raise RuntimeError(f"GET {path}: {head[:40]!r} {body[:200]!r}")
        return body

    def _received(self) -> tuple[bytes, bytes]:
        data = self._ahead
        while b"\r\n\r\n" not in data:
            data += self._connection.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        match = _LENGTH.search(head)
        length = int(match[1]) if match else 0
        while len(body) < length:
            body += self._connection.recv(65536)
        self._ahead = body[length:]
        return head, body[:length]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def memory_mb(self) -> float:
        """Return the resident memory of the server process, in MB (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        match = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(match[1]) / 1024 if match else float("nan")


@contextmanager
def served(*options: str, cache: Path, timeout: float = 900) -> Iterator[Served]:
    """Serve with `fake-server serve` and these options; ready when its first answer arrived."""
    environment = {**os.environ, "FAKE_SERVER_CACHE": str(cache), "PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [str(Path(sys.executable).with_name("fake-server")), "serve", *options]
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, text=True
    )
    try:
        _wait(port, process, timeout)
        with closing(Served(process, port, (time.perf_counter() - began) * 1000)) as server:
            yield server
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[str], timeout: float) -> None:
    deadline = time.perf_counter() + timeout
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
            with closing(connection):
                connection.request("GET", "/_fake/health")
                if connection.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.002)
    raise RuntimeError("the server did not answer in time")
