"""What requests write of what users have: cursus and titles."""

from typing import Any

import pytest

from tests.intra42.writers import Writer

BEGIN = "2026-05-04T08:00:00.000Z"


@pytest.mark.behaviour("intra42.cursus_users.create")
def test_a_beginner_has_no_level(writer: Writer) -> None:
    writer.change("DELETE", f"cursus_users/{writer.ids('/v2/users/ada/cursus_users')[0]}")
    assert writer.ids("/v2/cursus/21/users") == [2]
    record = writer.made(
        "users/ada/cursus_users", cursus_user={"cursus_id": 21, "begin_at": BEGIN, "end_at": None}
    )
    beginner: dict[str, Any] = {
        "grade": None,
        "level": 0.0,
        "skills": [],
        "blackholed_at": None,
        "end_at": None,
    }
    assert {name: record[name] for name in beginner} == beginner
    assert (record["begin_at"], record["has_coalition"]) == (BEGIN, True)
    assert writer.json("/v2/users/ada")["cursus_users"] == [record]
    assert writer.ids("/v2/cursus_users?filter[future]=true") == [record["id"]]


@pytest.mark.behaviour("intra42.cursus_users.refused", "intra42.cursus_users.change")
def test_what_is_not_valid_of_a_cursus(writer: Writer) -> None:
    (record,) = writer.json("/v2/users/ada/cursus_users")
    path = f"cursus_users/{record['id']}"
    for attributes, errors in (
        (
            {"user_id": 1, "cursus_id": 21, "begin_at": BEGIN},
            {"cursus_id": ["has already been taken"]},
        ),
        (
            {"user_id": 1, "cursus_id": 9, "begin_at": "soon", "has_coalition": "maybe"},
            {
                "cursus_id": ["must exist"],
                "begin_at": ["is not a date"],
                "has_coalition": ["is not included in the list"],
            },
        ),
    ):
        body = {"cursus_user": attributes}
        assert writer.refusal("POST", "cursus_users", "staff", json=body) == errors
    early = {"cursus_user": {"end_at": "2001-01-01"}}
    assert writer.refusal("PATCH", path, "staff", json=early) == {
        "end_at": ["must be after begin_at"]
    }
    blank = {"cursus_user": {"begin_at": None}}
    assert writer.refusal("PUT", path, "staff", json=blank) == {"begin_at": ["can't be blank"]}
    for token in ("ada", "app"):
        assert writer.ask("PATCH", path, token, json=early).status_code == 403
    writer.change("PATCH", path, cursus_user={"has_coalition": False, "end_at": "2099-01-01"})
    changed = writer.json(f"/v2/{path}")
    assert (changed["has_coalition"], changed["end_at"]) == (False, "2099-01-01T00:00:00.000Z")
    assert changed["level"] == record["level"]


@pytest.mark.behaviour("intra42.titles.write")
def test_titles_are_made_and_renamed(writer: Writer) -> None:
    assert writer.made("titles", title={"name": "Late"}) == {"id": 7, "name": "Late"}
    writer.change("PATCH", "titles/7", name="Later")
    writer.change("PUT", "titles/7", title={})
    assert writer.json("/v2/titles/7")["name"] == "Later"
    for name in (None, "", 5):
        body = {"title": {"name": name}}
        assert list(writer.refusal("PATCH", "titles/7", "staff", json=body)) == ["name"]
    assert writer.ask("POST", "titles", json={"title": {"name": "Mine"}}).status_code == 403
    assert writer.ask("DELETE", "titles/7", "staff").status_code == 404


@pytest.mark.behaviour("intra42.titles_users.write", "intra42.titles_users.selected")
def test_a_user_bears_one_title(writer: Writer) -> None:
    def borne() -> dict[int, Any]:
        shown = writer.json("/v2/users/ada")["titles_users"]
        return {record["title_id"]: record["selected"] for record in shown}

    writer.made("titles_users", titles_user={"title_id": 5, "user_id": 1, "selected": "true"})
    record = writer.made("titles_users", titles_user={"title_id": 6, "user_id": 1})
    assert borne() == {5: True, 6: False}
    path = f"titles_users/{record['id']}"
    writer.change("PATCH", path, titles_user={"selected": True})
    assert borne() == {5: False, 6: True}
    again = {"titles_user": {"title_id": 5}}
    assert list(writer.refusal("PATCH", path, "staff", json=again)) == ["title_id"]
    writer.change("PUT", path, titles_user={"user_id": 2})
    assert borne() == {5: False}
    writer.change("PUT", path, titles_user={"user_id": 1})
    assert borne() == {5: False, 6: True}
    writer.change("DELETE", path)
    assert borne() == {5: False}
    assert list(writer.refusal("POST", "titles_users", "staff", json={})) == ["title_id", "user_id"]
