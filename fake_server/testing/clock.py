"""The clock of a world, for tests."""

from datetime import datetime, timedelta

from fake_server.testing.planes import Plane


class FakeClock:
    """Reads and moves the time of one world; other worlds keep theirs.

    Times are aware datetimes or RFC 3339 texts such as `2026-11-21T10:00:00Z`. Raises `UserError`
    for a malformed one.
    """

    def __init__(self, plane: Plane, path: str) -> None:
        self._plane = plane
        self._path = f"{path}/clock"

    def now(self) -> datetime:
        """Return the world's time, in UTC."""
        return datetime.fromisoformat(self._plane.ask("GET", self._path)["now"])

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return bool(self._plane.ask("GET", self._path)["frozen"])

    def freeze(self, at: datetime | str | None = None) -> None:
        """Stop the clock, at `at` or at its own time."""
        self._post("freeze", {} if at is None else {"at": text_of(at)})

    def set(self, at: datetime | str) -> None:
        """Set the clock to `at`; a running clock runs on."""
        self._post("set", {"at": text_of(at)})

    def advance(self, by: timedelta | float | str | None = None, **units: float) -> None:
        """Move the clock by a timedelta, seconds, an ISO 8601 duration, or `hours=2, minutes=30`.

        A negative duration moves the clock back.
        """
        if (by is None) == (not units):
            raise TypeError("advance takes one duration, such as 90, 'PT2H' or hours=2")
        length = timedelta(**units) if by is None else by
        self._post("advance", {"by": _duration_of(length)})

    def run(self) -> None:
        """Start a frozen clock."""
        self._post("run", {})

    def _post(self, action: str, attributes: dict[str, str | float]) -> None:
        self._plane.ask("POST", f"{self._path}/{action}", attributes)


def text_of(at: datetime | str) -> str:
    """Return a time as the control plane reads it."""
    return at if isinstance(at, str) else at.isoformat()


def _duration_of(length: timedelta | float | str) -> float | str:
    return length.total_seconds() if isinstance(length, timedelta) else length
