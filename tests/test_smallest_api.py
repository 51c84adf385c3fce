"""An API that declares no more than it has: what it says nothing of has a plain default."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from sqlalchemy import MetaData

from fake_server import app as application
from fake_server import create_app
from fake_server.rest.access.credentials import DatasetCredentials, credential_entry
from fake_server.rest.api_definition import Api
from fake_server.world.records.data import add, page
from fake_server.world.records.definition import StoreDefinition
from tests.rest.api_folder import api_folder
from tests.support.client import JsonClient

OPENAPI = """
openapi: 3.1.0
info: {title: Library, version: '1'}
paths:
  /library/loans:
    get: {operationId: list_loans, responses: {'200': {description: ok}}}
  /library/loans/{id}/history:
    get: {operationId: list_history, responses: {'200': {description: ok}}}
  /library/about:
    get: {operationId: about, security: [], responses: {'200': {description: ok}}}
"""
TARGET = """
credentials:
- {name: key, fields: [api_key], headers: {X-Api-Key: '{api_key}'}}
"""
DATASET = {
    "type": "object",
    "properties": {
        "credentials": {
            "type": "object",
            "properties": {
                "keys": {
                    "type": "array",
                    "x-unique": ["api_key"],
                    "items": {
                        "type": "object",
                        "required": ["api_key"],
                        "properties": {"api_key": {"type": "string"}, "member": {"type": "string"}},
                    },
                }
            },
        }
    },
}
SECTION = {"credentials": {"keys": [{"api_key": "key-of-ada-1815", "member": "ada"}]}}
KEY = {"X-Api-Key": "key-of-ada-1815"}


def _library() -> Api:
    blueprint = Blueprint("library", __name__)

    @blueprint.get("/library/loans")
    def loans() -> dict[str, Any]:
        return {"member": credential_entry().get("member")}

    @blueprint.get("/library/about")
    def about() -> dict[str, Any]:
        return {"about": "books"}

    return Api(
        name="library",
        title="Library",
        base_path="/library",
        prefixes=("/library",),
        blueprint=blueprint,
        definition=StoreDefinition("library", MetaData, lambda connection, inputs: None),
        credentials=DatasetCredentials("library", ("credentials", "keys")),
        example="/library/loans",
    )


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    path: Path = tmp_path_factory.mktemp("schemas")
    with (
        api_folder(path, "library", openapi=OPENAPI, target=TARGET),
        pytest.MonkeyPatch.context() as patch,
    ):
        (path / "library" / "dataset.json").write_text(json.dumps(DATASET))
        patch.setattr(application, "load_apis", lambda names: {"library": _library()})
        made = create_app("empty")
        made.extensions["fake_server.worlds"].default.replace_section("library", SECTION)
        yield made


@pytest.fixture
def client(app: Flask) -> JsonClient:
    return JsonClient(app, app.response_class)


@pytest.fixture
def world(app: Flask) -> Iterator[Any]:
    world = app.extensions["fake_server.worlds"].default
    yield world
    with world.changing():
        world.auth = "dataset"


def test_a_key_in_a_header_of_its_own_opens_an_operation(client: Any) -> None:
    assert client.get("/library/loans", headers=KEY).json == {"member": "ada"}


@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": "wrong"}, {"Authorization": "Bearer x"}])
def test_without_a_good_key_the_plain_error_answers(client: Any, headers: Any) -> None:
    refused = client.get("/library/loans", headers=headers)
    assert (refused.status_code, refused.json) == (401, {"error": "Unauthorized"})


def test_an_operation_may_need_no_key(client: Any) -> None:
    assert client.get("/library/about").json == {"about": "books"}


@pytest.mark.parametrize(
    ("auth", "headers", "status"),
    [("any", {"X-Api-Key": "other"}, 200), ("any", {}, 401), ("off", {}, 200)],
)
def test_a_world_may_take_any_key_or_none(
    client: Any, world: Any, auth: Any, headers: Any, status: Any
) -> None:
    with world.changing():
        world.auth = auth
    assert client.get("/library/loans", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("path", "known"),
    [("/library/loans/7/history", True), ("/library/loans/7", False), ("/library/x", False)],
)
def test_a_path_that_the_document_lists_is_a_404_of_the_service(
    client: Any, path: Any, known: Any
) -> None:
    missing = client.delete(path)
    assert (missing.status_code, missing.json) == (404, {"error": "Not Found"})
    assert ("X-Fake-Not-Served" not in missing.headers) == known


def test_the_index_shows_the_key_and_a_curl_that_works(client: Any, world: Any) -> None:
    shown = client.get("/").json["apis"]["library"]
    assert shown["credentials"] == ["keys: key-of-ada-1815"]
    assert shown["curl"] == "curl -H 'X-Api-Key: key-of-ada-1815' http://localhost/library/loans"
    with world.changing():
        world.auth = "any"
    world.replace_section("library", {})
    try:
        shown = client.get("/").json["apis"]["library"]
        assert "'X-Api-Key: any-token'" in shown["curl"]
        with world.changing():
            world.auth = "dataset"
        missing = client.get("/").json["apis"]["library"]["missing"]
        assert "no good token in library.credentials" in missing
    finally:
        world.replace_section("library", SECTION)


def test_the_control_plane_gives_headers_and_environment(client: Any) -> None:
    world = client.get("/_fake/worlds/default").json
    assert world["apis"]["library"]["headers"] == KEY
    assert world["apis"]["library"]["token"] == "key-of-ada-1815"
    assert world["environment"]["LIBRARY_API_KEY"] == "key-of-ada-1815"


def test_the_journal_says_which_header_came_and_shows_no_key(client: Any) -> None:
    client.get("/library/loans?note=key-of-ada-1815", headers=KEY)
    entry = client.get("/_fake/worlds/default/requests").json["requests"][-1]
    assert entry["credentials"] == "X-Api-Key"
    assert "key-of-ada" not in str(entry)
    client.get("/library/loans")
    entry = client.get("/_fake/worlds/default/requests").json["requests"][-1]
    assert entry["credentials"] is None


@pytest.mark.parametrize(
    ("body", "fault", "error"),
    [
        ({"token_expired": True}, 401, "Unauthorized"),
        ({"status": 503}, 503, "Service Unavailable"),
    ],
)
def test_errors_on_demand_have_the_plain_form(
    client: Any, world: Any, body: Any, fault: Any, error: Any
) -> None:
    made = client.post(
        "/_fake/worlds/default/faults", json={"pattern": "library.list_loans", **body}
    )
    assert made.status_code == 201, made.text
    answer = client.get("/library/loans", headers=KEY)
    assert (answer.status_code, answer.json) == (fault, {"error": error})
    client.delete("/_fake/worlds/default/faults")


def test_the_journal_shows_a_path_as_it_came(client: Any) -> None:
    client.get("/library/about.json")
    entry = client.get("/_fake/worlds/default/requests").json["requests"][-1]
    assert (entry["path"], entry["status"]) == ("/library/about.json", 404)


def test_keys_are_records_that_can_be_added(app: Any) -> None:
    world = app.extensions["fake_server.worlds"].default
    try:
        add(world, "library", "keys", [{"api_key": "second-key", "member": "bob"}])
        client = app.test_client()
        assert client.get("/library/loans", headers={"X-Api-Key": "second-key"}).json == {
            "member": "bob"
        }
        assert [key["api_key"] for key in page(world, "library", "keys", 9, None, {})[0]] == [
            "key-of-ada-1815",
            "second-key",
        ]
    finally:
        world.replace_section("library", SECTION)
