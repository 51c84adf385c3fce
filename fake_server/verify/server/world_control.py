"""The control of a world of a fake, which a live service does not have."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from fake_server.verify.marks import Capability


class WorldControl(Protocol):
    """Controls one world of a fake: its clock, its limits and its records.

    - `capabilities`: what it can control.
    - `prefix`: the prefix of the world's paths, such as `/w/contract-1`; "" for the default world.
    """

    capabilities: frozenset[Capability]
    prefix: str

    def now(self) -> datetime:
        """Return the world's time, in UTC."""

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the world's clock, at `at` or where it is (`clock`)."""

    def set(self, at: datetime) -> None:
        """Set the world's clock to `at` (`clock`)."""

    def advance(self, by: timedelta) -> None:
        """Move the world's clock (`clock`)."""

    def enforce_limits(self, on: bool) -> None:
        """Switch the documented rate limits on or off (`limits`)."""

    def reset(self) -> None:
        """Reset the world to its first state."""

    def fresh(
        self, api: str, section: Mapping[str, Any] | None, now: datetime | None
    ) -> "AbstractContextManager[WorldControl]":
        """Create another world and delete it when the block ends (`data`).

        - `section`: its records, in the form of a dataset's section of that API; None: those of
          the target's own dataset.
        - `now`: the time at which its clock starts.
        """


def json_values(value: Any) -> Any:
    """Return records of a test as JSON values; times are texts in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {key: json_values(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [json_values(member) for member in value]
    return value
