"""The names for invented records: random values from a seed, and times.

The names are part of surface 1 and stay as they are.
"""

from typing import TYPE_CHECKING, Any

from fake_server.api.homes import homes_of

if TYPE_CHECKING:
    from fake_server.world.instants import (
        DAY,
        EPOCH,
        HOUR,
        MINUTE,
        SECOND,
        instant_of,
        milliseconds,
        moment,
        rfc3339,
        spelled,
    )
    from fake_server.world.seeded_random import SeededRandom

__all__ = [
    "DAY",
    "EPOCH",
    "HOUR",
    "MINUTE",
    "SECOND",
    "SeededRandom",
    "instant_of",
    "milliseconds",
    "moment",
    "rfc3339",
    "spelled",
]

_HOMES = homes_of(
    {
        "world.seeded_random": ["SeededRandom"],
        "world.instants": [
            "DAY",
            "EPOCH",
            "HOUR",
            "MINUTE",
            "SECOND",
            "instant_of",
            "milliseconds",
            "moment",
            "rfc3339",
            "spelled",
        ],
    }
)


def __getattr__(name: str) -> Any:
    """Import a name at its first use: a start imports nothing that it does not need."""
    return _HOMES.get(__name__, name)
