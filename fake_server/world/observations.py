"""What a request learned of a world beside its state, which decides whether an answer holds on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime


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

    @contextmanager
    def excused(self) -> Iterator[None]:
        """Leave out the observations of a block, which each request makes anew."""
        volatile, until = self.volatile, self.until
        yield
        self.volatile, self.until = volatile, until
