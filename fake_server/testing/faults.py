"""The faults of a world, for tests."""

from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from fake_server.errors import UnknownFaultError, UnknownWorldError
from fake_server.testing.planes import Plane
from fake_server.world.fault import Fault


class FakeFault:
    """A fault that is active in a world. A `with` block removes the fault at its end."""

    def __init__(self, plane: Plane, path: str) -> None:
        self._plane = plane
        self._path = path
        self.id = path.rpartition("/")[2]

    @property
    def fired(self) -> int:
        """The number of requests that the fault was applied to."""
        return int(self._state()["fired"])

    @property
    def matched(self) -> int:
        """The number of requests that the fault's pattern matched."""
        return int(self._state()["matched"])

    def _state(self) -> Any:
        return self._plane.ask("GET", self._path)

    def remove(self) -> None:
        """Remove the fault; a second call does nothing."""
        with suppress(UnknownFaultError, UnknownWorldError):
            self._plane.ask("DELETE", self._path)

    def __enter__(self) -> Self:
        """Return the fault, which is active already."""
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the fault."""
        self.remove()


class FakeFaults:
    """The faults of one world: `world.faults.add("xurrent.list_calendars", status=503)`."""

    def __init__(self, plane: Plane, world: str) -> None:
        self._plane = plane
        self._path = f"{world}/faults"

    def add(self, pattern: str | Fault, /, **attributes: Any) -> FakeFault:
        """Let requests fail from now on.

        - `pattern`: an operation, a pattern such as `xurrent.*` or `GET /v1/calendars/*`, or a
          `Fault`.
        - `attributes`: those of `fake_server.Fault`: `status`, `latency`, `close`, `times` ….

        Raises `UserError`.
        """
        fault = attributes_of(pattern) if isinstance(pattern, Fault) else {"pattern": pattern}
        added = self._plane.ask("POST", self._path, {**fault, **attributes})
        return self._fault(added)

    def list(self) -> list[FakeFault]:
        """Return the faults of the world in the order in which they were added."""
        return [self._fault(fault) for fault in self._plane.ask("GET", self._path)["faults"]]

    def clear(self) -> None:
        """Remove all faults."""
        self._plane.ask("DELETE", self._path)

    def _fault(self, described: Mapping[str, Any]) -> FakeFault:
        return FakeFault(self._plane, f"{self._path}/{described['id']}")


def attributes_of(fault: Fault | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the attributes of a fault as the control plane takes them."""
    return fault.attributes() if isinstance(fault, Fault) else fault
