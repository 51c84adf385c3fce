"""A client that sends the documents' credentials."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.client import CheckedClient, JsonResponse

BEARER = "Bearer YOUR_ACCESS_TOKEN"
NAMES = ["Alpha", "beta", "ÉTÉ", "Delta", "strasse", "Zulu"]


class Caller:
    """Calls the API below /v1, with a token unless `token` says otherwise."""

    def __init__(self, client: CheckedClient) -> None:
        self.client = client
        self.world = client.world

    def __call__(
        self,
        method: str,
        path: str,
        *,
        token: str | None = BEARER,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> JsonResponse:
        sent = {"Authorization": token} if token else {}
        return self.client.open(
            f"/v1{path}", method=method, headers={**sent, **(headers or {})}, **options
        )

    def get(self, path: str, **options: Any) -> JsonResponse:
        return self("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> JsonResponse:
        return self("POST", path, json=json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> JsonResponse:
        return self("PATCH", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> JsonResponse:
        return self("DELETE", path, **options)

    def message(self, path: str, **options: Any) -> str:
        """Return the message of a 400."""
        answer = self.get(path, **options)
        assert answer.status_code == 400, answer.text
        message: str = answer.json["message"]
        return message

    def ids(self, path: str) -> list[int]:
        """Return the ids of a list."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json]

    def created(self, path: str, json: dict[str, Any]) -> Any:
        """Create a record and return it."""
        answer = self.post(path, json)
        assert answer.status_code == 201, answer.text
        return answer.json

    def errors(self, answer: JsonResponse) -> list[list[str]]:
        """Return the pairs of a 422."""
        assert answer.status_code == 422, answer.text
        assert answer.json["message"] == "Validation Failed"
        errors: list[list[str]] = answer.json["errors"]
        return errors


@pytest.fixture
def caller_for(client_for: Callable[..., CheckedClient]) -> Callable[..., Caller]:
    """Make callers: `caller_for(dataset="demo", quirks=("xurrent.node-id",))`."""

    def make(**options: Any) -> Caller:
        options.setdefault("dataset", "documented")
        return Caller(client_for(**options))

    return make


@pytest.fixture
def api(caller_for: Callable[..., Caller]) -> Caller:
    """Call the API on the dataset `documented`."""
    return caller_for()


@pytest.fixture
def empty(caller_for: Callable[..., Caller]) -> Caller:
    """Call the API on the dataset `empty`."""
    return caller_for(dataset="empty")


@pytest.fixture
def many(empty: Caller) -> Caller:
    """Call a world with six calendars: ids 1 to 6, two disabled, one with a sourceID."""
    for position, name in enumerate(NAMES):
        empty.created("/calendars", {"name": name, "disabled": position in {1, 3}})
    empty.patch("/calendars/2", {"sourceID": "Team-É"})
    return empty
