"""What requests write of users: profiles, correction points, campus, expertises; and of pools."""

from typing import Any

import pytest

from tests.intra42.writers import Writer

NOW = "2026-05-02T12:02:00.000Z"


@pytest.mark.behaviour("intra42.users.change")
def test_what_lists_search_changes_with_a_user(writer: Writer) -> None:
    before = writer.json("/v2/users/ada")
    names = {"first_name": "Ada", "last_name": "King", "usual_first_name": "Ät\u0000"}
    about = {"email": "a@b.c", "kind": "external", "pool_year": None, "pool_month": "may"}
    writer.change("PATCH", "users/ada", user={**names, **about, "login": "king"})
    changed = {**names, **about, "login": "king", "updated_at": NOW}
    after = writer.json("/v2/users/king")
    assert {name: after[name] for name in changed} == changed
    assert after["url"].endswith("/v2/users/king")
    assert after["displayname"] == after["usual_full_name"] == "Ät\u0000 King"
    assert after["image"] == before["image"]
    assert writer.ids("/v2/users?filter[kind]=external") == [1]
    assert writer.ids("/v2/users?filter[email]=a@b.c") == [1]
    writer.change("PUT", "users/king", user={"usual_first_name": "", "password": "x", "email": ""})
    after = writer.json("/v2/users/1")
    assert (after["displayname"], after["email"]) == ("Ada King", "a@b.c")
    assert writer.get("/v2/users/ada").status_code == 404


@pytest.mark.behaviour("intra42.users.refused", "intra42.writes.access")
def test_changes_of_users_that_are_refused(writer: Writer) -> None:
    for attributes, errors in (
        ({"login": "bob"}, {"login": ["has already been taken"]}),
        ({"kind": "robot"}, {"kind": ["is not included in the list"]}),
        (
            {"usual_first_name": "A" * 43},
            {"usual_first_name": ["is too long (maximum is 42 characters)"]},
        ),
        ({"first_name": ["A"], "last_name": {"a": 1}}, {"first_name", "last_name"}),
    ):
        refusal = writer.refusal("PATCH", "users/ada", "staff", json={"user": attributes})
        assert (set(refusal) if isinstance(errors, set) else refusal) == errors
    writer.change("PATCH", "users/ada", user={"login": "ada", "usual_first_name": "A" * 42})
    for token in ("ada", "app"):
        assert writer.ask("PATCH", "users/ada", token, json={"user": {}}).status_code == 403
    assert writer.ask("PATCH", "users/nobody", "staff").status_code == 404


@pytest.mark.behaviour("intra42.correction_points.change", "intra42.correction_points.least")
@pytest.mark.parametrize("form", ["json", "data", "query_string"])
def test_correction_points_and_their_history(writer: Writer, form: str) -> None:
    before = writer.json("/v2/users/ada")["correction_point"]
    path = "users/ada/correction_points"

    def points(method: str, end: str, **values: Any) -> tuple[int, int]:
        values = {"reason": "R", **values}
        answer = writer.ask(method, f"{path}/{end}", "staff", **{form: values})
        return answer.status_code, answer.json["correction_point"]

    assert points("POST", "add") == (201, before + 1)
    assert points("POST", "add", amount="-1") == (201, before)
    assert points("DELETE", "remove", amount=str(before + 5)) == (200, 0)
    history = writer.json(f"/v2/{path.removesuffix('s')}_historics")
    lines = [(entry["sum"], entry["total"]) for entry in history]
    assert lines == [(1, before + 1), (-1, before), (-before, 0)]
    assert {entry["created_at"] for entry in history} == {NOW}
    assert writer.json("/v2/users/ada")["updated_at"] == NOW


@pytest.mark.behaviour("intra42.correction_points.refused")
def test_points_need_a_reason(writer: Writer) -> None:
    path = "users/1/correction_points/remove"
    assert writer.refusal("DELETE", path, "staff") == {"reason": ["can't be blank"]}
    for amount in (2**31, -(2**31), "9" * 5000):
        errors = writer.refusal("DELETE", path, "staff", json={"reason": "R", "amount": amount})
        assert errors == {"amount": ["is out of range"]}
    assert writer.ask("DELETE", path, "app").status_code == 403
    assert writer.ask("POST", path, "staff").status_code == 404
    assert writer.ids("/v2/users/1/correction_point_historics") == []


@pytest.mark.behaviour("intra42.expertises_users.write", "intra42.expertises_users.refused")
def test_what_people_know(writer: Writer) -> None:
    own = writer.made("expertises/7/expertises_users", "ada", value=3, contact_me="1")
    assert own["user"]["login"] == "ada"
    assert (own["interested"], own["contact_me"], own["created_at"]) == (False, True, NOW)
    path = f"expertises_users/{own['id']}"
    moved = {"value": 5, "user_id": 2, "interested": "true"}
    writer.change("PATCH", path, "ada", expertises_user=moved)
    changed = writer.json(f"/v2/{path}")
    assert (changed["value"], changed["user_id"], changed["interested"]) == (5, 1, True)
    for value in (0, 6, "much", None):
        body = {"expertises_user": {"value": value}}
        assert list(writer.refusal("PATCH", path, json=body)) == ["value"]
    others = {"expertises_user": {"user_id": 2, "value": 1, "expertise_id": 7}}
    assert writer.ask("POST", "expertises_users", json=others).status_code == 403
    assert writer.ask("POST", "expertises_users", "bare", json=others).status_code == 403
    writer.change("DELETE", path, "ada")


@pytest.mark.behaviour("intra42.campus_users.write", "intra42.campus_users.primary")
def test_one_campus_is_the_primary_one(writer: Writer) -> None:
    def campus() -> dict[int, bool]:
        shown = writer.json("/v2/users/ada")["campus_users"]
        return {record["campus_id"]: record["is_primary"] for record in shown}

    record = writer.made("users/ada/campus_users", campus_user={"campus_id": 2})
    assert campus() == {1: True, 2: False}
    assert writer.ids("/v2/users?filter[primary_campus_id]=2") == []
    path = f"campus_users/{record['id']}"
    writer.change("PATCH", path, campus_user={"is_primary": True})
    assert campus() == {1: False, 2: True}
    assert writer.ids("/v2/users?filter[primary_campus_id]=2") == [1]
    taken = {"campus_user": {"campus_id": 1}}
    assert list(writer.refusal("PATCH", path, "staff", json=taken)) == ["campus_id"]
    writer.change("DELETE", path)
    assert campus() == {1: False}
    assert writer.ids("/v2/users?filter[primary_campus_id]=1") == [2, 1]
    assert list(writer.refusal("POST", "campus_users", "staff")) == ["user_id", "campus_id"]


@pytest.mark.behaviour("intra42.pools.points", "intra42.pools.bounds")
def test_points_of_pools(writer: Writer) -> None:
    for method, end, status, points, after in (
        ("POST", "add", 201, "10", 20),
        ("POST", "add", 422, 1, 20),
        ("DELETE", "remove", 200, 20, 0),
        ("DELETE", "remove", 422, 1, 0),
        ("DELETE", "remove", 422, -1, 0),
        ("DELETE", "remove", 422, None, 0),
    ):
        body = {"points": points}
        answer = writer.ask(method, f"pools/3/points/{end}", "staff", json=body)
        assert answer.status_code == status
        pool = writer.ask("GET", "pools/3", "staff").json
        assert pool["current_points"] == after
        assert answer.json == pool if status < 300 else list(answer.json["errors"]) == ["points"]
    assert writer.ask("POST", "pools/3/points/add", "ada", json={"points": 1}).status_code == 403


@pytest.mark.behaviour("intra42.users.kept")
def test_image_campus_and_cursus_are_not_written_with_a_user(writer: Writer) -> None:
    before = writer.json("/v2/users/ada")
    records: dict[str, Any] = {"campus_users_attributes": [{"campus_id": 2}]}
    changed = {"image": {"link": "x"}, "campus_ids": [2], "cursus_ids": [], **records}
    writer.change("PATCH", "users/ada", user=changed)
    assert writer.json("/v2/users/ada") == before
