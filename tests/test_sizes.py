"""How much memory the bundled datasets take: what a world's first write copies."""

from collections.abc import Callable

import pytest

from fake_server.data_files import registry
from tests.support.client import CheckedClient


@pytest.mark.parametrize(("dataset", "most"), [("documented", 500_000), ("demo", 2_000_000)])
def test_the_records_of_an_api_are_quickly_copied(
    client_for: Callable[..., CheckedClient], dataset: str, most: int
) -> None:
    world = client_for(dataset=dataset).world
    for api in registry.names():
        database, _ = world.store(api).share()
        assert 0 < len(database.dump()) < most, api
