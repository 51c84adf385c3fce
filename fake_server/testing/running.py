"""A server in another process, for tests."""

from collections.abc import Mapping
from typing import Any

from fake_server.testing.remote import RemotePlane
from fake_server.testing.world import FakeWorld


class RunningServer:
    """A server that was started with `fake-server serve`, here or on another machine.

    - `url`: the base URL, such as `http://127.0.0.1:8042`.
    - `control_token`: the control token; None: the server requires none.
    - `made_with`: default attributes of its worlds; those of `create_world` have precedence.
    """

    def __init__(
        self,
        url: str,
        control_token: str | None = None,
        made_with: Mapping[str, Any] | None = None,
    ) -> None:
        self.url = url
        self._plane = RemotePlane(url, control_token)
        self._world_options = made_with or {}

    def create_world(self, **attributes: Any) -> FakeWorld:
        """Make a world of this server; see `FakeServer.create_world`."""
        return FakeWorld.create(self._plane, **{**self._world_options, **attributes})
