"""Queries that come again: their rows are those of the first time, which SQLAlchemy fetched."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    select,
)

from fake_server.world.storage import prepared, store
from fake_server.world.storage.prepared import use_of
from fake_server.world.storage.store import Database

TABLES = MetaData()
THINGS = Table(
    "things",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("name", Text),
    Column("new", Boolean),
    Column("data", LargeBinary),
)
NEW = (True, False, None)
ROWS = [
    {
        "id": number,
        "name": f"n{number % 7}" if number % 5 else None,
        "new": NEW[number % 3],
        "data": b"\x00",
    }
    for number in range(1, 41)
]
BY_NAME = (
    select(THINGS.c.new, THINGS.c.id.label("number"))
    .where(THINGS.c.name == bindparam("name"), THINGS.c.id > 3)
    .order_by(THINGS.c.id.desc())
    .limit(bindparam("most"))
)
OF_LISTS = (
    select(THINGS)
    .where(THINGS.c.name.in_(bindparam("names", expanding=True)))
    .where(THINGS.c.id.not_in(bindparam("ids", expanding=True)), THINGS.c.id < bindparam("before"))
    .order_by(THINGS.c.id)
)


def _things() -> Database:
    database = store.new_in_memory()
    with database.transaction() as connection:
        TABLES.create_all(connection)
        connection.execute(THINGS.insert(), ROWS)
    return database


@pytest.fixture(scope="module")
def things() -> Database:
    return _things()


def _again(query: Select[Any]) -> Select[Any]:
    """Return a query that was never used: an object of its own."""
    return query.where()


def _told(rows: Any) -> list[Any]:
    return [(row._asdict(), [type(value) for value in row]) for row in rows]


def test_rows_are_the_same_at_each_use(things: Database) -> None:
    query, values = _again(BY_NAME), {"name": "n2", "most": 4}
    first, second, third = (_told(things.rows(query, values)) for _ in range(3))
    assert first == second == third
    assert [row["number"] for row, _ in first] == [37, 23, 16, 9]
    assert {type(row["new"]) for row, _ in first} == {bool, type(None)}
    assert use_of(query).prepared(things._connection.dialect, values) is not None


def test_values_reach_the_driver_as_their_types_say(things: Database) -> None:
    query = select(THINGS.c.id).where(
        THINGS.c.new == bindparam("new"), THINGS.c.data == bindparam("data"), THINGS.c.id < 9
    )
    for _ in range(3):
        read = things.rows(query, {"new": False, "data": b"\x00"})
        assert [row.id for row in read] == [1, 4, 7]
    own = select(THINGS.c.id).where(THINGS.c.data == b"\x01", THINGS.c.new.is_(True))
    assert [things.rows(own) for _ in range(3)] == [[], [], []]


def test_each_use_has_its_own_values(things: Database) -> None:
    query = _again(BY_NAME)
    read = [
        [row.number for row in things.rows(query, {"most": most, "name": name})]
        for name, most in (("n2", 1), ("n3", 2), ("n2", 3), (None, 3), ("nobody", 3), ("n3", 0))
    ]
    assert read == [[37], [38, 31], [37, 23, 16], [], [], []]


_NAMES = st.lists(st.sampled_from(["n0", "n1", "n2", "n3", "n6", "x"]), max_size=4)
_IDS = st.lists(st.integers(0, 41), max_size=5)


@given(st.lists(st.tuples(_NAMES, _IDS, st.integers(0, 50)), min_size=2, max_size=6))
def test_lists_of_any_length_find_what_they_name(uses: list[Any]) -> None:
    things, query = _things(), _again(OF_LISTS)
    for names, ids, before in uses:
        expected = [
            row
            for row in ROWS
            if row["name"] in names and row["id"] not in ids and row["id"] < before
        ]
        read = things.rows(query, {"names": names, "ids": ids, "before": before})
        assert [row._asdict() for row in read] == expected


def test_long_lists_are_left_to_sqlalchemy(things: Database) -> None:
    query = _again(OF_LISTS)
    values = {"names": ["n1"], "ids": list(range(100, 1100)), "before": 99}
    first, second = (_told(things.rows(query, values)) for _ in range(2))
    assert first == second != []
    assert use_of(query).prepared(things._connection.dialect, values) is None


def test_not_every_length_is_kept(things: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_MOST_SHAPES", 3)
    query = _again(OF_LISTS)
    for length in [*range(8), *range(8)]:
        rows = things.rows(query, {"names": ["n1"], "ids": [8] * length, "before": 9})
        assert [row.id for row in rows] == ([1] if length else [1, 8])
        assert len(use_of(query)._prepared) <= 3


def test_what_is_written_is_read_inside_the_transaction_too() -> None:
    database, query = _things(), _again(BY_NAME)
    values = {"name": "n2", "most": 2}

    def numbers() -> list[int]:
        return [row.number for row in database.rows(query, values)]

    assert [numbers(), numbers()] == [[37, 23], [37, 23]]
    with suppress(KeyError), database.transaction() as connection:
        connection.execute(THINGS.delete().where(THINGS.c.id == 37))
        assert numbers() == [23, 16]
        raise KeyError
    assert numbers() == [37, 23]
