"""How lists are sorted."""

from datetime import date, timedelta
from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_distinct, expect_ordered, need

from .helpers import (
    CAMPUS,
    CURSUS,
    SLOTS,
    WORK,
    graph_of_window,
    ids,
    known_ids,
    listed,
    school,
    slot,
    window,
    within,
    work_on,
)

FIELDS = ("id", "begin_at", "end_at", "user_id", "created_at", "scale_team_id")


def evaluation(record: dict[str, Any]) -> tuple[bool, int]:
    """Return the sort key of a slot for `scale_team_id`."""
    team = record["scale_team"]
    return (True, 0) if team is None else (False, team["id"])


def downwards(record: dict[str, Any]) -> tuple[bool, int]:
    """Return the sort key of a slot for `-scale_team_id`."""
    free, number = evaluation(record)
    return not free, -number


@behaviour("intra42.sort.fields")
def test_the_first_field_counts_most(intra42: Target) -> None:
    seen = within(intra42, WORK, sort="status,-project_id,id")
    need(
        len({(record["status"], record["project"]["id"]) for record in seen}) < len(seen),
        "equal ones",
    )
    expect_ordered(
        "the list", seen, lambda record: (record["status"], -record["project"]["id"], record["id"])
    )
    need(len({record["status"] for record in seen}) > 1, "two statuses")
    reordered = within(intra42, WORK, sort="-project_id,status,-id")
    expected = sorted(
        seen, key=lambda record: (-record["project"]["id"], record["status"], -record["id"])
    )
    expect("the list by other fields", ids(expected), ids(reordered))


@behaviour("intra42.sort.fields")
def test_slots_by_several_fields(intra42: Target) -> None:
    _, records = window(intra42, SLOTS)
    need(len({record["scale_team"] is None for record in records}) > 1, "free and booked slots")
    for sort, key in (
        ("-scale_team_id,id", lambda record: (*downwards(record), record["id"])),
        ("begin_at,-id", lambda record: (record["begin_at"], -record["id"])),
        ("-id,begin_at", lambda record: -record["id"]),
    ):
        expected = sorted(records, key=key)
        expect(f"slots by {sort}", ids(expected), ids(within(intra42, SLOTS, sort=sort)))


@behaviour("intra42.sort.fields", needs=("data",))
def test_the_documented_order(intra42: Target) -> None:
    slots = [
        slot(1, "2026-05-05T08:00:00Z", created_at="2026-05-01T08:00:00Z", scale_team_id=9),
        slot(2, "2026-05-04T08:00:00Z", created_at="2026-05-02T08:00:00Z", scale_team_id=8),
        slot(3, "2026-05-03T08:00:00Z", created_at="2026-05-02T08:00:00Z", scale_team_id=7),
        slot(4, "2026-05-02T08:00:00Z", created_at="2026-05-03T08:00:00Z", scale_team_id=10),
    ]
    with school(intra42, slots=slots) as own:
        seen = listed(own, SLOTS, {"sort": "-created_at,scale_team_id"})
        expect("slots by -created_at,scale_team_id", [4, 3, 2, 1], ids(seen))


@behaviour("intra42.sort.slots")
def test_slots_by_what_they_show(intra42: Target) -> None:
    _, records = window(intra42, SLOTS)
    need(len({record["begin_at"] for record in records}) > 1, "slots that begin at two times")
    for field, key in (
        ("id", lambda record: record["id"]),
        ("begin_at", lambda record: record["begin_at"]),
        ("end_at", lambda record: (record["end_at"] is None, record["end_at"] or "")),
        ("scale_team_id", evaluation),
    ):
        rising = within(intra42, SLOTS, sort=field)
        expect("how many there are", len(records), len(rising))
        expect_ordered(f"slots by {field}", rising, key)
        falling = within(intra42, SLOTS, sort=f"-{field}")
        expect_ordered(f"slots by -{field}", falling, key, descending=True)


@behaviour("intra42.sort.slots")
def test_slots_by_what_they_hide(intra42: Target) -> None:
    for field in ("user_id", "created_at"):
        rising = ids(within(intra42, SLOTS, sort=f"{field},id"))
        falling = ids(within(intra42, SLOTS, sort=f"-{field},-id"))
        expect(f"the order by {field}, reversed", rising[::-1], falling)
    days = graph_of_window(intra42, SLOTS, "on/created_at/by/day")
    later = [day for day, number in days.items() if number][1:]
    need(later, "slots created on two days")
    before = (date.fromisoformat(later[0]) - timedelta(days=1)).isoformat()
    until = {"range[created_at]": f",{before}T23:59:59.999Z"}
    early = within(intra42, SLOTS, sort="created_at,id", **until)
    expect("those created first", rising[: len(early)], ids(early))
    expect("how many were created first", days[next(iter(days))], len(early))


HIDDEN = [
    slot(1, "2026-05-05T08:00:00Z", user_id=3, created_at="2026-05-01T08:00:00Z"),
    slot(2, "2026-05-04T08:00:00Z", user_id=1, created_at="2026-05-02T08:00:00Z"),
    slot(3, "2026-05-03T08:00:00Z", user_id=4, created_at="2026-04-30T08:00:00Z"),
    slot(4, "2026-05-02T08:00:00Z", user_id=2, created_at="2026-05-03T08:00:00Z"),
]


@behaviour("intra42.sort.slots", needs=("data",))
def test_slots_by_user_and_time_of_making(intra42: Target) -> None:
    with school(intra42, slots=HIDDEN) as own:
        for sort, expected in (
            ("user_id", [2, 4, 1, 3]),
            ("-user_id", [3, 1, 4, 2]),
            ("created_at", [3, 1, 2, 4]),
            ("-created_at", [4, 2, 1, 3]),
        ):
            expect(f"slots by {sort}", expected, ids(listed(own, SLOTS, {"sort": sort})))


@behaviour("intra42.sort.unknown", invalid=True)
def test_fields_that_cannot_be_sorted_by(intra42: Target) -> None:
    for path in (SLOTS, WORK, CAMPUS, CURSUS):
        for sort, field in (("score", "score"), ("-score", "score"), ("id,-nonsense", "nonsense")):
            answer = intra42.get(path, params={"sort": sort}).expect_status(400)
            message = f"The {field} field is not sortable"
            answer.expect_json({"error": "Sort Error", "message": message})
    for path, field in ((SLOTS, "status"), (WORK, "begin_at"), (WORK, "validated?")):
        answer = intra42.get(path, params={"sort": field}).expect_status(400)
        expect("the error", "Sort Error", answer.json["error"])


@behaviour("intra42.sort.stable")
def test_equals_stand_in_the_order_of_their_ids(intra42: Target) -> None:
    params, records = window(intra42, WORK)
    need(len({record["occurrence"] for record in records}) < len(records), "equal occurrences")
    for sort, sign in (("occurrence", 1), ("-occurrence", -1)):
        paged_list = intra42.read_pages(WORK, {**params, "sort": sort, "per_page": 25})
        expect("how many there are", len(records), len(paged_list))
        expect_distinct("a walk", ids(paged_list.records))
        key = [(sign * record["occurrence"], record["id"]) for record in paged_list]
        expect(f"occurrence and id by {sort}", sorted(key), key)


@behaviour("intra42.sort.stable")
def test_equal_slots_stand_in_the_order_of_their_ids(intra42: Target) -> None:
    params, records = window(intra42, SLOTS)
    need(any(record["scale_team"] is None for record in records), "free slots")
    paged_list = intra42.read_pages(SLOTS, {**params, "sort": "scale_team_id", "per_page": 25})
    expect("the slots of a walk", known_ids(records), known_ids(paged_list.records))
    key = [(evaluation(record), -record["id"]) for record in paged_list]
    expect("evaluation and id", sorted(key), key)


@behaviour("intra42.sort.stable", needs=("data",))
def test_no_record_is_lost_across_pages(intra42: Target) -> None:
    slots = [slot(number, f"2026-05-0{1 + number % 2}T08:00:00Z") for number in range(1, 31)]
    work = [work_on(number, occurrence=number % 2) for number in range(1, 31)]
    odd, even = list(range(1, 31, 2)), list(range(2, 31, 2))
    with school(intra42, slots=slots, work=work) as own:
        for path, sort, expected in (
            (SLOTS, "begin_at", even[::-1] + odd[::-1]),
            (SLOTS, "-begin_at", odd[::-1] + even[::-1]),
            (SLOTS, "user_id", list(range(30, 0, -1))),
            (WORK, "occurrence", even + odd),
            (WORK, "-occurrence", odd + even),
        ):
            paged_list = own.read_pages(path, {"sort": sort, "per_page": 4})
            expect(f"{path} by {sort}", expected, ids(paged_list.records))


@behaviour("intra42.sort.nulls")
def test_null_is_the_greatest(intra42: Target) -> None:
    _, records = window(intra42, WORK)
    for field in ("final_mark", "marked_at", "retriable_at"):
        blanks = sum(1 for record in records if record[field] is None)
        need(0 < blanks < len(records), f"projects users with and without a {field}")
        rising = [record[field] for record in within(intra42, WORK, sort=field)]
        falling = [record[field] for record in within(intra42, WORK, sort=f"-{field}")]
        valued = sorted(record[field] for record in records if record[field] is not None)
        expect(f"{field}, sorted", valued + [None] * blanks, rising)
        expect(f"{field}, sorted downwards", [None] * blanks + valued[::-1], falling)


@behaviour("intra42.sort.nulls", needs=("data",))
def test_what_is_not_set_comes_last(intra42: Target) -> None:
    work = [
        work_on(1),
        work_on(2, final_mark=-42),
        work_on(3, final_mark=125),
        work_on(4, final_mark=0),
        work_on(5),
    ]
    with school(intra42, work=work) as own:
        rising, falling = ({"sort": field} for field in ("final_mark", "-final_mark"))
        expect("by final_mark", [2, 4, 3, 1, 5], ids(listed(own, WORK, rising)))
        expect("by -final_mark", [1, 5, 3, 4, 2], ids(listed(own, WORK, falling)))
