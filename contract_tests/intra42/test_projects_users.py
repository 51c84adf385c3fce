"""The list of projects users, and what it has in common with that of slots."""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from fake_server.contract import Target, behaviour, expect, expect_ordered, expect_that, need

from . import keys
from .helpers import (
    NOBODY,
    SLOTS,
    WORK,
    a_project,
    a_user,
    ids,
    known_ids,
    listed,
    page,
    school,
    slot,
    total,
    window,
    within,
    work_on,
)

STATUSES = (
    "creating_group",
    "finished",
    "in_progress",
    "parent",
    "searching_a_group",
    "waiting_for_correction",
)


@behaviour("intra42.projects_users.list")
def test_the_list_holds_every_status(intra42: Target) -> None:
    _, records = window(intra42, WORK)
    expect("those of some ids", known_ids(records), known_ids(within(intra42, WORK)))
    parts = [total(intra42, WORK, {"filter[status]": status}) for status in STATUSES]
    need(sum(1 for part in parts if part) > 1, "two statuses")
    expect("the sum over the statuses", total(intra42, WORK), sum(parts))


@behaviour("intra42.projects_users.list", needs=("data",))
def test_the_list_holds_the_work_of_all(intra42: Target) -> None:
    work = [
        work_on(number, user_id=1 + number % 4, project_id=11 + number % 2, status=status)
        for number, status in enumerate(STATUSES, 1)
    ]
    with school(intra42, work=work) as own:
        answer = page(own, WORK)
        seen = [
            (record["id"], record["user"]["id"], record["project"]["id"], record["status"])
            for record in own.records(answer)
        ]
        expected = [(row["id"], row["user_id"], row["project_id"], row["status"]) for row in work]
        expect("the list", expected, seen)
        answer.expect_header("X-Total", str(len(work)))


@behaviour("intra42.projects_users.shape")
def test_the_keys_and_their_order(intra42: Target) -> None:
    _, records = window(intra42, WORK, 1)
    for record in records:
        expect("the keys", keys.WORK, list(record))
        expect("the keys of its project", keys.PROJECT, list(record["project"]))
        expect("the keys of its user", keys.USER, list(record["user"]))
        expect("the keys of the image", ["link", "versions"], list(record["user"]["image"]))
        expect("marked", record["marked_at"] is not None, record["marked"])
        whole = all(type(number) is int for number in record["cursus_ids"])
        expect_that("cursus_ids", whole and record["cursus_ids"], "numbers", record["cursus_ids"])
        for team in record["teams"]:
            expect("the keys of a team", keys.TEAM, list(team))
            for member in team["users"]:
                expect("the keys of a team's user", keys.MEMBER, list(member))
    need(any(record["teams"] for record in records), "a team")


@behaviour("intra42.projects_users.shape")
def test_what_belongs_together_agrees(intra42: Target) -> None:
    for record in window(intra42, WORK, 1)[1]:
        user = record["user"]
        expect("the user's url", f"{intra42.base_url}/v2/users/{user['login']}", user["url"])
        current = [team for team in record["teams"] if team["id"] == record["current_team_id"]]
        expect("how many current teams", record["current_team_id"] is not None, bool(current))
        for team in current:
            expect("the project of a team", record["project"]["id"], team["project_id"])
            members = [member["id"] for member in team["users"]]
            expect_that("the users of a team", user["id"] in members, user["id"], members)


@behaviour("intra42.projects_users.show")
def test_a_record_is_shown_by_its_id(intra42: Target) -> None:
    for record in window(intra42, WORK, 2)[1][:3]:
        expect("the record", record, page(intra42, f"{WORK}/{record['id']}").json)
    intra42.get(f"{WORK}/{NOBODY}").expect_status(404)


@behaviour("intra42.projects_users.shape", needs=("data",))
def test_a_record_is_shown_as_it_is(intra42: Target) -> None:
    facts: dict[str, Any] = {
        "created_at": "2026-05-01T08:00:00.000Z",
        "updated_at": "2026-05-02T08:00:00.500Z",
        "marked_at": "2026-05-03T08:00:00.000Z",
        "retriable_at": "2026-05-06T08:00:00.000Z",
        "occurrence": 2,
        "final_mark": 75,
        "status": "finished",
        "validated?": False,
        "current_team_id": 900,
    }
    with school(intra42, work=[work_on(5, project_id=12, user_id=3, **facts)]) as own:
        seen = listed(own, WORK)[0]
        expect("its facts", facts, {name: seen[name] for name in facts})
        project = {"id": 12, "name": "Printf", "slug": "printf", "parent_id": 11}
        expect("its project", project, seen["project"])
        expect("its user", (3, "cleo"), (seen["user"]["id"], seen["user"]["login"]))
        expect("its teams", [900], ids(seen["teams"]))
        expect("whether it is marked", True, seen["marked"])


@behaviour("intra42.projects_users.shape", needs=("data",))
def test_what_is_not_there_is_null(intra42: Target) -> None:
    with school(intra42, work=[work_on(5)]) as own:
        seen = listed(own, WORK)[0]
        for name in ("final_mark", "validated?", "current_team_id", "marked_at", "retriable_at"):
            expect(name, None, seen[name])
        expect("teams and mark", ([], False), (seen["teams"], seen["marked"]))


@behaviour("intra42.projects_users.order")
def test_they_come_by_id(intra42: Target) -> None:
    records = listed(intra42, WORK, {"per_page": 100})
    need(len(records) > 1, "two projects users")
    expect_ordered("the list", records, lambda record: record["id"])
    params, some = window(intra42, WORK)
    paged_list = intra42.read_pages(WORK, {**params, "per_page": 13})
    expect("a walk over some ids", sorted(ids(some)), ids(paged_list.records))


@behaviour("intra42.projects_users.nested")
def test_those_of_a_user_or_project(intra42: Target) -> None:
    whole = total(intra42, WORK)
    for kind, parent in (("user", a_user(intra42)), ("project", a_project(intra42))):
        path = f"/v2/{kind}s/{parent['id']}/projects_users"
        answer = page(intra42, path, {"per_page": 100})
        seen = {record[kind]["id"] for record in intra42.records(answer)}
        expect(f"the {kind}s of {path}", {parent["id"]}, seen)
        count = intra42.total(answer)
        filtered = total(intra42, WORK, {f"filter[{kind}_id]": parent["id"]})
        expect(f"the total of {path}", filtered, count)
        need(count < whole, f"two {kind}s")


@behaviour("intra42.projects_users.nested", needs=("data",))
def test_those_with_that_user_or_project(intra42: Target) -> None:
    work = [work_on(1), work_on(2, user_id=2), work_on(3, project_id=12), work_on(12)]
    with school(intra42, work=work) as own:
        for path, expected in (
            ("users/1", [1, 3, 12]),
            ("users/bob", [2]),
            ("projects/11", [1, 2, 12]),
            ("projects/printf", [3]),
            ("users/dan", []),
        ):
            answer = page(own, f"/v2/{path}/projects_users")
            expect(f"those of {path}", expected, ids(own.records(answer)))
            answer.expect_header("X-Total", str(len(expected)))


@behaviour("intra42.lists.user_id")
def test_ids_and_names_in_the_query(intra42: Target) -> None:
    user, project = a_user(intra42), a_project(intra42)
    for path in (SLOTS, WORK):
        name = path.removeprefix("/v2/")
        for nest, forms in (
            (f"/v2/users/{user['id']}", ({"user_id": user["id"]}, {"user_id": user["login"]})),
            (
                f"/v2/projects/{project['slug']}",
                ({"project_id": project["id"]}, {"project_id": project["slug"]}),
            ),
        ):
            nested = page(intra42, f"{nest}/{name}")
            for form in forms:
                answer = page(intra42, path, form)
                expected = ids(intra42.records(nested))
                expect(f"{path} with {form}", expected, ids(intra42.records(answer)))
                answer.expect_header("X-Total", nested.headers.get("X-Total"))
    both = {"user_id": user["id"], "project_id": project["id"]}
    filters = {"filter[user_id]": user["id"], "filter[project_id]": project["id"]}
    expect("those of both", total(intra42, WORK, filters), total(intra42, WORK, both))


@behaviour("intra42.lists.user_id", needs=("data",))
def test_slots_by_user_and_project(intra42: Target) -> None:
    evaluated = {"scale_team_id": 5, "project_id": 11, "corrected_id": 1}
    slots = [
        slot(1, "2026-05-01T08:00:00Z"),
        slot(2, "2026-05-02T08:00:00Z", user_id=2, **evaluated),
        slot(3, "2026-05-03T08:00:00Z", user_id=3, **{**evaluated, "corrected_id": 2}),
    ]
    with school(intra42, slots=slots) as own:
        for params, expected in (
            ({"user_id": "ada"}, [1, 2]),
            ({"user_id": 2}, [2, 3]),
            ({"project_id": "libft"}, [2, 3]),
            ({"project_id": 11, "user_id": "ada"}, [2]),
        ):
            expect(f"slots with {params}", expected, known_ids(listed(own, SLOTS, params)))


@behaviour("intra42.lists.parent_by_number", needs=("data",))
def test_an_id_goes_before_a_login_or_slug_of_digits(intra42: Target) -> None:
    users = [{"id": 5, "login": "7"}, {"id": 6, "login": "5"}, {"id": 7, "login": "x"}]
    projects = [
        {"id": 11, "name": "A", "slug": "42"},
        {"id": 12, "name": "B", "slug": "11"},
    ]
    work = [
        work_on(1, user_id=5, project_id=11),
        work_on(2, user_id=6, project_id=12),
        work_on(3, user_id=7, project_id=12),
    ]
    parts: dict[str, Any] = {"users": {"records": users}, "projects": {"records": projects}}
    with school(intra42, work=work, **parts) as own:
        for path, expected in (
            ("/v2/users/5", [1]),
            ("/v2/users/7", [3]),
            ("/v2/projects/11", [1]),
            ("/v2/projects/42", [1]),
        ):
            records = listed(own, f"{path}/projects_users", {})
            expect(f"the projects users of {path}", expected, known_ids(records))


@behaviour("intra42.lists.unknown_parent")
def test_unknown_users_and_projects(intra42: Target) -> None:
    for path in (SLOTS, WORK):
        name = path.removeprefix("/v2/")
        for unknown in (
            f"/v2/users/{NOBODY}/{name}",
            f"/v2/users/nobody-is-called-so/{name}/graph",
            f"/v2/projects/{NOBODY}/{name}/graph",
            f"/v2/projects/nothing-is-called-so/{name}",
            f"{path}?user_id={NOBODY}",
            f"{path}?project_id=nothing-is-called-so",
        ):
            intra42.get(unknown).expect_status(404).expect_json({})


@behaviour("intra42.projects_users.sort")
def test_projects_users_can_be_sorted(intra42: Target) -> None:
    for field in ("created_at", "updated_at", "occurrence", "status"):
        rising = within(intra42, WORK, sort=field)
        expect_ordered(f"those by {field}", rising, itemgetter(field))
        falling = within(intra42, WORK, sort=f"-{field}")
        expect_ordered(f"those by -{field}", falling, itemgetter(field), descending=True)
        expect("how many there are", len(rising), len(falling))
        need(rising[0][field] != rising[-1][field], f"different values of {field}")


@behaviour("intra42.projects_users.sort")
def test_projects_users_by_project_and_user(intra42: Target) -> None:
    for kind in ("project", "user"):
        rising = within(intra42, WORK, sort=f"{kind}_id")
        expect_ordered(f"by {kind}_id", rising, _id_of(kind))
        falling = within(intra42, WORK, sort=f"-{kind}_id,-id")
        expect(f"by -{kind}_id, then -id", ids(rising)[::-1], ids(falling))


def _id_of(name: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda record: record[name]["id"]
