"""A fault of a world, as a test handles it."""

from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from fake_server.errors import UnknownFaultError, UnknownWorldError
from fake_server.testing.planes import Plane


class FakeFault:
    """What goes wrong in a world, until it is removed; a `with` block removes it at its end."""

    def __init__(self, plane: Plane, path: str) -> None:
        self._plane = plane
        self._path = path
        self.id = path.rpartition("/")[2]

    @property
    def fired(self) -> int:
        """With how many requests it fired."""
        return int(self._state()["fired"])

    @property
    def matched(self) -> int:
        """How many requests it was asked about."""
        return int(self._state()["matched"])

    def _state(self) -> Any:
        return self._plane.ask("GET", self._path)

    def remove(self) -> None:
        """Let requests succeed again; removing it twice is harmless."""
        with suppress(UnknownFaultError, UnknownWorldError):
            self._plane.ask("DELETE", self._path)

    def __enter__(self) -> Self:
        """Let requests fail in a block."""
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove it."""
        self.remove()
