"""Conditions together, in whole lists and below records."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, need

from .combinations import expect_below, expect_conditions
from .helpers import (
    SLOTS,
    WORK,
    Record,
    a_project,
    a_user,
    first_ones,
    known_ids,
    listed,
    total,
    value_of,
    window,
)

LOCATIONS = "/v2/locations"


@behaviour("intra42.filter.fields")
def test_conditions_of_slots_together(intra42: Target) -> None:
    params, records = window(intra42, SLOTS, 8)
    expect_conditions(intra42, SLOTS, records, "begin_at", {"range[id]": params["range[id]"]})


@behaviour("intra42.filter.fields")
def test_conditions_of_projects_users_together(intra42: Target) -> None:
    params, records = window(intra42, WORK, 8)
    expect_conditions(intra42, WORK, records, "created_at", {"range[id]": params["range[id]"]})


@behaviour("intra42.filter.fields")
def test_each_filter_with_each_range(intra42: Target) -> None:
    params, records = window(intra42, WORK, 8)
    shown = 0
    for field in ("status", "project_id", "user_id", "occurrence", "final_mark"):
        for ranged in ("final_mark", "created_at", "updated_at", "project_id", "marked_at"):
            if field == ranged:
                continue
            pair = pair_of(records, field, ranged)
            if pair is None:
                continue
            shown += 1
            value, low, high = pair
            parameters = {f"filter[{field}]": value, f"range[{ranged}]": f"{low},{high}"}
            kept = [
                record
                for record in records
                if fits(record, field, value) and lies(record, ranged, low, high)
            ]
            seen = listed(
                intra42, WORK, {"range[id]": params["range[id]"], "per_page": 100, **parameters}
            )
            expect(f"those with {parameters}", known_ids(kept), known_ids(seen))
    need(shown > 5, "filters and ranges that leave out unlike records")


def fits(record: Record, field: str, value: Any) -> bool:
    """Return whether a record satisfies a filter."""
    return bool(value_of(record, field) == value)


def lies(record: Record, field: str, low: Any, high: Any) -> bool:
    """Return whether a record lies in a range."""
    value = value_of(record, field)
    return value is not None and low <= value <= high


def pair_of(records: list[Record], field: str, ranged: str) -> tuple[Any, Any, Any] | None:
    """Return a filter's value and a range's, which leaves out some that the filter keeps."""
    values = {
        value_of(record, ranged) for record in records if value_of(record, ranged) is not None
    }
    if not values:
        return None
    in_order = sorted(values)
    low, high = in_order[len(in_order) // 3], in_order[-(len(in_order) // 4) - 1]
    for record in records:
        value = value_of(record, field)
        kept = [lies(each, ranged, low, high) for each in records if fits(each, field, value)]
        if value is not None and any(kept) and not all(kept):
            return value, low, high
    return None


@behaviour("intra42.projects_users.nested")
def test_conditions_below_users_and_projects(intra42: Target) -> None:
    expect_below(intra42, f"/v2/users/{a_user(intra42)['id']}/projects_users", WORK, "created_at")
    for record in window(intra42, WORK)[1]:
        path = f"/v2/projects/{record['project']['slug']}/projects_users"
        if 3 < total(intra42, path) <= 100:
            expect_below(intra42, path, WORK, "updated_at")
            return
    need(False, "a project with 4 to 100 projects users")


@behaviour("intra42.slots.of_user")
def test_conditions_below_a_user(intra42: Target) -> None:
    expect_below(intra42, f"/v2/users/{a_user(intra42)['id']}/slots", SLOTS, "begin_at")


@behaviour("intra42.slots.of_project")
def test_conditions_below_a_project(intra42: Target) -> None:
    expect_below(intra42, f"/v2/projects/{a_project(intra42)['id']}/slots", SLOTS, "end_at")


@behaviour("intra42.locations.parents")
def test_conditions_below_a_campus(intra42: Target) -> None:
    records = first_ones(intra42, LOCATIONS)
    need(records, "a location")
    user = f"/v2/users/{records[0]['user']['login']}/locations"
    expect_below(intra42, user, LOCATIONS, "begin_at")
    for record in records:
        path = f"/v2/campus/{record['campus_id']}/locations"
        if 3 < total(intra42, path) <= 100:
            expect_below(intra42, path, LOCATIONS, "begin_at")
            return
    need(False, "a campus with 4 to 100 locations")
