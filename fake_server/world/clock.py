"""The clock of a world: running, shifted or frozen."""

from datetime import UTC, datetime, timedelta

_ZERO = timedelta(0)


class Clock:
    """A world's clock; its time is an aware datetime in UTC.

    An unfrozen clock runs with the machine's time. Setting or advancing it shifts it, and the clock
    continues from there.
    """

    def __init__(self, at: datetime | None = None, *, frozen: bool = False) -> None:
        self._shift = _ZERO
        self._frozen_at: datetime | None = None
        if frozen:
            self.freeze(at)
        elif at is not None:
            self.set(at)

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen_at is not None

    def now(self) -> datetime:
        """Return the world's time, in UTC."""
        return self._frozen_at or datetime.now(UTC) + self._shift

    def set(self, at: datetime) -> None:
        """Set the clock to `at` (an aware datetime); a frozen clock stays frozen."""
        at = at.astimezone(UTC)
        if self._frozen_at is not None:
            self._frozen_at = at
        self._shift = at - datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward by `by`, or backward if `by` is negative."""
        self.set(self.now() + by)

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the clock at `at`, or at its current time."""
        self._frozen_at = at.astimezone(UTC) if at is not None else self.now()

    def run(self) -> None:
        """Start a frozen clock from its current time."""
        if self._frozen_at is not None:
            self._shift = self._frozen_at - datetime.now(UTC)
            self._frozen_at = None
