"""Reservations, and the availabilities whose slots they hold."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import Record, moment
from .lists import (
    BASE,
    MANY,
    ask,
    count,
    expect_dates,
    expect_filter,
    expect_order,
    numbers,
    rows,
    some,
)
from .reservations import RESERVATION_KEYS

HOURS = [f"2026-05-01T{hour:02}:00:00Z" for hour in (8, 9, 10)]

KINDS = ("Event", "Machine", "Space", "Training")

SLOT_KEYS = ["canceled_at", "availability_id", "start_at", "end_at"]


@behaviour("fabmanager.reservations.list")
def test_reservations_are_listed(fabmanager: Target) -> None:
    records = some(fabmanager, "reservations")
    expect_order(records, "created_at", newest_first=True)
    own = [record for record in records if record["user_id"] is not None]
    need(own, "a reservation of a user")
    for record in own:
        expect(f"the keys of {record['id']}", RESERVATION_KEYS, list(record))
        expect("its user", record["user_id"], record["user"]["id"])
        expect("what is reserved", record["reservable_id"], record["reservable"]["id"])
        expect(
            "the keys of its slots",
            [SLOT_KEYS] * len(record["reserved_slots"]),
            [list(slot) for slot in record["reserved_slots"]],
        )
    ask(fabmanager, "reservations").expect_header("Per-Page", "20")


@behaviour("fabmanager.reservations.filters")
def test_reservations_of_users_and_things(fabmanager: Target) -> None:
    expect_filter(fabmanager, "reservations", "user_id", "user_id")
    expect_filter(fabmanager, "reservations", "reservable_id", "reservable_id")
    expect_dates(fabmanager, "reservations", "created_at")


@behaviour("fabmanager.reservations.availability_id")
def test_reservations_of_an_availability(fabmanager: Target) -> None:
    records = some(fabmanager, "reservations")
    # Slots that the filter leaves out show where a reservation has some in another availability.
    widest = max(records, key=lambda record: len(_availabilities_of(record)))
    availability = widest["reserved_slots"][0]["availability_id"]
    listed = rows(fabmanager, "reservations", {"availability_id": availability, "per_page": MANY})
    need(len(listed) < MANY, "an availability with fewer reservations")
    expect("that each comes once", len(listed), len({record["id"] for record in listed}))
    for record in listed:
        held = _availabilities_of(record)
        expect_that(f"{record['id']}", availability in held, str(availability), str(held))
    whole = {record["id"]: record["reserved_slots"] for record in records}
    for record in listed:
        if record["id"] in whole:
            expect("all its slots", _sorted(whole[record["id"]]), _sorted(record["reserved_slots"]))


@behaviour("fabmanager.reservations.availability_id", needs=("data",))
def test_a_reservation_in_two_availabilities_keeps_its_slots(fabmanager: Target) -> None:
    with fabmanager.fresh(MADE) as own:
        for availability in (1, 2):
            kept = rows(own, "reservations", {"availability_id": availability})
            slots: list[Record] = next(
                (row["reserved_slots"] for row in kept if row["id"] == 4), []
            )
            seen = sorted(slot["availability_id"] for slot in slots)
            expect(f"the slots that availability_id={availability} shows", [1, 2], seen)


def _availabilities_of(record: Record) -> set[int]:
    return {slot["availability_id"] for slot in record["reserved_slots"]}


def _sorted(slots: list[Record]) -> list[Record]:
    return sorted(slots, key=lambda slot: (slot["start_at"], slot["availability_id"]))


@behaviour("fabmanager.reservations.reservable_type", invalid=True)
def test_types_of_reservations(fabmanager: Target) -> None:
    _expect_types(fabmanager)
    for word in ("machine", "Machines", "Foo"):
        params = {"reservable_type": word}
        fabmanager.get(f"{BASE}/reservations", params=params).expect_status(400)


@behaviour("fabmanager.reservations.reservable_type", live=True, invalid=True)
def test_words_for_types_of_reservations(fabmanager: Target) -> None:
    _expect_types(fabmanager)
    machines = count(fabmanager, "reservations", {"reservable_type": "Machine"})
    need(machines, "a reservation of a machine")
    for word in ("machine", "machines", "Machines"):
        expect(
            f"how many of {word}",
            machines,
            count(fabmanager, "reservations", {"reservable_type": word}),
        )
    for word in ("MACHINE", "foo/bar", "[Machine,Space]"):
        expect(
            f"how many of {word}", 0, count(fabmanager, "reservations", {"reservable_type": word})
        )
    answer = fabmanager.get(f"{BASE}/reservations", params={"reservable_type[]": "Machine"})
    message = 'undefined method `singularize\' for ["Machine"]:Array'
    answer.expect_status(500).expect_json({"error": ["Server error", message]})


def _expect_types(target: Target) -> None:
    need(some(target, "reservations"), "a reservation")
    for kind in KINDS:
        listed = rows(target, "reservations", {"reservable_type": kind})
        others = {record["reservable_type"] for record in listed} - {kind}
        expect(f"other types with {kind}", set(), others)
    parts = sum(count(target, "reservations", {"reservable_type": kind}) for kind in KINDS)
    expect("the sum over the types", count(target, "reservations", {}), parts)


@behaviour("fabmanager.reservations.slots")
def test_slots_are_those_of_availabilities(fabmanager: Target) -> None:
    for record in some(fabmanager, "reservations")[:20]:
        slots = record["reserved_slots"]
        starts = [moment(slot["start_at"]) for slot in slots]
        expect(f"the order of the slots of {record['id']}", sorted(starts), starts)
        _expect_slots(fabmanager, slots)


@behaviour("fabmanager.reservations.slots", needs=("data",))
def test_slots_are_in_the_order_of_their_start(fabmanager: Target) -> None:
    with fabmanager.fresh(MADE) as own:
        slots = {record["id"]: record["reserved_slots"] for record in rows(own, "reservations")}
        starts = [moment(slot["start_at"]) for slot in slots[1]]
        expect("the order of the slots", sorted(starts), starts)


@behaviour("fabmanager.reservations.slots", live=True, needs=("data",))
def test_slots_are_in_the_order_of_the_database(fabmanager: Target) -> None:
    with fabmanager.fresh(MADE) as own:
        slots = {record["id"]: record["reserved_slots"] for record in rows(own, "reservations")}
        starts = [moment(slot["start_at"]).hour for slot in slots[1]]
        expect("the order of the slots", sorted(starts, reverse=True), starts)
        _expect_slots(own, slots[1])


def _expect_slots(target: Target, slots: list[Record]) -> None:
    ids = sorted({slot["availability_id"] for slot in slots})
    offers = rows(target, "availabilities", {"id[]": ids, "per_page": MANY})
    offered = {
        (offer["id"], slot["start_at"], slot["end_at"])
        for offer in offers
        for slot in offer["slots"]
    }
    held = {(slot["availability_id"], slot["start_at"], slot["end_at"]) for slot in slots}
    expect("slots that no availability has", set(), held - offered)


MADE: dict[str, Any] = {
    "machines": {"records": [{"id": 1, "name": "Saw", "slug": "saw"}]},
    "users": {"records": [{"id": 4, "first_name": "Ada", "last_name": "Byron"}]},
    "availabilities": {
        "records": [
            {
                "id": 1,
                "start_at": "2026-05-01T08:00:00Z",
                "end_at": "2026-05-01T10:00:00Z",
                "available_type": "Machine",
                "available_ids": [1],
                "slots": [
                    {
                        "id": 11,
                        "start_at": "2026-05-01T08:00:00Z",
                        "end_at": "2026-05-01T09:00:00Z",
                    },
                    {
                        "id": 12,
                        "start_at": "2026-05-01T09:00:00Z",
                        "end_at": "2026-05-01T10:00:00Z",
                    },
                ],
            },
            {
                "id": 2,
                "start_at": "2026-05-02T08:00:00Z",
                "end_at": "2026-05-02T09:00:00Z",
                "available_type": "Machine",
                "available_ids": [1],
                "slots": [
                    {"id": 21, "start_at": "2026-05-02T08:00:00Z", "end_at": "2026-05-02T09:00:00Z"}
                ],
            },
        ]
    },
    "reservations": {
        "records": [
            {
                "id": 1,
                "user_id": 4,
                "reserved_slots": [
                    {"slot_id": 12, "availability_id": 1},
                    {"slot_id": 11, "availability_id": 1},
                ],
            },
            {
                "id": 2,
                "user_id": None,
                "reserved_slots": [
                    {"slot_id": 21, "availability_id": 2, "canceled_at": "2026-04-30T08:00:00Z"}
                ],
            },
            {
                "id": 4,
                "user_id": None,
                "reserved_slots": [
                    {"slot_id": 11, "availability_id": 1},
                    {"slot_id": 21, "availability_id": 2},
                ],
            },
            {
                "id": 3,
                "user_id": 4,
                "reserved_slots": [
                    {"slot_id": 21, "availability_id": 2, "canceled_at": "2026-04-30T08:00:00Z"}
                ],
            },
        ]
    },
}


@behaviour("fabmanager.reservations.deleted_user", needs=("data",))
def test_a_deleted_account_is_no_user(fabmanager: Target) -> None:
    with fabmanager.fresh(MADE) as own:
        listed = {record["id"]: record for record in rows(own, "reservations")}
        expect("the user_id", None, listed[2]["user_id"])
        expect("the keys", [key for key in RESERVATION_KEYS if key != "user"], list(listed[2]))
        expect("the user of another", 4, listed[1]["user"]["id"])


@behaviour("fabmanager.reservations.availabilities", needs=("data",))
def test_who_holds_slots_of_an_availability(fabmanager: Target) -> None:
    with fabmanager.fresh(MADE) as own:
        expect("of user 4", [1], numbers(rows(own, "availabilities", {"user_id": 4})))
        expect("of the user", [1, 3], numbers(rows(own, "reservations", {"user_id": 4})))
        second = numbers(rows(own, "reservations", {"availability_id": 2}))
        expect("of the second", [2, 3, 4], second)


@behaviour("fabmanager.reservations.availabilities", live=True, needs=("data",))
def test_reservations_alone_tell_who_holds_slots(fabmanager: Target) -> None:
    with fabmanager.fresh(MADE) as own:
        expect("of user 4", [1, 2], numbers(rows(own, "availabilities", {"user_id": 4})))
        expect("of the user", [1, 3], numbers(rows(own, "reservations", {"user_id": 4})))
