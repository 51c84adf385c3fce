"""What the suite may do to a target beside asking it: nothing, to a live service."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from fake_server.verify.marks import Capability


class Control(Protocol):
    """The levers of one world of a fake. A target without them has no control at all.

    - `capabilities`: those of the levers that work.
    - `prefix`: what stands before every path of the world, such as `/w/contract-1`; "" for the
      world that paths without a prefix belong to.
    """

    capabilities: frozenset[Capability]
    prefix: str

    def now(self) -> datetime:
        """Return the world's time, in UTC."""

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the world's clock, at `at` or where it is (`clock`)."""

    def set(self, at: datetime) -> None:
        """Put the world's clock to `at` (`clock`)."""

    def advance(self, by: timedelta) -> None:
        """Move the world's clock (`clock`)."""

    def enforce_limits(self, on: bool) -> None:
        """Switch the documented rate limits on or off (`limits`)."""

    def reset(self) -> None:
        """Go back to what the world was made with."""

    def fresh(
        self, api: str, section: Mapping[str, Any] | None, now: datetime | None
    ) -> "AbstractContextManager[Control]":
        """Make a world of its own, for as long as the block runs (`data`).

        It holds exactly the records that `section` says, in the words of a dataset's section of
        that API (None: what the target's own dataset holds), and starts at `now`.
        """


def json_values(value: Any) -> Any:
    """Return records of a test as JSON values: times are spelled in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {key: json_values(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [json_values(one) for one in value]
    return value
