"""A server that runs short of file descriptors: one line of it, and no accepted request is lost."""

import resource
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.support.commands import Serving

_LIMIT = 256
_IDLE = 300
_REQUEST = b"GET /_fake/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

Serve = Callable[..., Serving]


@pytest.fixture
def few_descriptors() -> Iterator[None]:
    """Let processes started here open 256 files; this process may need more than that later."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_LIMIT, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


@pytest.fixture
def server(few_descriptors: None, serve: Serve) -> Serving:
    """Return a server that may open 256 files."""
    return serve("--dataset", "empty")


def test_idle_connections_beyond_the_limit_cost_one_line(server: Serving) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    address = ("127.0.0.1", int(server.url.rpartition(":")[2]))
    with ExitStack() as opened:
        clients = [
            opened.enter_context(socket.create_connection(address, timeout=20))
            for _ in range(_IDLE)
        ]
        time.sleep(1.5)
        for client in clients[:100]:
            client.sendall(_REQUEST)
            assert client.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")
        for client in clients[:150]:
            client.close()
        for client in clients[150:]:
            client.sendall(_REQUEST)
        for client in clients[150:]:
            assert client.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")
    status, logged = server.end()
    lines = logged.splitlines()
    assert status == 0
    assert 1 <= len(lines) <= 4
    assert all("no further connection is accepted for now" in line for line in lines)
