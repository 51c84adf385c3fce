"""Graphs over HTTP, against counting the stored rows by hand."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Table, text
from sqlalchemy.dialects import sqlite

from fake_server.apis.intra42.dialect.declared_tallies import BY_DAY, BY_HOUR
from fake_server.world.storage.tallies import Tally
from tests.intra42.conftest import Intra
from tests.intra42.tables import projects_users, slots
from tests.support.client import CheckedClient

INTERVALS = [
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "hour_of_day",
    "day_of_week",
    "day_of_month",
    "month_of_year",
]
FIELDS = [
    ("slots", slots, "created_at"),
    ("slots", slots, "begin_at"),
    ("slots", slots, "end_at"),
    ("projects_users", projects_users, "created_at"),
    ("projects_users", projects_users, "updated_at"),
    ("projects_users", projects_users, "retriable_at"),
]


def _moment(instant: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)


def _key(moment: datetime, interval: str) -> str:
    day = moment.date()
    return {
        "day": lambda: f"{day}",
        "week": lambda: f"{day - timedelta(days=(day.weekday() + 1) % 7)}",
        "month": lambda: f"{day:%Y-%m}-01",
        "quarter": lambda: f"{day.year}-{(day.month + 2) // 3 * 3 - 2:02}-01",
        "year": lambda: f"{day.year}-01-01",
        "hour_of_day": lambda: str(moment.hour),
        "day_of_week": lambda: moment.strftime("%w"),
        "day_of_month": lambda: str(day.day),
        "month_of_year": lambda: str(day.month),
    }[interval]()


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize(("name", "table", "field"), FIELDS)
@pytest.mark.behaviour("intra42.graph.null", "intra42.graph.utc", "intra42.graph.body")
def test_every_field_by_every_interval(
    intra: Intra, name: str, table: Table, field: str, interval: str
) -> None:
    graph = intra.json(f"/v2/{name}/graph/on/{field}/by/{interval}")
    values = [getattr(row, field) for row in intra.rows(table)]
    moments = [_moment(value) for value in values if value is not None]
    counted = Counter(_key(moment, interval) for moment in moments)
    assert {key: count for key, count in graph.items() if count} == counted
    assert sum(graph.values()) == len(moments)
    if interval in INTERVALS[:5]:
        assert list(graph) == sorted(graph)
        now = _key(intra.world.clock.now(), interval)
        assert next(iter(graph)) == min(counted)
        assert list(graph)[-1] == max(now, *counted)
    else:
        assert list(graph) == sorted(graph, key=int)


@pytest.mark.parametrize(("name", "table", "field"), FIELDS)
@pytest.mark.parametrize("tallies", [BY_DAY, BY_HOUR])
def test_a_tally_tells_every_graph_of_everything(
    intra: Intra, name: str, table: Table, field: str, tallies: Mapping[Column[Any], Tally]
) -> None:
    query = tallies[table.c[field]].totals()
    plan = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    steps = intra.world.store("intra42").rows(text(f"EXPLAIN QUERY PLAN {plan}"))
    assert ["SEARCH tallies USING COVERING INDEX" in step.detail for step in steps] == [True]


@pytest.mark.parametrize("interval", ["day", "hour_of_day", "day_of_week"])
@pytest.mark.behaviour("intra42.graph.utc")
def test_days_before_1970(
    client_for: Callable[..., CheckedClient], tmp_path: Path, interval: str
) -> None:
    file = tmp_path / "old.yaml"
    file.write_text("start: 1960-06-01\nintra42: {users: {count: 3}, slots: {count: 40}}\n")
    intra = Intra(client_for(dataset=str(file), auth="off", frozen=True), "any")
    moments = [_moment(row.created_at) for row in intra.rows(slots)]
    assert {moment.year for moment in moments} == {1960}
    graph = intra.json(f"/v2/slots/graph/on/created_at/by/{interval}")
    counted = Counter(_key(moment, interval) for moment in moments)
    assert {key: count for key, count in graph.items() if count} == counted


@pytest.mark.behaviour("intra42.graph.null")
def test_some_retriable_at_are_null_and_not_counted(intra: Intra) -> None:
    missing = sum(row.retriable_at is None for row in intra.rows(projects_users))
    assert missing > 0
    listed = int(intra.get("/v2/projects_users").headers["X-Total"])
    graph = intra.json("/v2/projects_users/graph/on/retriable_at/by/year")
    assert sum(graph.values()) == listed - missing


@pytest.mark.parametrize(
    "nest", ["", "/users/101", "/users/ada", "/projects/1", "/projects/weaving"]
)
@pytest.mark.parametrize("name", ["slots", "projects_users"])
@pytest.mark.behaviour("intra42.graph.routes", "intra42.graph.field.default")
def test_the_three_forms_of_the_route(intra: Intra, nest: str, name: str) -> None:
    base = f"/v2{nest}/{name}"
    bare = intra.json(f"{base}/graph")
    assert list(bare) == [str(month) for month in range(1, 13)]
    assert intra.json(f"{base}/graph/on/created_at") == bare
    assert intra.json(f"{base}/graph/on/created_at/by/month_of_year") == bare
    assert sum(bare.values()) == int(intra.get(base).headers["X-Total"]) > 0


@pytest.mark.behaviour("intra42.graph.interval.default", "intra42.graph.field.query")
def test_field_and_interval_in_the_query(intra: Intra) -> None:
    by_day = intra.json("/v2/slots/graph/on/begin_at/by/day")
    assert intra.json("/v2/slots/graph?field=begin_at&interval=day") == by_day
    assert intra.json("/v2/slots/graph/on/begin_at?interval=day") == by_day
    both = "/v2/slots/graph/on/begin_at/by/day?field=created_at&interval=year"
    assert intra.json(both) == by_day
    assert len(intra.json("/v2/slots/graph?field=begin_at")) == 12
    assert intra.json("/v2/slots/graph?field&interval") == intra.json("/v2/slots/graph")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "/v2/slots/graph/on/foo",
            "Attribute foo do not exist or isn't graphable."
            " Available fields are: created_at, begin_at, and end_at",
        ),
        (
            "/v2/projects_users/graph/on/marked_at/by/day",
            "Attribute marked_at do not exist or isn't graphable."
            " Available fields are: created_at, updated_at, and retriable_at",
        ),
        (
            "/v2/users/ada/slots/graph?field=user_id",
            "Attribute user_id do not exist or isn't graphable."
            " Available fields are: created_at, begin_at, and end_at",
        ),
    ],
)
@pytest.mark.behaviour("intra42.graph.field.unknown")
def test_a_field_that_cannot_be_graphed(intra: Intra, url: str, message: str) -> None:
    response = intra.get(url)
    assert response.status_code == 422
    assert response.json == {"error": "Graph Error", "message": message}


@pytest.mark.parametrize(
    "url", ["/v2/slots/graph/on/begin_at/by/minute", "/v2/slots/graph?interval="]
)
@pytest.mark.behaviour("intra42.graph.interval.unknown")
def test_an_unknown_interval(intra: Intra, url: str) -> None:
    response = intra.get(url)
    assert response.status_code == 422
    assert response.json["error"] == "Graph Error"
    assert response.json["message"].endswith("day_of_month, and month_of_year")


@pytest.mark.behaviour("intra42.graph.span")
def test_a_series_runs_to_now_or_to_the_last_occurrence(intra: Intra) -> None:
    ends = "/v2/slots/graph/on/begin_at/by/day?filter[id]="
    assert list(intra.json(f"{ends}1003")) == ["2020-02-29", "2020-03-01"]
    past = intra.json(f"{ends}1001")
    assert list(past)[0::61] == ["2019-12-31", "2020-03-01"]
    intra.world.clock.freeze(datetime(2020, 1, 2, tzinfo=UTC))
    assert list(intra.json(f"{ends}1001")) == ["2019-12-31", "2020-01-01", "2020-01-02"]
    assert list(intra.json(f"{ends}1005")) == ["2020-03-01"]


@pytest.mark.behaviour("intra42.graph.span")
def test_the_quirk_ends_a_series_at_the_last_row(intra_with: Callable[..., Intra]) -> None:
    live = intra_with("graph-ends-at-last-row")
    url = "/v2/slots/graph/on/begin_at/by/day?filter[id]=1001,1002"
    assert live.json(url) == {"2019-12-31": 1, "2020-01-01": 1}


@pytest.mark.behaviour("intra42.graph.week")
def test_the_quirk_begins_weeks_on_monday(intra_with: Callable[..., Intra]) -> None:
    monday = intra_with("week-starts-monday")
    url = "/v2/slots/graph/on/begin_at/by/week?filter[id]=1004"
    assert list(monday.json(url)) == ["2020-02-24"]
    by_day = monday.json("/v2/slots/graph/on/begin_at/by/day_of_week?filter[id]=1004")
    assert by_day["6"] == 1


@pytest.mark.behaviour("intra42.graph.empty")
def test_a_graph_of_nothing(intra: Intra) -> None:
    assert intra.json("/v2/slots/graph/on/begin_at/by/day?filter[id]=999999") == {}
    hours = intra.json("/v2/slots/graph/on/begin_at/by/hour_of_day?filter[id]=999999")
    assert hours == {str(hour): 0 for hour in range(24)}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "filter[future]=true",
        "filter[future]=false&range[id]=10,",
        "range[begin_at]=2020-02-01,2020-02-29",
        "filter[end]=true&range[created_at]=,2020-02-29T12:00:00Z",
        "user_id=ada",
    ],
)
@pytest.mark.behaviour("intra42.graph.filtered")
def test_a_graph_of_slots_sums_up_to_x_total(intra: Intra, query: str) -> None:
    total = int(intra.get(f"/v2/slots?{query}").headers["X-Total"])
    for interval in INTERVALS:
        graph = intra.json(f"/v2/slots/graph/on/begin_at/by/{interval}?{query}")
        assert sum(graph.values()) == total


@pytest.mark.parametrize(
    "query",
    [
        "filter[cursus]=21",
        "filter[campus]=99,1&filter[marked]=true",
        "filter[status]=finished&range[final_mark]=0,100",
        "filter[retriable]=false",
        "range[status]=a,h",
        "project_id=weaving",
    ],
)
@pytest.mark.behaviour("intra42.graph.filtered")
def test_a_graph_of_projects_users_sums_up_to_x_total(intra: Intra, query: str) -> None:
    total = int(intra.get(f"/v2/projects_users?{query}").headers["X-Total"])
    for interval in INTERVALS:
        graph = intra.json(f"/v2/projects_users/graph/on/created_at/by/{interval}?{query}")
        assert sum(graph.values()) == total > 0


@pytest.mark.behaviour("intra42.graph.sort")
def test_sort_is_checked_and_changes_nothing(intra: Intra) -> None:
    url = "/v2/slots/graph/on/begin_at/by/day"
    assert list(intra.json(f"{url}?sort=-created_at,scale_team_id")) == list(intra.json(url))
    refused = intra.get(f"{url}?sort=score")
    assert refused.status_code == 400
    assert refused.json == {"error": "Sort Error", "message": "The score field is not sortable"}
    unsorted = intra.json("/v2/projects_users/graph?sort=score")
    assert unsorted == intra.json("/v2/projects_users/graph")


@pytest.mark.behaviour("intra42.graph.not_paginated")
def test_a_graph_has_no_pages(intra: Intra, intra_with: Callable[..., Intra]) -> None:
    url = "/v2/slots/graph/on/begin_at/by/day"
    answered = intra.get(f"{url}?page=2&per_page=1")
    assert answered.json == intra.json(url)
    pages: set[Any] = {"Link", "X-Page", "X-Per-Page", "X-Total"}
    assert not pages & {*answered.headers.keys()}
    counted = intra_with("graph-x-total").get(f"{url}?filter[id]=1001,1002")
    assert counted.headers["X-Total"] == "2"


def test_the_quarter_of_a_leap_day_is_its_own(intra: Intra) -> None:
    graph = intra.json("/v2/slots/graph/on/begin_at/by/quarter?filter[id]=1003")
    assert graph == {f"{date(2020, 1, 1)}": 1}
