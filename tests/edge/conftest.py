"""A small application that answers what it received, behind the server and in memory."""

from collections.abc import Callable, Iterator

import pytest

from fake_server import FakeServer
from fake_server.edge.memory_connection import Conversation
from tests.edge.wire import MemoryWire, Wire
from tests.support.echo import LIMIT, echo_app


@pytest.fixture
def connect_by_socket() -> Iterator[Callable[[], Wire]]:
    """Open connections to a server whose application tells what it received."""
    with FakeServer(echo_app()) as server:
        opened: list[Wire] = []

        def connect() -> Wire:
            opened.append(Wire(server.url))
            return opened[-1]

        yield connect
        for wire in opened:
            wire.close()


@pytest.fixture
def connect_in_memory() -> Callable[[], Wire]:
    """Open connections in memory to an application that tells what it received."""
    app = echo_app()
    return lambda: MemoryWire(Conversation(app, "http", ("127.0.0.1", 80), LIMIT, id))


@pytest.fixture(params=["by_socket", "in_memory"])
def connect(request: pytest.FixtureRequest) -> Callable[[], Wire]:
    """Open connections of either kind."""
    connect: Callable[[], Wire] = request.getfixturevalue(f"connect_{request.param}")
    return connect
