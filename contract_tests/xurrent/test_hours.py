"""The hours of a calendar, one by one."""

from fake_server.contract import Target, behaviour, expect, expect_distinct

from .helpers import (
    CALENDARS,
    NOBODY,
    WEEK,
    Record,
    add_hours,
    bare,
    calendar,
    expect_error,
    expect_invalid,
    listed,
    order,
    whole,
)
from .working_time import expect_counted, hours_of, utc, working


def path_of(record: Record, number: int | None = None) -> str:
    """Return the path of a calendar's hours, or of one of them."""
    return f"{CALENDARS}/{record['id']}/calendar_hours" + ("" if number is None else f"/{number}")


def rows(records: list[Record]) -> list[tuple[str, str, str]]:
    """Return hours without their ids."""
    return [(row["weekday"], row["time_from"], row["time_until"]) for row in records]


@behaviour("xurrent.hours.list")
def test_hours_are_listed_with_their_ids(xurrent: Target) -> None:
    for record, _ in working(xurrent):
        rows_listed = listed(xurrent, path_of(record), {"per_page": 100})
        for row in rows_listed:
            keys = ["id", "time_from", "time_until", "weekday"]
            expect("the fields of hours", keys, sorted(bare(row)))
        expect("the hours", hours_of(record)[:100], rows(rows_listed))
        expect_distinct("the ids", order(rows_listed))


@behaviour("xurrent.hours.get")
def test_one_of_the_hours(xurrent: Target) -> None:
    record = working(xurrent)[0][0]
    rows_listed = listed(xurrent, path_of(record), {"per_page": 100})
    for row in (rows_listed[0], rows_listed[-1]):
        xurrent.get(path_of(record, row["id"])).expect_status(200).expect_json(row)
    expect_error(xurrent.get(path_of(record, NOBODY)), 404, "Not Found")
    for record_of_another, _ in working(xurrent)[1:2]:
        strange = listed(xurrent, path_of(record_of_another))[0]["id"]
        expect_error(xurrent.get(path_of(record, strange)), 404, "Not Found")


@behaviour("xurrent.hours.create", needs=("writes",))
def test_hours_are_added(xurrent: Target) -> None:
    week = [("sun", "09:00", "17:00"), ("mon", "13:00", "17:30"), ("mon", "08:15", "12:00")]
    with calendar(xurrent) as record, calendar(xurrent) as second:
        added = [add_hours(xurrent, record["id"], *hours) for hours in week]
        expect("what was answered", week, rows(added))
        expected = [added[2], added[1], added[0]]
        expect("the list", expected, listed(xurrent, path_of(record)))
        (seen,) = listed(xurrent, CALENDARS, {"id": record["id"]})
        expect("the calendar in the list", rows(expected), hours_of(seen))
        expect("the calendar", rows(expected), hours_of(whole(xurrent, record["id"])))
        expect("the hours of another calendar", [], listed(xurrent, path_of(second)))


@behaviour("xurrent.hours.update", needs=("writes",))
def test_hours_are_changed(xurrent: Target) -> None:
    hours = [("mon", "09:00", "17:00"), ("tue", "09:00", "17:00")]
    with calendar(xurrent, *hours) as record:
        first, second = listed(xurrent, path_of(record))
        expect_whole(xurrent, record, [first, second])
        for method, change in (
            ("PATCH", {"time_until": "18:30"}),
            ("PUT", {"weekday": "sat"}),
            ("PATCH", {"time_from": "10:00", "time_until": "24:00"}),
        ):
            answer = xurrent.request(method, path_of(record, first["id"]), json=change)
            first = {**first, **change}
            answer.expect_status(200).expect_json(first)
            xurrent.get(path_of(record, first["id"])).expect_status(200).expect_json(first)
            expect_whole(xurrent, record, sorted([first, second], key=week_position))
        expect("the list", [second, first], listed(xurrent, path_of(record)))


def week_position(hours: Record) -> tuple[int, str]:
    """Return the place of hours in the week."""
    return WEEK.index(hours["weekday"]), hours["time_from"]


def expect_whole(target: Target, record: Record, hours: list[Record]) -> None:
    """Assert what hours a calendar has, alone and in the list."""
    expect("the hours of the calendar", rows(hours), hours_of(whole(target, record["id"])))
    (seen,) = listed(target, CALENDARS, {"id": record["id"]})
    expect("the hours in the list", rows(hours), hours_of(seen))
    expect_counted(target, seen, [], utc("2020-03-02"), utc("2020-03-09"))


@behaviour("xurrent.hours.delete", needs=("writes",))
def test_hours_are_taken_away(xurrent: Target) -> None:
    hours = [(day, "09:00", "17:00") for day in ("mon", "tue", "wed")]
    with calendar(xurrent, *hours) as record, calendar(xurrent, *hours) as second:
        first, two, third = listed(xurrent, path_of(record))
        strange = listed(xurrent, path_of(second))[0]["id"]
        expect_error(xurrent.delete(path_of(record, strange)), 404, "Not Found")
        answer = xurrent.delete(path_of(record, two["id"])).expect_status(204)
        expect("the body of the 204", b"", answer.body)
        expect_error(xurrent.delete(path_of(record, two["id"])), 404, "Not Found")
        expect("what is left", [first, third], listed(xurrent, path_of(record)))
        expect_whole(xurrent, record, [first, third])
        xurrent.delete(path_of(record)).expect_status(204)
        expect("what is left", [], listed(xurrent, path_of(record)))
        expect("the calendar's hours", [], whole(xurrent, record["id"])["calendar_hours"])
        expect("the hours of the other", hours, rows(listed(xurrent, path_of(second))))


@behaviour("xurrent.hours.required", needs=("writes",))
def test_hours_need_day_and_times(xurrent: Target) -> None:
    right = {"weekday": "mon", "time_from": "09:00", "time_until": "17:00"}
    labels = {"weekday": "Weekday", "time_from": "Time from", "time_until": "Time until"}
    blank = {name: (name, f"{label} can't be blank") for name, label in labels.items()}
    with calendar(xurrent) as record:
        expect_invalid(xurrent.post(path_of(record), json={}), *blank.values())
        for name, error in blank.items():
            rest = {key: value for key, value in right.items() if key != name}
            expect_invalid(xurrent.post(path_of(record), json=rest), error)
        for day in ("monday", "x", "Mon"):
            answer = xurrent.post(path_of(record), json={**right, "weekday": day})
            expect_invalid(answer, ("weekday", "Weekday is not included in the list"))
        for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"):
            add_hours(xurrent, record["id"], day, "09:00", "17:00")
        expect("how many there are", 7, len(listed(xurrent, path_of(record))))


@behaviour("xurrent.hours.echo", needs=("writes",))
def test_the_end_of_the_day_is_given_back_as_it_came(xurrent: Target) -> None:
    hours = [("mon", "09:00", "24:00"), ("tue", "09:00", "00:00")]
    with calendar(xurrent) as record:
        added = [add_hours(xurrent, record["id"], *row) for row in hours]
        expect("what was answered", hours, rows(added))
        expect("the list", hours, rows(listed(xurrent, path_of(record))))
        expect("the calendar", hours, hours_of(whole(xurrent, record["id"])))


@behaviour("xurrent.hours.backwards", needs=("writes",))
def test_hours_end_after_they_begin(xurrent: Target) -> None:
    with calendar(xurrent, ("mon", "09:00", "17:00")) as record:
        number = listed(xurrent, path_of(record))[0]["id"]
        answers = [
            xurrent.post(path_of(record), json={"weekday": "mon", "time_from": a, "time_until": b})
            for a, b in (("17:00", "09:00"), ("09:00", "09:00"), ("24:00", "00:00"))
        ]
        answers.append(xurrent.patch(path_of(record, number), json={"time_from": "17:00"}))
        for answer in answers:
            errors = answer.expect_status(422).json["errors"]
            expect("the fields", ["time_until"], [field for field, _ in errors])
        expect("the hours", 1, len(listed(xurrent, path_of(record))))
