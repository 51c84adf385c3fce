"""The periods in which graphs count, by the words of the document."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

CALENDAR: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "month": lambda day: day.replace(day=1),
    "quarter": lambda day: day.replace(month=day.month - (day.month - 1) % 3, day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
CYCLES: Mapping[str, tuple[range, Callable[[datetime], int]]] = {
    "hour_of_day": (range(24), lambda moment: moment.hour),
    "day_of_week": (range(7), lambda moment: moment.isoweekday() % 7),
    "day_of_month": (range(1, 32), lambda moment: moment.day),
    "month_of_year": (range(1, 13), lambda moment: moment.month),
}


def expected_counts(
    interval: str, moments: Iterable[datetime], keys: Sequence[str]
) -> dict[str, int] | None:
    """Return the counts of a graph, with those of the empty periods; None for an unknown interval.

    `keys`: those of the server. They tell on which day its weeks begin, and how far behind the last
    moment its periods go.
    """
    times = [moment.astimezone(UTC) for moment in moments]
    if interval in CYCLES:
        numbers, number_of = CYCLES[interval]
        counts = Counter(map(number_of, times))
        return {str(number): counts[number] for number in numbers}
    period_of = _week_of(keys) if interval == "week" else CALENDAR.get(interval)
    if period_of is None:
        return None
    days = [moment.date() for moment in times]
    if not days:
        return {}
    last = max([*days, *map(date.fromisoformat, keys[-1:])])
    span = (min(days) + timedelta(days=number) for number in range((last - min(days)).days + 1))
    counted = Counter(str(period_of(day)) for day in days)
    return {key: counted[key] for key in dict.fromkeys(str(period_of(day)) for day in span)}


def _week_of(keys: Sequence[str]) -> Callable[[date], date] | None:
    """Return the day on which the week of a day begins; None if no key tells it."""
    if not keys:
        return None
    first = date.fromisoformat(keys[0]).isoweekday()
    return lambda day: day - timedelta(days=(day.isoweekday() - first) % 7)
