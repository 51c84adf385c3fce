"""Filters of projects users."""

from collections.abc import Iterator
from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import (
    CAMPUS,
    CURSUS,
    WORK,
    Record,
    ids,
    known_ids,
    listed,
    page,
    school,
    total,
    window,
    within,
    work_on,
)

PLAIN = (
    *("id", "created_at", "updated_at", "occurrence", "final_mark", "retriable_at", "marked_at"),
    "status",
)
DOCUMENTED = {
    "cursus": [
        *(1, *range(3, 24), *range(25, 29), *range(31, 45), *range(46, 55)),
        *(*range(56, 70), *range(73, 78)),
    ],
    "campus": [1, 2, *range(5, 75)],
}


@behaviour("intra42.filter.projects_users")
def test_projects_users_by_each_field(intra42: Target) -> None:
    _, records = window(intra42, WORK)
    for field in PLAIN:
        known = [record for record in records if record[field] is not None]
        if not known:
            continue
        value = known[len(known) // 2][field]
        expected = [record["id"] for record in records if record[field] == value]
        seen = within(intra42, WORK, **{f"filter[{field}]": value})
        expect(f"those whose {field} is {value}", expected, known_ids(seen))
    for kind in ("project", "user"):
        value = records[-1][kind]["id"]
        expected = [record["id"] for record in records if record[kind]["id"] == value]
        seen = within(intra42, WORK, **{f"filter[{kind}_id]": value})
        expect(f"those whose {kind}_id is {value}", expected, known_ids(seen))


@behaviour("intra42.filter.projects_users", needs=("data",))
@behaviour("intra42.filter.fields", needs=("data",))
def test_one_field_and_two(intra42: Target) -> None:
    work = [
        work_on(1, occurrence=1, final_mark=0, status="finished"),
        work_on(2, final_mark=0, project_id=12, retriable_at="2026-05-09T08:00:00.5Z"),
        work_on(3, user_id=2, occurrence=1, marked_at="2026-05-03T08:00:00Z"),
        work_on(4, user_id=2, project_id=12, created_at="2026-05-02T08:00:00Z"),
    ]
    with school(intra42, work=work) as own:
        for params, expected in (
            ({"filter[project_id]": 12}, [2, 4]),
            ({"filter[user_id]": 2}, [3, 4]),
            ({"filter[project_id]": 12, "filter[user_id]": 2}, [4]),
            ({"filter[occurrence]": 1, "filter[final_mark]": "0,7"}, [1]),
            ({"filter[final_mark]": "0", "filter[status]": "in_progress"}, [2]),
            ({"filter[retriable_at]": "2026-05-09T10:00:00.500+02:00"}, [2]),
            ({"filter[marked_at]": "2026-05-03T08:00:00Z", "filter[marked]": "false"}, []),
            ({"filter[created_at]": "2026-05-01T08:00:00Z", "filter[user_id]": 2}, [3]),
            ({"filter[updated_at]": "2026-05-02T08:00:00Z"}, [4]),
        ):
            expect(f"those with {params}", expected, ids(listed(own, WORK, params)))


def expect_parts(target: Target, field: str, date: str) -> None:
    """Hold a flag's two parts of a list against whether a date is set."""
    _, records = window(target, WORK)
    dated = [record["id"] for record in records if record[date] is not None]
    need(0 < len(dated) < len(records), f"projects users with and without a {date}")
    blank = [record["id"] for record in records if record[date] is None]
    for value, expected in (("true", dated), ("false", blank), ("true,false", ids(records))):
        seen = known_ids(within(target, WORK, **{f"filter[{field}]": value}))
        expect(f"those with filter[{field}]={value}", expected, seen)
    parts = [total(target, WORK, {f"filter[{field}]": flag}) for flag in ("true", "false")]
    expect("the sum of both", total(target, WORK), sum(parts))


@behaviour("intra42.filter.retriable")
def test_those_that_can_be_tried_again(intra42: Target) -> None:
    expect_parts(intra42, "retriable", "retriable_at")


@behaviour("intra42.filter.marked")
def test_those_that_are_marked(intra42: Target) -> None:
    expect_parts(intra42, "marked", "marked_at")


@behaviour("intra42.filter.retriable", needs=("data",))
@behaviour("intra42.filter.marked", needs=("data",))
def test_each_flag_looks_at_its_own_date(intra42: Target) -> None:
    then = "2026-05-02T08:00:00Z"
    work = [
        work_on(1, marked_at=then),
        work_on(2, retriable_at=then, final_mark=50),
        work_on(3, final_mark=100, status="finished"),
    ]
    with school(intra42, work=work) as own:
        for field, value, expected in (
            ("marked", "true", [1]),
            ("marked", "false", [2, 3]),
            ("retriable", "true", [2]),
            ("retriable", "false", [1, 3]),
        ):
            seen = listed(own, WORK, {f"filter[{field}]": value})
            expect(f"those with filter[{field}]={value}", expected, ids(seen))


def documented_groups(target: Target, name: str, path: str) -> list[int]:
    """Return the ids of groups that are there and may be asked for."""
    there = ids(listed(target, path, {"per_page": 100}))
    listed_ids = [number for number in there if number in DOCUMENTED[name]]
    need(listed_ids, f"a documented id in {path}")
    return listed_ids


def expect_members(target: Target, name: str, path: str) -> None:
    """Hold a filter by membership against relations that need no sight of it."""
    whole = total(target, WORK)
    need(whole, "a projects user")
    groups = documented_groups(target, name, path)
    sizes: dict[int, int] = {}
    for number in sorted(groups):
        sizes[number] = total(target, WORK, {f"filter[{name}]": number})
        if len([size for size in sizes.values() if 0 < size < whole]) > 1 or len(sizes) > 15:
            break
    some = [number for number, size in sizes.items() if 0 < size < whole]
    need(len(some) > 1, f"two {name} with some of the projects users each")
    least, most = max(sizes[number] for number in some), sum(sizes[number] for number in some)
    both = total(target, WORK, {f"filter[{name}]": ",".join(map(str, some))})
    expect_that(f"those of {name} {some}", least <= both <= most, f"{least} to {most}", both)
    expect_that("a user's records", *_all_or_none(target, name, some[0]))


def _all_or_none(target: Target, name: str, group: int) -> tuple[bool, str, Any]:
    params = {f"filter[{name}]": group}
    kept = listed(target, WORK, {**params, "per_page": 100})[:3]
    sums = []
    for user in {record["user"]["id"] for record in kept}:
        of_user = {"filter[user_id]": user}
        sums.append((total(target, WORK, of_user), total(target, WORK, {**of_user, **params})))
    return all(first == second for first, second in sums), "kept all, or none", sums


@behaviour("intra42.filter.cursus")
def test_those_of_a_cursus(intra42: Target) -> None:
    expect_members(intra42, "cursus", CURSUS)


@behaviour("intra42.filter.campus")
def test_those_of_a_campus(intra42: Target) -> None:
    expect_members(intra42, "campus", CAMPUS)


MEMBERS = [work_on(user * 10, user_id=user) for user in (1, 2, 3, 4)]


def kept(target: Target, name: str, cases: dict[str, list[int]]) -> Iterator[tuple[str, Any, Any]]:
    """Yield the `MEMBERS` that a filter by membership should keep, and those it keeps."""
    with school(target, work=MEMBERS) as own:
        for value, expected in cases.items():
            answer = page(own, WORK, {f"filter[{name}]": value})
            yield f"those of {name} {value}", expected, ids(own.records(answer))
            yield f"how many {name} {value} has", len(expected), own.total(answer)


@behaviour("intra42.filter.cursus", needs=("data",))
def test_members_of_a_cursus(intra42: Target) -> None:
    cases = {"21": [10, 30], "9": [20, 30], "9,21": [10, 20, 30], "77": [40], "1": []}
    for what, expected, seen in kept(intra42, "cursus", cases):
        expect(what, expected, seen)


@behaviour("intra42.filter.campus", needs=("data",))
def test_members_of_a_campus(intra42: Target) -> None:
    cases = {"1": [10, 30], "2": [20, 30], "1,2": [10, 20, 30], "74": [40], "9": []}
    for what, expected, seen in kept(intra42, "campus", cases):
        expect(what, expected, seen)


@behaviour("intra42.filter.cursus.list")
def test_every_documented_id_is_taken(intra42: Target) -> None:
    whole = total(intra42, WORK)
    for name, numbers in DOCUMENTED.items():
        several = ",".join(map(str, numbers))
        seen = total(intra42, WORK, {f"filter[{name}]": several})
        expect_that(f"those of every {name}", seen <= whole, f"{whole} or less", seen)
        parts = {total(intra42, WORK, {f"filter[{name}]": number}) for number in numbers[:4]}
        need(len(parts) > 1, f"{name} with unlike numbers of projects users")
    page(intra42, WORK, {"filter[cursus]": 77, "per_page": 1})
    need(whole, "a projects user")


@behaviour("intra42.filter.cursus.list", needs=("data",))
def test_pinned_ids_are_taken(intra42: Target) -> None:
    users: list[Record] = [{"id": 1, "campus_ids": [300], "cursus_ids": [200]}]
    groups: dict[str, Any] = {
        "cursus": {"records": [{"id": 200}]},
        "campus": {"records": [{"id": 300}]},
    }
    with school(intra42, work=[work_on(1)], users={"records": users}, **groups) as own:
        for name, value, expected in (
            ("cursus", 200, [1]),
            ("cursus", 77, []),
            ("campus", 300, [1]),
        ):
            seen = listed(own, WORK, {f"filter[{name}]": value})
            expect(f"those of {name} {value}", expected, ids(seen))


def unlisted(target: Target) -> tuple[tuple[str, int], ...]:
    """Return ids that neither the documents nor the target's lists have."""
    cursus, campus = (ids(listed(target, path, {"per_page": 100})) for path in (CURSUS, CAMPUS))
    need(not {78, 87} & set(cursus) and not {75, 78} & set(campus), "lists that end as documented")
    return ("cursus", 78), ("cursus", 87), ("campus", 75), ("campus", 78)


@behaviour("intra42.filter.lists", invalid=True)
def test_ids_that_no_document_lists(intra42: Target) -> None:
    for name, number in (*unlisted(intra42), ("cursus", 88), ("campus", 79)):
        answer = intra42.get(WORK, params={f"filter[{name}]": number}).expect_status(400)
        expect("the error", "Filter Error", answer.json["error"])


@behaviour("intra42.filter.lists", live=True, invalid=True)
def test_ids_that_came_later(intra42: Target) -> None:
    for name, number in unlisted(intra42):
        page(intra42, WORK, {f"filter[{name}]": number, "per_page": 1})
    for name, numbers in (("cursus", range(78, 88)), ("campus", range(75, 79))):
        several = ",".join(map(str, numbers))
        page(intra42, WORK, {f"filter[{name}]": several, "per_page": 1})
    for name, number in (("cursus", 88), ("campus", 79)):
        intra42.get(WORK, params={f"filter[{name}]": number}).expect_status(400)
