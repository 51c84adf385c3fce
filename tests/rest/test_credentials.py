"""Credentials derived from `target.yaml` and one list of the dataset."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Request

from fake_server.rest.access.credentials import Credentials, DatasetCredentials, Key
from tests.rest.api_folder import api_folder

TARGET = """
credentials:
- name: key
  fields: [api_key]
  headers: {X-Api-Key: '{api_key}'}
- name: bearer
  fields: [token]
  optional: [shelf]
  headers: {Authorization: 'Bearer {token}', X-Shelf: '{shelf}'}
- name: basic
  fields: [user, password]
  headers: {Authorization: 'Basic base64({user}:{password})'}
- name: application
  fields: [client_id]
  headers: {Authorization: 'Bearer {token}'}
  token_request: {path: /token, form: {client_id: '{client_id}'}}
- name: rails
  fields: [token]
  headers: {Authorization: 'Token token={token}'}
"""


class _Dataset:
    def section(self, api: str) -> dict[str, Any]:
        return {"credentials": {"tokens": ["key-of-the-dataset"]}}


class _World:
    def __init__(self, *tokens: Any, auth: str = "dataset") -> None:
        self._tokens = tokens
        self.auth = auth
        self.dataset = _Dataset()

    def section(self, api: str) -> dict[str, Any]:
        return {"credentials": {"tokens": list(self._tokens)}}


def _world(*tokens: Any, auth: str = "dataset") -> Any:
    return _World(*tokens, auth=auth)


@pytest.fixture(autouse=True)
def _target(tmp_path: Path) -> Iterator[None]:
    with api_folder(tmp_path, "library", target=TARGET):
        yield


CREDENTIALS = DatasetCredentials("library")
ADA = {"user": "ada", "password": "pw:1", "admin": True}
SHELVED = {"token": "t-1", "shelf": 5}


def _request(**headers: str) -> Request:
    environ = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return Request({"REQUEST_METHOD": "GET", **environ})


def _basic(text: str) -> str:
    return f"Basic {b64encode(text.encode()).decode()}"


@pytest.mark.parametrize(
    ("header", "value", "entry"),
    [
        ("x_api_key", "k-1", {"api_key": "k-1"}),
        ("authorization", "Bearer t-1", SHELVED),
        ("authorization", "bearer   t-1", SHELVED),
        ("authorization", "Token token=t-1", SHELVED),
        ("authorization", _basic("ada:pw:1"), ADA),
        ("x_api_key", "k-2", None),
        ("x_api_key", "", None),
        ("authorization", "Bearer", None),
        ("authorization", "t-1", None),
        ("authorization", "Basic !", None),
        ("authorization", "Basic /w==", None),
        ("authorization", _basic("ada"), None),
        ("authorization", _basic("ada:pw:2"), None),
    ],
)
def test_the_entry_of_a_request_is_the_one_whose_fields_it_carries(
    header: Any, value: Any, entry: Any
) -> None:
    world = _world("k-1", SHELVED, ADA)
    assert CREDENTIALS.entry_of(_request(**{header: value}), world) == entry


def test_any_well_formed_credential_opens_a_world_that_takes_any() -> None:
    world = _world("k-1", SHELVED, auth="any")
    assert CREDENTIALS.entry_of(_request(x_api_key="k-1"), world) == {"api_key": "k-1"}
    assert CREDENTIALS.entry_of(_request(x_api_key="other"), world) == {"api_key": "other"}
    carried = {"token": "other", "shelf": "7"}
    request = _request(authorization="Bearer other", x_shelf="7")
    assert CREDENTIALS.entry_of(request, world) == carried
    assert CREDENTIALS.entry_of(_request(authorization="Bearer t-1"), world) is SHELVED
    assert CREDENTIALS.entry_of(_request(authorization="Digest x"), world) is None
    assert CREDENTIALS.entry_of(_request(), world) is None


def test_nothing_is_asked_for_in_a_world_without_authentication() -> None:
    world = _world(SHELVED, auth="off")
    assert CREDENTIALS.entry_of(_request(), world) == {}
    assert CREDENTIALS.entry_of(_request(authorization="Bearer t-1"), world) is SHELVED


def test_key_and_variables_are_of_the_first_entry_in_the_form_of_its_fields() -> None:
    assert CREDENTIALS.key(_world("k-1")) == Key("k-1", {"X-Api-Key": "k-1"})
    assert CREDENTIALS.variables(_world("k-1", SHELVED)) == {"api_key": "k-1"}
    headers = {"Authorization": "Bearer t-1", "X-Shelf": "5"}
    assert CREDENTIALS.key(_world(SHELVED)) == Key("t-1", headers)
    assert CREDENTIALS.variables(_world(SHELVED)) == {"token": "t-1", "shelf": "5"}
    assert CREDENTIALS.key(_world(ADA)) == Key("ada", {"Authorization": _basic("ada:pw:1")})
    assert CREDENTIALS.key(_world()) is None
    assert CREDENTIALS.variables(_world()) == {}
    assert CREDENTIALS.any_key() == Key("any-token", {"X-Api-Key": "any-token"})


def test_the_banner_shows_what_a_client_needs() -> None:
    shown = CREDENTIALS.shown(_world("k-1", SHELVED, ADA, {"token": "t", "admin": True}))
    assert shown == {"tokens": ["k-1", SHELVED, {"user": "ada", "password": "pw:1"}, "t"]}
    assert DatasetCredentials("library", ("keys",)).shown(_world("k-1")) == {}


def test_secrets_are_the_fields_those_of_the_dataset_included() -> None:
    secrets = set(CREDENTIALS.secrets(_world("k-1", SHELVED, ADA)))
    assert secrets == {"key-of-the-dataset", "k-1", "t-1", "ada", "pw:1"}


def test_the_headers_of_credentials_are_those_that_carry_a_field() -> None:
    assert CREDENTIALS.header_names == ("X-Api-Key", "Authorization")


def test_without_a_target_there_is_no_form(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    folder.mkdir()
    with api_folder(folder, "museum"):
        museum = DatasetCredentials("museum")
        assert museum.forms == ()
        assert museum.key(_world("k-1")) is None
        assert museum.any_key() == Key(None, {})
        assert museum.entry_of(_request(), _world("k-1")) is None


def test_an_api_without_credentials_lets_anybody_in() -> None:
    world = _world()
    assert Credentials().key(world) == Credentials().any_key() == Key(None, {})
    assert Credentials().entry_of(_request(), world) == {}
    assert not Credentials().shown(world)
    assert not Credentials().variables(world)
    assert not list(Credentials().secrets(world))
    assert Credentials().sign_in("http://localhost", world) is None
