"""The times of a request: a + that was sent as it is has been decoded to a space."""

from datetime import tzinfo
from typing import Any

from fake_server.api.serve import Parameters, has_quirk
from fake_server.apis.xurrent.dialect.values.parsing import has_lost_plus, instant, local_time


def requested_instant(text: str, zone: tzinfo) -> int | None:
    """Return an instant of a request in milliseconds UTC, see `instant`."""
    return None if _is_refused(text) else instant(text, zone)


def requested_local_time(text: str) -> int | None:
    """Return a local time of a request in milliseconds, see `local_time`."""
    return None if _is_refused(text) else local_time(text)


def warn_of_plus(parameters: Parameters, name: str, value: Any) -> None:
    """Let the journal list a time as unread whose + became a space.

    The fake may understand it, but not every service does.
    """
    if isinstance(value, str) and has_lost_plus(value):
        parameters.disregard(name)


def _is_refused(text: str) -> bool:
    return has_lost_plus(text) and has_quirk("plus-is-space")
