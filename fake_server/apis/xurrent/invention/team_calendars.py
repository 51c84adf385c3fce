"""The calendars of invented teams: their working hours and their days off."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from fake_server.api.declare import Values
from fake_server.api.invent import SECOND, SeededRandom, milliseconds
from fake_server.api.records import ImageInputs, PinnedRecord
from fake_server.apis.xurrent.dialect.attributes.attribute_kinds import WEEKDAYS
from fake_server.apis.xurrent.dialect.values.parsing import folded
from fake_server.apis.xurrent.invention.public_holidays import public_holidays

_TEAMS = (
    "Service Desk",
    "Network Operations",
    "Application Management",
    "Field Support",
    "Security Operations",
    "Workplace Services",
    "Facilities",
    "Payroll Support",
    "Database Administration",
    "Major Incident Team",
)
_WORKWEEK = range(5)
_ALWAYS = "24x7"
_PATTERNS: tuple[tuple[str, tuple[tuple[range, str, str], ...]], ...] = (
    (_ALWAYS, ((range(7), "00:00", "24:00"),)),
    ("24x5", ((_WORKWEEK, "00:00", "24:00"),)),
    ("09:00-17:00", ((_WORKWEEK, "09:00", "17:00"),)),
    ("08:00-18:00", ((_WORKWEEK, "08:00", "18:00"),)),
    ("08:30-17:00 with lunch", ((_WORKWEEK, "08:30", "12:00"), (_WORKWEEK, "12:45", "17:00"))),
    ("07:00-22:00 and Saturdays", ((_WORKWEEK, "07:00", "22:00"), (range(5, 6), "09:00", "17:00"))),
    ("evenings", ((_WORKWEEK, "17:00", "00:00"),)),
)


class TeamCalendar(NamedTuple):
    """The calendar of a team.

    - `values`: columns of the calendar itself.
    - `hours`: its active hours, as a dataset pins them.
    - `holidays`: ids of the public holidays that are linked to it.
    """

    values: Values
    hours: list[PinnedRecord]
    holidays: list[int]


def team_calendars(
    inputs: ImageInputs, ids: Iterable[int], names: Iterable[str]
) -> Iterator[TeamCalendar]:
    """Yield the calendars with these ids. None has one of these names, whatever its case."""
    from faker import Factory

    faker: Any = Factory.create("en_US", ["faker.providers.company", "faker.providers.person"])
    by_country: dict[str, list[int]] = {}
    for holiday in public_holidays(inputs):
        by_country.setdefault(holiday.country, []).append(holiday.id)
    folded_names = {folded(name) for name in names}
    for number in ids:
        random = SeededRandom(inputs.seed, "calendars", number)
        faker.seed_instance(random.bits())
        title, pattern = _PATTERNS[number % len(_PATTERNS)]
        company = faker.company().replace(",", "")
        name = f"{company} {random.choice(_TEAMS)} ({title})"[:70]
        name = f"{name} #{number}" if folded(name) in folded_names else name
        folded_names.add(folded(name))
        values = _values(number, name, random, inputs)
        hours: list[PinnedRecord] = [
            {"weekday": WEEKDAYS[day], "time_from": start, "time_until": end}
            for days, start, end in pattern
            for day in days
        ]
        is_off = bool(by_country) and title != _ALWAYS
        holidays = by_country[random.choice(sorted(by_country))] if is_off else []
        yield TeamCalendar(values, hours, holidays)


def _values(number: int, name: str, random: SeededRandom, inputs: ImageInputs) -> Values:
    source_id = f"team-{random.hexadecimal(6)}"
    created_at = milliseconds(inputs.start - timedelta(minutes=random.integer(60, 900_000)))
    return {
        "id": number,
        "name": name,
        "sourceID": source_id,
        "disabled": random.chance(0.15),
        "source": random.choice(("HR sync", None)),
        "created_at": created_at // SECOND * SECOND,
    }
