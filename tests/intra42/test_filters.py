"""filter and range, against testing every stored row by hand."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.intra42.conftest import Intra
from tests.intra42.tables import campus_users, cursus_users, projects_users, slots
from tests.support.client import CheckedClient


def _instant(*parts: int, millisecond: int = 0) -> int:
    year, month, day, *clock = parts
    hour, minute, second = [*clock, 0, 0, 0][:3]
    at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return int(at.timestamp()) * 1000 + millisecond


NOW = _instant(2020, 3, 1, 12, 30)

SLOTS: list[tuple[str, Callable[[Any], bool]]] = [
    ("filter[id]=1001,3,77777", lambda row: row.id in (1001, 3)),
    ("filter[begin_at]=2020-01-01", lambda row: row.begin_at == _instant(2020, 1, 1)),
    (
        "filter[begin_at]=2019-12-31T23:45:00Z,2020-01-01T01:00:00%2B01:00",
        lambda row: row.id in (1001, 1002),
    ),
    ("filter[end_at]=2020-01-01 00:00:00", lambda row: row.end_at == _instant(2020, 1, 1)),
    (
        "filter[created_at]=2020-02-29T01:02:03.004Z",
        lambda row: row.created_at == _instant(2020, 2, 29, 1, 2, 3, millisecond=4),
    ),
    ("filter[future]=true", lambda row: row.begin_at > NOW),
    ("filter[future]=false", lambda row: row.begin_at <= NOW),
    ("filter[future]=true,false", lambda row: True),
    ("filter[end]=true", lambda row: row.end_at is not None),
    ("filter[end]=false", lambda row: row.end_at is None),
    ("filter[id]=1004,1005&filter[future]=true", lambda row: row.id == 1005),
    ("range[id]=5,9", lambda row: 5 <= row.id <= 9),
    ("range[id]=1003,", lambda row: row.id >= 1003),
    ("range[id]=,4", lambda row: row.id <= 4),
    ("range[id]=9,5", lambda row: False),
    (
        "range[begin_at]=2020-02-29,2020-03-01",
        lambda row: _instant(2020, 2, 29) <= row.begin_at <= _instant(2020, 3, 1),
    ),
    (
        "range[begin_at]=,2020-02-29T23:59:59.999Z",
        lambda row: row.begin_at <= _instant(2020, 3, 1) - 1,
    ),
    (
        "range[end_at]=2020-03-01T00:15:00Z,",
        lambda row: (row.end_at or 0) >= _instant(2020, 3, 1, 0, 15),
    ),
    (
        "range[created_at]=2020-02-01,2020-02-29T01:02:03.004Z",
        lambda row: (
            _instant(2020, 2, 1) <= row.created_at <= _instant(2020, 2, 29, 1, 2, 3, millisecond=4)
        ),
    ),
    ("range[id]=1,1002&filter[id]=1002,1003", lambda row: row.id == 1002),
]


@pytest.mark.parametrize(("query", "keeps"), SLOTS, ids=[query for query, _ in SLOTS])
@pytest.mark.behaviour(
    "intra42.filter.values",
    "intra42.filter.fields",
    "intra42.filter.slots",
    "intra42.filter.future",
    "intra42.filter.future.false",
    "intra42.filter.end",
    "intra42.range.inclusive",
    "intra42.range.half_open",
    "intra42.range.date",
    "intra42.range.slots",
)
def test_slots(intra: Intra, query: str, keeps: Callable[[Any], bool]) -> None:
    expected = {row.id for row in intra.rows(slots) if keeps(row)}
    assert {*intra.ids(f"/v2/slots?{query}")} == expected


def _within(value: int | None, least: int, greatest: int) -> bool:
    return value is not None and least <= value <= greatest


WORK: list[tuple[str, Callable[[Any], bool]]] = [
    ("filter[id]=2001,1", lambda row: row.id in (2001, 1)),
    ("filter[project_id]=1", lambda row: row.project_id == 1),
    ("filter[user_id]=101,102", lambda row: row.user_id in (101, 102)),
    ("filter[created_at]=2019-12-30", lambda row: row.id == 2001),
    ("filter[updated_at]=2020-01-05T23:59:59.999Z", lambda row: row.id == 2001),
    ("filter[occurrence]=1,2,3", lambda row: row.occurrence in (1, 2, 3)),
    ("filter[final_mark]=-42,125", lambda row: row.final_mark in (-42, 125)),
    ("filter[retriable_at]=2020-01-09", lambda row: row.retriable_at == _instant(2020, 1, 9)),
    ("filter[marked_at]=2020-02-29", lambda row: row.marked_at == _instant(2020, 2, 29)),
    (
        "filter[status]=searching_a_group,parent",
        lambda row: row.status in ("searching_a_group", "parent"),
    ),
    ("filter[status]=nonsense", lambda row: False),
    ("filter[retriable]=true", lambda row: row.retriable_at is not None),
    ("filter[retriable]=false", lambda row: row.retriable_at is None),
    ("filter[marked]=true", lambda row: row.marked_at is not None),
    ("filter[marked]=false", lambda row: row.marked_at is None),
    ("range[id]=10,20", lambda row: 10 <= row.id <= 20),
    ("range[project_id]=,2", lambda row: row.project_id <= 2),
    ("range[user_id]=101,", lambda row: row.user_id >= 101),
    (
        "range[created_at]=2019-12-30,2020-01-01",
        lambda row: _within(row.created_at, _instant(2019, 12, 30), _instant(2020, 1, 1)),
    ),
    ("range[updated_at]=2020-02-01,", lambda row: row.updated_at >= _instant(2020, 2, 1)),
    ("range[occurrence]=1,9", lambda row: row.occurrence >= 1),
    ("range[final_mark]=0,49", lambda row: _within(row.final_mark, 0, 49)),
    ("range[final_mark]=-42,-1", lambda row: row.final_mark == -42),
    (
        "range[retriable_at]=2020-01-09,2020-01-09",
        lambda row: row.retriable_at == _instant(2020, 1, 9),
    ),
    (
        "range[marked_at]=,2020-01-06",
        lambda row: _within(row.marked_at, 0, _instant(2020, 1, 6)),
    ),
    ("range[status]=finished,in_progress", lambda row: row.status in ("finished", "in_progress")),
    ("range[status]=g,", lambda row: row.status >= "g"),
]


@pytest.mark.parametrize(("query", "keeps"), WORK, ids=[query for query, _ in WORK])
@pytest.mark.behaviour(
    "intra42.filter.projects_users",
    "intra42.filter.retriable",
    "intra42.filter.marked",
    "intra42.range.projects_users",
    "intra42.range.status",
    "intra42.range.null",
)
def test_projects_users(intra: Intra, query: str, keeps: Callable[[Any], bool]) -> None:
    expected = {row.id for row in intra.rows(projects_users) if keeps(row)}
    assert {*intra.ids(f"/v2/projects_users?{query}")} == expected


@pytest.mark.parametrize("ids", [[21], [88], [9, 88], [7]])
@pytest.mark.behaviour("intra42.filter.cursus")
def test_filter_cursus_goes_by_the_user_s_cursus(intra: Intra, ids: list[int]) -> None:
    members = {row.user_id for row in intra.rows(cursus_users) if row.cursus_id in ids}
    expected = [row.id for row in intra.rows(projects_users) if row.user_id in members]
    listed = ",".join(str(number) for number in ids)
    assert intra.ids(f"/v2/projects_users?filter[cursus]={listed}") == expected


@pytest.mark.parametrize("ids", [[99], [1], [1, 2]])
@pytest.mark.behaviour("intra42.filter.campus")
def test_filter_campus_goes_by_the_user_s_campus(intra: Intra, ids: list[int]) -> None:
    members = {row.user_id for row in intra.rows(campus_users) if row.campus_id in ids}
    expected = [row.id for row in intra.rows(projects_users) if row.user_id in members]
    listed = ",".join(str(number) for number in ids)
    assert intra.ids(f"/v2/projects_users?filter[campus]={listed}") == expected


def _field(query: str) -> str:
    return query.partition("=")[0]


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.behaviour("intra42.filter.fields", "intra42.graph.filtered")
def test_conditions_drawn_at_random(intra: Intra, seed: int) -> None:
    chance = Random(seed)
    name, table, known = chance.choice(
        [("slots", slots, SLOTS), ("projects_users", projects_users, WORK)]
    )
    drawn = {_field(query): (query, keeps) for query, keeps in chance.sample(known, 3)}
    drawn = {field: bounds for field, bounds in drawn.items() if "&" not in bounds[0]}
    rows = [row for row in intra.rows(table) if all(keeps(row) for _, keeps in drawn.values())]
    query = "&".join(query for query, _ in drawn.values())
    assert {*intra.ids(f"/v2/{name}?{query}")} == {row.id for row in rows}
    hours = Counter(str(row.created_at // 3_600_000 % 24) for row in rows)
    graph = intra.json(f"/v2/{name}/graph/on/created_at/by/hour_of_day?{query}")
    assert {hour: count for hour, count in graph.items() if count} == hours


def test_many_matches_are_found_without_an_index(
    intra: Intra, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = [query for query, _ in WORK] + ["filter[cursus]=21", "filter[campus]=99,1"]
    few = [intra.ids(f"/v2/projects_users?{query}") for query in queries]
    monkeypatch.setattr("fake_server.apis.intra42.dialect.selection._FEW", 0)
    assert [intra.ids(f"/v2/projects_users?{query}") for query in queries] == few


@pytest.mark.parametrize("url", ["/v2/projects_users", "/v2/projects_users/graph"])
@pytest.mark.parametrize(
    "query", ["filter[cursus]=2", "filter[cursus]=78", "filter[campus]=3", "filter[campus]=75"]
)
@pytest.mark.behaviour("intra42.filter.lists", "intra42.filter.list.outside")
def test_ids_that_the_documents_do_not_list(intra: Intra, url: str, query: str) -> None:
    response = intra.get(f"{url}?{query}")
    assert response.status_code == 400
    assert response.json["error"] == "Filter Error"


@pytest.mark.behaviour("intra42.filter.lists")
def test_the_quirk_takes_the_newer_ids(intra_with: Callable[..., Intra]) -> None:
    live = intra_with("newer-filter-ids")
    for query in ("filter[cursus]=78", "filter[cursus]=87", "filter[campus]=75,78"):
        assert live.json(f"/v2/projects_users?{query}") == []
    assert live.get("/v2/projects_users?filter[cursus]=89").status_code == 400
    assert live.get("/v2/projects_users?filter[campus]=79").status_code == 400


@pytest.mark.behaviour("intra42.filter.cursus.list")
def test_cursus_77_is_in_the_newer_document_only(
    intra: Intra, intra_with: Callable[..., Intra]
) -> None:
    assert intra.json("/v2/projects_users?filter[cursus]=77") == []
    older = intra_with("older-cursus-list")
    assert older.get("/v2/projects_users?filter[cursus]=77").status_code == 400
    assert older.get("/v2/projects_users?filter[cursus]=76,88").status_code == 200
    demo = intra_with("older-cursus-list", dataset="demo", token="YOUR_ACCESS_TOKEN")
    assert max(demo.ids("/v2/cursus")) == 76
    assert demo.get("/v2/projects_users?filter[cursus]=77").status_code == 400


@pytest.mark.behaviour("intra42.filter.cursus.list", "intra42.cursus.list", "intra42.filter.lists")
def test_a_pinned_cursus_is_listed_and_taken(
    client_for: Callable[..., CheckedClient], tmp_path: Path
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("intra42: {cursus: {records: [{id: 77}]}}", encoding="utf-8")
    quirks = ("intra42.older-cursus-list",)
    for options in ({}, {"quirks": quirks}):
        own = Intra(client_for(dataset=str(file), auth="off", **options), "any")
        assert own.ids("/v2/cursus") == [77]
        assert own.json("/v2/projects_users?filter[cursus]=77") == []
        assert own.json("/v2/campus") == []
        assert own.json("/v2/projects_users?filter[campus]=1") == []
