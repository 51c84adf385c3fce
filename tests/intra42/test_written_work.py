"""What requests write of the work of users."""

from collections.abc import Callable
from typing import Any

import pytest

from fake_server.apis.intra42.invention.studies import level_of
from tests.intra42.writers import Writer


@pytest.mark.behaviour("intra42.projects_users.create")
def test_registrations_bring_teams_of_their_own(writer: Writer) -> None:
    first = writer.made("projects/12/register", "ada")
    second = writer.made("projects/p12/projects_users", projects_user={"user_id": "2"})
    assert [first["current_team_id"], second["current_team_id"]] == [8, 9]
    assert {first["status"], second["status"]} == {"in_progress"}
    assert first["occurrence"] == 0
    assert first["created_at"] == "2026-05-02T12:02:00.000Z"
    assert [team["users"][0]["login"] for team in first["teams"]] == ["ada"]
    assert writer.ids("/v2/users/ada/teams") == [7, 8]
    assert writer.json(f"/v2/projects_users/{first['id']}") == first


@pytest.mark.behaviour("intra42.projects_users.create")
def test_staff_say_how_far_the_work_is(writer: Writer) -> None:
    record = writer.made(
        "users/bob/projects_users",
        projects_user={
            "project_id": 11,
            "created_at": "2026-04-01T08:00:00Z",
            "occurrence": "2",
            "final_mark": 79,
            "status": "finished",
            "skip_check_permission": True,
        },
    )
    assert record["created_at"] == "2026-04-01T08:00:00.000Z"
    assert (record["occurrence"], record["final_mark"], record["status"]) == (2, 79, "finished")
    assert record["validated?"] is False


@pytest.mark.behaviour("intra42.projects_users.refused")
@pytest.mark.parametrize(
    ("attributes", "errors"),
    [
        ({"user_id": 1, "project_id": 11}, {"project_id": ["has already been taken"]}),
        (
            {"user_id": 9, "project_id": 9},
            {"project_id": ["must exist"], "user_id": ["must exist"]},
        ),
        ({"user_id": 2}, {"project_id": ["can't be blank"]}),
        ({"user_id": 2, "project_id": "--5"}, {"project_id": ["is not a number"]}),
        (
            {"user_id": 2, "project_id": 12, "status": "lost"},
            {"status": ["is not included in the list"]},
        ),
        (
            {"user_id": 2, "project_id": 12, "status": 5, "skip_check_permission": "perhaps"},
            {"status": ["is invalid"], "skip_check_permission": ["is not included in the list"]},
        ),
        (
            {"user_id": 2, "project_id": 12, "final_mark": 126, "occurrence": -1},
            {
                "final_mark": ["must be less than or equal to 125"],
                "occurrence": ["must be greater than or equal to 0"],
            },
        ),
    ],
)
def test_registrations_that_are_not_valid(
    writer: Writer, attributes: dict[str, Any], errors: dict[str, Any]
) -> None:
    body = {"projects_user": attributes}
    assert writer.refusal("POST", "projects_users", "staff", json=body) == errors


@pytest.mark.behaviour("intra42.projects_users.change")
def test_a_record_is_changed_and_taken_away(writer: Writer) -> None:
    writer.change("PATCH", "projects_users/2", projects_user={"final_mark": 80, "occurrence": ""})
    record = writer.json("/v2/projects_users/2")
    assert (record["final_mark"], record["validated?"], record["occurrence"]) == (80, True, 1)
    assert record["updated_at"] == "2026-05-02T12:02:00.000Z"
    writer.change("PUT", "projects_users/2", projects_user={"final_mark": None})
    assert writer.json("/v2/projects_users/2")["validated?"] is None
    writer.change("PATCH", "projects_users/2", projects_user={"project_id": 12})
    again = {"projects_user": {"project_id": 11}}
    assert "project_id" in writer.refusal("PATCH", "projects_users/2", "staff", json=again)
    before = writer.json("/v2/projects_users/2")
    writer.change("PATCH", "projects_users/2", projects_user={})
    assert writer.json("/v2/projects_users/2") == before
    writer.change("DELETE", "projects_users/1")
    assert writer.ids("/v2/users/ada/projects_users") == [2]
    assert writer.ids("/v2/users/ada/teams") == []


@pytest.mark.behaviour("intra42.projects_users.of_people")
def test_what_people_may_not_write(writer: Writer) -> None:
    for attributes in ({"user_id": 2}, {"final_mark": 5}, {"updated_at": "2026-05-02"}):
        body = {"projects_user": attributes}
        assert writer.ask("POST", "projects/12/register", json=body).status_code == 403
    assert writer.ask("POST", "users/bob/projects_users", json={}).status_code == 422
    nulls = {"projects_user": {"final_mark": None}}
    assert writer.ask("PATCH", "projects_users/1", json=nulls).status_code == 403
    assert writer.ask("POST", "projects/12/register", "app").status_code == 403
    assert writer.ask("POST", "projects/99/register").status_code == 404
    writer.change("DELETE", "projects_users/1", "ada")


@pytest.mark.behaviour("intra42.writes.bare")
def test_attributes_stand_alone_in_json_only(writer: Writer) -> None:
    writer.change("PATCH", "projects_users/1", final_mark=3)
    form = writer.ask("PATCH", "projects_users/1", "staff", data={"final_mark": "4"})
    assert form.status_code == 204
    assert writer.json("/v2/projects_users/1")["final_mark"] == 3


@pytest.mark.behaviour("intra42.projects_users.permission")
def test_a_project_may_take_nobody(writer: Writer, writer_with: Callable[..., Writer]) -> None:
    for token in ("ada", "staff"):
        refused = writer.refusal("POST", "projects/13/register", token, json={"user_id": 1})
        assert refused == {"project_id": ["cannot be registered to"]}
    skipping = {"user_id": 2, "skip_check_permission": "true"}
    writer.made("projects/13/register", projects_user=skipping)
    unchecked = writer_with("registrations-unchecked")
    assert unchecked.made("projects/13/register", "ada")["project"]["id"] == 13


def _level(writer: Writer) -> float:
    (study,) = writer.json("/v2/users/ada/cursus_users")
    level: float = study["level"]
    return level


@pytest.mark.behaviour("intra42.projects_users.levels")
def test_marks_raise_and_lower_levels(writer: Writer) -> None:
    before = _level(writer)
    for number, mark, points in (
        (1, 100, 100),
        (2, 110, 110),
        (1, 125, 125),
        (1, 60, 110),
        (2, None, 0),
    ):
        writer.change("PATCH", f"projects_users/{number}", projects_user={"final_mark": mark})
        assert _level(writer) == round(before + level_of(points), 2)
    made = {"user_id": 1, "final_mark": 100}
    record = writer.made("projects/12/projects_users", projects_user=made)
    assert _level(writer) == round(before + level_of(100), 2)
    writer.change("DELETE", f"projects_users/{record['id']}")
    assert _level(writer) == before


@pytest.mark.behaviour("intra42.projects_users.levels")
def test_marks_may_leave_levels(writer_with: Callable[..., Writer]) -> None:
    writer = writer_with("marks-leave-levels")
    before = _level(writer)
    writer.change("PATCH", "projects_users/1", projects_user={"final_mark": 100})
    assert _level(writer) == before
