"""An API of one table, for tests of the parts that know no real one."""

from datetime import UTC, datetime

from sqlalchemy import Column, Connection, Index, Integer, MetaData, Table, Text, select

from fake_server.world.datasets.dataset import Dataset, parse
from fake_server.world.image_inputs import ImageInputs
from fake_server.world.records.definition import StoreDefinition
from fake_server.world.seeded_random import SeededRandom
from fake_server.world.storage.store import Store
from fake_server.world.storage.tallies import Tally

START = datetime(2017, 11, 22, tzinfo=UTC)
TEXT = "shop:\n  goods: {count: 20}\n"

TABLES = MetaData()
GOODS = Table(
    "goods",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("name", Text, index=True, nullable=False),
    Column("price", Integer, index=True),
    Column("stock", Integer, index=True),
    Index("by_price_and_stock", "price", "stock"),
    Index("by_price_again", "price"),
    Index("by_price_twice", "price"),
)
TALLIES = (
    Tally(GOODS.c.name),
    Tally(GOODS.c.price),
    Tally(GOODS.c.stock),
    Tally(GOODS.c.price, lambda price: price // 10),
)
API = """
name: shop
title: Shop
surface: 1
server: tests.world.shop:api
base_path: /v9
prefixes: [/v9]
example: /v9/things
"""
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "goods": {
            "type": "object",
            "description": "What the shop sells.",
            "additionalProperties": False,
            "properties": {
                "count": {"type": "integer", "minimum": 0, "description": "how many to make"},
                "records": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["id"],
                        "additionalProperties": False,
                        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
                    },
                },
            },
        }
    },
}


def populate(connection: Connection, inputs: ImageInputs) -> None:
    """Make as many goods as the section asks for."""
    count = inputs.section.get("goods", {}).get("count", 0)
    rows = []
    for number in range(1, count + 1):
        random = SeededRandom(inputs.seed, "goods", number)
        rows.append({"id": number, "name": random.hexadecimal(8), "price": random.integer(1, 99)})
        inputs.progress("goods", number, count)
    if rows:
        connection.execute(GOODS.insert(), rows)


DEFINITION = StoreDefinition("shop", lambda: TABLES, populate)


def names(store: Store) -> list[str]:
    """Return the names of all goods, by id."""
    return [row.name for row in store.rows(select(GOODS.c.name).order_by(GOODS.c.id))]


def rename(store: Store, number: int, name: str) -> None:
    """Give one of the goods another name."""
    with store.writing() as connection:
        connection.execute(GOODS.update().where(GOODS.c.id == number).values(name=name))


def shop_dataset(text: str = TEXT) -> Dataset:
    """Return the dataset of a text."""
    return parse(text, name="test")
