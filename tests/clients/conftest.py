"""A server that real clients talk to over HTTP."""

from collections.abc import Iterator

import pytest

from fake_server import FakeServer


@pytest.fixture(scope="module")
def documented() -> Iterator[FakeServer]:
    """Serve the dataset `documented`."""
    with FakeServer(dataset="documented") as server:
        yield server


@pytest.fixture(scope="module")
def demo() -> Iterator[FakeServer]:
    """Serve the dataset `demo`."""
    with FakeServer(dataset="demo") as server:
        yield server
