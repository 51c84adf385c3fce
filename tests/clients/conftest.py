"""A server that real clients talk to over HTTP."""

import os
import shutil
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


def require_program(name: str, package: str) -> str:
    """Return the path of a program; skip where it is missing, unless this is CI."""
    found = shutil.which(name)
    if found is None:
        message = f"needs {name} (Debian: {package})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found
