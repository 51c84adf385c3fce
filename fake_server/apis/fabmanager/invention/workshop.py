"""The fab lab of the invented records: its people, its things and its time zone."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from fake_server.api.records import ImageInputs, part
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


def workshop_of(inputs: ImageInputs) -> Workshop:
    """Return the fab lab that a dataset describes; raises `UnknownZoneError`."""
    counts = {
        name: part(inputs.section, name).get("count", usual)
        for name, usual in _DEFAULT_COUNTS.items()
    }
    return Workshop(inputs.seed, inputs.start, zone_of(inputs.section), **counts)
