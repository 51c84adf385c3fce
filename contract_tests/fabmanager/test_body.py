"""What an availability and its slots look like."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from fake_server.contract import (
    Target,
    behaviour,
    expect,
    expect_distinct,
    expect_ordered,
    expect_that,
    need,
)

from .helpers import (
    FAR_FUTURE,
    availability,
    dated,
    everything,
    ids,
    lab,
    listed,
    moment,
    newest,
    page,
)

MACHINES = [5, 9, 10, 15, 8, 12, 17, 16, 3, 2, 14, 18]
TYPES = {"Event", "Machine", "Space", "Training"}
KEYS = ["id", "start_at", "end_at", "created_at", "available_type", "available_ids", "slots"]


def documented(id_: int, day: str, created: str, first_slot: int) -> dict[str, Any]:
    """Return one availability of the document's example."""
    hours = [f"{day}T{hour}:00:00.000+02:00" for hour in (14, 15, 16, 17, 18)]
    return {
        "id": id_,
        "start_at": hours[0],
        "end_at": hours[4],
        "created_at": created,
        "available_type": "Machine",
        "available_ids": MACHINES,
        "slots": [
            {"id": first_slot + number, "start_at": hours[number], "end_at": hours[number + 1]}
            for number in range(4)
        ],
    }


EXAMPLE = [
    documented(5115, "2023-07-13", "2023-01-24T12:28:25.905+01:00", 17792),
    documented(5112, "2023-07-07", "2023-01-24T12:26:45.997+01:00", 17786),
    documented(5111, "2023-07-06", "2023-01-24T12:26:37.189+01:00", 17782),
]


@behaviour("fabmanager.availabilities.example", needs=("data",))
def test_the_documented_example(fabmanager: Target) -> None:
    with lab(fabmanager, *EXAMPLE) as own:
        answer = page(own, {"available_type": "Machine", "page": 1, "per_page": 3})
        answer.expect_json({"availabilities": EXAMPLE})


@behaviour("fabmanager.availabilities.keys")
def test_the_keys_and_their_order(fabmanager: Target) -> None:
    answer = page(fabmanager, {"per_page": 1})
    expect("the keys of the body", ["availabilities"], list(answer.json))
    records = everything(fabmanager)
    need(records, "an availability")
    for record in records:
        expect("the keys of an availability", KEYS, list(record))
        for slot in record["slots"]:
            expect("the keys of a slot", ["id", "start_at", "end_at"], list(slot))


@behaviour("fabmanager.availabilities.compact")
def test_the_json_is_compact(fabmanager: Target) -> None:
    answer = page(fabmanager, {"per_page": 3})
    answer.expect_header("Content-Type", "application/json; charset=utf-8")
    compact = json.dumps(answer.json, separators=(",", ":"), ensure_ascii=False)
    expect("the body", compact, answer.text)


@behaviour("fabmanager.availabilities.empty")
def test_an_empty_list(fabmanager: Target) -> None:
    need(newest(fabmanager), "an availability")
    for params in ({}, {"per_page": 3}, {"page": 2}, {"available_type": "Machine"}):
        answer = page(fabmanager, {"after": FAR_FUTURE, **params})
        expect("the body", '{"availabilities":[]}', answer.text)
        answer.expect_header("Total", "0")
        answer.expect_header("Per-Page", str(params.get("per_page", 20)))
        if "page" not in params:
            answer.expect_header("Link", None)


@behaviour("fabmanager.availabilities.type")
def test_the_types(fabmanager: Target) -> None:
    records = everything(fabmanager)
    need(records, "an availability")
    for record in records:
        # A record of another type is a damaged one; see fabmanager.availabilities.damaged.
        if record["available_type"] not in TYPES:
            expect("the available_ids of another type", [], record["available_ids"])
    seen = {record["available_type"] for record in records} & TYPES
    need(len(seen) > 1, "two of the types")


@behaviour("fabmanager.availabilities.available_ids")
def test_available_ids_are_numbers(fabmanager: Target) -> None:
    need(any(record["available_ids"] for record in newest(fabmanager)), "an available_ids")
    for record in everything(fabmanager):
        numbers = [value for value in record["available_ids"] if value is not None]
        whole = all(isinstance(value, int) and not isinstance(value, bool) for value in numbers)
        expect_that("available_ids", whole, "whole numbers", numbers)


@behaviour("fabmanager.availabilities.available_ids", needs=("data",))
def test_available_ids_keep_their_order(fabmanager: Target) -> None:
    record = availability(1, "2026-05-01T08:00:00Z", available_ids=MACHINES)
    with lab(fabmanager, record) as own:
        expect("available_ids", MACHINES, listed(own)[0]["available_ids"])


def events(target: Target) -> list[dict[str, Any]]:
    """Return the events of the list."""
    records = [record for record in everything(target) if record["available_type"] == "Event"]
    need(records, "an event")
    return records


@behaviour("fabmanager.availabilities.event_ids")
def test_an_event_has_one_number(fabmanager: Target) -> None:
    for event in events(fabmanager):
        numbers = event["available_ids"]
        right = not numbers or (len(numbers) == 1 and numbers[0] is not None)
        expect_that("the available_ids of an event", right, "one number, or none", numbers)


@behaviour("fabmanager.availabilities.event_ids", live=True)
def test_an_event_has_one_number_or_null(fabmanager: Target) -> None:
    records = events(fabmanager)
    for event in records:
        expect("how many available_ids an event has", 1, len(event["available_ids"]))
    need(any(event["available_ids"] == [None] for event in records), "an event that is missing")


MISSING_EVENT = availability(7, "2026-05-01T08:00:00Z", available_type="Event", available_ids=[])


@behaviour("fabmanager.availabilities.event_ids", needs=("data",))
def test_a_missing_event(fabmanager: Target) -> None:
    with lab(fabmanager, MISSING_EVENT) as own:
        expect("available_ids", [], listed(own)[0]["available_ids"])


@behaviour("fabmanager.availabilities.event_ids", live=True, needs=("data",))
def test_a_missing_event_is_null(fabmanager: Target) -> None:
    with lab(fabmanager, MISSING_EVENT) as own:
        expect("available_ids", [None], listed(own)[0]["available_ids"])


SOUND = availability(1, "2026-05-01T08:00:00Z")
DAMAGED = (
    {**availability(2, "2026-05-02T08:00:00Z"), "start_at": None},
    {**availability(3, "2026-05-03T08:00:00Z"), "end_at": None},
    availability(4, "2026-05-04T08:00:00Z", created_at=None),
    availability(5, "2026-05-05T08:00:00Z", available_type="Autre"),
)


@behaviour("fabmanager.availabilities.damaged", needs=("data",))
def test_damaged_records_are_not_listed(fabmanager: Target) -> None:
    with lab(fabmanager, SOUND, *DAMAGED) as own:
        answer = page(own)
        expect("what is listed", [1], ids(own.records(answer)))
        answer.expect_header("Total", "1")


@behaviour("fabmanager.availabilities.damaged")
def test_what_is_listed_is_sound(fabmanager: Target) -> None:
    records = everything(fabmanager)
    need(records, "an availability")
    expect("records that are damaged", [], damaged(records))
    need(False, "a damaged record that is not listed")


def damaged(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records without a time, or of another type."""
    sound = dated(records)
    return [
        record for record in records if record not in sound or record["available_type"] not in TYPES
    ]


@behaviour("fabmanager.availabilities.damaged", live=True)
def test_damaged_records_are_among_the_others(fabmanager: Target) -> None:
    records = everything(fabmanager)
    need(damaged(records), "a damaged record")
    unset = [index for index, record in enumerate(records) if record["start_at"] is None]
    expect("the places of those without a start", list(range(len(unset))), unset)
    for record in damaged(records):
        if record["available_type"] not in TYPES:
            expect("the available_ids of an odd type", [], record["available_ids"])


@behaviour("fabmanager.availabilities.damaged", live=True, needs=("data",))
def test_damaged_records_are_listed(fabmanager: Target) -> None:
    with lab(fabmanager, SOUND, *DAMAGED) as own:
        records = listed(own)
        expect("what is listed", [2, 5, 4, 3, 1], [record["id"] for record in records])
        by_id = {record["id"]: record for record in records}
        expect("a start that is not set", None, by_id[2]["start_at"])
        expect("an end that is not set", None, by_id[3]["end_at"])
        expect("a time of making that is not set", None, by_id[4]["created_at"])
        expect(
            "an odd type", ("Autre", []), (by_id[5]["available_type"], by_id[5]["available_ids"])
        )


UNTYPED = availability(2, "2026-05-02T08:00:00Z", available_type=None)


@behaviour("fabmanager.availabilities.untyped", needs=("data",))
def test_a_record_without_a_type_does_no_harm(fabmanager: Target) -> None:
    with lab(fabmanager, SOUND, UNTYPED) as own:
        expect("what is listed", [1], ids(listed(own)))


@behaviour("fabmanager.availabilities.untyped", live=True, needs=("data",))
def test_a_record_without_a_type_breaks_its_page(fabmanager: Target) -> None:
    with lab(fabmanager, SOUND, UNTYPED) as own:
        answer = own.get("/open_api/v1/availabilities", params={"per_page": 1}).expect_status(500)
        message = "undefined method `classify' for nil:NilClass"
        answer.expect_json({"error": ["Server error", message]})
        answer.expect_header("Total", "2").expect_header("Per-Page", "1")
        expect("the rels of its Link", ["last", "next"], list(answer.links))


@behaviour("fabmanager.availabilities.all_listed")
def test_the_past_is_listed(fabmanager: Target) -> None:
    now = fabmanager.now().isoformat(timespec="seconds")
    past = fabmanager.total(page(fabmanager, {"before": now, "per_page": 1}))
    future = fabmanager.total(page(fabmanager, {"after": now, "per_page": 1}))
    need(past, "an availability of the past")
    whole = fabmanager.total(page(fabmanager, {"per_page": 1}))
    expect_that("the whole list", whole >= past + future, f"{past + future} or more", whole)


@behaviour("fabmanager.availabilities.all_listed", needs=("data",))
def test_the_past_is_listed_like_the_future(fabmanager: Target) -> None:
    past = availability(1, "2001-01-01T08:00:00Z")
    with lab(fabmanager, past, availability(2, "2101-01-01T08:00:00Z")) as own:
        expect("what is listed", [1, 2], ids(listed(own)))


def spans(record: dict[str, Any]) -> Iterator[timedelta]:
    """Go through the lengths of an availability's slots."""
    for slot in record["slots"]:
        yield moment(slot["end_at"]) - moment(slot["start_at"])


@behaviour("fabmanager.slots.by_type")
def test_slots_of_machines_and_spaces_are_equal(fabmanager: Target) -> None:
    cut = [
        record
        for record in dated(everything(fabmanager))
        if record["available_type"] in {"Machine", "Space"}
    ]
    need(any(len(record["slots"]) > 1 for record in cut), "a machine or space with two slots")
    for record in cut:
        expect_that("slot lengths", len(set(spans(record))) <= 1, "equal ones", record["slots"])
        in_order = sorted(record["slots"], key=lambda slot: moment(slot["start_at"]))
        edges = [moment(record["start_at"]), *(moment(slot["end_at"]) for slot in in_order)]
        begins = [moment(slot["start_at"]) for slot in in_order]
        expect("where each slot begins", edges[:-1], begins)
        rest = moment(record["end_at"]) - edges[-1]
        short = timedelta(0) <= rest and (not begins or rest < next(spans(record)))
        expect_that("what no slot covers", short, "less than a slot", rest)


@behaviour("fabmanager.slots.by_type")
def test_slots_of_trainings_and_events_are_one(fabmanager: Target) -> None:
    kinds = {"Training", "Event"}
    records = [
        record for record in dated(everything(fabmanager)) if record["available_type"] in kinds
    ]
    need(records, "a training or event")
    for record in records:
        whole = [(record["start_at"], record["end_at"])]
        seen = [(slot["start_at"], slot["end_at"]) for slot in record["slots"]]
        expect("the slots of a training or event", whole, seen)


@behaviour("fabmanager.slots.by_type", needs=("data",))
def test_the_remainder_has_no_slot(fabmanager: Target) -> None:
    record = availability(1, "2026-05-01T08:00:00Z", "2026-05-01T10:30:00Z", slot_minutes=60)
    with lab(fabmanager, record) as own:
        expect("how many slots there are", 2, len(listed(own)[0]["slots"]))


@behaviour("fabmanager.slots.order")
def test_slots_are_in_order(fabmanager: Target) -> None:
    records = everything(fabmanager)
    need(any(len(record["slots"]) > 1 for record in records), "two slots")
    for record in records:
        expect_ordered(
            "slots", record["slots"], lambda slot: (moment(slot["start_at"]), slot["id"])
        )
        expect_distinct("slots", [slot["id"] for slot in record["slots"]])


def slot(id_: int, hour: int) -> dict[str, Any]:
    """Return a slot of an hour."""
    start, end = f"2026-05-01T{hour:02}:00:00Z", f"2026-05-01T{hour + 1:02}:00:00Z"
    return {"id": id_, "start_at": start, "end_at": end}


SHUFFLED = availability(
    1, "2026-05-01T08:00:00Z", slots=[slot(11, 9), slot(13, 8), slot(12, 8), slot(10, 10)]
)


@behaviour("fabmanager.slots.order", needs=("data",))
def test_slots_that_were_stored_in_disorder(fabmanager: Target) -> None:
    with lab(fabmanager, SHUFFLED) as own:
        expect("the slots", [12, 13, 11, 10], [row["id"] for row in listed(own)[0]["slots"]])


@behaviour("fabmanager.slots.order", live=True)
def test_slots_come_in_another_order(fabmanager: Target) -> None:
    moved = []
    for record in everything(fabmanager):
        keys = [(moment(slot["start_at"]), slot["id"]) for slot in record["slots"]]
        expect_distinct("slots", [slot["id"] for slot in record["slots"]])
        moved += [keys] if keys != sorted(keys) else []
    need(moved, "a slot that has moved")


@behaviour("fabmanager.slots.order", live=True, needs=("data",))
def test_slots_come_as_they_are_stored(fabmanager: Target) -> None:
    with lab(fabmanager, SHUFFLED) as own:
        expect("the slots", [11, 13, 12, 10], [row["id"] for row in listed(own)[0]["slots"]])
