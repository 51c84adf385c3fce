"""Numbers from tallies, against counting the rows, while records are added, changed and removed."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import Column, Table, func, select

from fake_server.apis.intra42.dialect.declared_tallies import BY_DAY, BY_HOUR, BY_VALUE
from fake_server.apis.intra42.dialect.sql_conditions import between
from fake_server.apis.intra42.resources import RESOURCES
from fake_server.world.instants import DAY, spelled
from fake_server.world.records.data import add, change, remove
from tests.intra42.conftest import ORACLE, Intra
from tests.intra42.tables import projects_users, slots
from tests.support.client import CheckedClient

TALLIES = [*BY_VALUE.values(), *BY_DAY.values(), *BY_HOUR.values()]
QUERIES = {
    "slots": (
        "",
        "filter[future]=true",
        "filter[future]=false",
        "filter[end]=true",
        "filter[end]=false",
        "range[begin_at]=2020-02-20,2020-03-01T12:30:00Z",
        "range[end_at]=,2020-03-01",
    ),
    "projects_users": (
        "",
        "filter[status]=finished",
        "filter[status]=parent,in_progress",
        "filter[marked]=true",
        "filter[marked]=false",
        "filter[retriable]=true",
        "filter[occurrence]=0,1",
        "filter[final_mark]=100",
        "filter[cursus]=21",
        "filter[campus]=99,1",
        "filter[user_id]=101,102",
        "filter[project_id]=1",
        "range[final_mark]=0,99",
        "range[status]=a,g",
    ),
}


def _assert_true(intra: Intra) -> None:
    store = intra.world.store("intra42")
    for tally in TALLIES:
        counted = Counter(row[0] for row in store.rows(select(tally.term(tally.column))))
        assert dict(map(tuple, store.rows(tally.totals()))) == counted


def _record(chance: Random, kind: str) -> dict[str, Any]:
    begin = 1_583_000_000_000 + chance.randrange(-30, 30) * DAY // 3
    at, later = spelled(begin), spelled(begin + chance.randrange(1, 9) * DAY // 4)
    instant = chance.choice([None, later])
    if kind == "slots":
        return {"begin_at": at, "end_at": instant, "user_id": chance.choice([101, 102, 103])}
    return {
        "user_id": chance.choice([101, 102, 103]),
        "project_id": chance.choice([1, 2]),
        "status": chance.choice(["finished", "parent", "in_progress"]),
        "final_mark": chance.choice([None, 0, 100, 125]),
        "created_at": at,
        "marked_at": instant,
        "retriable_at": chance.choice([None, instant]),
    }


def _edit(chance: Random, intra: Intra) -> None:
    kind, table = chance.choice([("slots", slots), ("projects_users", projects_users)])
    there = [row.id for row in intra.rows(table)]
    act = chance.choice(["add", "change", "remove", "remove a user"])
    if act == "add" or len(there) < 3:
        add(intra.world, "intra42", kind, [_record(chance, kind) for _ in range(3)])
    elif act == "change":
        change(intra.world, "intra42", kind, f"{chance.choice(there)}", _record(chance, kind))
    elif act == "remove":
        remove(intra.world, "intra42", kind, f"{chance.choice(there)}")
    else:
        made = add(intra.world, "intra42", "users", [{}])[0]["id"]
        works = [{**_record(chance, "projects_users"), "user_id": made} for _ in range(2)]
        add(intra.world, "intra42", "projects_users", works)
        evaluated = {"corrected_id": made, "project_id": 1, "scale_team_id": 9}
        add(intra.world, "intra42", "slots", [{**_record(chance, "slots"), **evaluated}])
        remove(intra.world, "intra42", "users", f"{made}")


@pytest.mark.parametrize("seed", range(3))
def test_tallies_are_true_whatever_is_edited(intra: Intra, seed: int) -> None:
    chance = Random(seed)
    _assert_true(intra)
    for _ in range(12):
        _edit(chance, intra)
        _assert_true(intra)
    for name, queries in QUERIES.items():
        for query in queries:
            intra.ids(f"/v2/{name}?{query}")


def test_a_world_s_edits_leave_the_numbers_of_others_alone(
    client_for: Callable[..., CheckedClient],
) -> None:
    client = client_for(dataset=ORACLE)
    worlds = client.application.extensions["fake_server.worlds"]
    worlds.create("other")
    mine = Intra(client, "good")
    urls = [f"/{name}?{query}" for name, queries in QUERIES.items() for query in queries]

    def totals(prefix: str) -> list[str]:
        return [mine.get(f"{prefix}/v2{url}").headers["X-Total"] for url in urls]

    before = totals("")
    assert "0" not in before
    assert totals("/w/other") == before
    for table in (slots, projects_users):
        for row in mine.rows(table):
            remove(mine.world, "intra42", table.name, f"{row.id}")
    assert {*totals("")} == {"0"}
    assert totals("/w/other") == before
    mine.world.reset()
    assert totals("") == before


@pytest.mark.parametrize("column", BY_DAY, ids=str)
def test_instants_between_two_are_counted(intra: Intra, column: Column[Any]) -> None:
    chance, store = Random(1), intra.world.store("intra42")
    there = [row[0] for row in store.rows(select(column)) if row[0] is not None]
    bounds = [None, 0, -1, *(at + shift for at in there for shift in (-1, 0, 1))]
    bounds += [
        (at // DAY + days) * DAY + shift
        for at in there[:20]
        for days in (0, 1)
        for shift in (-1, 0, 1)
    ]
    for _ in range(300):
        least, greatest = chance.choice(bounds), chance.choice(bounds)
        tallied = between(column, least, greatest)
        assert tallied.total is not None
        counted = select(func.count()).select_from(column.table).where(tallied.indexed)
        assert store.value(tallied.total()) == store.value(counted), (least, greatest)


def test_instants_before_1970_are_counted(intra: Intra) -> None:
    world = intra.world
    for at in (
        "1969-12-31T23:59:59.999Z",
        "1969-12-31T00:00:00Z",
        "1969-12-30T12:00:00Z",
        "1970-01-01T00:00:00Z",
    ):
        add(world, "intra42", "slots", [{"begin_at": at, "user_id": 101, "created_at": at}])
    _assert_true(intra)
    for span, count in {
        ",1969-12-31": 2,
        "1969-12-31,1969-12-31T23:59:59.999Z": 2,
        "1969-12-30,1970-01-01": 4,
        "1969-12-30T12:00:00.001Z,1969-12-31T23:59:59.998Z": 1,
    }.items():
        assert len(intra.ids(f"/v2/slots?range[begin_at]={span}")) == count


@pytest.mark.parametrize("name", ["slots", "projects_users"])
def test_every_column_to_filter_by_has_an_index(name: str) -> None:
    resource = RESOURCES[name]
    table: Table = resource.table
    indexed = {index.columns[0].name for index in table.indexes} | {"id"}
    fields = {*resource.declaration.filter} & {*table.c.keys()}
    assert fields
    assert fields <= indexed
