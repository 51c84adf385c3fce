"""Ranges."""

from datetime import date, timedelta
from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import (
    CAMPUS,
    CURSUS,
    SLOTS,
    WORK,
    Record,
    a_user,
    graph,
    ids,
    known_ids,
    listed,
    moment,
    school,
    shifted,
    slot,
    total,
    value_of,
    window,
    within,
    work_on,
)

FIELDS = {
    SLOTS: ("id", "begin_at", "end_at", "created_at"),
    WORK: (
        *("id", "project_id", "user_id", "created_at", "updated_at", "occurrence", "final_mark"),
        *("retriable_at", "marked_at", "status"),
    ),
}


def bounds(records: list[Record], field: str) -> tuple[Any, Any]:
    """Return two values that some records lie between, and some do not."""
    values = sorted(
        {value_of(record, field) for record in records if value_of(record, field) is not None},
        key=by_time,
    )
    need(len(values) > 1, f"two values of {field}")
    return values[len(values) // 3], values[-(len(values) // 3) - 1]


def by_time(value: Any) -> Any:
    """Return a value as one that can be compared: times as instants."""
    return moment(value) if isinstance(value, str) and value.endswith("Z") else value


def expect_ranges(target: Target, path: str, field: str) -> None:
    """Hold ranges of a field against the records of the window."""
    _, records = window(target, path)
    least, most = bounds(records, field)
    for low, high in ((least, most), (least, "")):
        expected = [
            record["id"]
            for record in records
            if (value := by_time(value_of(record, field))) is not None
            and (low == "" or by_time(low) <= value)
            and (high == "" or value <= by_time(high))
        ]
        if field == "id":
            params = {"range[id]": f"{low or records[0]['id']},{high or records[-1]['id']}"}
        else:
            params = {f"range[{field}]": f"{low},{high}"}
        seen = known_ids(within(target, path, **params))
        expect(f"those of {path} with {params}", expected, seen)


@behaviour("intra42.range.slots")
def test_slots_by_each_field(intra42: Target) -> None:
    for field in ("id", "begin_at", "end_at"):
        expect_ranges(intra42, SLOTS, field)


@behaviour("intra42.range.slots")
def test_slots_by_days_of_making(intra42: Target) -> None:
    days = graph(intra42, SLOTS, "on/created_at/by/day")
    busy = [day for day, number in days.items() if number]
    need(len(busy) > 1, "slots created on two days")
    first, last = busy[len(busy) // 3], busy[-(len(busy) // 3) - 1]
    expected = sum(number for day, number in days.items() if first <= day <= last)
    span = {"range[created_at]": f"{first},{last}T23:59:59.999Z"}
    expect(f"how many slots have {span}", expected, total(intra42, SLOTS, span))
    before = (date.fromisoformat(first) - timedelta(days=1)).isoformat()
    halves = [f",{before}T23:59:59.999Z", f"{first},"]
    parts = [total(intra42, SLOTS, {"range[created_at]": half}) for half in halves]
    expect("the sum of two halves", total(intra42, SLOTS), sum(parts))


@behaviour("intra42.range.projects_users")
def test_projects_users_by_each_field(intra42: Target) -> None:
    for field in FIELDS[WORK]:
        if field != "occurrence":
            expect_ranges(intra42, WORK, field)


@behaviour("intra42.range.projects_users")
def test_projects_users_by_occurrence(intra42: Target) -> None:
    expect_ranges(intra42, WORK, "occurrence")


@behaviour("intra42.range.inclusive")
def test_both_bounds_are_included(intra42: Target) -> None:
    for path, field in ((SLOTS, "begin_at"), (WORK, "created_at"), (SLOTS, "id")):
        _, records = window(intra42, path)
        low, high = bounds(records, field)
        seen = within(intra42, path, **{f"range[{field}]": f"{low},{high}"})
        values = {record[field] for record in seen}
        expect_that(f"those between {low} and {high}", {low, high} <= values, "both", values)
        if field != "id":
            inner = f"{shifted(low, milliseconds=1)},{shifted(high, milliseconds=-1)}"
            values = {
                record[field] for record in within(intra42, path, **{f"range[{field}]": inner})
            }
            expect(f"bounds that are in {inner}", set(), {low, high} & values)


@behaviour("intra42.range.inclusive", needs=("data",))
def test_bounds_to_the_millisecond(intra42: Target) -> None:
    begins = ("07:59:59.999", "08:00:00.000", "08:30:00.000", "09:00:00.000", "09:00:00.001")
    slots = [
        slot(number, f"2026-05-01T{begin}Z", created_at=f"2026-04-01T{begin}Z")
        for number, begin in enumerate(begins, 1)
    ]
    with school(intra42, slots=slots) as own:
        for field, day in (("begin_at", "2026-05-01"), ("created_at", "2026-04-01")):
            for span, expected in (
                (f"{day}T08:00:00Z,{day}T09:00:00Z", [2, 3, 4]),
                (f"{day}T10:00:00+02:00,{day}T09:00:00.001Z", [2, 3, 4, 5]),
                (f"{day}T08:30:00Z,{day}T08:30:00Z", [3]),
                (f"{day}T09:00:00Z,{day}T08:00:00Z", []),
            ):
                seen = known_ids(listed(own, SLOTS, {f"range[{field}]": span}))
                expect(f"slots with range[{field}]={span}", expected, seen)


@behaviour("intra42.range.now")
def test_now_is_a_bound(intra42: Target) -> None:
    for future, bounds in (("true", "now,"), ("false", ",now")):
        expected = total(intra42, SLOTS, {"filter[future]": future})
        need(0 < expected < total(intra42, SLOTS), "slots that begin before now and after it")
        seen = total(intra42, SLOTS, {"range[begin_at]": bounds})
        expect(f"how many slots begin in {bounds}", expected, seen)


@behaviour("intra42.range.half_open")
def test_one_bound_may_be_left_out(intra42: Target) -> None:
    for path, field in ((SLOTS, "begin_at"), (WORK, "id")):
        whole = total(intra42, path)
        _, records = window(intra42, path)
        bound = records[len(records) // 2][field]
        query = f"range[{field}]"
        counts = [
            total(intra42, path, {query: span})
            for span in (f",{bound}", f"{bound},", f"{bound},{bound}")
        ]
        expect(f"the halves at {bound}, less what is in both", whole, sum(counts[:2]) - counts[2])
        expect_that("those at the bound", counts[2] > 0, "one or more", counts[2])
        need(max(counts) < whole, f"records of {path} on both sides of {bound}")
        rising = listed(intra42, path, {query: f"{bound},", "sort": field, "per_page": 1})
        expect(f"the first from {bound} on", bound, rising[0][field])
        falling = listed(intra42, path, {query: f",{bound}", "sort": f"-{field}", "per_page": 1})
        expect(f"the last until {bound}", bound, falling[0][field])


@behaviour("intra42.range.date")
def test_a_date_is_its_midnight(intra42: Target) -> None:
    shown = False
    for path, field in ((SLOTS, "begin_at"), (WORK, "created_at")):
        _, records = window(intra42, path)
        days = sorted({record[field][:10] for record in records})
        need(len(days) > 1, "records of two days")
        first, last = days[0], days[-1]
        seen = known_ids(within(intra42, path, **{f"range[{field}]": f"{first},{last}"}))
        midnights = f"{first}T00:00:00.000Z", f"{last}T00:00:00.000Z"
        expected = [
            record["id"] for record in records if midnights[0] <= record[field] <= midnights[1]
        ]
        expect(f"those from {first} to {last}", expected, seen)
        shown |= first in days and any(record[field] == midnights[0] for record in records)
        for day in days:
            midnight = f"{day}T00:00:00.000Z"
            around = [
                record
                for record in records
                if record[field][:13] in {f"{day}T00", _hour_before(day)}
            ]
            if around and not shown:
                expected = [record["id"] for record in records if record[field] >= midnight]
                seen = known_ids(within(intra42, path, **{f"range[{field}]": f"{day},"}))
                expect(f"those from {day} on", expected, seen)
                shown = True
    need(shown, "a record within an hour of midnight")


def _hour_before(day: str) -> str:
    return f"{date.fromisoformat(day) - timedelta(days=1)}T23"


@behaviour("intra42.range.date")
def test_a_date_is_its_midnight_below_a_record(intra42: Target) -> None:
    path = f"/v2/users/{a_user(intra42)['id']}/projects_users"
    records = listed(intra42, path, {"per_page": 100})
    last = max((record["created_at"][:10] for record in records), default="")
    midnight = f"{last}T00:00:00.000Z"
    expected = [record["id"] for record in records if record["created_at"] <= midnight]
    need(expected, "records of two days below a user")
    params = {"range[created_at]": f"2000-01-01,{last}", "per_page": 100}
    expect(f"those until {last}", sorted(expected), known_ids(listed(intra42, path, params)))


@behaviour("intra42.range.date", needs=("data",))
def test_midnight_is_that_of_utc(intra42: Target) -> None:
    begins = (
        "2026-04-30T23:59:59.999Z",
        "2026-05-01T00:00:00Z",
        "2026-07-01T00:00:00Z",
        "2026-07-01T00:00:00.001Z",
    )
    slots = [slot(number, begin) for number, begin in enumerate(begins, 1)]
    with school(intra42, slots=slots) as own:
        for span, expected in (
            ("2026-05-01,2026-07-01", [2, 3]),
            (",2026-05-01", [1, 2]),
            ("2026-07-01,", [3, 4]),
            ("2026-07-01T00:00,2026-07-02", [3, 4]),
        ):
            seen = known_ids(listed(own, SLOTS, {"range[begin_at]": span}))
            expect(f"slots from {span}", expected, seen)


@behaviour("intra42.range.status")
def test_statuses_by_the_alphabet(intra42: Target) -> None:
    _, records = window(intra42, WORK)
    need(len({record["status"] for record in records}) > 2, "three statuses")
    for low, high in (
        ("finished", "in_progress"),
        ("finished", "parent"),
        ("g", "w"),
        ("in_progress", ""),
        ("", "finished"),
    ):
        expected = [
            record["id"]
            for record in records
            if low <= record["status"] and (not high or record["status"] <= high)
        ]
        seen = within(intra42, WORK, **{"range[status]": f"{low},{high}"})
        expect(f"those from {low} to {high}", expected, known_ids(seen))


@behaviour("intra42.range.null")
def test_null_lies_in_no_range(intra42: Target) -> None:
    _, records = window(intra42, WORK)
    for field, spans in (
        ("final_mark", ("-1000,", ",1000", "-1000,1000")),
        ("marked_at", ("1970-01-01,", ",2900-01-01")),
        ("retriable_at", ("1970-01-01,", ",2900-01-01")),
    ):
        valued = [record["id"] for record in records if record[field] is not None]
        need(0 < len(valued) < len(records), f"projects users with and without a {field}")
        for span in spans:
            seen = known_ids(within(intra42, WORK, **{f"range[{field}]": span}))
            expect(f"those with range[{field}]={span}", valued, seen)


@behaviour("intra42.range.null", needs=("data",))
def test_null_is_not_nought(intra42: Target) -> None:
    with school(intra42, work=[work_on(1), work_on(2, final_mark=0), work_on(3)]) as own:
        seen = ids(listed(own, WORK, {"range[final_mark]": "0,49"}))
        expect("those with a mark from 0 to 49", [2], seen)


@behaviour("intra42.range.unknown", invalid=True)
def test_fields_that_cannot_be_ranged_over(intra42: Target) -> None:
    for path, field in (
        (SLOTS, "user_id"),
        (SLOTS, "future"),
        (WORK, "nonsense"),
        (WORK, "campus"),
        (CAMPUS, "active"),
        (CURSUS, "restricted"),
        (f"{SLOTS}/graph", "nonsense"),
    ):
        answer = intra42.get(path, params={f"range[{field}]": "1,2"}).expect_status(400)
        expect("the keys of the body", ["error", "message"], list(answer.json))
        expect("the error", "Range Error", answer.json["error"])
        message = answer.json["message"]
        named = [field, *FIELDS.get(path, ("id",))]
        lacking = [field for field in named if field not in message]
        expect("fields that the message lacks", [], lacking)


@behaviour("intra42.range.value", invalid=True)
def test_values_that_are_no_range(intra42: Target) -> None:
    for path, field, value in (
        (SLOTS, "id", "1"),
        (SLOTS, "id", "1,2,3"),
        (SLOTS, "id", ","),
        (SLOTS, "id", ""),
        (SLOTS, "id", "a,b"),
        (SLOTS, "begin_at", "nil,2026-01-01"),
        (SLOTS, "begin_at", "2026-01-01"),
        (WORK, "final_mark", "1.5,2"),
        (WORK, "marked_at", "2026-02-30,2026-03-01"),
        (WORK, "status", "finished"),
    ):
        answer = intra42.get(path, params={f"range[{field}]": value}).expect_status(422)
        expect("the keys of the body", ["error", "message"], list(answer.json))
        expect("the error", "Range Error", answer.json["error"])
        expect_that("the message", field in answer.json["message"], field, answer.json["message"])
