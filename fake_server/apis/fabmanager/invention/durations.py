"""The durations of plans: weeks, months and years of the calendar."""

from calendar import monthrange
from datetime import datetime, timedelta

_MONTHS = {"month": 1, "year": 12}


def plus_duration(moment: datetime, interval: str, count: int) -> datetime:
    """Return a local time some weeks, months or years later.

    A day that the month does not have is its last one.
    """
    if interval == "week":
        return moment + timedelta(weeks=count)
    months = moment.year * 12 + moment.month - 1 + count * _MONTHS[interval]
    year, month = divmod(months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def minus_duration(moment: datetime, interval: str, count: int) -> datetime:
    """Return a local time some weeks, months or years earlier."""
    return plus_duration(moment, interval, -count)
