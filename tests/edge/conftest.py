"""A small application behind the real server: it answers what it received."""

from collections.abc import Callable, Iterator

import pytest

from fake_server import FakeServer
from tests.edge.wire import Wire
from tests.support.echo import echo_app


@pytest.fixture
def connect() -> Iterator[Callable[[], Wire]]:
    """Open connections to a server whose application tells what it received."""
    with FakeServer(echo_app()) as server:
        opened: list[Wire] = []

        def open_one() -> Wire:
            opened.append(Wire(server.url))
            return opened[-1]

        yield open_one
        for wire in opened:
            wire.close()
