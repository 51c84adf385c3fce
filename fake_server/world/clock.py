"""The clock of a world: running, shifted or frozen."""

from datetime import UTC, datetime, timedelta

_ZERO = timedelta(0)


class Clock:
    """Tells a world's time; always an aware datetime in UTC.

    A clock runs with the machine's time unless it is frozen. Setting or advancing a running
    clock shifts it; it goes on running from there.
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
        """Put the clock to `at` (an aware datetime); a frozen clock stays frozen there."""
        at = at.astimezone(UTC)
        if self._frozen_at is not None:
            self._frozen_at = at
        self._shift = at - datetime.now(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward by `by` (backward if it is negative)."""
        self.set(self.now() + by)

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the clock, at `at` or where it is."""
        self._frozen_at = at.astimezone(UTC) if at is not None else self.now()

    def run(self) -> None:
        """Let a frozen clock run on from where it stands."""
        if self._frozen_at is not None:
            self._shift = self._frozen_at - datetime.now(UTC)
            self._frozen_at = None
