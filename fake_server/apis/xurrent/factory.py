"""The records a world starts with: those pinned in the dataset, then as many as it asks for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from typing import Any

from sqlalchemy import Connection, Table

from fake_server.apis.xurrent.auth import accounts
from fake_server.apis.xurrent.render import WEEKDAYS
from fake_server.apis.xurrent.tables import calendar_holidays, calendar_hours, calendars, holidays
from fake_server.apis.xurrent.values import folded, instant, local_time
from fake_server.apis.xurrent.working_time import end_of_hours, minutes_of_day
from fake_server.rest.zones import UnknownZoneError, zone
from fake_server.world.draw import Draw
from fake_server.world.errors import DatasetError
from fake_server.world.instants import DAY, milliseconds
from fake_server.world.recipe import Brief

_Row = dict[str, Any]

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
    ("08:30-17:00, lunch off", ((_WORKWEEK, "08:30", "12:00"), (_WORKWEEK, "12:45", "17:00"))),
    ("07:00-22:00 and Saturdays", ((_WORKWEEK, "07:00", "22:00"), (range(5, 6), "09:00", "17:00"))),
    ("evenings", ((_WORKWEEK, "17:00", "00:00"),)),
)


class _Batch:
    """The rows to insert, by table."""

    def __init__(self) -> None:
        self.calendars: list[_Row] = []
        self.hours: list[_Row] = []
        self.holidays: list[_Row] = []
        self.links: list[_Row] = []

    def insert(self, connection: Connection) -> None:
        """Write all rows."""
        tables: tuple[tuple[Table, list[_Row]], ...] = (
            (calendars, self.calendars),
            (calendar_hours, self.hours),
            (holidays, self.holidays),
            (calendar_holidays, self.links),
        )
        for table, rows in tables:
            if rows:
                connection.execute(table.insert(), rows)


def populate(connection: Connection, brief: Brief) -> None:
    """Fill the tables; raises `DatasetError` for pinned records that do not fit together."""
    batch = _Batch()
    days = _resource(brief, "holidays")
    teams = _resource(brief, "calendars")
    account = accounts(brief.section)[0]["id"]
    _check_settings(brief)
    for record in days.get("records", ()):
        batch.holidays.append(_pinned_holiday(record, brief, account))
    for record in teams.get("records", ()):
        _pin_calendar(batch, record, brief, account)
    by_country = _public_holidays(batch, brief, account, days) if days.get("count") else {}
    if teams.get("count"):
        _invent_calendars(batch, brief, account, teams["count"], by_country)
    _number_hours(batch.hours)
    batch.insert(connection)


def _resource(brief: Brief, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = brief.section.get(name) or {}
    return found


def _check_settings(brief: Brief) -> None:
    section = brief.section
    try:
        zone(section.get("time_zone", "UTC"))
    except UnknownZoneError as error:
        raise DatasetError(
            f"xurrent.time_zone: {error} is not a time zone; give a Rails name or an IANA name"
        ) from None
    known = {one["id"] for one in accounts(section)}
    users: list[tuple[str, Mapping[str, Any]]] = [
        ("credentials.tokens", one)
        for one in (section.get("credentials") or {}).get("tokens") or ()
    ]
    for name in ("calendars", "holidays"):
        users += [(f"{name}.records", one) for one in _resource(brief, name).get("records", ())]
    for place, user in users:
        if user.get("account", next(iter(known))) not in known:
            raise DatasetError(
                f"xurrent.{place}: account {user['account']} is not in xurrent.accounts"
            )


def _shared(record: Mapping[str, Any], brief: Brief, account: str) -> _Row:
    made = _instant(record.get("created_at"), brief) or milliseconds(brief.start)
    return {
        "id": record["id"],
        "account": record.get("account", account),
        "name": record["name"],
        "name_folded": folded(record["name"]),
        "source": record.get("source"),
        "sourceID": record.get("sourceID") or None,
        "source_id_folded": folded(record.get("sourceID")),
        "created_at": made,
        "updated_at": _instant(record.get("updated_at"), brief) or made,
    }


def _instant(value: object, brief: Brief) -> int | None:
    if value is None:
        return None
    return instant(_text(value), zone(brief.section.get("time_zone", "UTC")))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _pinned_holiday(record: Mapping[str, Any], brief: Brief, account: str) -> _Row:
    start, end = local_time(_text(record["start_at"])), local_time(_text(record["end_at"]))
    if start is None or end is None or end <= start:
        raise DatasetError(f"xurrent.holidays: record {record['id']} does not end after its start")
    return {
        **_shared(record, brief, account),
        "picture_uri": record.get("picture_uri"),
        "start_at": start,
        "end_at": end,
    }


def _pin_calendar(batch: _Batch, record: Mapping[str, Any], brief: Brief, account: str) -> None:
    row = {**_shared(record, brief, account), "disabled": record.get("disabled", False)}
    _check_name(batch, row)
    batch.calendars.append(row)
    for hours in record.get("calendar_hours", ()):
        if end_of_hours(hours["time_until"]) <= minutes_of_day(hours["time_from"]):
            raise DatasetError(
                f"xurrent.calendars: hours of record {record['id']} end at {hours['time_until']},"
                f" not after {hours['time_from']}"
            )
        batch.hours.append(
            {
                "id": hours.get("id"),
                "calendar_id": record["id"],
                "weekday": WEEKDAYS.index(hours["weekday"]),
                "time_from": hours["time_from"],
                "time_until": hours["time_until"],
            }
        )
    for number in dict.fromkeys(record.get("holidays", ())):
        if all(one["id"] != number for one in batch.holidays):
            raise DatasetError(
                f"xurrent.calendars: record {record['id']} names holiday {number},"
                " which is not pinned in xurrent.holidays"
            )
        batch.links.append({"calendar_id": record["id"], "holiday_id": number})


def _check_name(batch: _Batch, row: _Row) -> None:
    for other in batch.calendars:
        if other["id"] == row["id"]:
            raise DatasetError(f"xurrent.calendars: two records have the id {row['id']}")
        if (other["name_folded"], other["account"]) == (row["name_folded"], row["account"]):
            raise DatasetError(f"xurrent.calendars: two records have the name {row['name']}")


def _free_ids(rows: Sequence[_Row]) -> Iterator[int]:
    taken = {row["id"] for row in rows}
    return (number for number in count(1) if number not in taken)


def _public_holidays(
    batch: _Batch, brief: Brief, account: str, section: Mapping[str, Any]
) -> dict[str, list[int]]:
    """Add public holidays of this year and the next; return their ids by country."""
    countries = section.get("countries", _COUNTRIES)
    days = islice(_calendar_days(countries, brief.start), section["count"])
    made = milliseconds(brief.start) // DAY * DAY - 400 * DAY
    ids = _free_ids(tuple(batch.holidays))
    by_country: dict[str, list[int]] = {country: [] for country in countries}
    for day, country, title in days:
        number = next(ids)
        record = {"id": number, "name": f"{title} {day.year} ({country})"[:80]}
        start = milliseconds(datetime(day.year, day.month, day.day, tzinfo=UTC))
        row = _shared(record, brief, account) | {"picture_uri": None, "source": None}
        row |= {"start_at": start, "end_at": start + DAY, "created_at": made, "updated_at": made}
        batch.holidays.append(row)
        by_country[country].append(number)
    return by_country


def _calendar_days(countries: Sequence[str], start: datetime) -> list[tuple[date, str, str]]:
    from holidays import country_holidays

    years = [start.year, start.year + 1]
    found: list[tuple[date, str, str]] = []
    for country in countries:
        try:
            listed = country_holidays(country, years=years, language="en_US")
        except NotImplementedError:
            raise DatasetError(
                f"xurrent.holidays.countries: no public holidays are known of {country};"
                " give ISO 3166 codes such as NL"
            ) from None
        found += [(day, country, title) for day, title in listed.items()]
    return sorted(found)


def _invent_calendars(
    batch: _Batch, brief: Brief, account: str, wanted: int, by_country: Mapping[str, list[int]]
) -> None:
    from faker import Factory

    faker: Any = Factory.create("en_US", ["faker.providers.company", "faker.providers.person"])
    countries = sorted(by_country)
    names = {row["name_folded"] for row in batch.calendars}
    for number in islice(_free_ids(tuple(batch.calendars)), wanted):
        draw = Draw(brief.seed, "calendars", number)
        faker.seed_instance(draw.bits())
        title, hours = _PATTERNS[number % len(_PATTERNS)]
        name = f"{faker.company()} {draw.choice(_TEAMS)} ({title})"[:70]
        name = f"{name} #{number}" if folded(name) in names else name
        names.add(folded(name))
        made = milliseconds(brief.start - timedelta(minutes=draw.integer(60, 900_000)))
        record = {"id": number, "name": name, "sourceID": f"team-{draw.hexadecimal(6)}"}
        row = _shared(record, brief, account) | {
            "disabled": draw.chance(0.15),
            "source": draw.choice(("HR sync", None)),
            "created_at": made,
            "updated_at": made,
        }
        batch.calendars.append(row)
        batch.hours += [
            {"id": None, "calendar_id": number, "weekday": day, "time_from": a, "time_until": b}
            for days, a, b in hours
            for day in days
        ]
        if countries and title != "24x7":
            batch.links += [
                {"calendar_id": number, "holiday_id": one}
                for one in by_country[draw.choice(countries)]
            ]


def _number_hours(rows: list[_Row]) -> None:
    ids = _free_ids(tuple(row for row in rows if row["id"] is not None))
    for row in rows:
        if row["id"] is None:
            row["id"] = next(ids)
