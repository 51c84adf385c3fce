"""The lists of users, against the rows behind them."""

import json

import pytest

from fake_server.world.records.data import change, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra


@pytest.mark.behaviour("intra42.users.list", "intra42.users.order")
def test_users_are_their_profiles(demo: Intra) -> None:
    rows = sorted(demo.rows(tables.users), key=lambda row: row.id, reverse=True)
    listed = demo.json("/v2/users?per_page=100")
    profiles = [json.loads(row.profile) for row in rows[:100]]
    assert [user | {"url": ""} for user in listed] == profiles
    assert listed[0]["url"].endswith(f"/v2/users/{rows[0].login}")


@pytest.mark.behaviour("intra42.users.parents")
@pytest.mark.parametrize("name", ["campus", "cursus", "projects"])
def test_users_below_a_record(demo: Intra, name: str) -> None:
    members = {
        "campus": [(row.campus_id, row.user_id) for row in demo.rows(tables.campus_users)],
        "cursus": [(row.cursus_id, row.user_id) for row in demo.rows(tables.cursus_users)],
        "projects": [(row.project_id, row.user_id) for row in demo.rows(tables.projects_users)],
    }[name]
    group_id = members[0][0]
    expected = sorted({user for group, user in members if group == group_id}, reverse=True)
    assert demo.ids(f"/v2/{name}/{group_id}/users") == expected
    assert demo.get(f"/v2/{name}/nowhere/users").status_code == 404


@pytest.mark.behaviour("intra42.users.primary_campus")
def test_the_first_campus_is_the_primary_one(demo: Intra) -> None:
    rows = demo.rows(tables.campus_users)
    first = {row.user_id for row in rows if row.position == 0 and row.campus_id in (1, 9)}
    assert set(demo.ids("/v2/users?filter[primary_campus_id]=1,9")) == first
    assert demo.get("/v2/users?filter[primary_campus_id]=x").status_code == 422


@pytest.mark.behaviour("intra42.users.flags", "intra42.users.graph")
def test_a_changed_profile_is_filtered_and_graphed_by(demo: Intra) -> None:
    changes = {"staff?": True, "kind": "admin", "created_at": "2020-02-03T08:00:00Z"}
    change(demo.world, "intra42", "users", "7", changes)
    assert demo.ids("/v2/users?filter[staff?]=true") == [7]
    assert demo.ids("/v2/users?filter[kind]=admin&range[created_at]=2020-02-03,2020-02-04") == [7]
    assert next(iter(demo.json("/v2/users/graph/on/created_at/by/day").items())) == (
        "2020-02-03",
        1,
    )
    assert demo.get("/v2/users?filter[alumni?]=1").status_code == 400
    remove(demo.world, "intra42", "users", "7")
    assert demo.ids("/v2/users?filter[staff?]=true") == []


@pytest.mark.behaviour(
    "intra42.campus_users.shape",
    "intra42.campus_users.order",
    "intra42.campus_users.show",
    "intra42.campus_users.parents",
)
def test_a_user_at_each_campus(demo: Intra) -> None:
    rows = sorted(
        demo.rows(tables.campus_users), key=lambda row: (row.created_at, row.id), reverse=True
    )
    assert demo.ids("/v2/campus_users") == [row.id for row in rows]
    change(demo.world, "intra42", "users", "7", {"campus_ids": [9, 1]})
    records = demo.json("/v2/users/7/campus_users?sort=id")
    assert [(link["campus_id"], link["is_primary"]) for link in records] == [(9, True), (1, False)]
    assert demo.json(f"/v2/campus_users/{records[1]['id']}") == records[1]
    remove(demo.world, "intra42", "users", "7")
    assert demo.get(f"/v2/campus_users/{records[0]['id']}").status_code == 404
