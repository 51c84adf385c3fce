"""after and before, and what is a date."""

from datetime import UTC, timedelta, timezone
from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import (
    AVAILABILITIES,
    FAR_FUTURE,
    Record,
    availability,
    dated,
    ends_by,
    ids,
    lab,
    listed,
    moment,
    page,
    shifted,
    starts_by,
    total,
    window,
)

BAD_REQUEST = "Bad request"


def pivot(target: Target) -> tuple[dict[str, Any], list[Record], Record]:
    """Return a window, its records, and one of them that starts and ends amid the others."""
    params, within = window(target)
    known = dated(within)
    need(known, "an availability whose times are set")
    middle = sorted(known, key=lambda record: moment(record["start_at"]))[len(known) // 2]
    return params, within, middle


def starting_from(within: list[Record], bound: str) -> list[int]:
    """Return the numbers of those that start then or later."""
    return ids([record for record in within if starts_by(record, bound)])


@behaviour("fabmanager.after.inclusive")
def test_after_includes_its_bound(fabmanager: Target) -> None:
    params, within, middle = pivot(fabmanager)
    for bound in (middle["start_at"], shifted(middle["start_at"], milliseconds=1)):
        seen = ids(listed(fabmanager, {**params, "after": bound}))
        expect(f"those after {bound}", starting_from(within, bound), seen)


@behaviour("fabmanager.before.inclusive")
def test_before_includes_its_bound(fabmanager: Target) -> None:
    params, within, middle = pivot(fabmanager)
    for bound in (
        middle["end_at"],
        shifted(middle["end_at"], milliseconds=-1),
        shifted(middle["start_at"], seconds=1),
    ):
        expected = [record for record in within if ends_by(record, bound)]
        seen = ids(listed(fabmanager, {**params, "before": bound}))
        expect(f"those before {bound}", ids(expected), seen)


@behaviour("fabmanager.dates.offset")
def test_an_offset_is_honoured(fabmanager: Target) -> None:
    params, within, middle = pivot(fabmanager)
    instant = moment(middle["start_at"])
    expected = starting_from(within, middle["start_at"])
    for hours in (9, 2, 0, -5):
        local = instant.astimezone(timezone(timedelta(hours=hours)))
        wall = local.strftime("%Y-%m-%dT%H:%M:%S.") + f"{local.microsecond // 1000:03}"
        sign = f"{'-' if hours < 0 else '+'}{abs(hours):02}"
        forms = [f"{wall}{sign}:00", f"{wall}{sign}00", f"{wall}{sign}"]
        for text in [*forms, *([f"{wall}Z", f"{wall} UTC"] if hours == 0 else [])]:
            seen = ids(listed(fabmanager, {**params, "after": text}))
            expect(f"those after {text}", expected, seen)


@behaviour("fabmanager.dates.offset")
def test_an_offset_may_have_minutes(fabmanager: Target) -> None:
    params, within, middle = pivot(fabmanager)
    for minutes in (330, -210):
        local = moment(middle["start_at"]).astimezone(timezone(timedelta(minutes=minutes)))
        text = local.isoformat(timespec="milliseconds")
        seen = ids(listed(fabmanager, {**params, "after": text}))
        expect(f"those after {text}", starting_from(within, middle["start_at"]), seen)


@behaviour("fabmanager.dates.server_zone")
def test_without_an_offset_it_is_local_time(fabmanager: Target) -> None:
    params, within, middle = pivot(fabmanager)
    wall, day = middle["start_at"][:23], middle["start_at"][:10]
    seen = ids(listed(fabmanager, {**params, "after": wall}))
    expect(f"those after {wall}", starting_from(within, middle["start_at"]), seen)
    need(any(record["start_at"][:10] < day for record in within), "availabilities of two days")
    seen = ids(listed(fabmanager, {**params, "after": day}))
    expected = ids([record for record in within if record["start_at"][:10] >= day])
    expect(f"those after {day}", expected, seen)
    for end in (day, (moment(day) + timedelta(days=1)).date().isoformat()):
        expected = ids([record for record in within if ends_by_wall(record, end)])
        expect(f"those before {end}", expected, ids(listed(fabmanager, {**params, "before": end})))
    night = [
        record for record in within if record["start_at"][:10] != _day_in_utc(record["start_at"])
    ]
    need(night, "an availability that starts on another day in UTC than in the server's zone")
    for record in night[:3]:
        for day in (record["start_at"][:10], _day_in_utc(record["start_at"])):
            expected = ids([each for each in within if each["start_at"][:10] >= day])
            expect(
                f"those after {day}", expected, ids(listed(fabmanager, {**params, "after": day}))
            )


def ends_by_wall(record: Record, day: str) -> bool:
    """Return whether a record ends by the midnight, in its own offset, that a day begins with."""
    return record["end_at"] is not None and record["end_at"][:23] <= f"{day}T00:00:00.000"


def _day_in_utc(text: str) -> str:
    return moment(text).astimezone(UTC).date().isoformat()


@behaviour("fabmanager.dates.server_zone", needs=("data",))
def test_a_day_begins_at_local_midnight(fabmanager: Target) -> None:
    records = (availability(1, "2026-05-17T21:59:00Z"), availability(2, "2026-05-17T22:00:00Z"))
    with lab(fabmanager, *records, time_zone="Europe/Paris") as own:
        expect("those after 2026-05-18", [2], ids(listed(own, {"after": "2026-05-18"})))


@behaviour("fabmanager.dates.crossed")
def test_crossed_bounds_match_nothing(fabmanager: Target) -> None:
    _, _, middle = pivot(fabmanager)
    early, late = middle["start_at"], middle["end_at"]
    need(early < late, "an availability that lasts")
    params = {"after": early, "before": late}
    need(total(fabmanager, params), "an availability between the bounds")
    expect("how many match", 0, total(fabmanager, {"after": late, "before": early}))


NO_DATES = ("nonsense", "yesterday", "18/05/2016", "10:00", "may", "2016", "2016-05", "1463587228")


@behaviour("fabmanager.dates.kind", invalid=True)
def test_what_is_no_date_is_refused(fabmanager: Target) -> None:
    for name in ("after", "before"):
        for text in NO_DATES:
            answer = fabmanager.get(AVAILABILITIES, params={name: text}).expect_status(400)
            expect("the kind of error", BAD_REQUEST, answer.json["errors"][0])


@behaviour("fabmanager.dates.kind", live=True, invalid=True)
def test_dates_are_read_leniently(fabmanager: Target) -> None:
    params, _, middle = pivot(fabmanager)
    year, month, day = middle["start_at"][:10].split("-")
    strict = ids(listed(fabmanager, {**params, "after": f"{year}-{month}-{day}"}))
    lenient = ids(listed(fabmanager, {**params, "after": f"{day}/{month}/{year}"}))
    expect(f"those after {day}/{month}/{year}", strict, lenient)
    expect("how many are after nonsense", 0, total(fabmanager, {"after": "nonsense"}))
    for text in ("10:00", "may"):
        page(fabmanager, {"after": text})


@behaviour("fabmanager.dates.kind", live=True, invalid=True, needs=("data",))
def test_30_february_is_1_march(fabmanager: Target) -> None:
    records = (availability(1, "2016-02-29T12:00:00Z"), availability(2, "2016-03-01T12:00:00Z"))
    with lab(fabmanager, *records) as own:
        expect("those after 2016-02-30", [2], ids(listed(own, {"after": "2016-02-30"})))


IMPOSSIBLE = ("2016-13-45", "2016-05-18T25:00:00")


@behaviour("fabmanager.dates.out_of_range", invalid=True)
def test_dates_that_do_not_exist_are_refused(fabmanager: Target) -> None:
    for text in (*IMPOSSIBLE, "2016-02-30", "2015-02-29"):
        fabmanager.get(AVAILABILITIES, params={"after": text}).expect_status(400)


@behaviour("fabmanager.dates.out_of_range", live=True, invalid=True)
def test_impossible_parts_are_an_exception(fabmanager: Target) -> None:
    for text in IMPOSSIBLE:
        answer = fabmanager.get(AVAILABILITIES, params={"after": text}).expect_status(500)
        kind, message = answer.json["error"]
        expect("the kind of error", "Server error", kind)
        expect_that("its message", message.endswith("out of range"), "… out of range", message)


@behaviour("fabmanager.dates.gap", needs=("data",))
def test_times_that_the_zone_skips_or_has_twice(fabmanager: Target) -> None:
    records = [
        availability(1, "2026-03-29T01:15:00Z"),
        availability(2, "2026-03-29T01:30:00Z"),
        availability(3, "2026-10-25T00:15:00Z"),
        availability(4, "2026-10-25T00:30:00Z"),
    ]
    with lab(fabmanager, *records, time_zone="Europe/Paris") as own:
        skipped = {"after": "2026-03-29T02:30:00", "before": "2026-03-30"}
        expect("those after a time that is skipped", [2], ids(listed(own, skipped)))
        twice = {"after": "2026-10-25T02:30:00"}
        expect("those after a time that comes twice", [4], ids(listed(own, twice)))


def raw_plus(target: Target) -> tuple[dict[str, Any], str, list[int], list[int]]:
    """Return a window, a time in a zone far off, those after it, and those after its wall time."""
    params, within, middle = pivot(target)
    for record in sorted(within, key=lambda record: moment(record["start_at"]), reverse=True):
        local = moment(record["start_at"]).astimezone(timezone(timedelta(hours=9)))
        text = local.isoformat(timespec="milliseconds")
        exact = ids(listed(target, {**params, "after": text}))
        wall = ids(listed(target, {**params, "after": text[:23]}))
        if exact != wall:
            return params, text, exact, wall
        if record is middle:
            break
    need(False, "availabilities some hours apart")
    raise AssertionError


def after_raw(target: Target, params: dict[str, Any], text: str) -> list[int]:
    """Return the numbers of those after a time whose + is sent unencoded."""
    query = f"{AVAILABILITIES}?after={text}&per_page={params['per_page']}"
    return ids(target.records(target.get(query).expect_status(200)))


@behaviour("fabmanager.dates.raw_plus")
def test_an_unencoded_plus_is_understood(fabmanager: Target) -> None:
    params, text, exact, _ = raw_plus(fabmanager)
    expect(f"those after {text}, unencoded", exact, after_raw(fabmanager, params, text))


@behaviour("fabmanager.dates.raw_plus", live=True)
def test_an_unencoded_plus_drops_the_offset(fabmanager: Target) -> None:
    params, text, _, wall = raw_plus(fabmanager)
    expect(f"those after {text}, unencoded", wall, after_raw(fabmanager, params, text))


@behaviour("fabmanager.after.inclusive")
def test_after_the_far_future_there_is_nothing(fabmanager: Target) -> None:
    need(total(fabmanager), "an availability")
    expect("how many there are", 0, total(fabmanager, {"after": FAR_FUTURE}))
