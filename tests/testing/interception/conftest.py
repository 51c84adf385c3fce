"""Tests of interception connect to nothing."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from fake_server.testing import FakeWorld, intercept
from tests.support.senders import LAB


@pytest.fixture(autouse=True)
def no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects."""

    def refuse(self: socket.socket, address: Any) -> None:
        raise AssertionError(f"something connected to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def world() -> Iterator[FakeWorld]:
    with intercept(dataset="documented", fabmanager=LAB) as world:
        yield world
