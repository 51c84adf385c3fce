"""Every example answer of documents 000, 001 and 002, as JSON values."""

import pytest

from tests.intra42.conftest import Intra


@pytest.mark.behaviour("intra42.graph.example.slots", "intra42.graph.body", "intra42.graph.zeros")
def test_slots_graphed_by_day(documented: Intra) -> None:
    graph = documented.json("/v2/slots/graph/on/begin_at/by/day")
    assert graph == {
        "2017-11-20": 123,
        "2017-11-21": 0,
        "2017-11-22": 0,
        "2017-11-23": 0,
        "2017-11-24": 1266,
    }
    assert list(graph) == sorted(graph)


@pytest.mark.behaviour("intra42.graph.example.projects_users", "intra42.graph.day")
def test_projects_users_graphed_by_day(documented: Intra) -> None:
    graph = documented.json("/v2/projects_users/graph/on/created_at/by/day")
    assert graph == {"2017-11-22": 68}


@pytest.mark.behaviour("intra42.oauth.token", "intra42.graph.routes")
def test_the_ruby_snippet_s_requests(documented: Intra) -> None:
    granted = documented.client.post(
        "/oauth/token",
        data={
            "grant_type": "client_credentials",
            "client_id": "Your application uid",
            "client_secret": "Your application secret",
        },
    )
    token = granted.json["access_token"]
    graph = documented.get("/v2/slots/graph/on/begin_at/by/day", token=token)
    assert graph.status_code == 200
    assert graph.json["2017-11-24"] == 1266


@pytest.mark.behaviour("intra42.filter.cursus.list", "intra42.cursus.list", "intra42.campus.list")
def test_the_lists_hold_the_ids_that_the_filters_name(documented: Intra) -> None:
    cursus = documented.ids("/v2/cursus")
    campus = documented.ids("/v2/campus")
    missing = {2, 24, 29, 30, 45, 55, 70, 71, 72}
    assert cursus == [number for number in range(77, 0, -1) if number not in missing]
    assert campus == [*range(74, 4, -1), 2, 1]
    for number in cursus:
        documented.json(f"/v2/projects_users/graph?filter[cursus]={number}")
    for number in campus:
        documented.json(f"/v2/projects_users/graph?filter[campus]={number}")
