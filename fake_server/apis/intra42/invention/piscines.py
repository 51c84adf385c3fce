"""Piscines: the months of selection. A user begins with one, some weeks after signing up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fake_server.api.invent import DAY, SeededRandom, milliseconds, moment
from fake_server.api.records import ImageInputs
from fake_server.apis.intra42.dialect.timestamps import as_instant
from fake_server.apis.intra42.invention.school import first_activity

_CALENDAR = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTHS = (2, 7, 8, 9)
_YEARS_BEFORE = 2 * 365 * DAY
_LATE_ONE_IN = 4


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The beginning of a user. Instants are in milliseconds.

    A user does nothing before `joined_at`.
    """

    pool_month: str
    pool_year: str
    created_at: int
    joined_at: int


class Intake:
    """The piscines of the users. Most of them are before all activity.

    So there is a user for the first activity.
    """

    def __init__(self, inputs: ImageInputs) -> None:
        self._start = milliseconds(inputs.start)
        first = first_activity(inputs)
        self._early = _piscines(first - _YEARS_BEFORE, first)
        self._late = _piscines(first, self._start) or self._early

    def enrolment(self, random: SeededRandom, user_id: int, record: Mapping[str, Any]) -> Enrolment:
        """Return the beginning of a user. The invented values agree with those of the record."""
        piscine = random.choice(self._early if user_id % _LATE_ONE_IN else self._late)
        lead = random.integer(5 * DAY, 60 * DAY)
        if record.get("created_at") is not None:
            created = as_instant(record["created_at"])
            return _enrolment(_piscines(created, created + 366 * DAY)[0], created, created)
        piscine = min(_pinned_piscine(record) or piscine, self._start)
        return _enrolment(piscine, piscine - lead, piscine)


def _enrolment(piscine: int, created: int, joined: int) -> Enrolment:
    month = moment(piscine)
    return Enrolment(_CALENDAR[month.month - 1], f"{month.year:04}", created, joined)


def _pinned_piscine(record: Mapping[str, Any]) -> int | None:
    """Return the first instant of a record's piscine, or None if the record has none."""
    month, year = record.get("pool_month"), record.get("pool_year")
    if month not in _CALENDAR or not year or int(year) < 1:
        return None
    return milliseconds(datetime(int(year), _CALENDAR.index(month) + 1, 1, tzinfo=UTC))


def _piscines(after: int, until: int) -> list[int]:
    """Return the first instants of the piscines that begin in a time of a year or longer."""
    years = range(moment(after).year, moment(until).year + 1)
    firsts = (
        milliseconds(datetime(year, month, 1, tzinfo=UTC)) for year in years for month in _MONTHS
    )
    return [instant for instant in firsts if after < instant <= until]
