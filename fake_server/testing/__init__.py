"""What tests use: a server in a thread, worlds of their own, interception, the pytest plugin."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_server.testing.interception import Interception, intercept
    from fake_server.testing.server import FakeServer
    from fake_server.testing.world import FakeApi, FakeClock, FakeWorld

__all__ = ["FakeApi", "FakeClock", "FakeServer", "FakeWorld", "Interception", "intercept"]

_HOMES = {
    "FakeApi": "fake_server.testing.world",
    "FakeClock": "fake_server.testing.world",
    "FakeServer": "fake_server.testing.server",
    "FakeWorld": "fake_server.testing.world",
    "Interception": "fake_server.testing.interception",
    "intercept": "fake_server.testing.interception",
}


def __getattr__(name: str) -> Any:
    """Import the public names at their first use: the pytest plugin imports nothing heavy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
