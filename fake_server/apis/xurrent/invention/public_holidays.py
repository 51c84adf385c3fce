"""Public holidays of this year and the next, as a dataset requests them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from fake_server.api.invent import milliseconds
from fake_server.api.records import ImageInputs, RecordError, free_ids, part, pinned_by_id

_COUNTRIES = ("NL", "US", "GB")
_LONGEST_NAME = 80


class PublicHoliday(NamedTuple):
    """A public holiday: the id and name of its record, and its first instant in local time."""

    id: int
    name: str
    country: str
    start: int


def public_holidays(inputs: ImageInputs) -> list[PublicHoliday]:
    """Return the invented holidays, the earliest first.

    Raises `RecordError` for a country without known holidays.
    """
    section = part(inputs.section, "holidays")
    count = section.get("count", 0)
    if not count:
        return []
    days = _days(inputs, section.get("countries", _COUNTRIES))[:count]
    ids = free_ids(pinned_by_id(inputs.section, "holidays"))
    return [
        PublicHoliday(
            number,
            f"{title} {day.year} ({country})"[:_LONGEST_NAME],
            country,
            milliseconds(datetime(day.year, day.month, day.day, tzinfo=UTC)),
        )
        for number, (day, country, title) in zip(ids, days, strict=False)
    ]


def _days(inputs: ImageInputs, countries: Sequence[str]) -> list[tuple[date, str, str]]:
    """Return day, country and title of each holiday of some countries, in order."""
    from holidays import country_holidays

    years = [inputs.start.year, inputs.start.year + 1]
    days: list[tuple[date, str, str]] = []
    for index, country in enumerate(countries):
        try:
            country_days = country_holidays(country, years=years, language="en_US")
        except NotImplementedError:
            raise RecordError(
                ("holidays", "countries", index),
                f"no public holidays are known of {country}; give ISO 3166 codes such as NL",
            ) from None
        days += [(day, country, title) for day, title in country_days.items()]
    return sorted(days)
