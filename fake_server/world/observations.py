"""Observations of a request beside the state of its world, which limit its answer's life."""

from datetime import datetime
from types import TracebackType


class Observations:
    """The observations of the current request.

    - `volatile`: whether it saw what changes without a new version of the world: the time of a
      running clock, a counter of requests.
    - `until`: the instant up to which what it saw of the clock holds; None: for ever.
    """

    __slots__ = ("until", "volatile")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all observations: a request begins."""
        self.volatile = False
        self.until: datetime | None = None

    def note_until(self, at: datetime) -> None:
        """Note an observation of the clock that holds until an instant."""
        self.until = at if self.until is None else min(at, self.until)

    def excused(self) -> "_Excused":
        """Return a context that leaves out the observations of its block.

        Each request makes those anew.
        """
        return _Excused(self)


class _Excused:
    """The context of `Observations.excused`; a generator would take a request thrice as long."""

    __slots__ = ("_observations", "_until", "_volatile")

    def __init__(self, observations: Observations) -> None:
        self._observations = observations
        self._volatile, self._until = observations.volatile, observations.until

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self._observations.volatile, self._observations.until = self._volatile, self._until
