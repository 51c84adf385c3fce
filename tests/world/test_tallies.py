"""Tallies, against counting the rows."""

from collections import Counter
from functools import partial
from random import Random
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.exc import IntegrityError

from fake_server.world.image_inputs import ImageInputs
from fake_server.world.image_making import Image
from fake_server.world.images import Images
from fake_server.world.storage.store import Store
from fake_server.world.storage.tallies import Tally
from tests.world.shop import DEFINITION, GOODS, START, TALLIES, shop_dataset

pytestmark = pytest.mark.usefixtures("shop_schemas")


@pytest.fixture(params=[False, True], ids=["in memory", "on disk"])
def image(request: pytest.FixtureRequest) -> Image:
    dataset = shop_dataset()
    inputs = ImageInputs(dataset.section("shop"), 1, START)
    return Images().get(DEFINITION, dataset, inputs, on_disk=request.param)


def _is(value: Any, column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.is_(value)


def _tallied(store: Store, tally: Tally) -> Counter[Any]:
    pairs = [tuple(row) for row in store.rows(tally.totals())]
    assert len(dict(pairs)) == len(pairs)
    return Counter(dict(pairs))


def _counted(store: Store, tally: Tally) -> Counter[Any]:
    return Counter(row[0] for row in store.rows(select(tally.term(tally.column))))


def _assert_true(store: Store) -> None:
    for tally in TALLIES:
        counted = _counted(store, tally)
        assert _tallied(store, tally) == counted
        for value, number in counted.items():
            assert store.value(tally.total(partial(_is, value))) == number


def _write(chance: Random, connection: Connection, number: int) -> None:
    """Insert, change or delete some goods."""

    def drawn() -> dict[str, Any]:
        return {
            "name": chance.choice(["a", "b", "É", "7"]),
            "price": chance.choice([None, 0, 7, 10, 95, -3]),
            "stock": chance.choice([None, 1, 2]),
        }

    some = GOODS.c.price.in_(chance.sample([0, 7, 10, 95, -3, *range(1, 30)], 4))
    acts = [
        GOODS.insert().values([{"id": 1000 * number + offset, **drawn()} for offset in range(5)]),
        GOODS.delete().where(some),
        GOODS.update().where(some).values(drawn()),
        GOODS.update().where(GOODS.c.price.is_(None)).values(price=7),
        GOODS.update().where(GOODS.c.stock == 2).values(stock=None),
        GOODS.update().where(GOODS.c.id < 10).values(name=GOODS.c.name),
        GOODS.delete().where(GOODS.c.stock.is_(None), some),
    ]
    connection.execute(chance.choice(acts))


@pytest.mark.parametrize("seed", range(4))
def test_tallies_are_true_whatever_is_written(image: Image, seed: int) -> None:
    chance, store = Random(seed), image.store()
    _assert_true(store)
    for number in range(1, 30):
        with store.writing() as connection:
            _write(chance, connection, number)
        _assert_true(store)


def test_nothing_is_left_of_a_table_that_is_emptied(image: Image) -> None:
    store = image.store()
    with store.writing() as connection:
        connection.execute(GOODS.delete())
    assert [_tallied(store, tally) for tally in TALLIES] == [Counter()] * len(TALLIES)
    assert store.value(TALLIES[1].total(lambda price: price > 0)) == 0


def test_what_is_undone_is_not_tallied(image: Image) -> None:
    store = image.store()
    before = [_tallied(store, tally) for tally in TALLIES]
    twice = [{"id": number, "name": "new", "price": 1} for number in (21, 22, 20)]
    with pytest.raises(IntegrityError), store.writing() as connection:
        connection.execute(GOODS.insert(), twice)
    assert [_tallied(store, tally) for tally in TALLIES] == before


def test_a_world_s_writes_leave_the_image_s_tallies_alone(image: Image) -> None:
    mine, others = image.store(), image.store()
    before = [_tallied(others, tally) for tally in TALLIES]
    with mine.writing() as connection:
        connection.execute(GOODS.delete().where(GOODS.c.id < 9))
    assert [_tallied(mine, tally) for tally in TALLIES] != before
    assert [_tallied(others, tally) for tally in TALLIES] == before
    mine.discard()
    assert [_tallied(mine, tally) for tally in TALLIES] == before


def test_tallies_are_kept_in_a_world_made_of_another(image: Image) -> None:
    parent = image.store()
    with parent.writing() as connection:
        connection.execute(GOODS.delete().where(GOODS.c.id < 9))
    child = Image.of(parent).store()
    with child.writing() as connection:
        connection.execute(GOODS.update().values(price=3))
    _assert_true(child)
    _assert_true(parent)
    assert child.value(TALLIES[1].total(lambda price: price == 3)) == child.value(
        select(func.count()).select_from(GOODS)
    )
