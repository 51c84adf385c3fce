"""Evaluations as booked slots bring them."""

from urllib.parse import urlsplit

import pytest

from fake_server.world.records.data import add, change, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra

_EVALUATIONS = "/v2/scale_teams"
_FLAGS = ("true", "false")
_NOW = "2026-11-27T12:00:00.000Z"


@pytest.mark.behaviour("intra42.scale_teams.booked", "intra42.scale_teams.order")
def test_evaluations_are_booked_slots(demo: Intra) -> None:
    booked = {row.scale_team_id: row for row in demo.rows(tables.slots) if row.scale_team_id}
    evaluations = demo.rows(tables.of("scale_teams"))
    assert len(evaluations) == len(booked) > 1000
    for row in evaluations:
        slot = booked[row.id]
        assert (row.user_id, row.begin_at) == (slot.user_id, slot.begin_at)
    expected = sorted(evaluations, key=lambda row: (row.begin_at, row.id), reverse=True)
    assert demo.ids(_EVALUATIONS) == [row.id for row in expected]


@pytest.mark.behaviour("intra42.scale_teams.below")
def test_an_evaluation_is_shown_below_its_session(demo: Intra) -> None:
    rows = demo.rows(tables.of("scale_teams"))
    projects = {row.id: row.session_id for row in demo.rows(tables.of("projects"))}
    row = rows[0]
    below = f"/v2/project_sessions/{projects[row.project_id]}/scale_teams"
    assert demo.json(f"{below}/{row.id}") == demo.json(f"{_EVALUATIONS}/{row.id}")
    other = next(each for each in rows if each.project_id != row.project_id)
    assert demo.get(f"{below}/{other.id}").status_code == 404


@pytest.mark.behaviour("intra42.scale_teams.booked")
def test_slots_and_evaluations_show_the_same(demo: Intra) -> None:
    records = demo.json(f"{_EVALUATIONS}?filter[future]=true&per_page=100")
    slots = {row.scale_team_id: row.id for row in demo.rows(tables.slots)}
    numbers = ",".join(str(slots[record["id"]]) for record in records)
    named = demo.json(f"/v2/slots?filter[id]={numbers}&per_page=100")
    shown = {slot["scale_team"]["id"]: slot["scale_team"] for slot in named}
    assert len(shown) == len(records) > 10
    for record in records:
        assert {key: record[key] for key in shown[record["id"]]} == shown[record["id"]]


@pytest.mark.behaviour("intra42.scale_teams.team", "intra42.scale_teams.of_teams")
def test_teams_and_evaluations_agree(demo: Intra) -> None:
    rows = [row for row in demo.rows(tables.of("scale_teams")) if row.team_id is not None]
    works = {row.current_team_id: row for row in demo.rows(tables.projects_users)}
    assert len(rows) > 100
    for row in rows:
        work = works[row.team_id]
        assert (work.project_id, work.user_id) == (row.project_id, row.corrected_id)
        assert work.created_at <= row.begin_at
    team_id = rows[0].team_id
    of_team = sorted(row.id for row in rows if row.team_id == team_id)
    record = demo.json(f"/v2/teams/{team_id}")
    assert [shown["id"] for shown in record["scale_teams"]] == of_team
    whole = demo.json(f"{_EVALUATIONS}/{of_team[0]}")
    assert list(whole.items())[:14] == list(record["scale_teams"][0].items())
    assert whole["team"]["id"] == team_id


@pytest.mark.behaviour("intra42.users.addresses")
def test_people_are_named_by_their_address(demo: Intra) -> None:
    for team in demo.json("/v2/teams?per_page=5"):
        for person in team["users"]:
            assert urlsplit(person["url"]).path == f"/v2/users/{person['login']}"


@pytest.mark.behaviour("intra42.scale_teams.shape", "intra42.scale_teams.scale")
def test_the_scale_of_an_evaluation(demo: Intra) -> None:
    first, second = demo.json("/v2/projects/1314/scale_teams?per_page=2")
    assert first["scale"] == second["scale"]
    assert (first["scale"]["id"], first["scale"]["duration"]) == (1314, 900)
    assert [flag["positive"] for flag in first["scale"]["flags"]] == [True] * 2 + [False] * 9
    session = demo.json("/v2/project_sessions/11314")
    assert session["scales"][0]["correction_number"] == first["scale"]["correction_number"]
    assert session["evaluations"][0]["id"] == first["scale"]["evaluation_id"]


@pytest.mark.behaviour("intra42.scale_teams.sides", "intra42.scale_teams.parents")
def test_the_sides_of_a_user(demo: Intra) -> None:
    path = "/v2/users/1/scale_teams"
    rows = demo.rows(tables.of("scale_teams"))
    gives = {row.id for row in rows if row.user_id == 1}
    gets = {row.id for row in rows if row.corrected_id == 1}
    assert gives
    assert gets
    assert {*demo.ids(f"{path}/as_corrector")} == {*demo.ids("/v2/scale_teams?filter[user_id]=1")}
    assert {*demo.ids(f"{path}/as_corrector")} == gives
    assert {*demo.ids(f"{path}/as_corrected")} == gets
    assert {*demo.ids(path)} == gives | gets
    assert demo.ids(f"{path}/as_corrector?filter[id]={min(gives)}") == [min(gives)]
    sums = [
        sum(demo.json(f"{where}/graph/on/created_at/by/year").values())
        for where in (path, "/v2/projects/1314/scale_teams", _EVALUATIONS)
    ]
    of_project = len(demo.ids("/v2/projects/1314/scale_teams"))
    assert sums == [len(gives | gets), of_project, len(rows)]
    assert demo.ids("/v2/project_sessions/11314/scale_teams") == demo.ids(
        "/v2/projects/1314/scale_teams"
    )


@pytest.mark.behaviour("intra42.scale_teams.mine")
def test_an_application_has_no_evaluations(demo: Intra) -> None:
    for side in ("", "/as_corrector", "/as_corrected"):
        assert demo.get(f"/v2/me/scale_teams{side}").status_code == 404


@pytest.mark.behaviour("intra42.scale_teams.visible", "intra42.scale_teams.states")
def test_people_are_invisible_before_the_beginning(demo: Intra) -> None:
    to_come = demo.json(f"{_EVALUATIONS}?filter[future]=true&per_page=100")
    begun = demo.json(f"{_EVALUATIONS}?filter[future]=false&per_page=100")
    assert min(record["begin_at"] for record in to_come) > _NOW
    assert max(record["begin_at"] for record in begun) <= _NOW
    sides = ("corrector", "correcteds")
    assert {record[side] for record in to_come for side in sides} == {"invisible"}
    assert "invisible" not in [record[side] for record in begun for side in sides]
    filled, others = (demo.ids(f"{_EVALUATIONS}?filter[filled]={value}") for value in _FLAGS)
    assert len(filled) > 1000
    assert len(others) > 50
    assert len(filled) + len(others) == len(demo.rows(tables.of("scale_teams")))


@pytest.mark.behaviour("intra42.scale_teams.booked")
def test_an_evaluation_comes_and_goes_with_its_slots(demo: Intra) -> None:
    pair = [
        {"id": 90001 + number, "user_id": 1, "scale_team_id": 42, "begin_at": begin}
        for number, begin in enumerate(("2026-12-20T10:15:00Z", "2026-12-20T10:00:00Z"))
    ]
    add(demo.world, "intra42", "slots", pair)
    record = demo.json(f"{_EVALUATIONS}/42")
    assert (record["begin_at"], record["team"]) == ("2026-12-20T10:00:00.000Z", None)
    assert record["scale_id"] == record["scale"]["id"] == 1
    remove(demo.world, "intra42", "slots", "90002")
    assert demo.json(f"{_EVALUATIONS}/42")["begin_at"] == "2026-12-20T10:15:00.000Z"
    change(demo.world, "intra42", "slots", "90001", {"scale_team_id": None})
    assert demo.get(f"{_EVALUATIONS}/42").status_code == 404
