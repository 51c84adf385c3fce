"""Clients of the 42 intra API, and its rows as they are stored."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Table, select

from fake_server.world.storage.store import Row
from tests.support.client import CheckedClient, JsonResponse

if TYPE_CHECKING:
    from tests.intra42.writers import Writer

ORACLE = str(Path(__file__).with_name("oracle.yaml"))


class Intra:
    """A client that sends a token with every request."""

    def __init__(self, client: CheckedClient, token: str) -> None:
        self.client = client
        self.world = client.world
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, url: str, **options: Any) -> JsonResponse:
        """Send a GET; `headers` add to the token's, `token` replaces it."""
        headers = {**self.headers, **options.pop("headers", {})}
        if "token" in options:
            headers["Authorization"] = f"Bearer {options.pop('token')}"
        return self.client.get(url, headers=headers, **options)

    def json(self, url: str, **options: Any) -> Any:
        """Return the JSON body of a GET that must succeed."""
        response = self.get(url, **options)
        assert response.status_code == 200, response.text
        return response.json

    def ids(self, url: str) -> list[int]:
        """Return the ids of all items of a list, over all its pages, in their order.

        Each page must have told how many there are.
        """
        ids: list[int] = []
        totals: set[int] = set()
        separator = "&" if "?" in url else "?"
        for page in range(1, 100):
            response = self.get(f"{url}{separator}page={page}&per_page=100")
            assert response.status_code == 200, response.text
            totals.add(int(response.headers["X-Total"]))
            if not response.json:
                assert totals == {len(ids)}
                return ids
            ids += [item["id"] for item in response.json]
        raise AssertionError("the list does not end")

    def rows(self, table: Table) -> Sequence[Row]:
        """Return all rows of a table, straight from the store."""
        return self.world.store("intra42").rows(select(table))


@pytest.fixture
def intra(client_for: Callable[..., CheckedClient]) -> Intra:
    """A client of the dataset with the edges."""
    return Intra(client_for(dataset=ORACLE), "good")


@pytest.fixture
def intra_with(client_for: Callable[..., CheckedClient]) -> Callable[..., Intra]:
    """Make clients of the dataset with the edges: `intra_with("a-quirk", profile="live")`."""

    def make(*quirks: str, token: str = "good", **options: Any) -> Intra:
        named = tuple(f"intra42.{quirk}" for quirk in quirks)
        client = client_for(**{"dataset": ORACLE, "quirks": named, **options})
        return Intra(client, token)

    return make


@pytest.fixture
def documented(client_for: Callable[..., CheckedClient]) -> Intra:
    """A client of the documents' own dataset, with the documents' own token."""
    return Intra(client_for(dataset="documented"), "YOUR_ACCESS_TOKEN")


@pytest.fixture
def demo(client_for: Callable[..., CheckedClient]) -> Intra:
    """A client of the demo, at a fixed time."""
    return Intra(client_for(dataset="demo", now="2026-11-27T12:00:00Z"), "YOUR_ACCESS_TOKEN")


@pytest.fixture
def writer(writer_with: Callable[..., "Writer"]) -> "Writer":
    """A client of a small school."""
    return writer_with()


@pytest.fixture
def writer_with(
    client_for: Callable[..., CheckedClient], tmp_path: Path
) -> Callable[..., "Writer"]:
    """Make clients of the small school with quirks."""
    import yaml

    from tests.intra42.writers import DATASET, Writer

    file = tmp_path / "school.yaml"
    file.write_text(yaml.safe_dump(DATASET))

    def make(*quirks: str) -> Writer:
        named = tuple(f"intra42.{quirk}" for quirk in quirks)
        return Writer(client_for(dataset=str(file), quirks=named), "ada")

    return make
