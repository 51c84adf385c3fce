"""The clock of a world: running, shifted or frozen."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from fake_server.world.observations import Observations

_ZERO = timedelta(0)


def _unheeded() -> None:
    pass


class Clock:
    """A world's clock; its time is an aware datetime in UTC.

    An unfrozen clock runs with the machine's time. Setting or advancing it shifts it, and the clock
    continues from there.

    - `observed`: gets what requests learn of a running clock.
    - `changed`: called after the clock was set, stopped or started.
    """

    def __init__(
        self,
        at: datetime | None = None,
        *,
        frozen: bool = False,
        observed: Observations | None = None,
        changed: Callable[[], object] = _unheeded,
    ) -> None:
        self._observed = Observations() if observed is None else observed
        self._changed: Callable[[], object] = _unheeded
        self._shift = _ZERO
        self._frozen_at: datetime | None = None
        if frozen:
            self.freeze(at)
        elif at is not None:
            self.set(at)
        self._changed = changed

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen_at is not None

    def now(self) -> datetime:
        """Return the world's time, in UTC."""
        if self._frozen_at is None:
            self._observed.volatile = True
        return self.peek()

    def peek(self) -> datetime:
        """Return the world's time, in UTC, for what has nothing to do with an answer."""
        return self._frozen_at or datetime.now(UTC) + self._shift

    def today(self) -> date:
        """Return the world's day, in UTC, which holds until its midnight."""
        at = self.peek()
        if self._frozen_at is None:
            midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
            self._observed.note_until(midnight + timedelta(days=1))
        return at.date()

    def has_passed(self, at: datetime) -> bool:
        """Return whether an instant lies in the past or is now.

        Unlike the time itself, this holds for a while: until the instant, or for ever.
        """
        if self.peek() >= at:
            return True
        if self._frozen_at is None:
            self._observed.note_until(at)
        return False

    def set(self, at: datetime) -> None:
        """Set the clock to `at` (an aware datetime); a frozen clock stays frozen."""
        at = at.astimezone(UTC)
        if self._frozen_at is not None:
            self._frozen_at = at
        self._shift = at - datetime.now(UTC)
        self._changed()

    def advance(self, by: timedelta) -> None:
        """Move the clock forward by `by`, or backward if `by` is negative."""
        self.set(self.peek() + by)

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the clock at `at`, or at its current time."""
        self._frozen_at = at.astimezone(UTC) if at is not None else self.peek()
        self._changed()

    def run(self) -> None:
        """Start a frozen clock from its current time."""
        if self._frozen_at is not None:
            self._shift = self._frozen_at - datetime.now(UTC)
            self._frozen_at = None
            self._changed()
