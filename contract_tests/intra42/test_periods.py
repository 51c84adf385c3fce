"""What a graph's periods are, how they are keyed, and from when to when they go."""

from datetime import date

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import (
    SLOTS,
    WORK,
    Record,
    a_project,
    a_user,
    graph,
    graph_of_window,
    moment,
    now,
    page,
    school,
    slot,
    total,
    window,
)
from .periods import CALENDAR, CYCLES, counted, filled, rolled_up, without_zeros

FIELDS = ((SLOTS, "begin_at"), (WORK, "created_at"))
OTHERS = {SLOTS: "end_at", WORK: "updated_at"}


def expect_periods(target: Target, interval: str) -> None:
    """Hold graphs by an interval against the days of the whole list and the times of records."""
    need(any(graph(target, path, f"on/{field}/by/day") for path, field in FIELDS), "a record")
    for path, field in FIELDS:
        days = graph(target, path, f"on/{field}/by/day")
        if not days:
            continue
        if interval != "hour_of_day":
            whole = graph(target, path, f"on/{field}/by/{interval}")
            what = f"{path} on {field} by {interval}, less the zeros"
            expect(what, rolled_up(interval, days), without_zeros(whole))
        some = graph_of_window(target, path, f"on/{field}/by/{interval}")
        times = [moment(record[field]) for record in window(target, path, 1)[1]]
        what = f"{path} of some ids on {field} by {interval}, less the zeros"
        expect(what, counted(interval, times), without_zeros(some))
        if interval in CYCLES:
            expect(f"the keys by {interval}", CYCLES[interval], list(some))
        control = OTHERS[path]
        if interval != "hour_of_day":
            days = graph(target, path, f"on/{control}/by/day")
            whole = graph(target, path, f"on/{control}/by/{interval}")
            what = f"{path} on {control} by {interval}, less the zeros"
            expect(what, rolled_up(interval, days), without_zeros(whole))
        some = graph_of_window(target, path, f"on/{control}/by/{interval}")
        times = [
            moment(record[control]) for record in window(target, path, 1)[1] if record[control]
        ]
        what = f"{path} of some ids on {control} by {interval}, less the zeros"
        expect(what, counted(interval, times), without_zeros(some))
        below = below_a_record(target, path)
        times = [moment(record[field]) for record in below[1]]
        nested = graph(target, below[0], f"on/{field}/by/{interval}")
        what = f"{below[0]} on {field} by {interval}, less the zeros"
        expect(what, counted(interval, times), without_zeros(nested))


def below_a_record(target: Target, path: str) -> tuple[str, list[Record]]:
    """Return the path of a list below a record, and its rows, which are some of all."""
    parent = a_project(target) if path == SLOTS else a_user(target)
    nest = "projects" if path == SLOTS else "users"
    nested = f"/v2/{nest}/{parent['id']}/{path.removeprefix('/v2/')}"

    def read() -> tuple[list[Record], int]:
        answer = page(target, nested, {"per_page": 100})
        return target.records(answer), target.total(answer)

    rows, count = target.remember(("below", nested), read)
    need(0 < count == len(rows) < total(target, path), f"at most 100 rows in {nested}, of more")
    return nested, rows


@behaviour("intra42.graph.day")
def test_days(intra42: Target) -> None:
    expect_periods(intra42, "day")


@behaviour("intra42.graph.week")
def test_weeks(intra42: Target) -> None:
    expect_periods(intra42, "week")


@behaviour("intra42.graph.month")
def test_months(intra42: Target) -> None:
    expect_periods(intra42, "month")


@behaviour("intra42.graph.quarter")
def test_quarters(intra42: Target) -> None:
    expect_periods(intra42, "quarter")


@behaviour("intra42.graph.year")
def test_years(intra42: Target) -> None:
    expect_periods(intra42, "year")


@behaviour("intra42.graph.hour_of_day")
def test_hours_of_the_day(intra42: Target) -> None:
    expect_periods(intra42, "hour_of_day")


@behaviour("intra42.graph.day_of_week")
def test_days_of_the_week(intra42: Target) -> None:
    expect_periods(intra42, "day_of_week")


@behaviour("intra42.graph.day_of_month")
def test_days_of_the_month(intra42: Target) -> None:
    expect_periods(intra42, "day_of_month")


@behaviour("intra42.graph.month_of_year")
def test_months_of_the_year(intra42: Target) -> None:
    expect_periods(intra42, "month_of_year")


TIMES = (
    "2024-12-31T23:59:59.999Z",
    "2025-01-01T00:00:00Z",
    "2025-03-30T01:30:00Z",
    "2025-06-30T22:30:00Z",
    "2025-07-05T23:30:00Z",
    "2025-07-06T00:30:00Z",
    "2025-10-26T00:30:00Z",
    "2026-02-28T12:00:00Z",
)
LAST = date(2026, 2, 28)


@behaviour("intra42.graph.utc", needs=("data",))
@behaviour("intra42.graph.day", needs=("data",))
@behaviour("intra42.graph.week", needs=("data",))
@behaviour("intra42.graph.month", needs=("data",))
@behaviour("intra42.graph.quarter", needs=("data",))
@behaviour("intra42.graph.year", needs=("data",))
@behaviour("intra42.graph.hour_of_day", needs=("data",))
@behaviour("intra42.graph.day_of_week", needs=("data",))
@behaviour("intra42.graph.day_of_month", needs=("data",))
@behaviour("intra42.graph.month_of_year", needs=("data",))
def test_times_at_the_edges_of_periods(intra42: Target) -> None:
    slots = [slot(number, begin) for number, begin in enumerate(TIMES, 1)]
    times = [moment(time) for time in TIMES]
    with school(intra42, slots=slots, at="2026-02-28T18:00:00Z") as own:
        for interval in CALENDAR:
            seen = graph(own, SLOTS, f"on/begin_at/by/{interval}")
            counts = counted(interval, times)
            keys = filled(interval, times[0].date(), LAST)
            expected = [(key, counts.get(key, 0)) for key in keys]
            expect(f"the periods by {interval}", expected, list(seen.items()))
        for interval, keys in CYCLES.items():
            seen = graph(own, SLOTS, f"on/begin_at/by/{interval}")
            counts = counted(interval, times)
            expected = [(key, counts.get(key, 0)) for key in keys]
            expect(f"the periods by {interval}", expected, list(seen.items()))


@behaviour("intra42.graph.utc")
def test_hours_are_those_of_the_times_shown(intra42: Target) -> None:
    expect_periods(intra42, "hour_of_day")
    for path, field in FIELDS:
        for record in window(intra42, path, 1)[1]:
            expect_that(f"a {field}", record[field].endswith("Z"), "a time in UTC", record[field])


def span(target: Target) -> tuple[date, date, date]:
    """Return when slots of the past first and last begin, and the target's day."""
    _, records = window(target, SLOTS, 1)
    days = sorted(moment(record["begin_at"]).date() for record in records)
    today = now(target).date()
    need(days[-1] < today, "slots that have all begun before today")
    return days[0], days[-1], today


@behaviour("intra42.graph.span")
def test_series_end_now(intra42: Target) -> None:
    first, _, today = span(intra42)
    for interval in CALENDAR:
        seen = graph_of_window(intra42, SLOTS, f"on/begin_at/by/{interval}")
        expect(f"the periods by {interval}", filled(interval, first, today), list(seen))


@behaviour("intra42.graph.span", live=True)
def test_series_end_with_the_last_occurrence(intra42: Target) -> None:
    first, last, _ = span(intra42)
    for interval in CALENDAR:
        seen = graph_of_window(intra42, SLOTS, f"on/begin_at/by/{interval}")
        expect(f"the periods by {interval}", filled(interval, first, last), list(seen))


AGES = (slot(1, "2023-05-30T10:00:00Z"), slot(2, "2023-06-02T10:00:00Z"))
TODAY = "2026-05-20T23:30:00Z"


@behaviour("intra42.graph.span", needs=("data",))
def test_old_series_end_now(intra42: Target) -> None:
    with school(intra42, slots=AGES, at=TODAY) as own:
        for interval in CALENDAR:
            seen = graph(own, SLOTS, f"on/begin_at/by/{interval}")
            expected = filled(interval, date(2023, 5, 30), date(2026, 5, 20))
            expect(f"the periods by {interval}", expected, list(seen))


@behaviour("intra42.graph.span", live=True, needs=("data",))
def test_old_series_end_with_the_last_occurrence(intra42: Target) -> None:
    with school(intra42, slots=AGES, at=TODAY) as own:
        for interval in CALENDAR:
            seen = graph(own, SLOTS, f"on/begin_at/by/{interval}")
            expected = filled(interval, date(2023, 5, 30), date(2023, 6, 2))
            expect(f"the periods by {interval}", expected, list(seen))


@behaviour("intra42.graph.span", needs=("data",))
def test_series_go_on_to_what_is_to_come(intra42: Target) -> None:
    slots = [slot(1, "2026-05-18T10:00:00Z"), slot(2, "2026-07-02T10:00:00Z")]
    with school(intra42, slots=slots, at=TODAY) as own:
        for interval in CALENDAR:
            seen = graph(own, SLOTS, f"on/begin_at/by/{interval}")
            expected = filled(interval, date(2026, 5, 18), date(2026, 7, 2))
            expect(f"the periods by {interval}", expected, list(seen))


@behaviour("intra42.graph.zeros")
def test_no_period_is_left_out(intra42: Target) -> None:
    days = graph(intra42, SLOTS, "on/begin_at/by/day")
    need(len(without_zeros(days)) > 1, "slots that begin on two days")
    for interval in CALENDAR:
        keys = list(graph(intra42, SLOTS, f"on/begin_at/by/{interval}"))
        expected = filled(interval, date.fromisoformat(keys[0]), date.fromisoformat(keys[-1]))
        expect(f"the periods by {interval}", expected, keys)
        expect_that("the first period", keys[0] <= min(days), "that of the first day", keys[0])


@behaviour("intra42.graph.zeros", needs=("data",))
def test_gaps_are_filled(intra42: Target) -> None:
    slots = [slot(1, "2024-01-31T10:00:00Z"), slot(2, "2025-03-01T10:00:00Z")]
    with school(intra42, slots=slots, at="2025-03-01T12:00:00Z") as own:
        for interval in CALENDAR:
            seen = graph(own, SLOTS, f"on/begin_at/by/{interval}")
            keys = filled(interval, date(2024, 1, 31), date(2025, 3, 1))
            expected = dict.fromkeys(keys, 0) | {keys[0]: 1, keys[-1]: 1}
            expect(f"the periods by {interval}", expected, seen)
