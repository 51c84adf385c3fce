"""The kinds of records: read, added, changed and removed as a dataset has them."""

from collections.abc import Callable
from typing import Any

import pytest

from fake_server.errors import DataError
from fake_server.world.records.data import add, change, counts, get, load, page, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra
from tests.support.client import CheckedClient

SCHOOL: dict[str, list[Any]] = {
    "projects_users": [{"id": 5, "user_id": 100, "project_id": 1314, "final_mark": 84}],
    "slots": [
        {"id": 1, "begin_at": "2026-02-03T10:00:00Z", "user_id": 100},
        {
            "id": 2,
            "begin_at": "2026-02-03T10:15:00Z",
            "user_id": 101,
            "scale_team_id": 9,
            "project_id": 1314,
            "corrected_id": 100,
        },
    ],
    "users": [{"id": 100, "login": "norminet", "campus_ids": [9, 1]}, {"login": "other"}],
    "projects": [{"id": 1314, "name": "Libft", "slug": "libft", "cursus_ids": [21]}],
    "cursus": [{"id": 21}],
    "campus": [{"id": 1}, {"id": 9}],
    "applications": [{"uid": "mine", "secret": "s", "roles": ["Basic tutor"]}],
    "tokens": [{"token": "tutor", "application": "mine"}],
}


@pytest.fixture
def school(client_for: Callable[..., CheckedClient]) -> Intra:
    client = client_for(dataset="empty")
    load(client.world, "intra42", SCHOOL)
    return Intra(client, "tutor")


def test_records_are_added_as_a_dataset_pins_them(school: Intra) -> None:
    (work,) = school.json("/v2/projects_users")
    assert (work["user"]["login"], work["project"]["slug"]) == ("norminet", "libft")
    assert (work["final_mark"], work["validated?"], work["cursus_ids"]) == (84, True, [21])
    assert [slot["user"]["login"] for slot in school.json("/v2/slots")] == ["other", "norminet"]
    assert school.json("/v2/users/norminet/slots") == school.json("/v2/slots")
    assert {campus["id"]: campus["users_count"] for campus in school.json("/v2/campus")}[1] >= 1
    user = get(school.client.world, "intra42", "users", "100")
    assert (user["campus_ids"], user["email"]) == ([9, 1], "norminet@student.42.fr")
    assert user["first_name"]


def test_a_try_that_does_not_say_so_is_counted(school: Intra) -> None:
    world = school.client.world
    again = {"user_id": 100, "project_id": 1314}
    first = {**again, "created_at": "2026-01-01T00:00:00Z"}
    add(world, "intra42", "projects_users", [{**first, "id": 6}])
    add(world, "intra42", "projects_users", [{**again, "id": 7, "occurrence": 5}])
    add(world, "intra42", "projects_users", [{**again, "id": 8}])
    occurrences = {work["id"]: work["occurrence"] for work in school.json("/v2/projects_users")}
    assert occurrences == {5: 0, 6: 0, 7: 5, 8: 6}
    change(world, "intra42", "projects_users", "8", {"final_mark": 3})
    assert get(world, "intra42", "projects_users", "8")["occurrence"] == 6


def test_a_slot_that_names_nobody_is_of_a_user_who_has_joined(school: Intra) -> None:
    world = school.client.world
    created = {"created_at": "2031-01-01T00:00:00Z"}
    add(world, "intra42", "users", [{"id": number, **created} for number in range(200, 260)])
    slots = [{"id": number, "begin_at": "2030-02-05T10:00:00Z"} for number in range(10, 30)]
    add(world, "intra42", "slots", slots)
    offered = {row.user_id for row in school.rows(tables.slots) if row.id >= 10}
    assert offered <= {100, 101, 1}


def test_a_change_leaves_the_other_attributes(school: Intra) -> None:
    world = school.client.world
    before = get(world, "intra42", "users", "100")
    after = change(world, "intra42", "users", "100", {"login": "renamed", "wallet": 3})
    assert after == {**before, "login": "renamed", "wallet": 3}
    (work,) = school.json("/v2/users/renamed/projects_users")
    assert (work["user"]["wallet"], work["user"]["email"]) == (3, "norminet@student.42.fr")
    assert school.get("/v2/users/norminet/slots").status_code == 404
    slot = get(world, "intra42", "slots", "1")
    assert change(world, "intra42", "slots", "1", {"end_at": "2026-02-03T11:00:00Z"}) == {
        **slot,
        "end_at": "2026-02-03T11:00:00.000Z",
    }


@pytest.mark.parametrize("kind", ["campus", "cursus", "projects", "users", "slots", "tokens"])
def test_a_change_of_nothing_changes_nothing(
    client_for: Callable[..., CheckedClient], kind: str
) -> None:
    world = client_for(dataset="documented").world
    before, _ = page(world, "intra42", kind, 3, None, {})
    for record in before:
        key = record["token" if kind == "tokens" else "id"]
        assert change(world, "intra42", kind, str(key), {}) == record
    assert page(world, "intra42", kind, 3, None, {})[0] == before


def test_what_hangs_on_a_removed_user(school: Intra) -> None:
    world = school.client.world
    remove(world, "intra42", "users", "100")
    assert school.json("/v2/projects_users") == []
    (slot,) = school.json("/v2/slots")
    assert (slot["id"], slot["scale_team"]) == (2, None)
    remove(world, "intra42", "campus", "1")
    remove(world, "intra42", "cursus", "21")
    assert get(world, "intra42", "projects", "1314")["cursus_ids"] == []
    assert [campus["id"] for campus in school.json("/v2/campus")] == [9]


def test_what_hangs_on_a_removed_project(school: Intra) -> None:
    world = school.client.world
    add(world, "intra42", "projects", [{"name": "Bonus", "slug": "bonus", "parent_id": 1314}])
    remove(world, "intra42", "projects", "1314")
    assert school.json("/v2/projects_users") == []
    assert [slot["scale_team"] for slot in school.json("/v2/slots")] == [None, None]
    assert get(world, "intra42", "projects", "1315")["parent_id"] is None


def test_a_second_application(school: Intra) -> None:
    world = school.client.world
    granted = school.client.post(
        "/oauth/token",
        data={"grant_type": "client_credentials", "client_id": "mine", "client_secret": "s"},
    ).json
    issued = get(world, "intra42", "tokens", granted["access_token"])
    assert (issued["application"], issued["issued"], issued["expires_in"]) == ("mine", True, 7200)
    change(world, "intra42", "applications", "mine", {"roles": []})
    for token in ("tutor", granted["access_token"]):
        assert Intra(school.client, token).json("/v2/slots")[0]["user"] == "invisible"
    again = school.client.post(
        "/oauth/token",
        data={"grant_type": "client_credentials", "client_id": "mine", "client_secret": "s"},
    ).json
    assert again["access_token"] == granted["access_token"]
    remove(world, "intra42", "applications", "mine")
    assert counts(world)["intra42"]["tokens"] == 1
    assert school.client.get(f"/v2/slots?access_token={again['access_token']}").status_code == 401
    assert school.client.get("/v2/slots?access_token=YOUR_ACCESS_TOKEN").status_code == 200


def test_an_issued_token_can_be_removed_and_revoked(school: Intra) -> None:
    world = school.client.world
    form = {"grant_type": "client_credentials", "client_id": "mine", "client_secret": "s"}
    first = school.client.post("/oauth/token", data=form).json["access_token"]
    change(world, "intra42", "tokens", first, {"revoked": True})
    assert (
        "revoked"
        in school.client.get(f"/v2/slots?access_token={first}").headers["WWW-Authenticate"]
    )
    second = school.client.post("/oauth/token", data=form).json["access_token"]
    assert second != first
    remove(world, "intra42", "tokens", second)
    assert school.client.get(f"/v2/slots?access_token={second}").status_code == 401


def test_tokens_of_strangers_are_no_records(client_for: Callable[..., CheckedClient]) -> None:
    client = client_for(dataset="documented", auth="any")
    form = {"grant_type": "client_credentials", "client_id": "me", "client_secret": "x"}
    token = client.post("/oauth/token", data=form).json["access_token"]
    assert counts(client.world)["intra42"]["tokens"] == 1
    add(client.world, "intra42", "tokens", [{"token": "t", "application": "Your application uid"}])
    assert counts(client.world)["intra42"]["tokens"] == 2
    assert client.get(f"/oauth/token/info?access_token={token}").json["expires_in_seconds"] == 7200
    assert client.post("/oauth/token", data=form).json["access_token"] == token


@pytest.mark.parametrize(
    ("kind", "record", "mistake"),
    [
        ("users", {"login": "norminet"}, "users.0.login: another record has 'norminet' too"),
        ("users", {"campus_ids": [3]}, "users.0.campus_ids: there is no 3 in this dataset"),
        ("users", {"logn": "x"}, "users.0.logn: no such key; meant login?"),
        ("projects", {"name": "x", "slug": "libft"}, "projects.0.slug: another record has 'libft'"),
        ("campus", {"language": "xx"}, "campus.0.language: expected one of fr, en"),
        ("slots", {"begin_at": "2026-02-31T00:00:00Z"}, "slots.0.begin_at: '2026-02-31T00:00:00Z'"),
        (
            "slots",
            {"begin_at": "2026-02-03T10:00:00Z", "corrected_id": 3},
            "slots.0.corrected_id: there is no 3 in this dataset",
        ),
        (
            "projects_users",
            {"user_id": 100, "project_id": 3},
            "projects_users.0.project_id: there is no 3 in this dataset",
        ),
        ("applications", {"uid": "mine", "secret": "x"}, "credentials.applications.0.uid: another"),
        (
            "applications",
            {"uid": "new", "secret": "x", "id": 1},
            "credentials.applications.0.id: an earlier application has the id 1",
        ),
        ("projects", {"name": "x", "slug": "y", "cursus_ids": [3]}, "projects.0.cursus_ids: there"),
        ("projects", {"name": "x", "slug": "y", "parent_id": 3}, "projects.0.parent_id: there is"),
        ("campus", {"time_zone": "Mars"}, "campus.0.time_zone: Mars is not a time zone"),
        ("tokens", {"token": "x", "application": "y"}, "credentials.tokens.0.application: 'y' is"),
        ("tokens", {"token": "x"}, "credentials.tokens.0: 'application' is a required property"),
    ],
)
def test_a_mistake_adds_nothing(
    school: Intra, kind: str, record: dict[str, Any], mistake: str
) -> None:
    before = counts(school.client.world)
    with pytest.raises(DataError) as refused:
        add(school.client.world, "intra42", kind, [record])
    assert str(refused.value).startswith(f"intra42.{mistake}")
    assert counts(school.client.world) == before


def test_a_slot_needs_somebody(client_for: Callable[..., CheckedClient]) -> None:
    world = client_for(dataset="empty").world
    with pytest.raises(DataError) as refused:
        add(world, "intra42", "slots", [{"begin_at": "2026-02-03T10:00:00Z"}])
    assert str(refused.value) == "intra42.slots.0.user_id: there is nobody: add users first"
