"""Exams and who takes part, as they are invented, changed and shown to whom."""

from collections import Counter
from collections.abc import Callable

import pytest

from fake_server.world.records.data import add, remove
from tests.intra42 import tables
from tests.intra42.conftest import Intra


@pytest.mark.behaviour("intra42.exams.shape", "intra42.exams_users.shape")
def test_who_takes_part_studies_there(demo: Intra) -> None:
    exams = {row.id: row for row in demo.rows(tables.of("exams"))}
    campus = {(row.user_id, row.campus_id) for row in demo.rows(tables.campus_users)}
    rows = demo.rows(tables.of("exams_users"))
    assert len({(row.exam_id, row.user_id) for row in rows}) == len(rows) > 100
    for row in rows:
        exam = exams[row.exam_id]
        assert (row.user_id, exam.campus_id) in campus
        assert exam.created_at <= row.created_at < exam.begin_at
    counts = Counter(row.exam_id for row in rows)
    for item in demo.json("/v2/exams?per_page=100"):
        assert item["nbr_subscribers"] == counts[item["id"]] <= item["max_people"]
        assert all(project["exam"] for project in item["projects"])


@pytest.mark.behaviour("intra42.exams.future", "intra42.exams.validated")
def test_an_exam_is_confirmed_after_its_end(demo: Intra) -> None:
    past = demo.ids("/v2/exams?filter[validated]=true")
    later = demo.ids("/v2/exams?filter[future]=true")
    assert past
    assert later
    assert not {*past} & {*later}
    assert {*past, *later} <= {*demo.ids("/v2/exams?filter[end]=true")}


@pytest.mark.behaviour("intra42.exams.inner")
def test_a_project_of_an_exam_shows_its_relatives(demo: Intra) -> None:
    parent = demo.json("/v2/exams?filter[id]=1")[0]["projects"][0]
    child = {"id": 77, "name": "Exam Rank 02 again", "slug": "again", "parent_id": parent["id"]}
    add(demo.world, "intra42", "projects", [child])
    shown = demo.json("/v2/exams?filter[id]=1")[0]["projects"][0]
    assert shown["children"] == [
        {
            "name": child["name"],
            "id": 77,
            "slug": "again",
            "url": "https://projects.intra.42.fr/again/mine",
        }
    ]
    exam = {"id": 900, "project_ids": [77]}
    add(demo.world, "intra42", "exams", [exam])
    assert demo.json("/v2/exams/900")["projects"][0]["parent"]["id"] == parent["id"]


@pytest.mark.behaviour("intra42.exams.parents")
def test_an_exam_goes_with_its_campus_and_loses_its_project(demo: Intra) -> None:
    first, *_, last = demo.json("/v2/exams?sort=id&per_page=100")
    remove(demo.world, "intra42", "projects", str(last["projects"][0]["id"]))
    assert demo.json(f"/v2/exams/{last['id']}")["projects"] == []
    remove(demo.world, "intra42", "campus", str(first["campus"]["id"]))
    assert demo.get(f"/v2/exams/{first['id']}").status_code == 404
    rows = demo.rows(tables.of("exams_users"))
    assert rows
    assert all(row.exam_id != first["id"] for row in rows)


@pytest.mark.behaviour("intra42.access.roles", "intra42.exams.people")
def test_nobody_is_refused_where_credentials_do_not_count(
    client_for: Callable[..., object],
) -> None:
    client = client_for(dataset="demo", now="2026-11-27T12:00:00Z", auth="off", profile="live")
    intra = Intra(client, "whatever")  # type: ignore[arg-type]  # the fixture's own type
    assert intra.json("/v2/exams/1/exams_users")
    assert intra.json("/v2/exams")
