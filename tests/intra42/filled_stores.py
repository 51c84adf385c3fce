"""Stores that are filled from the text of a dataset."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, select

from fake_server.apis.intra42 import api
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import parse
from fake_server.world.image_inputs import ImageInputs
from fake_server.world.storage.store import Database, new_in_memory

START = datetime(2026, 11, 21, tzinfo=UTC)


def filled(section: str, **changes: Any) -> Database:
    dataset = parse(f"intra42:{section}", name="test")
    check(dataset)
    inputs = ImageInputs(
        dataset.section("intra42"), changes.get("seed", 1), changes.get("start", START)
    )
    database = new_in_memory()
    with database.transaction() as connection:
        api.definition.tables().create_all(connection)
        api.definition.populate(connection, inputs)
    return database


def rows_of(database: Database, table: Table) -> dict[int, Any]:
    return {row.id: tuple(row) for row in database.rows(select(table))}
