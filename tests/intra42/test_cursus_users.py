"""Cursus users as they are invented, pinned and changed, and users with what belongs to them."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from fake_server.apis.intra42.invention.studies import level_of
from fake_server.errors import UserError
from fake_server.world.records.data import add, change, get, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra
from tests.support.client import CheckedClient

SECTION: dict[str, Any] = {
    "credentials": {
        "applications": [{"id": 1, "uid": "app", "secret": "app", "scopes": ["public"]}],
        "tokens": [{"token": "good", "application": "app"}],
    },
    "cursus": {"records": [{"id": 9}, {"id": 21}]},
    "users": {
        "records": [
            {"id": 1, "login": "ada", "campus_ids": [], "cursus_ids": [21]},
            {"id": 2, "login": "bob", "campus_ids": [], "cursus_ids": []},
        ]
    },
}
STUDY = {"id": 70, "user_id": 2, "cursus_id": 21, "level": 4, "begin_at": "2026-01-05T08:00:00Z"}


@pytest.fixture
def school(client_for: Callable[..., CheckedClient], tmp_path: Any) -> Callable[..., Intra]:
    """Make clients of a school of two users: `school(cursus_users=[…])`."""
    from yaml import safe_dump

    def make(**records: Any) -> Intra:
        path = tmp_path / "school.yaml"
        pinned = {name: {"records": listed} for name, listed in records.items()}
        path.write_text(safe_dump({"intra42": {**SECTION, **pinned}}))
        return Intra(client_for(dataset=str(path), now="2026-03-02T12:00:00Z"), "good")

    return make


@pytest.mark.behaviour("intra42.cursus_users.shape", "intra42.cursus_users.order")
def test_levels_add_up_from_the_validated_projects(demo: Intra) -> None:
    cursus_ids = {row.id: str(row.cursus_ids) for row in demo.rows(tables.projects)}
    best: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    for work in demo.rows(tables.projects_users):
        if work.validated:
            marks = best[work.user_id, cursus_ids[work.project_id]]
            marks[work.project_id] = max(work.final_mark, marks.get(work.project_id, 0))
    levels = {}
    kinds = {row.id: row.kind for row in demo.rows(tables.cursus)}
    for row in demo.rows(tables.cursus_users):
        points = sum(best[row.user_id, f"[{row.cursus_id}]"].values())
        if kinds[row.cursus_id].startswith("piscine"):
            continue
        assert row.level == level_of(points)
        levels[points] = row.level
    assert [levels[points] for points in sorted(levels)] == sorted(levels.values())
    assert len({*levels.values()}) > 20
    assert level_of(0) == 0


def test_whoever_finished_a_piscine_has_a_level_from_its_exams_too(demo: Intra) -> None:
    kinds = {row.id: row.kind for row in demo.rows(tables.cursus)}
    cursus_ids = {row.id: row.cursus_ids for row in demo.rows(tables.projects)}
    points: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for work in demo.rows(tables.projects_users):
        if work.validated:
            for cursus_id in cursus_ids[work.project_id]:
                marks = points[work.user_id, cursus_id]
                marks[work.project_id] = max(work.final_mark, marks.get(work.project_id, 0))
    now = datetime.fromisoformat("2026-11-27T00:00:00+00:00").timestamp() * 1000
    finished = [
        row
        for row in demo.rows(tables.cursus_users)
        if kinds[row.cursus_id].startswith("piscine") and row.end_at <= now
    ]
    assert len(finished) > 100
    for row in finished:
        own = level_of(sum(points[row.user_id, row.cursus_id].values()))
        assert own + 2 <= row.level <= own + 7.01


@pytest.mark.behaviour("intra42.cursus_users.active", "intra42.cursus_users.blackholed")
def test_the_times_of_a_study_agree(demo: Intra) -> None:
    now = datetime.fromisoformat("2026-11-27T12:00:00+00:00").timestamp() * 1000
    users = {row.id: row for row in demo.rows(tables.users)}
    kinds = {row.id: row.kind for row in demo.rows(tables.cursus)}
    cursus_ids = {row.id: str(row.cursus_ids) for row in demo.rows(tables.projects)}
    first: dict[tuple[int, str], int] = {}
    for work in demo.rows(tables.projects_users):
        pair = (work.user_id, cursus_ids[work.project_id])
        first[pair] = min(work.created_at, first.get(pair, work.created_at))
    rows = demo.rows(tables.cursus_users)
    for row in rows:
        assert users[row.user_id].created_at <= row.created_at <= row.updated_at <= now
        assert row.begin_at <= first.get((row.user_id, f"[{row.cursus_id}]"), row.begin_at)
        assert row.end_at is None or row.begin_at < row.end_at
        is_main = kinds[row.cursus_id].startswith("main")
        assert (row.grade is not None) == row.has_coalition == is_main
        assert is_main or (row.end_at is not None and row.blackholed_at is None)
        if row.blackholed_at is not None:
            assert (row.blackholed_at <= now) == (row.end_at == row.blackholed_at)
    assert len({(row.user_id, row.cursus_id) for row in rows}) == len(rows)


@pytest.mark.behaviour("intra42.cursus_users.parents", "intra42.users.show.cursus_users")
def test_a_pinned_study_stands_beside_those_of_the_users(school: Callable[..., Intra]) -> None:
    intra = school(cursus_users=[STUDY, {"id": 1, "user_id": 1, "cursus_id": 21, "level": 9.5}])
    studies = intra.json("/v2/cursus_users?sort=id")
    assert [(entry["id"], entry["user"]["login"], entry["level"]) for entry in studies] == [
        (1, "ada", 9.5),
        (70, "bob", 4.0),
    ]
    assert intra.json("/v2/users/bob")["cursus_users"] == [studies[1]]
    assert get(intra.world, "intra42", "users", "2")["cursus_ids"] == [21]
    assert intra.ids("/v2/cursus/21/users") == [2, 1]


@pytest.mark.behaviour("intra42.cursus_users.parents")
def test_what_is_pinned_of_a_study_survives_changes_of_its_user(
    school: Callable[..., Intra],
) -> None:
    intra = school(cursus_users=[STUDY])
    world = intra.world
    change(world, "intra42", "users", "2", {"cursus_ids": [9, 21], "staff?": True})
    listed = intra.json("/v2/users/bob/cursus_users?sort=cursus_id")
    assert [(entry["cursus_id"], entry["id"]) for entry in listed] == [(9, 71), (21, 70)]
    assert listed[1]["level"] == 4.0
    assert get(world, "intra42", "users", "2")["cursus_ids"] == [9, 21]
    change(world, "intra42", "cursus_users", "70", {"level": 5.25})
    assert get(world, "intra42", "users", "2")["cursus_ids"] == [9, 21]
    assert intra.json("/v2/cursus_users/70")["level"] == 5.25
    change(world, "intra42", "users", "2", {"cursus_ids": [9]})
    assert intra.get("/v2/cursus_users/70").status_code == 404
    remove(world, "intra42", "users", "2")
    assert [membership["user"]["login"] for membership in intra.json("/v2/cursus_users")] == ["ada"]
    remove(world, "intra42", "cursus", "21")
    assert intra.json("/v2/cursus_users") == []


def test_an_added_study_takes_the_place_of_the_one_in_the_cursus(
    school: Callable[..., Intra],
) -> None:
    intra = school()
    (before,) = intra.json("/v2/users/ada/cursus_users")
    add(intra.world, "intra42", "cursus_users", [{"user_id": 1, "cursus_id": 21, "level": 3.5}])
    (after,) = intra.json("/v2/users/ada/cursus_users")
    assert (before["level"], after["level"]) == (0.0, 3.5)
    with pytest.raises(UserError, match="there is no 77"):
        add(intra.world, "intra42", "cursus_users", [{"user_id": 1, "cursus_id": 77}])
    twice = [{"user_id": 2, "cursus_id": 9}, {"user_id": 2, "cursus_id": 9}]
    with pytest.raises(UserError, match="an earlier record has user 2 in cursus 9 too"):
        add(intra.world, "intra42", "cursus_users", twice)


@pytest.mark.behaviour(
    "intra42.users.show",
    "intra42.users.show.projects_users",
    "intra42.users.show.campus",
    "intra42.users.show.order",
    "intra42.users.show.empty",
)
def test_a_user_alone_has_what_belongs_to_the_user(demo: Intra) -> None:
    for user_id in (3, 42):
        record = demo.json(f"/v2/users/{user_id}")
        work = [row.id for row in demo.rows(tables.projects_users) if row.user_id == user_id]
        assert [work_record["id"] for work_record in record["projects_users"]] == sorted(work)
        assert not {"user", "teams"} & record["projects_users"][0].keys()
        campus = [row.campus_id for row in demo.rows(tables.campus_users) if row.user_id == user_id]
        assert [entry["id"] for entry in record["campus"]] == sorted(campus)
        assert [len(campus_record["language"]) for campus_record in record["campus"]] == [5] * len(
            campus
        )
        assert record["partnerships"] == record["patroned"] == record["patroning"] == []
    assert demo.get("/v2/users/nobody").json == {}


@pytest.mark.behaviour("intra42.cursus_users.campus", "intra42.cursus_users.future")
def test_studies_are_filtered_by_the_campus_of_their_user(demo: Intra) -> None:
    rows = demo.rows(tables.cursus_users)
    there = {
        row.user_id
        for row in demo.rows(tables.campus_users)
        if row.position == 0 and row.campus_id == 9
    }
    expected = sorted(row.id for row in rows if row.user_id in there)
    assert demo.ids("/v2/cursus_users?filter[campus_id]=9&sort=id") == expected
    assert demo.get("/v2/cursus_users?filter[campus_id]=x").status_code == 422
    assert demo.get("/v2/cursus_users?filter[level]=x").status_code == 422


@pytest.mark.behaviour(
    "intra42.cursus_users.level", "intra42.cursus_users.end", "intra42.cursus_users.graph"
)
def test_studies_by_level_and_end(demo: Intra) -> None:
    rows = demo.rows(tables.cursus_users)
    between = sorted(row.id for row in rows if 2.5 <= row.level <= 4 and row.end_at is None)
    assert between
    path = "/v2/cursus_users?range[level]=2.5,4&filter[end]=false&sort=id"
    assert demo.ids(path) == between
    assert sum(demo.json("/v2/cursus_users/graph/on/begin_at/by/year").values()) == len(
        [row for row in rows if row.begin_at <= max(row.updated_at for row in rows)]
    )
