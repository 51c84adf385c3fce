"""Clients of the Fab-manager API."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.support.client import CheckedClient, JsonResponse

LAB = str(Path(__file__).with_name("recorded") / "lab.yaml")
LIST = "/open_api/v1/availabilities"
TOKEN = "mytoken"
DOCUMENTED_TOKEN = "7Yq3hKc9WnB5tRf2XvM8sZdE"


class Lab:
    """A client that sends a token and accepts JSON with every request."""

    def __init__(self, client: CheckedClient, token: str = TOKEN) -> None:
        self.client = client
        self.world = client.world
        self.headers = {"Authorization": f"Token {token}", "Accept": "application/json"}

    def get(self, query: str = "", path: str = LIST, **options: Any) -> JsonResponse:
        """Send a GET (or `method`) of the list; a header of value None is left out."""
        headers = {**self.headers, **options.pop("headers", {})}
        sent = {name: value for name, value in headers.items() if value is not None}
        method = options.pop("method", "GET")
        return self.client.open(path, query_string=query, headers=sent, method=method, **options)

    def page(self, query: str = "") -> list[dict[str, Any]]:
        """Return the availabilities of a page that must be answered."""
        response = self.get(query)
        assert response.status_code == 200, response.text
        availabilities: list[dict[str, Any]] = response.json["availabilities"]
        return availabilities

    def ids(self, query: str = "") -> list[int]:
        """Return the ids on a page that must be answered."""
        return [availability["id"] for availability in self.page(query)]

    def all_ids(self, query: str = "") -> list[int]:
        """Return the ids of one page that holds everything."""
        return self.ids(f"{query}&per_page=1000")

    def refusal(self, query: str) -> str:
        """Return the mistake that a 400 names."""
        response = self.get(query)
        assert response.status_code == 400, response.text
        kind, message = response.json["errors"]
        assert kind == "Bad request"
        return str(message)

    def server_error(self, query: str) -> str:
        """Return the text of a 500 that the endpoint words itself."""
        response = self.get(query)
        assert response.status_code == 500, response.text
        kind, message = response.json["error"]
        assert kind == "Server error"
        return str(message)


@pytest.fixture
def lab(client_for: Callable[..., CheckedClient]) -> Lab:
    """A client of the small lab, documented profile."""
    return Lab(client_for(dataset=LAB))


@pytest.fixture
def live(client_for: Callable[..., CheckedClient]) -> Lab:
    """A client of the small lab, live profile."""
    return Lab(client_for(dataset=LAB, profile="live"))


@pytest.fixture
def lab_with(client_for: Callable[..., CheckedClient]) -> Callable[..., Lab]:
    """Make clients of the small lab: `lab_with("a-quirk", profile="live")`."""

    def make(*quirks: str, token: str = TOKEN, **options: Any) -> Lab:
        named = tuple(f"fabmanager.{quirk}" for quirk in quirks)
        return Lab(client_for(**{"dataset": LAB, "quirks": named, **options}), token)

    return make


@pytest.fixture
def lab_of(tmp_path: Path, client_for: Callable[..., CheckedClient]) -> Callable[..., Lab]:
    """Make clients of a lab with the given section lines: `lab_of("time_zone: UTC")`."""

    def make(section: str, **options: Any) -> Lab:
        file = tmp_path / f"{sha256(section.encode()).hexdigest()[:8]}.yaml"
        lines = "".join(f"  {line}\n" for line in section.splitlines())
        tokens = f"  credentials: {{tokens: [{TOKEN}]}}\n"
        file.write_text(f"start: 2026-11-21T00:00:00Z\nfabmanager:\n{tokens}{lines}")
        return Lab(client_for(dataset=str(file), **options))

    return make
