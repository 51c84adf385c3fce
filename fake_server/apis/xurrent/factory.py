"""The records a world starts with: those pinned in the dataset, then as many as it asks for."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from fake_server.apis.xurrent.pinned import (
    Batch,
    check_settings,
    free_ids,
    pin_calendars,
    pin_holidays,
    pinned,
    resource,
    shared,
)
from fake_server.apis.xurrent.values import folded
from fake_server.world.draw import Draw
from fake_server.world.errors import RecordError
from fake_server.world.instants import DAY, SECOND, milliseconds
from fake_server.world.recipe import Brief

_COUNTRIES = ("NL", "US", "GB")
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
_PATTERNS: tuple[tuple[str, tuple[tuple[range, str, str], ...]], ...] = (
    ("24x7", ((range(7), "00:00", "24:00"),)),
    ("24x5", ((_WORKWEEK, "00:00", "24:00"),)),
    ("09:00-17:00", ((_WORKWEEK, "09:00", "17:00"),)),
    ("08:00-18:00", ((_WORKWEEK, "08:00", "18:00"),)),
    ("08:30-17:00 with lunch", ((_WORKWEEK, "08:30", "12:00"), (_WORKWEEK, "12:45", "17:00"))),
    ("07:00-22:00 and Saturdays", ((_WORKWEEK, "07:00", "22:00"), (range(5, 6), "09:00", "17:00"))),
    ("evenings", ((_WORKWEEK, "17:00", "00:00"),)),
)


def populate(connection: Connection, brief: Brief) -> None:
    """Fill the tables; raises `RecordError` for what no schema can refuse."""
    batch = Batch()
    check_settings(brief)
    pin_holidays(batch, brief, pinned(brief, "holidays"))
    pin_calendars(batch, brief, pinned(brief, "calendars"))
    by_country = _invent_holidays(batch, brief, resource(brief, "holidays"))
    _invent_calendars(batch, brief, resource(brief, "calendars").get("count", 0), by_country)
    batch.insert(connection)


def _invent_holidays(
    batch: Batch, brief: Brief, section: Mapping[str, Any]
) -> Mapping[str, list[int]]:
    """Add public holidays of this year and the next; return their ids by country."""
    wanted = section.get("count", 0)
    if not wanted:
        return {}
    made = (milliseconds(brief.start) // DAY - 400) * DAY
    ids = free_ids(list(batch.holidays))
    by_country: dict[str, list[int]] = {}
    for day, country, title in _public_holidays(brief, section.get("countries", _COUNTRIES))[
        :wanted
    ]:
        number = next(ids)
        start = milliseconds(datetime(day.year, day.month, day.day, tzinfo=UTC))
        row = shared({"id": number, "name": f"{title} {day.year} ({country})"[:80]}, brief)
        row |= {"start_at": start, "end_at": start + DAY, "picture_uri": None}
        batch.holidays.append(row | {"created_at": made, "updated_at": made})
        by_country.setdefault(country, []).append(number)
    return by_country


def _public_holidays(brief: Brief, countries: Sequence[str]) -> list[tuple[date, str, str]]:
    from holidays import country_holidays

    years = [brief.start.year, brief.start.year + 1]
    found: list[tuple[date, str, str]] = []
    for index, country in enumerate(countries):
        try:
            listed = country_holidays(country, years=years, language="en_US")
        except NotImplementedError:
            raise RecordError(
                ("holidays", "countries", index),
                f"no public holidays are known of {country}; give ISO 3166 codes such as NL",
            ) from None
        found += [(day, country, title) for day, title in listed.items()]
    return sorted(found)


def _invent_calendars(
    batch: Batch, brief: Brief, wanted: int, by_country: Mapping[str, list[int]]
) -> None:
    if not wanted:
        return
    from faker import Factory

    faker: Any = Factory.create("en_US", ["faker.providers.company", "faker.providers.person"])
    names = {row["name_folded"] for row in batch.calendars}
    for number in islice(free_ids(list(batch.calendars)), wanted):
        draw = Draw(brief.seed, "calendars", number)
        faker.seed_instance(draw.bits())
        title, hours = _PATTERNS[number % len(_PATTERNS)]
        company = faker.company().replace(",", "")
        name = f"{company} {draw.choice(_TEAMS)} ({title})"[:70]
        name = f"{name} #{number}" if folded(name) in names else name
        names.add(folded(name))
        batch.calendars.append(_calendar(number, name, draw, brief))
        batch.hours += [
            {"id": None, "calendar_id": number, "weekday": day, "time_from": a, "time_until": b}
            for days, a, b in hours
            for day in days
        ]
        if by_country and title != "24x7":
            batch.links += [
                {"calendar_id": number, "holiday_id": one}
                for one in by_country[draw.choice(sorted(by_country))]
            ]


def _calendar(number: int, name: str, draw: Draw, brief: Brief) -> dict[str, Any]:
    record = {"id": number, "name": name, "sourceID": f"team-{draw.hexadecimal(6)}"}
    made = milliseconds(brief.start - timedelta(minutes=draw.integer(60, 900_000)))
    return shared(record, brief) | {
        "disabled": draw.chance(0.15),
        "source": draw.choice(("HR sync", None)),
        "created_at": made // SECOND * SECOND,
        "updated_at": made // SECOND * SECOND,
    }
