"""Users."""

from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_that, need

from . import keys
from .campus_users import some_campus_users
from .helpers import NOBODY, a_project, graph, ids, listed, school, total, window, work_on
from .users import MEMBERS, USERS, some_users

_CREATED = {1: "2025-02-03T08:00:00Z", 2: "2025-02-03T23:00:00Z", 3: "2025-05-09T08:00:00Z"}


def members(**changes: Any) -> dict[str, Any]:
    """Return the section of the users of a dataset, with further attributes each."""
    return {"records": [{**user, **changes} for user in MEMBERS]}


@behaviour("intra42.users.list")
def test_a_user_of_a_list_has_these_keys(intra42: Target) -> None:
    for path in (USERS, f"/v2/projects/{a_project(intra42)['id']}/users"):
        records = listed(intra42, path)
        need(bool(records), f"users in {path}")
        for record in records:
            expect("the keys", keys.USER, list(record))


@behaviour("intra42.users.order")
def test_the_newest_id_comes_first(intra42: Target) -> None:
    records = [
        user
        for number in (1, 2)
        for user in listed(intra42, USERS, {"per_page": 50, "page": number})
    ]
    need(len(records) > 1, "two users")
    numbers = [user["id"] for user in records]
    # Each stands once: a server that knows no pages answers the same people twice.
    expect("the ids", sorted(set(numbers), reverse=True), numbers)


@behaviour("intra42.users.parents")
def test_users_are_below_their_campus_and_projects(intra42: Target) -> None:
    there = some_campus_users(intra42)[0]
    work = window(intra42, "/v2/projects_users", 1)[1][0]
    for path, user in (
        (f"campus/{there['campus_id']}", there["user_id"]),
        (f"projects/{work['project']['id']}", work["user"]["id"]),
    ):
        nested = listed(intra42, f"/v2/{path}/users", {"filter[id]": user})
        expect(f"user {user} below {path}", [user], ids(nested))
        every, below = total(intra42, USERS), total(intra42, f"/v2/{path}/users")
        need(below < every, f"a user who is not below {path}")
        kind, number = path.split("/")
        query = {"campus": "campus_id", "projects": "project_id"}[kind]
        expect(f"how many with {query}", below, total(intra42, USERS, {query: number}))
        for entry in listed(intra42, f"/v2/{path}/users", {"per_page": 3}):
            record = {"campus": "campus_users", "projects": "projects_users"}[kind]
            params = {f"filter[{query}]": number}
            count = total(intra42, f"/v2/users/{entry['id']}/{record}", params)
            expect_that(f"records of user {entry['id']} on {path}", count > 0, "one or more", count)


@behaviour("intra42.users.parents", needs=("data",))
def test_users_are_listed_under_what_they_are_in(intra42: Target) -> None:
    work = [work_on(1, user_id=2), work_on(2, user_id=2), work_on(3, user_id=1, project_id=12)]
    with school(intra42, users=members(), work=work) as own:
        nested = {
            "campus/1": [3, 1],
            "campus/2": [3, 2],
            "campus/74": [],
            "cursus/9": [3, 2],
            "cursus/21": [3, 1],
            "projects/11": [2],
            "projects/printf": [1],
        }
        for path, expected in nested.items():
            expect(f"the users of {path}", expected, ids(listed(own, f"/v2/{path}/users")))
        for query, expected in (("campus_id", [3, 1]), ("cursus_id", []), ("project_id", [])):
            if expected:
                expect(query, expected, ids(listed(own, USERS, {query: 1})))
            else:
                own.get(USERS, params={query: NOBODY}).expect_status(404)


@behaviour("intra42.users.primary_campus")
def test_users_by_the_campus_that_comes_first(intra42: Target) -> None:
    records = some_campus_users(intra42)
    firsts = [record for record in records if record["is_primary"]]
    others = [record for record in records if not record["is_primary"]]
    need(firsts and others, "a user at two campus")
    for record, is_first in [
        *((record, True) for record in firsts[:3]),
        *((record, False) for record in others[:3]),
    ]:
        campus, user = record["campus_id"], record["user_id"]
        params = {"filter[primary_campus_id]": campus, "filter[id]": user}
        expect(
            f"user {user} by campus {campus}",
            [user] * is_first,
            ids(listed(intra42, USERS, params)),
        )
    first_campus, second_campus = (
        firsts[0]["campus_id"],
        next(
            (
                record["campus_id"]
                for record in firsts
                if record["campus_id"] != firsts[0]["campus_id"]
            ),
            0,
        ),
    )
    parts = [
        total(intra42, USERS, {"filter[primary_campus_id]": campus})
        for campus in (first_campus, second_campus)
    ]
    both = total(intra42, USERS, {"filter[primary_campus_id]": f"{first_campus},{second_campus}"})
    expect("how many there are of both", sum(parts), both)


@behaviour("intra42.users.primary_campus", needs=("data",))
def test_users_of_a_primary_campus(intra42: Target) -> None:
    with school(intra42, users=members()) as own:
        for text, expected in (("1", [1]), ("2", [3, 2]), ("1,2", [3, 2, 1]), ("74", [])):
            params = {"filter[primary_campus_id]": text}
            expect(f"those of {text}", expected, ids(listed(own, USERS, params)))
        own.get(USERS, params={"filter[primary_campus_id]": "paris"}).expect_status(422)


@behaviour("intra42.users.flags")
def test_flags_part_the_users(intra42: Target) -> None:
    for name in ("staff?", "alumni?"):
        counts = []
        for value in (True, False):
            params = {f"filter[{name}]": str(value).lower(), "per_page": 100}
            records = listed(intra42, USERS, params)
            need(bool(records), f"a user whose {name} is {value}")
            expect(name, {value}, {user[name] for user in records})
            counts.append(total(intra42, USERS, params))
        expect(f"how many {name} parts", total(intra42, USERS), sum(counts))


@behaviour("intra42.users.flags", needs=("data",))
def test_alumni_and_staff(intra42: Target) -> None:
    with school(intra42, users=members()) as own:
        for name, number in (("staff?", 1), ("alumni?", 2)):
            others = [user for user in (3, 2, 1) if user != number]
            for value, expected in (("true", [number]), ("false", others)):
                records = listed(own, USERS, {f"filter[{name}]": value})
                expect(f"those of {name}={value}", expected, ids(records))
                expect(name, {value == "true"}, {user[name] for user in records})


@behaviour("intra42.users.graph")
def test_users_are_graphed_on_created_at(intra42: Target) -> None:
    some_users(intra42)
    expect("the default", graph(intra42, USERS, "on/created_at"), graph(intra42, USERS))
    days = graph(intra42, USERS, "on/updated_at/by/day")
    expect_that("the users of all days", sum(days.values()) > 0, "> 0", days)


@behaviour("intra42.users.graph", needs=("data",))
def test_users_are_counted_by_day(intra42: Target) -> None:
    records = [{**user, "created_at": _CREATED[user["id"]]} for user in MEMBERS]
    with school(intra42, users={"records": records}, at="2025-06-01T12:00:00Z") as own:
        days = graph(own, USERS, "on/created_at/by/day")
        counts = {day: count for day, count in days.items() if count}
        expect("the days", {"2025-02-03": 2, "2025-05-09": 1}, counts)
