"""Locations."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_ordered, expect_that, need

from . import keys
from .helpers import Record, expect_future, graph, ids, listed, moment, page, school
from .locations import LOCATIONS, some_locations


def sitting(number: int, begin: str, end: str | None = None, **more: Any) -> Record:
    """Return a location for a dataset: of user 1 at campus 1 unless it says otherwise."""
    record = {"id": number, "begin_at": begin, "end_at": end, "user_id": 1, "campus_id": 1}
    return {**record, "host": f"c1r1s{number}", **more}


SITTINGS = (
    sitting(1, "2026-05-01T08:00:00Z", "2026-05-01T12:00:00Z"),
    sitting(2, "2026-05-02T08:00:00Z", user_id=2, campus_id=2),
    sitting(3, "2026-05-02T08:00:00Z", "2026-05-02T09:00:00Z", campus_id=2),
    sitting(4, "2026-05-09T08:00:00Z", "2026-05-09T12:00:00Z", user_id=3),
)

NOW = "2026-05-03T12:00:00.000Z"


def _begin_and_id(record: Record) -> tuple[str, int]:
    return record["begin_at"], record["id"]


def _open(records: list[Record]) -> set[bool]:
    return {record["end_at"] is None for record in records}


@behaviour("intra42.locations.shape")
def test_a_location_has_these_keys(intra42: Target) -> None:
    for record in some_locations(intra42):
        expect("the keys", keys.LOCATION, list(record))
        expect("the keys of the user", keys.USER, list(record["user"]))
        expect("the kinds", [bool, str], [type(record["primary"]), type(record["host"])])


@behaviour("intra42.locations.order")
def test_the_latest_comes_first(intra42: Target) -> None:
    pages = [listed(intra42, LOCATIONS, {"per_page": 50, "page": number}) for number in (1, 2)]
    records = [*pages[0], *pages[1]]
    need(pages[0] != pages[1] and len(records) > 1, "two pages that are unlike each other")
    expect_ordered("begin_at and id", records, _begin_and_id, descending=True)


@behaviour("intra42.locations.order", needs=("data",))
def test_the_latest_of_four_comes_first(intra42: Target) -> None:
    with school(intra42, locations={"records": list(SITTINGS)}) as own:
        expect("the ids", [4, 3, 2, 1], ids(listed(own, LOCATIONS)))


@behaviour("intra42.locations.open")
def test_who_sits_there_has_no_end_yet(intra42: Target) -> None:
    ends = [record["end_at"] for record in listed(intra42, LOCATIONS, {"filter[active]": "true"})]
    need(bool(ends), "a location without an end")
    need(_open(some_locations(intra42)) != {True}, "a location with an end")
    need(_open(listed(intra42, LOCATIONS, {"filter[active]": "false"})) == {False}, "a filter")
    expect("end_at", [None] * len(ends), ends)
    for record in some_locations(intra42):
        if record["end_at"] is not None:
            later = moment(record["end_at"]) > moment(record["begin_at"])
            expect_that("end_at", later, "after begin_at", record["end_at"])


@behaviour("intra42.locations.show")
def test_a_location_is_shown_by_its_id(intra42: Target) -> None:
    for record in some_locations(intra42)[:3]:
        expect("the location", record, page(intra42, f"{LOCATIONS}/{record['id']}").json)
    intra42.get(f"{LOCATIONS}/999999999").expect_status(404)


@behaviour("intra42.locations.parents")
def test_locations_are_listed_under_user_and_campus(intra42: Target) -> None:
    record = some_locations(intra42)[0]
    user, campus = record["user"], record["campus_id"]
    params = {"filter[id]": record["id"]}
    for path in (f"/v2/users/{user['id']}", f"/v2/users/{user['login']}", f"/v2/campus/{campus}"):
        expect(path, [record], listed(intra42, f"{path}/locations", params))
    for nested in listed(intra42, f"/v2/users/{user['id']}/locations"):
        expect("the user", user["id"], nested["user"]["id"])
    for nested in listed(intra42, f"/v2/campus/{campus}/locations"):
        expect("the campus", campus, nested["campus_id"])


@behaviour("intra42.locations.parents", needs=("data",))
def test_locations_of_others_are_left_out(intra42: Target) -> None:
    with school(intra42, locations={"records": list(SITTINGS)}) as own:
        expect("those of ada", [3, 1], ids(listed(own, "/v2/users/ada/locations")))
        expect("those of campus 2", [3, 2], ids(listed(own, "/v2/campus/2/locations")))
        expect("those of nobody", [], listed(own, "/v2/users/dan/locations"))


@behaviour("intra42.locations.active")
def test_active_locations_have_no_end(intra42: Target) -> None:
    active = listed(intra42, LOCATIONS, {"filter[active]": "true", "per_page": 100})
    inactive = listed(intra42, LOCATIONS, {"filter[inactive]": "true", "per_page": 100})
    need(bool(active) and bool(inactive), "a location with and one without an end")
    expect("the ends of active ones", {None}, {record["end_at"] for record in active})
    expect_that(
        "the ends of inactive ones",
        all(record["end_at"] for record in inactive),
        "an instant each",
        [record["end_at"] for record in inactive],
    )
    for record in (active[0], inactive[0]):
        for nest in (f"/v2/campus/{record['campus_id']}", f"/v2/users/{record['user']['id']}"):
            path = f"{nest}/locations"
            whole = listed(intra42, path, {"per_page": 100})
            for name, is_open in (("active", True), ("inactive", False)):
                params = {f"filter[{name}]": "true", "per_page": 100}
                kept = listed(intra42, path, params)
                expect(f"whether {path} is open", {is_open} if kept else set(), _open(kept))
                if len(whole) < 100:
                    expected = [location for location in whole if _open([location]) == {is_open}]
                    expect(f"{path} with {params}", ids(expected), ids(kept))


@behaviour("intra42.locations.active.false")
def test_false_keeps_the_others(intra42: Target) -> None:
    is_open = {"filter[active]": "true", "sort": "id", "per_page": 1}
    first = ids(listed(intra42, LOCATIONS, is_open))
    need(bool(first), "somebody who sits there")
    around = {"range[id]": f"{max(first[0] - 30, 1)},{first[0] + 30}", "per_page": 100}
    records = listed(intra42, LOCATIONS, around)
    for name in ("active", "inactive"):
        kept = ids(listed(intra42, LOCATIONS, {**around, f"filter[{name}]": "true"}))
        others = ids(listed(intra42, LOCATIONS, {**around, f"filter[{name}]": "false"}))
        need(bool(kept) and bool(others), f"locations that filter[{name}] keeps and leaves out")
        expect("all of them", sorted(ids(records)), sorted([*kept, *others]))


@behaviour("intra42.locations.future")
def test_locations_to_come_and_others(intra42: Target) -> None:
    expect_future(intra42, LOCATIONS)


@behaviour("intra42.locations.future", needs=("data",))
def test_future_locations_begin_after_now(intra42: Target) -> None:
    with school(intra42, locations={"records": list(SITTINGS)}, at=NOW) as own:
        expect("future ones", [4], ids(listed(own, LOCATIONS, {"filter[future]": "true"})))
        expect("the others", [3, 2, 1], ids(listed(own, LOCATIONS, {"filter[future]": "false"})))


@behaviour("intra42.locations.end")
def test_locations_with_and_without_an_end(intra42: Target) -> None:
    for value, is_set in (("true", True), ("false", False)):
        records = listed(intra42, LOCATIONS, {"filter[end]": value, "per_page": 100})
        need(bool(records), f"locations that filter[end]={value} keeps")
        states = {record["end_at"] is not None for record in records}
        expect(f"whether end_at is set, end={value}", {is_set}, states)


@behaviour("intra42.locations.graph")
def test_locations_are_graphed_on_begin_at(intra42: Target) -> None:
    some_locations(intra42)
    expect("the default", graph(intra42, LOCATIONS, "on/begin_at"), graph(intra42, LOCATIONS))
    days = graph(intra42, LOCATIONS, "on/begin_at/by/day")
    latest = listed(intra42, LOCATIONS, {"filter[future]": "false", "per_page": 1})[0]
    expect_that("the day of the latest", days.get(latest["begin_at"][:10], 0) > 0, "> 0", days)
    hours = graph(intra42, LOCATIONS, "on/end_at/by/hour_of_day")
    expect("the hours of end_at", [str(hour) for hour in range(24)], list(hours))


@behaviour("intra42.locations.graph", needs=("data",))
def test_locations_are_counted_by_day(intra42: Target) -> None:
    with school(intra42, locations={"records": list(SITTINGS)}, at=NOW) as own:
        counts = {"2026-05-01": 1, "2026-05-02": 2, "2026-05-09": 1}
        days = page(own, f"{LOCATIONS}/graph/on/begin_at/by/day").json
        expect("those that begin", counts, {day: count for day, count in days.items() if count})
        ends = page(own, f"{LOCATIONS}/graph/on/end_at/by/day").json
        counts["2026-05-02"] = 1
        expect("those that end", counts, {day: count for day, count in ends.items() if count})
