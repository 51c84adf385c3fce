"""The published client api42lib works unmodified."""

from pathlib import Path

import pytest
from api42lib import IntraAPIClient

from fake_server import FakeServer


@pytest.fixture
def intra(demo: FakeServer, tmp_path: Path) -> IntraAPIClient:
    """A client set up as its README says, but for the two addresses."""
    client = IntraAPIClient(config_path=str(tmp_path / "none.yml"), progress_bar=False)
    client.set_config(
        {
            "v2": {
                "client": "Your application uid",
                "secret": "Your application secret",
                "uri": f"{demo.url}/oauth/token",
                "endpoint": f"{demo.url}/v2",
                "scopes": "public",
            }
        }
    )
    return client


@pytest.mark.behaviour("intra42.oauth.forms", "intra42.pages.headers")
def test_walks_all_pages(intra: IntraAPIClient) -> None:
    first = intra.get("slots", params={"per_page": 100})
    total = int(first.headers["X-Total"])
    slots = intra.pages("slots")
    assert total > 100
    assert len(slots) == total
    assert len({slot["id"] for slot in slots}) == total


def test_walks_pages_in_parallel(intra: IntraAPIClient) -> None:
    campuses = intra.pages_threaded("campus")
    assert sorted(campuses, key=lambda campus: -campus["id"]) == intra.pages("campus")
    assert campuses


@pytest.mark.behaviour("intra42.graph.not_paginated")
def test_a_graph_is_not_taken_for_pages(intra: IntraAPIClient) -> None:
    graph = intra.pages("slots/graph/on/begin_at/by/month")
    assert isinstance(graph, dict)
    assert sum(graph.values()) == int(intra.get("slots").headers["X-Total"])
