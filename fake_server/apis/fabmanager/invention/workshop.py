"""The fab lab of the invented records: its people, its things and its time zone."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fake_server.api.records import ImageInputs, Section, part
from fake_server.apis.fabmanager.moments import zone_of

_DEFAULT_COUNTS = {"users": 50, "machines": 12, "spaces": 2, "trainings": 4}


@dataclass(frozen=True, slots=True)
class Workshop:
    """A fab lab: the numbers of its people and things. Both are numbered from 1."""

    seed: int
    start: datetime
    zone: ZoneInfo
    users: int
    machines: int
    spaces: int
    trainings: int


def usual_count(section: Section, name: str) -> int:
    """Return how many people or things a fab lab has whose dataset does not say.

    A lab without invented availabilities has none.
    """
    invents = part(section, "availabilities").get("count", 0) > 0
    return _DEFAULT_COUNTS[name] if invents else 0


def workshop_of(inputs: ImageInputs) -> Workshop:
    """Return the fab lab that a dataset describes; raises `UnknownZoneError`."""
    counts = {
        name: part(inputs.section, name).get("count", usual)
        for name, usual in _DEFAULT_COUNTS.items()
    }
    return Workshop(inputs.seed, inputs.start, zone_of(inputs.section), **counts)
