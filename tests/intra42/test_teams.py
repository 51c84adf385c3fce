"""Teams as the records of work bring them."""

from collections import Counter

import pytest

from fake_server.world.records.data import add, change, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra

_CHEATED = -42


@pytest.mark.behaviour("intra42.teams.same", "intra42.teams.handed_in", "intra42.teams.shape")
def test_teams_agree_with_work(demo: Intra) -> None:
    works = {row.current_team_id: row for row in demo.rows(tables.projects_users)}
    sessions = {row.id: row.session_id for row in demo.rows(tables.projects)}
    teams = demo.rows(tables.of("teams"))
    assert len(teams) > 1500
    assert {team.id for team in teams} == works.keys() - {None}
    for team in teams:
        work = works[team.id]
        assert (team.final_mark, team.status) == (work.final_mark, work.status)
        assert team.project_session_id == sessions[work.project_id]
        if team.final_mark is None:
            assert team.validated is None
            continue
        assert team.final_mark == _CHEATED or 0 <= team.final_mark <= 125
        assert team.validated == (team.final_mark >= 80)
        assert team.created_at <= team.locked_at < team.closed_at < work.marked_at


@pytest.mark.behaviour("intra42.teams_uploads.shape", "intra42.teams_users.shape")
def test_programs_gave_the_marks_of_teams(demo: Intra) -> None:
    marks = {row.id: row.final_mark for row in demo.rows(tables.of("teams"))}
    uploads = demo.rows(tables.of("teams_uploads"))
    assert len(uploads) == sum(1 for mark in marks.values() if mark is not None)
    assert all(marks[row.team_id] == row.final_mark for row in uploads)
    leaders = Counter(row.team_id for row in demo.rows(tables.of("teams_users")) if row.leader)
    assert leaders == dict.fromkeys(marks, 1)


@pytest.mark.behaviour("intra42.teams.parents", "intra42.teams.same")
def test_a_team_comes_and_goes_with_its_users(demo: Intra) -> None:
    pair = [
        {"id": 90001 + user, "user_id": 1 + user, "project_id": 1314, "current_team_id": 42}
        for user in range(2)
    ]
    add(demo.world, "intra42", "projects_users", pair)
    assert 42 in demo.ids("/v2/users/1/projects/42cursus-libft/teams")
    remove(demo.world, "intra42", "projects_users", "90001")
    assert [user["leader"] for user in demo.json("/v2/teams/42")["users"]] == [True]
    change(demo.world, "intra42", "projects_users", "90002", {"current_team_id": None})
    assert demo.get("/v2/teams/42").status_code == 404


@pytest.mark.behaviour("intra42.teams.states")
def test_graphs_count_teams(demo: Intra) -> None:
    for field in ("created_at", "locked_at", "closed_at"):
        counts = demo.json(f"/v2/teams/graph/on/{field}/by/month")
        known = [row for row in demo.rows(tables.of("teams")) if getattr(row, field) is not None]
        assert sum(counts.values()) == len(known) > 1000
    assert demo.json("/v2/teams/graph/on/deadline_at/by/day") == {}
    assert demo.get("/v2/project_sessions/11314/teams/graph").status_code == 404


@pytest.mark.behaviour("intra42.teams.members", "intra42.teams_users.parents")
def test_teams_are_found_by_campus_and_user(demo: Intra) -> None:
    there = {row.user_id for row in demo.rows(tables.campus_users) if row.campus_id == 1}
    works = [row for row in demo.rows(tables.projects_users) if row.current_team_id is not None]
    expected = sorted(row.current_team_id for row in works if row.user_id in there)
    assert demo.ids("/v2/teams?filter[campus]=1") == expected
    assert demo.ids("/v2/teams?filter[primary_campus]=1") != []
    own = sorted((row.id for row in works if row.user_id == works[0].user_id), reverse=True)
    assert demo.ids(f"/v2/users/{works[0].user_id}/teams_users") == own


@pytest.mark.behaviour("intra42.teams_uploads.parents")
def test_the_marks_of_a_team_are_listed_under_it(demo: Intra) -> None:
    mark = demo.rows(tables.of("teams_uploads"))[0]
    assert demo.ids(f"/v2/teams/{mark.team_id}/teams_uploads") == [mark.id]
