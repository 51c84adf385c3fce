"""Lists of numbers, types, users, and filters together."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import (
    AVAILABILITIES,
    FAR_FUTURE,
    NOBODY,
    Record,
    availability,
    dated,
    ends_by,
    everything,
    ids,
    lab,
    listed,
    moment,
    newest,
    page,
    starts,
    total,
    window,
)

TYPES = ("Event", "Machine", "Space", "Training")
LARGEST = "9" * 18
TOO_LARGE = "9" * 19


def two_ids(target: Target) -> tuple[int, int]:
    """Return the numbers of two availabilities."""
    seen = ids(newest(target))
    need(len(seen) > 2, "three availabilities")
    return seen[0], seen[-1]


def bookable(
    target: Target, *, several: bool = False
) -> tuple[dict[str, Any], list[Record], Record]:
    """Return a window, its records, and one whose available_ids some others lack."""
    params, within = window(target)
    least = 2 if several else 1
    records = [record for record in within if len(record["available_ids"]) >= least]
    need(records, f"an availability with {least} available_ids")
    return params, within, records[0]


def offering(within: list[Record], kind: str, number: int) -> list[int]:
    """Return the numbers of those of a type that offer a reservable."""
    return ids(
        [
            record
            for record in within
            if record["available_type"] == kind and number in record["available_ids"]
        ]
    )


@behaviour("fabmanager.filters.all")
def test_filters_are_joined_by_and(fabmanager: Target) -> None:
    params, within = window(fabmanager)
    kind = within[0]["available_type"]
    need(any(record["available_type"] != kind for record in within), "two types")
    known = dated(within)
    need(known, "an availability whose times are set")
    bound = sorted(known, key=lambda record: moment(record["end_at"]))[len(known) // 2]["end_at"]
    expected = [
        record for record in within if record["available_type"] == kind and ends_by(record, bound)
    ]
    seen = listed(fabmanager, {**params, "available_type": kind, "before": bound})
    expect("those that pass all filters", ids(expected), ids(seen))


@behaviour("fabmanager.filters.blank")
def test_blank_parameters_are_none(fabmanager: Target) -> None:
    plain = page(fabmanager)
    need(fabmanager.records(plain), "an availability")
    need(total(fabmanager, {"after": FAR_FUTURE}) == 0, "a filter that leaves something out")
    names = ("after", "before", "user_id", "available_type", "available_id", "id", "page")
    for name in names:
        answer = page(fabmanager, {name: ""})
        answer.expect_header("Total", plain.headers.get("Total"))
        seen = starts(fabmanager.records(answer))
        expect(f"the list with {name}=", starts(fabmanager.records(plain)), seen)
    for name in (*names, "per_page", "id[]"):
        answer = fabmanager.get(f"{AVAILABILITIES}?{name}").expect_status(200)
        seen = starts(fabmanager.records(answer))
        expect(f"the list with {name} only named", starts(fabmanager.records(plain)), seen)


@behaviour("fabmanager.filters.unknown")
def test_unknown_parameters_are_ignored(fabmanager: Target) -> None:
    plain = page(fabmanager)
    need(fabmanager.records(plain), "an availability")
    need(total(fabmanager, {"after": FAR_FUTURE}) == 0, "a filter that leaves something out")
    for query in ({"unknown": "1"}, {"sort": "id"}, {"filter[id]": "1"}):
        answer = page(fabmanager, query)
        answer.expect_header("Total", plain.headers.get("Total"))
        seen = starts(fabmanager.records(answer))
        expect(f"the list with {query}", starts(fabmanager.records(plain)), seen)


@behaviour("fabmanager.lists.forms")
def test_forms_of_several_ids(fabmanager: Target) -> None:
    first, second = two_ids(fabmanager)
    expect("id with one number", [first], ids(listed(fabmanager, {"id": first})))
    for params in (
        {"id[]": [first, second]},
        {"id": f"[{first},{second}]"},
        {"id": f"[{first}, {second}]"},
        {"id": f"[{first}, {second}, {NOBODY}]"},
        {"id[]": [NOBODY, first, second]},
    ):
        expect(f"those with {params}", [first, second], ids(listed(fabmanager, params)))


@behaviour("fabmanager.lists.forms")
def test_forms_of_several_reservables(fabmanager: Target) -> None:
    params, within, record = bookable(fabmanager)
    kind, number = record["available_type"], record["available_ids"][0]
    expected = offering(within, kind, number)
    for form in (
        {"available_id": number},
        {"available_id": f"[{number},{NOBODY}]"},
        {"available_id[]": [NOBODY, number]},
    ):
        seen = ids(listed(fabmanager, {**params, "available_type": kind, **form}))
        expect(f"those with {form}", expected, seen)


@behaviour("fabmanager.lists.forms")
def test_forms_of_several_users(fabmanager: Target) -> None:
    plain = total(fabmanager, {"user_id": "[1,2]"})
    need(total(fabmanager, {"id": "[]"}) < total(fabmanager), "an availability")
    for params in ({"user_id[]": [1, 2]}, {"user_id": "[1, 2]"}, {"user_id": "[2,1]"}):
        expect(f"how many there are with {params}", plain, total(fabmanager, params))


@behaviour("fabmanager.lists.empty")
def test_empty_brackets_match_nothing(fabmanager: Target) -> None:
    need(newest(fabmanager), "an availability")
    expect("how many there are with id=[]", 0, total(fabmanager, {"id": "[]"}))
    kind = newest(fabmanager)[0]["available_type"]
    params = {"available_type": kind, "available_id": "[]"}
    expect(f"how many there are with {params}", 0, total(fabmanager, params))


@behaviour("fabmanager.lists.comma", invalid=True)
def test_commas_alone_are_refused(fabmanager: Target) -> None:
    for name in ("id", "user_id"):
        fabmanager.get(AVAILABILITIES, params={name: "1,2"}).expect_status(400)


@behaviour("fabmanager.lists.comma", live=True, invalid=True)
def test_commas_alone_count_as_the_first_number(fabmanager: Target) -> None:
    first, second = two_ids(fabmanager)
    seen = ids(listed(fabmanager, {"id": f"{first},{second}"}))
    expect(f"those with id={first},{second}", [first], seen)


@behaviour("fabmanager.lists.large")
def test_numbers_that_no_record_has(fabmanager: Target) -> None:
    need(total(fabmanager), "an availability")
    for number in (NOBODY, LARGEST, f"-{LARGEST}"):
        expect(f"how many there are with id={number}", 0, total(fabmanager, {"id": number}))


@behaviour("fabmanager.lists.large", invalid=True)
def test_numbers_that_are_too_large(fabmanager: Target) -> None:
    fabmanager.get(AVAILABILITIES, params={"id": TOO_LARGE}).expect_status(400)


@behaviour("fabmanager.lists.large", live=True, invalid=True)
def test_numbers_of_any_size_match_nothing(fabmanager: Target) -> None:
    need(total(fabmanager), "an availability")
    for number in (LARGEST, TOO_LARGE, "9" * 40):
        expect(f"how many there are with id={number}", 0, total(fabmanager, {"id": number}))


@behaviour("fabmanager.availabilities.user_id")
def test_nobody_holds_a_reservation(fabmanager: Target) -> None:
    need(total(fabmanager), "an availability")
    seen = total(fabmanager, {"user_id": NOBODY})
    expect("how many there are of a user that nobody is", 0, seen)


def _booked(id_: int, day: int, *users: int) -> Record:
    start, end = f"2026-05-{day:02}T08:00:00Z", f"2026-05-{day:02}T09:00:00Z"
    slots = [{"id": id_ * 10, "start_at": start, "end_at": end, "user_ids": list(users)}]
    return availability(id_, start, end, slots=slots)


@behaviour("fabmanager.availabilities.user_id", needs=("data",))
def test_reservations_of_users(fabmanager: Target) -> None:
    with lab(
        fabmanager, _booked(1, 1, 4), _booked(2, 2, 7, 4), _booked(3, 3, 9), _booked(4, 4)
    ) as own:
        expect("those of user 4", [1, 2], ids(listed(own, {"user_id": 4})))
        expect("those of user 9", [3], ids(listed(own, {"user_id": 9})))
        answer = page(own, {"user_id": "[7,9]"})
        expect("those of users 7 and 9", [2, 3], ids(own.records(answer)))
        answer.expect_header("Total", "2")


@behaviour("fabmanager.availabilities.user_id", live=True)
def test_user_id_is_ignored(fabmanager: Target) -> None:
    need(total(fabmanager), "an availability")
    plain = page(fabmanager)
    for user in (NOBODY, 1, "[1,2]"):
        answer = page(fabmanager, {"user_id": user})
        answer.expect_header("Total", plain.headers.get("Total"))
        seen = starts(fabmanager.records(answer))
        expect(f"the list with user_id={user}", starts(fabmanager.records(plain)), seen)


@behaviour("fabmanager.availabilities.available_type")
def test_a_type_keeps_its_own(fabmanager: Target) -> None:
    params, within = window(fabmanager)
    for kind in TYPES:
        expected = ids([record for record in within if record["available_type"] == kind])
        seen = ids(listed(fabmanager, {**params, "available_type": kind}))
        expect(f"those of type {kind}", expected, seen)


@behaviour("fabmanager.availabilities.available_type")
def test_types_partition_the_list(fabmanager: Target) -> None:
    whole = total(fabmanager)
    need(whole, "an availability")
    parts = [total(fabmanager, {"available_type": kind}) for kind in TYPES]
    need(sum(1 for part in parts if part) > 1, "two types")
    records = everything(fabmanager)
    if len(records) == whole:
        # A damaged record, which only the live service lists, may be of no type.
        whole = sum(1 for record in records if record["available_type"] in TYPES)
        expect("the sum over the types", whole, sum(parts))
    expect_that("the sum over the types", sum(parts) <= whole, f"{whole} at most", sum(parts))


@behaviour("fabmanager.availabilities.available_type.kind", invalid=True)
def test_other_types_are_refused(fabmanager: Target) -> None:
    for kind in ("machine", "Machines", "Autre", "1"):
        fabmanager.get(AVAILABILITIES, params={"available_type": kind}).expect_status(400)


@behaviour("fabmanager.availabilities.available_type.kind", live=True, invalid=True)
def test_other_types_match_nothing(fabmanager: Target) -> None:
    need(total(fabmanager), "an availability")
    for kind in ("machine", "Autre"):
        seen = total(fabmanager, {"available_type": kind})
        expect(f"how many there are of type {kind}", 0, seen)
    params = {"available_type": "Autre", "available_id": "1"}
    answer = fabmanager.get(AVAILABILITIES, params=params).expect_status(500)
    answer.expect_json({"error": ["Server error", "no implicit conversion of nil into String"]})


@behaviour("fabmanager.availabilities.available_id")
def test_a_reservable_keeps_what_offers_it(fabmanager: Target) -> None:
    params, within, record = bookable(fabmanager)
    kind, number = record["available_type"], record["available_ids"][0]
    seen = ids(listed(fabmanager, {**params, "available_type": kind, "available_id": number}))
    expect(f"those that offer {kind} {number}", offering(within, kind, number), seen)
    nobody = {"available_type": kind, "available_id": NOBODY}
    expect("how many offer what is not there", 0, total(fabmanager, nobody))


@behaviour("fabmanager.availabilities.available_id", needs=("data",))
def test_a_reservable_is_one_of_its_type(fabmanager: Target) -> None:
    records = (
        availability(1, "2026-05-01T08:00:00Z", available_ids=[1, 2]),
        availability(2, "2026-05-02T08:00:00Z", available_ids=[3]),
        availability(3, "2026-05-03T08:00:00Z", available_type="Space", available_ids=[1]),
        availability(4, "2026-05-04T08:00:00Z", available_type="Training", available_ids=[1]),
        availability(5, "2026-05-05T08:00:00Z", available_type="Event", available_ids=[1]),
    )
    with lab(fabmanager, *records) as own:
        for kind, expected in (("Machine", [1]), ("Space", [3]), ("Training", [4]), ("Event", [5])):
            seen = ids(listed(own, {"available_type": kind, "available_id": 1}))
            expect(f"those that offer {kind} 1", expected, seen)


@behaviour("fabmanager.availabilities.available_id.needs_type")
def test_a_reservable_without_a_type_is_ignored(fabmanager: Target) -> None:
    params, within, record = bookable(fabmanager)
    number = record["available_ids"][0]
    need(
        any(number not in record["available_ids"] for record in within),
        "one that does not offer it",
    )
    offered = {**params, "available_type": record["available_type"], "available_id": number}
    expect_that("those that offer it", total(fabmanager, offered) < len(within), "fewer", "all")
    seen = ids(listed(fabmanager, {**params, "available_id": number}))
    expect("the list", ids(within), seen)


def several(target: Target) -> tuple[Target, dict[str, Any], list[Record], str, list[int]]:
    """Return parameters for two reservables that one availability offers both."""
    params, within, record = bookable(target, several=True)
    kind, numbers = record["available_type"], record["available_ids"][:2]
    text = f"[{numbers[0]},{numbers[1]}]"
    return target, {**params, "available_type": kind, "available_id": text}, within, kind, numbers


@behaviour("fabmanager.availabilities.available_id.distinct")
def test_several_matches_count_once(fabmanager: Target) -> None:
    _, params, within, kind, numbers = several(fabmanager)
    answer = page(fabmanager, params)
    expected = sorted({id_ for number in numbers for id_ in offering(within, kind, number)})
    expect("those that offer one of two", expected, ids(fabmanager.records(answer)))
    answer.expect_header("Total", str(len(expected)))


@behaviour("fabmanager.availabilities.available_id.distinct", live=True)
def test_several_matches_count_severally(fabmanager: Target) -> None:
    _, params, within, kind, numbers = several(fabmanager)
    expected = sorted(id_ for number in numbers for id_ in offering(within, kind, number))
    expect("the total", len(expected), total(fabmanager, {**params, "per_page": 1}))
    need(len(expected) <= 100, "fewer than 100 matches")
    expect("those that offer one of two", expected, ids(listed(fabmanager, params)))


@behaviour("fabmanager.availabilities.id")
def test_id_keeps_these(fabmanager: Target) -> None:
    first, second = two_ids(fabmanager)
    expect("the one asked for", [first], ids(listed(fabmanager, {"id": first})))
    known = newest(fabmanager)[:3]
    for record in known:
        expect("the record asked for", [record], listed(fabmanager, {"id": record["id"]}))
    three = str(ids(known))
    expect(f"those of {three}", ids(known), ids(listed(fabmanager, {"id": three})))
    twice = f"[{first},{first}]"
    expect(f"those of {twice}", [first], ids(listed(fabmanager, {"id": twice})))
    answer = page(fabmanager, {"id": f"[{first},{second},{NOBODY}]"})
    expect("the two asked for", [first, second], ids(fabmanager.records(answer)))
    answer.expect_header("Total", "2")
    expect_that(
        "id=0", 0 not in ids(listed(fabmanager, {"id": 0})) or first == 0, "nothing", "some"
    )
