"""Filters of slots, and what is said of filters that cannot be used."""

from datetime import timedelta
from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import (
    CAMPUS,
    CURSUS,
    NOBODY,
    SLOTS,
    WORK,
    ids,
    known_ids,
    listed,
    moment,
    now,
    page,
    school,
    slot,
    total,
    window,
    within,
)

FIELDS = {
    SLOTS: ("id", "begin_at", "end_at", "created_at", "future", "end"),
    WORK: (
        *("id", "project_id", "user_id", "created_at", "updated_at", "occurrence", "final_mark"),
        *("retriable_at", "marked_at", "status", "cursus", "campus", "retriable", "marked"),
    ),
}


@behaviour("intra42.filter.values")
def test_several_values(intra42: Target) -> None:
    _, records = window(intra42, SLOTS)
    first, last = records[0], records[-1]
    both = {"filter[id]": f"{first['id']},{NOBODY},{last['id']}"}
    answer = page(intra42, SLOTS, both)
    expect("the slots with two ids", [first["id"], last["id"]], known_ids(intra42.records(answer)))
    answer.expect_header("X-Total", "2")
    twice = page(intra42, SLOTS, {"filter[id]": f"{first['id']},{first['id']}"})
    expect("the slots with one id, twice", [first], intra42.records(twice))
    twice.expect_header("X-Total", "1")
    work = window(intra42, WORK)[1]
    for field in ("status", "final_mark", "occurrence", "created_at"):
        values = sorted({each[field] for each in work if each[field] is not None})
        for some in (values[:2], values[-1:] + values[:1]):
            expected = [each["id"] for each in work if each[field] in some]
            params = {f"filter[{field}]": ",".join(map(str, some))}
            expect(f"those with {params}", expected, known_ids(within(intra42, WORK, **params)))
    need(first["begin_at"] != last["begin_at"], "slots that begin at two times")
    times = {first["begin_at"], last["begin_at"]}
    expected = [each["id"] for each in records if each["begin_at"] in times]
    seen = within(intra42, SLOTS, **{"filter[begin_at]": ",".join(times)})
    expect("the slots that begin at two times", expected, known_ids(seen))


@behaviour("intra42.filter.trailing_comma")
def test_commas_at_the_end(intra42: Target) -> None:
    _, records = window(intra42, WORK)
    first, last = records[0], records[-1]
    ids = sorted([first["id"], last["id"]])
    for query, values in (
        ("filter[id]", ids),
        ("filter[status]", [first["status"]]),
        ("filter[created_at]", [last["created_at"]]),
        ("filter[marked]", ["true"]),
        ("range[id]", ids),
    ):
        text = ",".join(map(str, values))
        counts = [total(intra42, WORK, {query: f"{text}{end}"}) for end in ("", ",", ",,")]
        need(0 < counts[0] < total(intra42, WORK), f"records that {query} chooses")
        expect(f"how many {query} keeps", [counts[0]] * 3, counts)


@behaviour("intra42.filter.fields")
def test_several_fields(intra42: Target) -> None:
    _, records = window(intra42, WORK)
    status, project = records[0]["status"], records[0]["project"]["id"]
    fits = [(record["status"] == status, record["project"]["id"] == project) for record in records]
    need((True, False) in fits and (False, True) in fits, "records that satisfy one of two filters")
    expected = [record["id"] for record, fit in zip(records, fits, strict=True) if all(fit)]
    for query in (
        {"filter[status]": status, "filter[project_id]": project},
        {"filter[project_id]": project, "filter[status]": status},
    ):
        expect(f"those with {query}", expected, known_ids(within(intra42, WORK, **query)))


@behaviour("intra42.filter.slots")
def test_slots_by_each_field(intra42: Target) -> None:
    _, records = window(intra42, SLOTS)
    middle = records[len(records) // 2]
    for field in ("id", "begin_at", "end_at"):
        expected = [each["id"] for each in records if each[field] == middle[field]]
        need(len(expected) < len(records), f"different values of {field}")
        seen = within(intra42, SLOTS, **{f"filter[{field}]": middle[field]})
        expect(f"the slots with the same {field}", expected, known_ids(seen))
    for query in ("filter[future]=true", "filter[end]=true"):
        page(intra42, SLOTS, query)
    nothing = within(intra42, SLOTS, **{"filter[created_at]": "1970-01-01"})
    expect("the slots created in 1970", [], ids(nothing))


@behaviour("intra42.filter.slots", needs=("data",))
def test_slots_by_time_of_making(intra42: Target) -> None:
    slots = [
        slot(1, "2026-05-05T08:00:00Z", created_at="2026-05-01T00:00:00Z"),
        slot(2, "2026-05-05T08:00:00Z", created_at="2026-05-01T08:00:00.001Z"),
        slot(3, "2026-05-01T08:00:00Z", created_at="2026-04-01T08:00:00Z"),
    ]
    with school(intra42, slots=slots) as own:
        for value, expected in (
            ("2026-05-01T08:00:00.001Z", [2]),
            ("2026-05-01T10:00:00.001+02:00", [2]),
            ("2026-05-01T08:00:00Z", []),
            ("2026-05-01", [1]),
            ("2026-05-01,2026-04-01T08:00:00Z", [1, 3]),
        ):
            seen = listed(own, SLOTS, {"filter[created_at]": value})
            expect(f"the slots created at {value}", expected, known_ids(seen))


@behaviour("intra42.filter.lost_plus", needs=("data",))
def test_an_offset_that_lost_its_sign(intra42: Target) -> None:
    slots = [
        slot(1, "2026-05-05T06:00:00Z"),
        slot(2, "2026-05-05T08:00:00Z"),
        slot(3, "2026-05-05T10:00:00Z"),
    ]
    with school(intra42, slots=slots) as own:
        for offset in ("00:00", "02:00"):
            lost = f"2026-05-05T08:00:00 {offset}"
            for params, expected in (
                ({"filter[begin_at]": lost}, [2]),
                ({"range[begin_at]": f"{lost},"}, [2, 3]),
                ({"range[begin_at]": f",{lost}"}, [1, 2]),
            ):
                expect(f"slots with {params}", expected, known_ids(listed(own, SLOTS, params)))


@behaviour("intra42.filter.spelling", needs=("data",))
def test_instants_are_spelled_in_many_ways(intra42: Target) -> None:
    slots = [
        slot(1, "2026-05-05T06:00:00Z"),
        slot(2, "2026-05-05T08:00:00Z"),
        slot(3, "2026-05-05T10:00:00Z"),
    ]
    with school(intra42, slots=slots) as own:
        for spelled in (
            "2026-5-5T8:00:00.000Z",
            "2026-05-05 08:00:00 UTC",
            "2026-05-05T08:00 GMT",
            "2026-05-05 08:00:00 +0000",
            "2026-05-05 10:00:00 +0200",
            "2026-05-05T10:00:00+02",
        ):
            for params, expected in (
                ({"filter[begin_at]": spelled}, [2]),
                ({"range[begin_at]": f"{spelled},"}, [2, 3]),
                ({"range[begin_at]": f",{spelled}"}, [1, 2]),
            ):
                expect(f"slots with {params}", expected, known_ids(listed(own, SLOTS, params)))


@behaviour("intra42.filter.slots.campus_id", invalid=True)
def test_slots_have_no_campus(intra42: Target) -> None:
    answer = intra42.get(SLOTS, params={"filter[campus_id]": "1"}).expect_status(400)
    message = (
        "Attributes campus_id doesn't exists. You can only filter on:"
        " [id, begin_at, end_at, created_at, future, end]"
    )
    answer.expect_json({"error": "Filter Error", "message": message})


@behaviour("intra42.filter.slots.campus_id", live=True)
def test_slots_by_campus(intra42: Target) -> None:
    known = ids(listed(intra42, CAMPUS, {"per_page": 100}))
    need(known, "a campus")
    whole = total(intra42, SLOTS)
    parts = [total(intra42, SLOTS, {"filter[campus_id]": campus}) for campus in known[:10]]
    expect_that("each part", all(part <= whole for part in parts), f"{whole} or less", parts)
    several = total(intra42, SLOTS, {"filter[campus_id]": ",".join(map(str, known[:10]))})
    right = max(parts) <= several <= min(whole, sum(parts))
    expect_that("the slots of ten campus", right, f"{max(parts)} to {sum(parts)}", several)
    need(any(part < whole for part in parts), "a campus without some slots")
    graphed = page(intra42, f"{SLOTS}/graph", {"filter[campus_id]": known[0]}).json
    expect("the sum of the graph", parts[0], sum(graphed.values()))


@behaviour("intra42.filter.slots.campus_id", live=True, needs=("data",))
def test_slots_of_the_users_of_a_campus(intra42: Target) -> None:
    slots = [slot(user, "2026-05-01T08:00:00Z", user_id=user) for user in (1, 2, 3, 4)]
    with school(intra42, slots=slots) as own:
        for value, expected in (("1", [1, 3]), ("2", [2, 3]), ("74", [4]), ("1,2", [1, 2, 3])):
            seen = listed(own, SLOTS, {"filter[campus_id]": value})
            expect(f"the slots of campus {value}", expected, known_ids(seen))


TO_COME = {"filter[future]": "true"}


@behaviour("intra42.filter.future")
def test_slots_to_come(intra42: Target) -> None:
    params = {"filter[future]": "true", "sort": "begin_at"}
    records = listed(intra42, SLOTS, params)
    need(records, "a slot to come")
    at = now(intra42) - timedelta(seconds=10)
    first = moment(records[0]["begin_at"])
    expect_that("the first slot to come", first > at, f"one after {at.isoformat()}", first)
    seen = total(intra42, SLOTS, params)
    later = total(intra42, SLOTS, {"range[begin_at]": f"{records[0]['begin_at']},"})
    expect("how many begin then or later", later, seen)
    _, some = window(intra42, SLOTS)
    coming = [
        record["id"] for record in some if moment(record["begin_at"]) > at + timedelta(minutes=5)
    ]
    begun = [record["id"] for record in some if moment(record["begin_at"]) <= at]
    need(begun and len(begun) + len(coming) == len(some), "slots of which none is just beginning")
    expect("which of some are to come", coming, known_ids(within(intra42, SLOTS, **TO_COME)))
    need(seen < total(intra42, SLOTS), "a slot that has begun")


@behaviour("intra42.filter.future.false")
def test_slots_that_have_begun(intra42: Target) -> None:
    params = {"filter[future]": "false", "sort": "-begin_at"}
    records = listed(intra42, SLOTS, params)
    need(records, "a slot that has begun")
    at = now(intra42) + timedelta(seconds=10)
    last = moment(records[0]["begin_at"])
    expect_that("the last slot begun", last <= at, f"one before {at.isoformat()}", last)
    parts = [total(intra42, SLOTS, {"filter[future]": flag}) for flag in ("true", "false")]
    expect("the sum of past and future", total(intra42, SLOTS), sum(parts))
    both = total(intra42, SLOTS, {"filter[future]": "true,false"})
    expect("how many there are of both", sum(parts), both)


AT = "2026-05-20T12:00:00Z"
AROUND = [
    slot(1, "2026-05-20T11:59:59.999Z"),
    slot(2, AT),
    slot(3, "2026-05-20T12:00:00.001Z"),
    slot(4, "2026-05-19T12:00:00Z", end_at="2026-05-21T12:00:00Z"),
]


@behaviour("intra42.filter.future", needs=("data", "clock"))
def test_a_slot_that_begins_now_is_not_to_come(intra42: Target) -> None:
    with school(intra42, slots=AROUND, at=AT) as own:
        own.clock.freeze(moment(AT))
        expect("the slots to come", [3], ids(listed(own, SLOTS, {"filter[future]": "true"})))
        own.clock.advance(timedelta(milliseconds=-1))
        seen = known_ids(listed(own, SLOTS, {"filter[future]": "true"}))
        expect("the slots to come a millisecond before", [2, 3], seen)


@behaviour("intra42.filter.future.false", needs=("data", "clock"))
def test_a_slot_that_begins_now_has_begun(intra42: Target) -> None:
    with school(intra42, slots=AROUND, at=AT) as own:
        own.clock.freeze(moment(AT))
        seen = known_ids(listed(own, SLOTS, {"filter[future]": "false"}))
        expect("the slots that have begun", [1, 2, 4], seen)


@behaviour("intra42.filter.end")
def test_slots_with_an_end(intra42: Target) -> None:
    _, records = window(intra42, SLOTS)
    ended = [record["id"] for record in records if record["end_at"] is not None]
    kept = known_ids(within(intra42, SLOTS, **{"filter[end]": "true"}))
    expect("the slots with an end", ended, kept)
    left = within(intra42, SLOTS, **{"filter[end]": "false"})
    expect(
        "the slots without an end", [], [record for record in left if record["end_at"] is not None]
    )
    parts = [total(intra42, SLOTS, {"filter[end]": flag}) for flag in ("true", "false")]
    expect("the sum of both", total(intra42, SLOTS), sum(parts))


@behaviour("intra42.filter.end", needs=("data",))
def test_a_slot_without_an_end(intra42: Target) -> None:
    slots = [slot(1, "2026-05-05T08:00:00Z"), slot(2, "2026-05-05T08:00:00Z", end_at=None)]
    with school(intra42, slots=slots) as own:
        for value, expected in (("true", [1]), ("false", [2]), ("true,false", [1, 2])):
            seen = listed(own, SLOTS, {"filter[end]": value})
            expect(f"those with {value}", expected, known_ids(seen))
            dates = [record["end_at"] is not None for record in seen if record["id"] == 2]
            expect("whether slot 2 has an end", [False] * len(dates), dates)


@behaviour("intra42.filter.list.outside", invalid=True)
def test_values_outside_of_a_list(intra42: Target) -> None:
    known = {name: ids(listed(intra42, f"/v2/{name}", {"per_page": 100})) for name in _LISTED}
    need(2 not in known["cursus"] and 3 not in known["campus"], "lists that lack 2 and 3")
    for path, field, value in (
        (WORK, "cursus", "2"),
        (WORK, "cursus", "21,nonsense"),
        (WORK, "campus", "3"),
        (WORK, "campus", "1,abc"),
        (SLOTS, "future", "maybe"),
        (SLOTS, "end", "1"),
        (WORK, "retriable", "nil"),
        (WORK, "marked", "yes"),
    ):
        answer = intra42.get(path, params={f"filter[{field}]": value}).expect_status(400)
        expect("the keys of the body", ["error", "message"], list(answer.json))
        expect("the error", "Filter Error", answer.json["error"])
        expect_that("the message", field in answer.json["message"], field, answer.json["message"])


_LISTED = ("cursus", "campus")
_LISTS: dict[str, Any] = {
    CURSUS: ("id", "name", "created_at", "updated_at", "slug", "kind", "restricted"),
    CAMPUS: ("id", "name", "time_zone", "country", "active", "public"),
    **FIELDS,
}


@behaviour("intra42.filter.unknown", invalid=True)
def test_fields_that_cannot_be_filtered_by(intra42: Target) -> None:
    for path, fields in _LISTS.items():
        for form in ("", "/graph") if path in FIELDS else ("",):
            answer = intra42.get(f"{path}{form}", params={"filter[nonsense]": "1"})
            answer.expect_status(400)
            expect("the keys of the body", ["error", "message"], list(answer.json))
            expect("the error", "Filter Error", answer.json["error"])
            message = answer.json["message"]
            begin = "Attributes nonsense doesn't exists. You can only filter on: ["
            right = message.startswith(begin) and message.endswith("]")
            expect_that("the message", right, f"{begin}…]", message)
            listed_ones = message[len(begin) : -1].replace(",", " ").split()
            lacking = [field for field in fields if field not in listed_ones]
            expect("fields that the message lacks", [], lacking)


@behaviour("intra42.filter.value", invalid=True)
def test_values_of_another_kind(intra42: Target) -> None:
    for path, field, value in (
        (SLOTS, "end_at", "nil"),
        (SLOTS, "begin_at", "2026-13-01"),
        (SLOTS, "id", "abc"),
        (SLOTS, "id", ""),
        (SLOTS, "id", "1,,2"),
        (WORK, "final_mark", "a lot"),
        (WORK, "occurrence", "1.5"),
        (WORK, "created_at", ""),
        (WORK, "status", ""),
    ):
        answer = intra42.get(path, params={f"filter[{field}]": value}).expect_status(422)
        expect("the keys of the body", ["error", "message"], list(answer.json))
        expect("the error", "Filter Error", answer.json["error"])
        expect_that("the message", field in answer.json["message"], field, answer.json["message"])
