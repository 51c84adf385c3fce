"""Scales, flags, the skills of sessions and transactions, against the rows behind them."""

import json
from collections import defaultdict

import pytest

from fake_server.world.records.data import add, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra


@pytest.mark.behaviour("intra42.scales.shape", "intra42.scales.roles", "intra42.scales.parents")
def test_a_project_brings_its_scale(demo: Intra) -> None:
    projects = [row.id for row in demo.rows(tables.projects)]
    assert sorted(demo.ids("/v2/scales")) == sorted(projects)
    (scale,) = demo.json("/v2/projects/1314/scales")
    assert demo.json("/v2/project_sessions/11314/scales") == [scale]
    assert [scale["id"]] == [
        shown["id"] for shown in demo.json("/v2/project_sessions/11314")["scales"]
    ]
    add(demo.world, "intra42", "projects", [{"id": 9, "name": "X", "slug": "x"}])
    assert demo.json("/v2/scales/9")["name"] == "scale 9"
    remove(demo.world, "intra42", "projects", "9")
    assert demo.get("/v2/scales/9").status_code == 404
    assert demo.ids("/v2/scales?filter[is_primary]=false") == []
    of_user = {row.project_id for row in demo.rows(tables.projects_users) if row.user_id == 1}
    assert {*demo.ids("/v2/users/1/scales")} == of_user


@pytest.mark.behaviour("intra42.flags.shape")
def test_the_flag_of_an_evaluation_is_one_of_the_flags(demo: Intra) -> None:
    flag = demo.json("/v2/scale_teams?per_page=1")[0]["flag"]
    assert demo.json(f"/v2/flags/{flag['id']}") == flag
    assert demo.json("/v2/scales?per_page=1")[0]["flags"] == demo.json("/v2/flags?sort=id")
    assert demo.ids("/v2/flags?filter[positive]=true") == [1, 2]
    assert demo.get("/v2/flags/12").status_code == 404


@pytest.mark.behaviour("intra42.session_skills.shape", "intra42.session_skills.parents")
def test_a_session_trains_a_skill_once(demo: Intra) -> None:
    rows = demo.rows(tables.of("project_sessions_skills"))
    pairs = {(row.project_session_id, row.skill_id) for row in rows}
    assert len(pairs) == len(rows) > 40
    session = rows[0].project_session_id
    own = sorted(row.id for row in rows if row.project_session_id == session)
    assert sorted(demo.ids(f"/v2/project_sessions/{session}/project_sessions_skills")) == own


@pytest.mark.behaviour(
    "intra42.transactions.shape", "intra42.transactions.roles", "intra42.transactions.parents"
)
def test_transactions_add_up_to_the_wallet(demo: Intra) -> None:
    sums: dict[int, int] = defaultdict(int)
    for row in demo.rows(tables.of("transactions")):
        sums[row.user_id] += row.value
    wallets = {row.id: json.loads(row.profile)["wallet"] for row in demo.rows(tables.users)}
    assert sums == wallets
    assert demo.get("/v2/users/1/transactions").status_code == 403


@pytest.mark.behaviour("intra42.users.members")
def test_users_of_a_team_and_of_a_quest(demo: Intra) -> None:
    team = demo.json("/v2/teams?per_page=1")[0]
    members = [user["id"] for user in team["users"]]
    assert demo.ids(f"/v2/teams/{team['id']}/users") == members
    assert demo.ids(f"/v2/users?team_id={team['id']}") == members
    rows = demo.rows(tables.of("quests_users"))
    on_quest = {row.user_id for row in rows if row.quest_id == 1}
    assert {*demo.ids("/v2/quests/1/users")} == on_quest
