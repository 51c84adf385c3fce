"""A fault of a world, for tests."""

from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from fake_server.errors import UnknownFaultError, UnknownWorldError
from fake_server.testing.planes import Plane


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
