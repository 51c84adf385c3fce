"""What the tests of the control plane share."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from flask import Flask

from fake_server import create_app
from fake_server.world.world import World
from fake_server.world.worlds import DEFAULT, Worlds
from tests.support.client import CheckedClient, JsonResponse

Create = Callable[..., World]


@cache
def _app() -> Flask:
    return create_app("documented")


@pytest.fixture
def client() -> Iterator[CheckedClient]:
    """Ask an application whose only world is `default` when the test begins."""
    client = CheckedClient(_app())
    yield client
    worlds = worlds_of(client)
    for world in worlds.all():
        if world.name != DEFAULT:
            worlds.remove(world.name)
    worlds.default.reset()


@pytest.fixture
def create(client: CheckedClient) -> Create:
    """Make a world with attributes: `create(name="mine", frozen=True)`."""

    def make(**attributes: Any) -> World:
        answer = client.post("/_fake/worlds", json=attributes)
        assert answer.status_code == 201, answer.text
        return worlds_of(client).get(answer.json["name"])

    return make


def worlds_of(client: CheckedClient) -> Worlds:
    """Return all worlds of a client's application."""
    worlds: Worlds = client.application.extensions["fake_server.worlds"]
    return worlds


def refusal(answer: JsonResponse, status: int) -> str:
    """Return why a request was refused, in one line, with a status."""
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.headers["X-Fake-Server"] == "problem"
    problem: Any = answer.json
    assert problem["status"] == status
    detail: str = problem["detail"]
    assert "\n" not in detail
    return detail
