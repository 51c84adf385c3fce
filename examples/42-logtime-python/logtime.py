"""How long a person sat at computers of 42, by day and by month.

`python logtime.py norminet 2026-03-01 2026-03-31 Europe/Paris` prints it from the person's
locations, and what the service itself says in `locations_stats` beside it.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from intra import Intra

DAY = timedelta(days=1)
LONGEST = 7 * DAY
"""How long before a span a location may have begun that reaches into it."""


def by_day(
    intra: Intra, login: str, first: date, last: date, zone: ZoneInfo, now: datetime
) -> dict[date, timedelta]:
    """Return how long a person sat at computers, by day of a zone, `first` and `last` included.

    A location that has no end yet is counted until now.
    """
    begin, end = midnight(first, zone), midnight(last + DAY, zone)
    span = f"{(begin - LONGEST).isoformat()},{end.isoformat()}"
    days: dict[date, timedelta] = defaultdict(timedelta)
    for record in intra.records(f"users/{login}/locations", **{"range[begin_at]": span}):
        sat_down = datetime.fromisoformat(record["begin_at"])
        got_up = datetime.fromisoformat(record["end_at"]) if record["end_at"] else now
        for day, length in parts(max(sat_down, begin), min(got_up, end), zone):
            days[day] += length
    return dict(sorted(days.items()))


def parts(begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[date, timedelta]]:
    """Yield the days of a zone that a time touches, and how long it lasts on each."""
    while begin < end:
        day = begin.astimezone(zone).date()
        until = min(end, midnight(day + DAY, zone))
        yield day, until - begin
        begin = until


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the begin of a day in UTC, where differences are true when clocks change."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def by_month(days: Mapping[date, timedelta]) -> dict[str, timedelta]:
    """Return the sums of months such as `2026-03`."""
    months: dict[str, timedelta] = defaultdict(timedelta)
    for day, length in days.items():
        months[f"{day:%Y-%m}"] += length
    return dict(months)


def of_service(
    intra: Intra, login: str, first: date, last: date, zone: ZoneInfo
) -> dict[date, timedelta]:
    """Return the lengths that `locations_stats` of the service tells, by day."""
    bounds = {"begin_at": first.isoformat(), "end_at": (last + DAY).isoformat()}
    stats = intra.get(f"users/{login}/locations_stats", **bounds, time_zone=str(zone))
    return {date.fromisoformat(day): length_of(text) for day, text in sorted(stats.items())}


def length_of(text: str) -> timedelta:
    """Return the length that a text such as `03:12:44.218907` spells."""
    hours, minutes, seconds = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", text).groups()
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def hours(length: timedelta) -> str:
    """Return a length as hours and minutes."""
    minutes = round(length / timedelta(minutes=1))
    return f"{minutes // 60:3}:{minutes % 60:02}"


def main(login: str, first: str, last: str, zone: str) -> None:
    """Print the days and months of a person."""
    intra = Intra.of_environment()
    span = (date.fromisoformat(first), date.fromisoformat(last), ZoneInfo(zone))
    days = by_day(intra, login, *span, datetime.now(UTC))
    said = of_service(intra, login, *span)
    for day, length in days.items():
        print(day, hours(length), hours(said.get(day, timedelta())))
    for month, length in by_month(days).items():
        print(month, hours(length))


if __name__ == "__main__":
    main(*sys.argv[1:])
