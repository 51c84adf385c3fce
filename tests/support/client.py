"""A test client that validates every answer against the OpenAPI documents."""

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema_rs
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.rest.urls import canonical, split_world, tidy
from fake_server.world.profile import Profile
from fake_server.world.world import World

_ANYTHING: Mapping[str, Any] = {}


class JsonClient(FlaskClient):
    """Sends requests to an app in process; its answers have `json` of any type.

    werkzeug types it as optional, so every test that reads one would have to rule None out.
    """

    if TYPE_CHECKING:

        def open(self, *args: Any, **kwargs: Any) -> "JsonResponse": ...
        def get(self, *args: Any, **kwargs: Any) -> "JsonResponse": ...
        def post(self, *args: Any, **kwargs: Any) -> "JsonResponse": ...
        def put(self, *args: Any, **kwargs: Any) -> "JsonResponse": ...
        def patch(self, *args: Any, **kwargs: Any) -> "JsonResponse": ...
        def delete(self, *args: Any, **kwargs: Any) -> "JsonResponse": ...


class JsonResponse(TestResponse):
    """An answer whose `json` may be anything."""

    if TYPE_CHECKING:

        @property
        def json(self) -> Any: ...


class CheckedClient(JsonClient):
    """Sends requests to the app in process; fails the test where an answer breaks the document.

    Checked: the operation has the status (or a range or default), the body fits its schema and
    is empty where none is declared, required headers are there, headers fit their schemas.
    """

    def __init__(self, app: Flask) -> None:
        super().__init__(app, app.response_class, use_cookies=False)

    @property
    def world(self) -> World:
        """The world `default` of the application."""
        world: World = self.application.extensions["fake_server.worlds"].default
        return world

    def open(self, *args: Any, **kwargs: Any) -> JsonResponse:
        """Send a request; see `werkzeug.test.Client.open`."""
        response = super().open(*args, **kwargs)
        request = response.request
        path = tidy(split_world(request.path)[2])
        path = path if path.startswith("/_fake/") else canonical(path)
        profile: Profile = "live" if self.world.quirks else "documented"
        check_answer(request.method, path, response, profile)
        return response


def check_answer(method: str, path: str, response: TestResponse, profile: Profile) -> None:
    """Assert that an answer is one the specification declares for the operation, if it is one."""
    declaration = _operation(method, path, profile)
    if declaration is None:
        assert profile == "live" or path == "/" or response.mimetype != "text/html"
        return
    api, operation = declaration
    declared = _response(api, profile, operation, response.status_code)
    assert declared is not None, (
        f"{method} {path}: status {response.status_code} is not declared: {response.text[:300]}"
    )
    for name, header in declared.get("headers", {}).items():
        _check_header(f"{method} {path}: {response.status}", api, profile, name, header, response)
    if method == "HEAD" or "content" not in declared:
        assert response.data == b"", f"{method} {path}: {response.status} has a body"
        return
    media = declared["content"].get(response.mimetype)
    assert media is not None, f"{method} {path}: {response.mimetype!r} is not declared"
    if response.is_json and not (media.get("x-may-be-empty") and response.data == b""):
        mistakes = sorted(
            _validator(api, profile, media["schema"]).iter_errors(_json(response)), key=str
        )
        assert not mistakes, f"{method} {path}: {response.status}: {mistakes[0]}"


def _json(response: TestResponse) -> Any:
    zipped = response.headers.get("Content-Encoding") == "gzip"
    return json.loads(gzip.decompress(response.data) if zipped else response.data)


def _check_header(
    where: str, api: str, profile: Profile, name: str, header: Any, response: TestResponse
) -> None:
    declared = _resolve(api, profile, header)
    value = response.headers.get(name)
    if value is None:
        assert not declared.get("required"), f"{where} lacks {name}"
        return
    validator = _validator(api, profile, declared.get("schema", _ANYTHING))
    kinds = (str, int, float) if value.isascii() else (str,)
    assert any(validator.is_valid(_as(kind, value)) for kind in kinds), f"{where}: {name}: {value}"


def _as(kind: type, text: str) -> object:
    try:
        return kind(text)
    except ValueError:
        return text


@cache
def _documents(profile: Profile) -> dict[str, Any]:
    return {api: api_document(api, profile) for api in (registry.CONTROL, *registry.names())}


class _DocumentedPath(NamedTuple):
    """A path of a document; `pattern` matches the paths of requests."""

    api: str
    pattern: re.Pattern[str]
    operations: Mapping[str, Any]


@cache
def _routes(profile: Profile) -> Sequence[_DocumentedPath]:
    """Return the paths of all documents, those with the fewest parameters first in each."""
    return [
        _DocumentedPath(
            api, re.compile(re.sub(r"\{[^}]+\}", "[^/]+", template)), document["paths"][template]
        )
        for api, document in _documents(profile).items()
        for template in sorted(document["paths"], key=lambda template: template.count("{"))
    ]


@lru_cache(maxsize=4096)
def _operation(method: str, path: str, profile: Profile) -> tuple[str, Any] | None:
    verb = "get" if method == "HEAD" else method.lower()
    for route in _routes(profile):
        if verb in route.operations and route.pattern.fullmatch(path):
            return route.api, route.operations[verb]
    return None


def _response(api: str, profile: Profile, operation: Any, status: int) -> Any:
    responses = operation["responses"]
    for key in (str(status), f"{status // 100}XX", "default"):
        if key in responses:
            return _resolve(api, profile, responses[key])
    return None


def _resolve(api: str, profile: Profile, node: Any) -> Any:
    while "$ref" in node:
        target = _documents(profile)[api]
        for step in node["$ref"][2:].split("/"):
            target = target[step]
        node = target
    return node


def _validator(api: str, profile: Profile, schema: Any) -> Any:
    key = (api, profile, id(schema))
    if key not in _validators:
        _validators[key] = _compiled(api, profile, json.dumps(schema, sort_keys=True))
    return _validators[key]


_validators: dict[tuple[str, Profile, int], Any] = {}
"""Validators by the identity of a schema, which the cached documents keep."""


@cache
def _compiled(api: str, profile: Profile, schema: str) -> Any:
    components = _documents(profile)[api].get("components", {})
    return jsonschema_rs.Draft202012Validator(
        {**json.loads(schema), "components": components}, validate_formats=True
    )
