"""An API whose operations take different security schemes: each opens with its own alone."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from sqlalchemy import MetaData

from fake_server import app as application
from fake_server import create_app
from fake_server.data_files.security import OPEN, alternatives
from fake_server.rest.access.credentials import DatasetCredentials, credential_entry
from fake_server.rest.api_definition import Api
from fake_server.world.records.definition import StoreDefinition
from tests.rest.api_folder import api_folder
from tests.support.client import JsonClient

SECURITY: dict[str, list[dict[str, list[str]]] | None] = {
    "anything": None,
    "query": [{"appid": []}],
    "cookie": [{"visit": []}],
    "either": [{"badge": []}, {"owner": []}],
    "both": [{"badge": [], "staff": ["write"]}],
    "nothing": [],
    "optional": [{"badge": []}, {}],
    "unsupported": [{"chip": []}],
    "supported": [{"chip": []}, {"badge": []}],
}
TARGET = """
credentials:
- {name: appid, schemes: [appid], fields: [appid], query: {appid: '{appid}'}}
- {name: visit, schemes: [visit], fields: [visit], cookies: {visit: '{visit}'}}
- {name: badge, schemes: [badge], fields: [badge], headers: {X-Badge: '{badge}'}}
- {name: staff, schemes: [staff], fields: [token], headers: {Authorization: 'Bearer {token}'}}
- name: owner
  schemes: [owner]
  fields: [user, password]
  headers: {Authorization: 'Basic base64({user}:{password})'}
"""
ADA = {
    "appid": "app+of&ada",
    "visit": "visit-of-ada",
    "badge": "badge-of-ada",
    "token": "token-of-ada",
    "user": "ada",
    "password": "password-of-ada",
}
BOB = {"appid": "app-of-bob", "badge": "badge-of-bob"}
BASIC = f"Basic {b64encode(b'ada:password-of-ada').decode()}"
CARRIERS: dict[str, dict[str, Any]] = {
    "none": {},
    "query": {"query_string": {"appid": ADA["appid"]}},
    "cookie": {"headers": {"Cookie": "a=b; visit=visit-of-ada"}},
    "badge": {"headers": {"X-Badge": "badge-of-ada"}},
    "staff": {"headers": {"Authorization": "Bearer token-of-ada"}},
    "owner": {"headers": {"Authorization": BASIC}},
    "both": {"headers": {"Authorization": "Bearer token-of-ada", "X-Badge": "badge-of-ada"}},
    "mixed": {"headers": {"Authorization": "Bearer token-of-ada", "X-Badge": "badge-of-bob"}},
    "twice": {"query_string": [("appid", ADA["appid"]), ("appid", ADA["appid"])]},
}
EVERYBODY = set(CARRIERS)
OPENED_BY = {
    "anything": EVERYBODY - {"none", "twice"},
    "query": {"query"},
    "cookie": {"cookie"},
    "either": {"badge", "owner", "both", "mixed"},
    "both": {"both"},
    "nothing": EVERYBODY,
    "optional": EVERYBODY,
    "unsupported": EVERYBODY,
    "supported": {"badge", "both", "mixed"},
}


def _document() -> dict[str, Any]:
    paths = {
        f"/locks/{name}": {
            "get": {
                "operationId": name,
                "responses": {"200": {"description": "ok"}},
                **({} if security is None else {"security": security}),
            }
        }
        for name, security in SECURITY.items()
    }
    return {"openapi": "3.1.0", "info": {"title": "Locks", "version": "1"}, "paths": paths}


def _locks() -> Api:
    blueprint = Blueprint("locks", __name__)
    for name in SECURITY:
        blueprint.add_url_rule(f"/locks/{name}", name, lambda: {"user": credential_entry()})
    return Api(
        name="locks",
        title="Locks",
        base_path="/locks",
        prefixes=("/locks",),
        blueprint=blueprint,
        definition=StoreDefinition("locks", MetaData, lambda connection, inputs: None),
        credentials=DatasetCredentials("locks"),
        example="/locks",
    )


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    path: Path = tmp_path_factory.mktemp("schemas")
    with (
        api_folder(path, "locks", openapi=json.dumps(_document()), target=TARGET),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(application, "load_apis", lambda names: {"locks": _locks()})
        made = create_app("empty")
        world = made.extensions["fake_server.worlds"].default
        world.replace_section("locks", {"credentials": {"tokens": [ADA, BOB]}})
        yield made


@pytest.fixture
def client(app: Flask) -> Iterator[JsonClient]:
    yield JsonClient(app, app.response_class, use_cookies=False)
    world = app.extensions["fake_server.worlds"].default
    with world.changing():
        world.auth = "dataset"


@pytest.mark.parametrize("operation", SECURITY)
def test_an_operation_takes_the_schemes_it_declares_and_no_others(
    client: Any, operation: str
) -> None:
    opened = {
        name
        for name, options in CARRIERS.items()
        if client.get(f"/locks/{operation}", **options).status_code == 200
    }
    assert opened == OPENED_BY[operation]


def test_any_credential_of_a_scheme_opens_its_operations_where_a_world_takes_any(
    client: Any, app: Flask
) -> None:
    world = app.extensions["fake_server.worlds"].default
    with world.changing():
        world.auth = "any"
    assert client.get("/locks/query?appid=somebody").json == {"user": {"appid": "somebody"}}
    assert client.get("/locks/query", headers={"X-Badge": "somebody"}).status_code == 401
    headers = {"X-Badge": "somebody", "Authorization": "Bearer else"}
    assert client.get("/locks/both", headers=headers).status_code == 200
    assert client.get("/locks/both", headers={"X-Badge": "somebody"}).status_code == 401


@pytest.mark.parametrize(
    ("options", "carrier"),
    [
        ({"query_string": "appid=somebody-else&note=app%2Bof%26ada"}, "appid"),
        ({"headers": {"Cookie": "visit=visit-of-ada"}}, "visit"),
        ({"headers": {"Cookie": "other=1"}}, None),
        ({"headers": {"X-Badge": "badge-of-ada"}, "query_string": "appid=x"}, "X-Badge"),
    ],
)
def test_the_journal_says_what_carried_a_credential_and_shows_none(
    client: Any, options: Any, carrier: str | None
) -> None:
    client.get("/locks/nothing", **options)
    entry = client.get("/_fake/worlds/default/requests").json["requests"][-1]
    assert entry["credentials"] == carrier
    assert "appid" not in entry["unread"]
    shown = json.dumps(entry)
    for secret in ("somebody-else", "app%2Bof%26ada", "visit-of-ada", "badge-of-ada", "appid=x"):
        assert secret not in shown
    assert entry["parameters"].get("appid") in {None, "[redacted]"}


def test_the_index_and_the_control_plane_show_what_carries_the_credentials(client: Any) -> None:
    access = client.get("/_fake/worlds/default").json["apis"]["locks"]
    assert access["query"] == {"appid": "app+of&ada"}
    assert access["headers"]["Cookie"] == "visit=visit-of-ada"
    assert access["headers"]["X-Badge"] == "badge-of-ada"
    assert access["headers"]["Authorization"] == "Bearer token-of-ada"
    curl = client.get("/").json["apis"]["locks"]["curl"]
    assert curl.endswith("'http://localhost/locks?appid=app%2Bof%26ada'")


@pytest.mark.parametrize(
    ("everywhere", "own", "taken"),
    [
        (None, None, None),
        ([{"a": []}], None, (frozenset("a"),)),
        ([{"a": []}], [{"b": []}], (frozenset("b"),)),
        ([{"a": []}], [], OPEN),
        ([{"a": []}], [{"a": []}, {}], OPEN),
        (None, [{"a": [], "x": []}], (frozenset("a"),)),
        (None, [{"x": []}, {"a": []}], (frozenset("a"),)),
        (None, [{"x": []}], OPEN),
    ],
)
def test_the_security_of_an_operation_comes_before_that_of_the_document(
    everywhere: Any, own: Any, taken: Any
) -> None:
    document = {} if everywhere is None else {"security": everywhere}
    operation = {} if own is None else {"security": own}
    assert alternatives(document, operation, {"a", "b"}) == taken


def test_where_no_form_names_a_scheme_any_credential_will_do() -> None:
    assert alternatives({}, {"security": [{"a": []}]}, ()) is None
    assert alternatives({}, {"security": []}, ()) == OPEN
