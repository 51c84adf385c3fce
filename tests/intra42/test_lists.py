"""The lists: their items, their order, their parents."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.intra42.conftest import Intra
from tests.intra42.tables import projects_users, slots
from tests.support.client import CheckedClient


@pytest.mark.behaviour("intra42.slots.list", "intra42.slots.order")
def test_all_slots_by_begin_at_and_id_descending(intra: Intra) -> None:
    rows = sorted(intra.rows(slots), key=lambda row: (row.begin_at, row.id), reverse=True)
    assert intra.ids("/v2/slots") == [row.id for row in rows]
    assert any(first.begin_at == second.begin_at for first, second in pairwise(rows))


@pytest.mark.behaviour("intra42.slots.order")
def test_the_quirk_lists_slots_by_id_descending(intra_with: Callable[..., Intra]) -> None:
    live = intra_with("slots-newest-id-first")
    ids = [row.id for row in live.rows(slots)]
    assert live.ids("/v2/slots") == sorted(ids, reverse=True)
    assert live.ids("/v2/slots?sort=id") == sorted(ids)


@pytest.mark.behaviour("intra42.slots.shape", "intra42.slots.user", "intra42.slots.scale_team")
def test_a_free_slot(intra: Intra) -> None:
    (slot,) = intra.json("/v2/slots?filter[id]=1001")
    assert list(slot.items()) == [
        ("id", 1001),
        ("begin_at", "2019-12-31T23:45:00.000Z"),
        ("end_at", "2020-01-01T00:00:00.000Z"),
        ("scale_team", None),
        ("user", "invisible"),
    ]


@pytest.mark.behaviour("intra42.slots.scale_team")
def test_a_booked_slot(intra: Intra) -> None:
    (slot,) = intra.json("/v2/slots?filter[id]=1002")
    assert slot["scale_team"]["id"] == 5
    assert slot["scale_team"]["begin_at"] == slot["begin_at"]
    assert slot["scale_team"]["corrector"] == "invisible"


@pytest.mark.behaviour("intra42.slots.user")
def test_an_application_with_a_role_sees_who_offers_a_slot(intra: Intra) -> None:
    response = intra.get("/v2/slots?filter[id]=1001", token="staff")
    assert response.json[0]["user"] == {
        "id": 101,
        "login": "ada",
        "url": "http://localhost/v2/users/ada",
    }


@pytest.mark.behaviour("intra42.slots.of_user")
def test_the_slots_of_a_user_are_offered_or_evaluated_ones(intra: Intra) -> None:
    own = {row.id for row in intra.rows(slots) if 102 in (row.user_id, row.corrected_id)}
    assert {1002, 1003} <= own
    assert {*intra.ids("/v2/users/102/slots")} == own
    assert intra.ids("/v2/users/grace/slots") == intra.ids("/v2/users/102/slots")
    rows = {row.id: row for row in intra.rows(slots)}
    begins = [rows[number].begin_at for number in intra.ids("/v2/users/102/slots")]
    assert begins == sorted(begins, reverse=True)


@pytest.mark.behaviour("intra42.slots.of_project")
def test_the_slots_of_a_project_are_booked_for_it(intra: Intra) -> None:
    booked = {row.id for row in intra.rows(slots) if row.project_id == 1}
    assert {*intra.ids("/v2/projects/weaving/slots")} == booked >= {1002}


@pytest.mark.behaviour("intra42.projects_users.list", "intra42.projects_users.order")
def test_all_projects_users_by_id(intra: Intra) -> None:
    assert intra.ids("/v2/projects_users") == sorted(row.id for row in intra.rows(projects_users))


@pytest.mark.behaviour("intra42.projects_users.nested")
def test_the_projects_users_of_a_user_and_of_a_project(intra: Intra) -> None:
    rows = sorted(intra.rows(projects_users), key=lambda row: row.id)
    own = [row.id for row in rows if row.user_id == 101]
    assert intra.ids("/v2/users/ada/projects_users") == own
    assert {2001, 2004} <= {*own}
    theirs = [row.id for row in rows if row.project_id == 2]
    assert intra.ids("/v2/projects/dyeing/projects_users") == theirs


@pytest.mark.behaviour("intra42.lists.user_id")
def test_user_id_and_project_id_narrow_a_list(intra: Intra) -> None:
    for name in ("slots", "projects_users"):
        assert intra.ids(f"/v2/{name}?user_id=ada") == intra.ids(f"/v2/users/101/{name}")
        assert intra.ids(f"/v2/{name}?project_id=1") == intra.ids(f"/v2/projects/weaving/{name}")
    both = intra.ids("/v2/users/ada/projects_users?project_id=dyeing")
    rows = intra.rows(projects_users)
    assert both == [row.id for row in rows if (row.user_id, row.project_id) == (101, 2)]


DIGITS = """
intra42:
  credentials: {applications: [{uid: a, secret: b}], tokens: [{token: good, application: a}]}
  users: {records: [{id: 5, login: "7"}, {id: 6, login: "5"}, {id: 7, login: x}]}
  projects: {records: [{id: 1, name: A, slug: "42"}, {id: 2, name: B, slug: "1"}]}
  projects_users:
    records:
      - {id: 1, user_id: 5, project_id: 1}
      - {id: 2, user_id: 6, project_id: 2}
      - {id: 3, user_id: 7, project_id: 2}
"""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/v2/users/5/projects_users", [1]),
        ("/v2/users/7/projects_users", [3]),
        ("/v2/projects/42/projects_users", [1]),
        ("/v2/projects/1/projects_users", [1]),
        ("/v2/projects/2/projects_users", [2, 3]),
    ],
)
@pytest.mark.behaviour("intra42.lists.parent_by_number")
def test_an_id_goes_before_a_login_of_digits(
    client_for: Callable[..., CheckedClient], tmp_path: Path, url: str, expected: list[int]
) -> None:
    path = tmp_path / "digits.yaml"
    path.write_text(DIGITS, encoding="utf-8")
    assert Intra(client_for(dataset=str(path)), "good").ids(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "/v2/users/nobody/slots",
        "/v2/users/4242/projects_users",
        "/v2/projects/nothing/slots/graph",
        "/v2/projects/99999999999999999999999999/projects_users",
        "/v2/users/%00/slots",
        "/v2/users/%FF%FE/slots/graph/on/begin_at/by/day",
        "/v2/users/%C2%B2/slots",
        "/v2/slots?user_id=nobody",
        "/v2/projects_users?project_id=",
    ],
)
@pytest.mark.behaviour("intra42.lists.unknown_parent")
def test_an_unknown_user_or_project(intra: Intra, url: str) -> None:
    response = intra.get(url)
    assert response.status_code == 404
    assert response.data == b"{}"


@pytest.mark.behaviour("intra42.projects_users.shape", "intra42.answer.json")
def test_a_projects_user_in_full(intra: Intra) -> None:
    (work,) = intra.json("/v2/projects_users?filter[id]=2004")
    user = work.pop("user")
    (team,) = work.pop("teams")
    assert work == {
        "id": 2004,
        "occurrence": 0,
        "final_mark": 49,
        "status": "finished",
        "validated?": False,
        "current_team_id": 77,
        "project": {"id": 2, "name": "Dyeing", "slug": "dyeing", "parent_id": 1},
        "cursus_ids": [21],
        "marked_at": "2020-02-29T00:00:00.000Z",
        "marked": True,
        "retriable_at": "2020-03-03T00:00:00.000Z",
        "created_at": "2020-02-29T12:30:00.000Z",
        "updated_at": "2020-02-29T12:30:00.000Z",
    }
    assert user["login"] == "ada"
    assert user["url"] == "http://localhost/v2/users/ada"
    assert user["displayname"] == "Ada Byron"
    assert team["users"][0]["projects_user_id"] == 2004
    assert team["final_mark"] == 49


@pytest.mark.behaviour("intra42.projects_users.shape")
def test_the_keys_of_a_projects_user_come_in_order(intra: Intra) -> None:
    text = intra.get("/v2/projects_users?filter[id]=2001").text
    assert list(json.loads(text)[0]) == [
        "id",
        "occurrence",
        "final_mark",
        "status",
        "validated?",
        "current_team_id",
        "project",
        "cursus_ids",
        "marked_at",
        "marked",
        "retriable_at",
        "created_at",
        "updated_at",
        "user",
        "teams",
    ]
    (work,) = json.loads(text)
    assert work["validated?"] is True
    assert work["teams"] == []


@pytest.mark.behaviour("intra42.slots.scope", "intra42.token.scope")
def test_listing_slots_needs_no_scope_but_public(
    intra: Intra, intra_with: Callable[..., Intra]
) -> None:
    assert intra.get("/v2/slots").status_code == 200
    strict = intra_with("slots-need-projects-scope")
    refused = strict.get("/v2/users/ada/slots")
    assert refused.status_code == 403
    needed = "The action need the following scopes: [projects]"
    assert needed in refused.json["message"]
    assert refused.headers["WWW-Authenticate"] == (
        f'Bearer realm="42 API", error="insufficient scope", error_description="{needed}"'
    )
    assert strict.get("/v2/slots", token="projects-too").status_code == 200
    assert strict.get("/v2/slots/graph").status_code == 200


@pytest.mark.behaviour("intra42.campus.list")
def test_a_campus(intra: Intra) -> None:
    campus = {record["id"]: record for record in intra.json("/v2/campus")}
    assert list(campus) == sorted(campus, reverse=True)
    assert campus[99]["name"] == "Atlantis"
    assert campus[99]["users_count"] >= 2
    assert campus[1]["language"]["identifier"] == "en"


@pytest.mark.behaviour("intra42.campus.fields")
def test_campus_filtered_ranged_and_sorted(intra: Intra) -> None:
    every = sorted(intra.ids("/v2/campus"))
    assert every == [1, 2, 5, 6, 7, 8, 9, 99]
    assert intra.ids("/v2/campus?sort=id") == every
    assert intra.ids("/v2/campus?filter[active]=false") == [1]
    assert intra.ids("/v2/campus?filter[name]=Paris,Atlantis") == [99, 1]
    assert intra.ids("/v2/campus?range[id]=6,8&sort=-id") == [8, 7, 6]
    assert intra.ids("/v2/campus?filter[language_id]=2&filter[public]=true") == [7, 1]
    by_name = intra.json("/v2/campus?sort=country,-name")
    keys = [(record["country"], [-ord(letter) for letter in record["name"]]) for record in by_name]
    assert keys == sorted(keys)
    assert intra.get("/v2/campus?filter[logo]=x").status_code == 400
    assert intra.get("/v2/campus?sort=users_count").status_code == 400


@pytest.mark.behaviour("intra42.cursus.list", "intra42.cursus.fields")
def test_cursus_filtered_ranged_and_sorted(intra: Intra) -> None:
    assert intra.ids("/v2/cursus") == [88, 21, 9, 8, 7, 6, 5, 4, 3, 1]
    assert intra.json("/v2/cursus?filter[slug]=42cursus") == [
        {
            "id": 21,
            "created_at": "2019-07-29T08:45:17.896Z",
            "name": "42cursus",
            "slug": "42cursus",
            "kind": "main",
        }
    ]
    assert intra.ids("/v2/cursus?range[created_at]=2019-07-29,2019-07-30") == [21]
    assert intra.ids("/v2/cursus?filter[kind]=test&filter[restricted]=true&sort=id")[-1] == 88
    assert intra.ids("/v2/cursus?filter[is_subscriptable]=false") == [1]
    names = [record["name"] for record in intra.json("/v2/cursus?sort=name")]
    assert names == sorted(names)


@pytest.mark.parametrize("name", ["user_id", "project_id", "sort", "filter", "range", "page"])
@pytest.mark.behaviour("intra42.request.unknown_parameter")
def test_a_name_without_a_value_asks_for_nothing(intra: Intra, name: str) -> None:
    for url in ("/v2/slots", "/v2/projects_users"):
        asked = intra.get(f"{url}?{name}")
        assert asked.json == intra.json(url)
        assert intra.json(url, json={name: None}) == intra.json(url)


@pytest.mark.behaviour("intra42.projects_users.show")
def test_a_projects_user_alone_is_that_of_the_list(intra: Intra) -> None:
    records = intra.json("/v2/projects_users?per_page=5")
    assert [intra.json(f"/v2/projects_users/{record['id']}") for record in records] == records
    assert intra.get("/v2/projects_users/999999").status_code == 404
