"""The Python client for tests: servers in threads, worlds, interception, the pytest plugin."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_server.testing.clock import FakeClock
    from fake_server.testing.faults import FakeFault, FakeFaults
    from fake_server.testing.interception import Interception, intercept
    from fake_server.testing.records import FakeData as FakeData
    from fake_server.testing.records import FakeRecords
    from fake_server.testing.requests import FakeRequest, FakeRequests
    from fake_server.testing.running import RunningServer
    from fake_server.testing.server_thread import FakeServer
    from fake_server.testing.world import FakeWorld
    from fake_server.testing.world_api import FakeApi

__all__ = [
    "FakeApi",
    "FakeClock",
    "FakeFault",
    "FakeFaults",
    "FakeRecords",
    "FakeRequest",
    "FakeRequests",
    "FakeServer",
    "FakeWorld",
    "Interception",
    "RunningServer",
    "intercept",
]

_HOMES = {
    "FakeApi": "world_api",
    "FakeClock": "clock",
    "FakeData": "records",
    "FakeFault": "faults",
    "FakeFaults": "faults",
    "FakeRecords": "records",
    "FakeRequest": "requests",
    "FakeRequests": "requests",
    "FakeServer": "server_thread",
    "FakeWorld": "world",
    "Interception": "interception",
    "RunningServer": "running",
    "intercept": "interception",
}


def __getattr__(name: str) -> Any:
    """Import the public names at their first use: the pytest plugin imports nothing heavy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
