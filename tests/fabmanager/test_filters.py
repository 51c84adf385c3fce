"""Filters, against a plain reading of the same records."""

import itertools
import random
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from tests.fabmanager.conftest import LAB, Lab
from tests.support.client import CheckedClient

with open(LAB, encoding="utf-8") as file:
    SECTION = yaml.safe_load(file)["fabmanager"]
RECORDS = [
    availability
    for availability in SECTION["availabilities"]["records"]
    if availability["available_type"] in {"Event", "Machine", "Space", "Training"}
    and availability["start_at"]
]


def expected(keep: Callable[[dict[str, Any]], bool]) -> list[int]:
    """Return the ids of the records to keep, newest first, by hand."""
    kept = [availability for availability in RECORDS if keep(availability)]
    kept.sort(key=lambda availability: (availability["start_at"], availability["id"]), reverse=True)
    return [availability["id"] for availability in kept]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def holders(availability: dict[str, Any]) -> set[int]:
    return {user for slot in availability["slots"] for user in slot.get("user_ids", [])}


@pytest.mark.behaviour("fabmanager.availabilities.order", "fabmanager.availabilities.ties")
def test_newest_first_with_a_stable_order_of_ties(lab: Lab) -> None:
    assert lab.all_ids() == expected(lambda availability: True)
    starts = [availability["start_at"] for availability in lab.page("per_page=1000")]
    assert any(count > 1 for count in [starts.count(start) for start in starts])


@pytest.mark.behaviour("fabmanager.availabilities.ties")
@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 20])
def test_walking_the_pages_meets_each_once(lab: Lab, size: int) -> None:
    walked: list[int] = []
    for number in itertools.count(1):
        ids = lab.ids(f"page={number}&per_page={size}")
        if not ids:
            break
        walked += ids
    assert walked == expected(lambda availability: True)


@pytest.mark.behaviour("fabmanager.availabilities.ties")
def test_live_ties_are_lost_and_repeated(lab_with: Callable[..., Lab]) -> None:
    live = lab_with("unstable-ties")
    whole = live.all_ids()
    assert sorted(whole) == sorted(expected(lambda availability: True))
    walked = [
        availability
        for number in range(1, 14)
        for availability in live.ids(f"page={number}&per_page=2")
    ]
    assert len(walked) == len(whole)
    assert len(set(walked)) < len(whole)


DATES = {
    "2026-11-03T07:00:00+01:00": "2026-11-03T06:00:00+00:00",
    "2026-11-03T06:00:00Z": "2026-11-03T06:00:00+00:00",
    "2026-11-03T06:00:00z": "2026-11-03T06:00:00+00:00",
    "2026-11-03T06:00:00 UTC": "2026-11-03T06:00:00+00:00",
    "2026-11-03T06:00:00.001Z": "2026-11-03T06:00:00.001+00:00",
    "2026-11-03T05:59:59.9999Z": "2026-11-03T05:59:59.9999+00:00",
    "2026-11-03T01:00:00-0500": "2026-11-03T06:00:00+00:00",
    "2026-11-03 07:00:00 +0100": "2026-11-03T06:00:00+00:00",
    "2026-11-03 01:00:00 -05:00": "2026-11-03T06:00:00+00:00",
    "2026-11-03t07:00+01": "2026-11-03T06:00:00+00:00",
    "20261103T070000+0100": "2026-11-03T06:00:00+00:00",
    "20261103T060000Z": "2026-11-03T06:00:00+00:00",
    "2026-11-03T07:00:00": "2026-11-03T06:00:00+00:00",
    "2026-11-03 07:00": "2026-11-03T06:00:00+00:00",
    "2026-11-03": "2026-11-02T23:00:00+00:00",
    "20261103": "2026-11-02T23:00:00+00:00",
    "2026-11-02T24:00:00": "2026-11-02T23:00:00+00:00",
    "2026-07-03": "2026-07-02T22:00:00+00:00",
    "2026-11-03T23:59:59-23:59": "2026-11-04T23:58:59+00:00",
    "9999-12-31T23:59:59-23:59": "9999-12-31T23:59:59+00:00",
    "1000-01-01T00:00:00+23:59": "1000-01-01T00:00:00+00:00",
}


@pytest.mark.behaviour(
    "fabmanager.after.inclusive",
    "fabmanager.dates.offset",
    "fabmanager.dates.server_zone",
    "fabmanager.dates.raw_plus",
)
@pytest.mark.parametrize("text", DATES)
@pytest.mark.parametrize("encoded", [True, False])
def test_after(lab: Lab, text: str, encoded: bool) -> None:
    bound = instant(DATES[text])
    sent = quote(text) if encoded else text.replace(" ", "%20")
    assert lab.all_ids(f"after={sent}") == expected(
        lambda availability: instant(availability["start_at"]) >= bound
    )


@pytest.mark.behaviour("fabmanager.before.inclusive")
@pytest.mark.parametrize("text", DATES)
def test_before(lab: Lab, text: str) -> None:
    bound = instant(DATES[text])
    kept = lab.all_ids(f"before={quote(text)}")
    assert kept == expected(lambda availability: instant(availability["end_at"]) <= bound)


@pytest.mark.behaviour("fabmanager.before.inclusive")
def test_before_is_no_overlap(lab: Lab) -> None:
    availability = RECORDS[0]
    assert availability["id"] in lab.all_ids(f"before={availability['end_at']}")
    assert availability["id"] not in lab.all_ids("before=2026-11-01T09:59:59.999Z")
    assert availability["id"] in lab.all_ids("after=2026-11-01T06:00:00Z")
    assert availability["id"] not in lab.all_ids("after=2026-11-01T06:00:00.001Z")


@pytest.mark.behaviour("fabmanager.dates.crossed")
def test_crossed_bounds_match_nothing(lab: Lab) -> None:
    assert lab.ids("after=2026-11-05&before=2026-11-03") == []


@pytest.mark.behaviour("fabmanager.dates.gap")
def test_times_that_the_zone_skips_or_repeats(lab_of: Callable[..., Lab]) -> None:
    records = ", ".join(
        f"{{id: {number}, start_at: {start}, end_at: 2026-12-01T00:00:00Z, available_type: Event}}"
        for number, start in [
            (1, "2026-03-29T01:29:59Z"),
            (2, "2026-03-29T01:30:00Z"),
            (3, "2026-10-25T00:29:59Z"),
            (4, "2026-10-25T00:30:00Z"),
        ]
    )
    lab = lab_of(f"availabilities: {{records: [{records}]}}")
    assert lab.ids("after=2026-03-29T02:30:00") == [4, 3, 2]
    assert lab.ids("after=2026-10-25T02:30:00") == [4]


@pytest.mark.behaviour("fabmanager.dates.raw_plus")
def test_live_drops_the_offset_behind_a_raw_plus(lab_with: Callable[..., Lab]) -> None:
    for quirks in (("raw-plus-drops-offset",), ("raw-plus-drops-offset", "lenient-dates")):
        live = lab_with(*quirks)
        local = live.all_ids("after=2026-11-03T07:00:00")
        assert live.all_ids("after=2026-11-03T07:00:00+03:00") == local
        assert live.all_ids("after=2026-11-03T07:00:00%2B00:00") != local
    lenient = lab_with("lenient-dates")
    raw, encoded = (
        lenient.all_ids(f"after=2026-11-03T07:00:00{plus}00:00") for plus in ("+", "%2B")
    )
    assert raw == encoded


@pytest.mark.behaviour("fabmanager.availabilities.available_type")
@pytest.mark.parametrize("kind", ["Event", "Machine", "Space", "Training"])
def test_available_type(lab: Lab, kind: str) -> None:
    kept = lab.all_ids(f"available_type={kind}")
    assert kept == expected(lambda availability: availability["available_type"] == kind) != []


@pytest.mark.behaviour(
    "fabmanager.availabilities.available_id",
    "fabmanager.availabilities.available_id.distinct",
    "fabmanager.lists.forms",
)
@pytest.mark.parametrize(
    "query",
    [
        "available_id=[1,2]",
        "available_id=[ 1 , 2 ]",
        "available_id=%5B1%2C2%5D",
        "available_id[]=1&available_id[]=2",
        "available_id%5B%5D=2&available_id%5B%5D=1",
    ],
)
def test_available_id(lab: Lab, query: str) -> None:
    response = lab.get(f"{query}&available_type=Machine&per_page=100")
    kept = [availability["id"] for availability in response.json["availabilities"]]
    machines = expected(
        lambda availability: (
            availability["available_type"] == "Machine"
            and {1, 2} & {*availability["available_ids"]} != set()
        )
    )
    assert kept == machines != []
    assert response.headers["Total"] == str(len(machines))


@pytest.mark.behaviour("fabmanager.availabilities.available_id.distinct")
def test_live_lists_an_availability_once_per_reservable(lab_with: Callable[..., Lab]) -> None:
    query = "available_type=Machine&available_id=[1,2]&per_page=100"
    once = lab_with().ids(query)
    response = lab_with("join-duplicates").get(query)
    twice = [availability["id"] for availability in response.json["availabilities"]]
    assert sorted(twice) == sorted(once * 2)
    assert response.headers["Total"] == str(2 * len(once))


@pytest.mark.behaviour("fabmanager.availabilities.available_id.needs_type")
def test_available_id_alone_is_ignored(lab: Lab, live: Lab) -> None:
    for client in (lab, live):
        assert client.get("available_id=1").headers["Total"] == client.get().headers["Total"]
    assert lab.all_ids("available_type=Space&available_id=1") == expected(
        lambda availability: (
            availability["available_type"] == "Space" and 1 in availability["available_ids"]
        )
    )


@pytest.mark.behaviour("fabmanager.availabilities.id", "fabmanager.lists.forms")
@pytest.mark.parametrize("query", ["id=[3,4]", "id[]=4&id[]=3", "id=[3,4,3]", "id=[04, 3]"])
def test_id(lab: Lab, query: str) -> None:
    assert lab.ids(query) == [4, 3]


@pytest.mark.behaviour("fabmanager.lists.empty")
def test_empty_brackets_match_nothing(lab: Lab, live: Lab) -> None:
    for client in (lab, live):
        assert client.ids("id=[]") == []
        assert client.ids("available_type=Machine&available_id=[]") == []
    assert lab.ids("user_id=[ ]") == []


@pytest.mark.behaviour("fabmanager.lists.large")
def test_large_numbers_match_nothing(lab: Lab, lab_with: Callable[..., Lab]) -> None:
    for number in ("2147483648", "999999999999999999", "-1", "0"):
        assert lab.ids(f"id={number}") == []
    assert lab.ids("id=[3,999999999999999999]") == [3]
    assert "Must be one of" in lab.refusal("id=9999999999999999999")
    live = lab_with("validation-off")
    assert live.ids(f"id=9{'0' * 30}") == []
    assert live.ids(f"id=[3,9{'0' * 5000}]") == [3]


@pytest.mark.behaviour("fabmanager.lists.large")
def test_long_lists(lab: Lab) -> None:
    numbers = ",".join(map(str, range(1, 5000)))
    everything = expected(lambda availability: True)
    assert lab.all_ids(f"id=[{numbers}]") == everything
    assert lab.all_ids(f"user_id=[{numbers}]") == expected(
        lambda availability: bool(holders(availability))
    )
    assert lab.all_ids(f"available_type=Space&available_id=[{numbers}]") == expected(
        lambda availability: availability["available_type"] == "Space"
    )


@pytest.mark.behaviour("fabmanager.availabilities.user_id")
@pytest.mark.parametrize(
    ("query", "users"),
    [
        ("user_id=7", {7}),
        ("user_id=[7,9]", {7, 9}),
        ("user_id[]=8&user_id[]=11", {8, 11}),
        ("user_id=99", {99}),
    ],
)
def test_user_id(lab: Lab, query: str, users: set[int]) -> None:
    kept = lab.all_ids(query)
    assert kept == expected(lambda availability: bool(users & holders(availability)))
    assert lab.get(query).headers["Total"] == str(len(kept))


@pytest.mark.behaviour("fabmanager.availabilities.user_id")
def test_live_ignores_user_id(lab_with: Callable[..., Lab]) -> None:
    live = lab_with("user-id-ignored")
    for value in ("7", "99", "abc", "[1,2]"):
        assert live.all_ids(f"user_id={value}") == expected(lambda availability: True)


def _fits(
    parameters: dict[str, Any], user: Any, kind: str | None, ids: set[int] | None, availability: Any
) -> bool:
    return bool(
        (
            not parameters["after"]
            or instant(availability["start_at"]) >= instant(parameters["after"])
        )
        and (
            not parameters["before"]
            or instant(availability["end_at"]) <= instant(parameters["before"])
        )
        and (not user or bool(user & holders(availability)))
        and (not kind or availability["available_type"] == kind)
        and (not ids or availability["id"] in ids)
    )


@pytest.mark.behaviour("fabmanager.filters.all")
def test_filters_are_combined(lab: Lab) -> None:
    draw = random.Random(5)
    users = [None, {7}, {7, 8}, {9, 12}]
    kinds = [None, "Machine", "Training", "Event"]
    for _ in range(60):
        after, before = (draw.choice([None, *range(1, 9)]) for _ in range(2))
        user, kind = draw.choice(users), draw.choice(kinds)
        ids = draw.choice([None, {1, 2, 3, 5, 9, 13, 16}])
        parameters = {
            "after": after and f"2026-11-0{after}T06:00:00Z",
            "before": before and f"2026-11-0{before}T10:00:00Z",
            "user_id": user and str(sorted(user)),
            "available_type": kind,
            "id": ids and str(sorted(ids)),
        }
        query = "&".join(f"{name}={value}" for name, value in parameters.items() if value)
        assert lab.all_ids(query) == expected(partial(_fits, parameters, user, kind, ids)), query


@pytest.mark.behaviour("fabmanager.filters.blank")
@pytest.mark.parametrize(
    "name",
    ["after", "before", "user_id", "available_type", "available_id", "id", "page", "per_page"],
)
def test_an_empty_parameter_is_not_given(lab: Lab, name: str) -> None:
    for spelling in (f"{name}=", name):
        response = lab.get(spelling)
        assert response.json == lab.get().json
        assert response.headers["Per-Page"] == "20"


@pytest.mark.behaviour("fabmanager.filters.blank", "fabmanager.pages.per_page.kind")
def test_a_parameter_that_is_only_named_is_not_given(lab: Lab, live: Lab) -> None:
    names = ("after", "before", "user_id", "available_type", "available_id", "id", "page")
    for client in (lab, live):
        for query in (*names, "per_page", "id[]", "user_id[]", "format", "per_page=7&per_page"):
            response = client.get(query)
            assert response.json == client.get().json
            assert response.headers["Per-Page"] == "20"
        assert (
            "?a=&b%5Bc%5D=&page=2&per_page=2>"
            in client.get("b[c]&a&d[]&per_page=2").headers["Link"]
        )
    assert live.get("per_page=").headers["Per-Page"] == "25"


@pytest.mark.behaviour("fabmanager.filters.unknown")
def test_unknown_parameters_are_ignored(lab: Lab, live: Lab) -> None:
    for client in (lab, live):
        query = "per_page=100&after=2026-10-02&"
        assert client.get(f"{query}sort=id&x[y][]=1").data == client.get(query).data


def test_demo_filters_find_something(client_for: Callable[..., CheckedClient]) -> None:
    demo = Lab(client_for(dataset="demo", auth="any"))
    for kind in ("Event", "Machine", "Space", "Training"):
        availability = demo.page(f"available_type={kind}")[0]
        number = availability["available_ids"][0]
        kept = demo.page(f"available_type={kind}&available_id={number}&per_page=1000")
        assert availability["id"] in [each["id"] for each in kept]
        assert all(number in each["available_ids"] for each in kept)
    assert demo.ids("user_id=1")
    assert len(demo.ids("user_id=1")) < len(demo.ids())
