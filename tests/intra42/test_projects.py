"""Projects and their sessions, as they are invented, pinned and changed."""

import pytest

from fake_server.world.records.data import add, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra


@pytest.mark.behaviour("intra42.projects.shape", "intra42.projects.sessions")
def test_every_project_has_the_session_of_its_teams(demo: Intra) -> None:
    sessions = {row.id: row for row in demo.rows(tables.of("project_sessions"))}
    for row in demo.rows(tables.projects):
        own = sessions[row.session_id]
        assert (own.project_id, own.campus_id) == (row.id, None)
        assert own.difficulty == row.difficulty
        assert row.created_at <= row.updated_at
    assert len(sessions) > len(demo.rows(tables.projects))


@pytest.mark.behaviour("intra42.projects.parents")
def test_projects_come_by_position(demo: Intra) -> None:
    positions = {row.id: row.position for row in demo.rows(tables.projects)}
    shown = [positions[number] for number in demo.ids("/v2/projects")]
    assert shown == sorted(shown)
    assert len(shown) == 36


@pytest.mark.behaviour("intra42.projects.difficulty", "intra42.projects.family")
def test_a_project_comes_and_goes_with_its_sessions(demo: Intra) -> None:
    record = {"id": 5000, "name": "Clip", "slug": "clip", "parent_id": 1314, "difficulty": 7}
    add(demo.world, "intra42", "projects", [record])
    assert demo.ids("/v2/projects?filter[difficulty]=7") == [5000]
    assert [part["slug"] for part in demo.json("/v2/projects/42cursus-libft")["children"]] == [
        "clip"
    ]
    assert demo.json("/v2/projects/clip")["parent"]["id"] == 1314
    assert 15000 in demo.ids("/v2/projects/clip/project_sessions")
    remove(demo.world, "intra42", "projects", "5000")
    assert demo.ids("/v2/project_sessions?filter[project_id]=5000") == []


@pytest.mark.behaviour("intra42.project_sessions.shape", "intra42.project_sessions.own")
def test_a_session_of_a_campus_is_found_there(demo: Intra) -> None:
    sessions = demo.json("/v2/project_sessions?filter[campus_id]=1&per_page=2")
    assert [session["campus"]["name"] for session in sessions] == ["Paris", "Paris"]
    project = demo.json(f"/v2/projects/{sessions[0]['project_id']}")
    assert 1 in [campus["id"] for campus in project["campus"]]
