"""A test client that validates every answer against the OpenAPI documents."""

import gzip
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from fake_server.data_files import registry
from fake_server.rest.schema.bundle import bundled
from fake_server.rest.urls import canonical, split_world, tidy
from fake_server.world.profile import Profile
from fake_server.world.world import World


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
        found: World = self.application.extensions["fake_server.worlds"].default
        return found

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
    found = _operation(method, path, profile)
    if found is None:
        assert profile == "live" or path == "/" or response.mimetype != "text/html"
        return
    api, operation = found
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
    validator = _validator(api, profile, declared.get("schema", {}))
    kinds = (str, int, float) if value.isascii() else (str,)
    assert any(validator.is_valid(_as(kind, value)) for kind in kinds), f"{where}: {name}: {value}"


def _as(kind: type, text: str) -> object:
    try:
        return kind(text)
    except ValueError:
        return text


@cache
def _documents(profile: Profile) -> dict[str, Any]:
    return {api: bundled(api, profile) for api in (registry.CONTROL, *registry.names())}


def _operation(method: str, path: str, profile: Profile) -> tuple[str, Any] | None:
    verb = "get" if method == "HEAD" else method.lower()
    for api, document in _documents(profile).items():
        exact = sorted(document["paths"], key=lambda template: template.count("{"))
        for template in exact:
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path):
                operation = document["paths"][template].get(verb)
                if operation is not None:
                    return api, operation
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


def _validator(api: str, profile: Profile, schema: Any) -> Draft202012Validator:
    return _compiled(api, profile, json.dumps(schema, sort_keys=True))


@cache
def _compiled(api: str, profile: Profile, schema: str) -> Draft202012Validator:
    components = _documents(profile)[api].get("components", {})
    return Draft202012Validator(
        {**json.loads(schema), "components": components}, format_checker=FormatChecker()
    )
