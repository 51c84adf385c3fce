"""The fake's own pages: the index, the OpenAPI documents, readiness."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from fake_server._version import __version__
from fake_server.errors import UnknownApiError, expected_one_of
from fake_server.rest.access.credentials import Key
from fake_server.rest.answers import json_answer
from fake_server.rest.api_definition import Api
from fake_server.rest.context import world
from fake_server.rest.http_text import curl
from fake_server.rest.problems import problem
from fake_server.rest.processes import id_of
from fake_server.rest.urls import base_url
from fake_server.world.profile import Profile
from fake_server.world.world import World

_LOCAL = "http://127.0.0.1:"
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Vary": "Accept",
}


def index_blueprint(declared: dict[str, Api]) -> Blueprint:
    """Return the views `/`, `/_fake/health` and `/_fake/openapi/<api>.json`.

    A document is at `/<api>/openapi.json` as well, unless that is a path of an API.
    """
    blueprint = Blueprint("index", __name__)

    @blueprint.get("/")
    def index() -> Response:
        content = summary(declared, world(), base_url())
        if _prefers_html():
            return Response(render_template("index.html", **content), headers=_PAGE_HEADERS)
        return json_answer(content, headers={"Vary": "Accept"})

    @blueprint.get("/_fake/health")
    def health() -> Response:
        return json_answer({"status": "ready", **_program(), "id": id_of(current_app)})

    @blueprint.get("/_fake/openapi/<api>.json")
    def document(api: str) -> Response:
        if api not in declared:
            reason = f"no such API; {expected_one_of(api, list(declared))}"
            return problem(404, "Not Found", UnknownApiError(f"{api[:60]!a}: {reason}"))
        return _document(api)

    prefixes = [prefix for api in declared.values() for prefix in api.prefixes]
    for name in declared:
        if not any(f"/{name}/".startswith(f"{prefix}/") for prefix in prefixes):
            blueprint.add_url_rule(f"/{name}/openapi.json", name, partial(_document, name))
    return blueprint


def _prefers_html() -> bool:
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def _document(name: str) -> Response:
    from fake_server.data_files.api_document import api_document

    profile: Profile = "live" if world().quirks else "documented"
    document = api_document(name, profile)
    return json_answer({**document, "servers": _servers(document, base_url())})


def _servers(document: Mapping[str, Any], here: str) -> list[Any]:
    """Return where a document's operations are served: first of all here."""
    others = [
        server for server in document.get("servers", []) if not server["url"].startswith(_LOCAL)
    ]
    return [{"url": here, "description": "This server."}, *others]


def summary(declared: Mapping[str, Api], shown: World, url: str) -> dict[str, Any]:
    """Return the description of a world for its users, with the base URL `url`, as JSON values."""
    return {
        **_program(),
        "dataset": shown.dataset.name,
        "description": shown.dataset.description,
        "profile": shown.profile,
        "quirks": sorted(shown.quirks),
        "auth": shown.auth,
        "now": shown.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "frozen": shown.clock.frozen,
        "apis": {api.name: _api_summary(api, shown, url) for api in declared.values()},
    }


def _program() -> dict[str, str]:
    return {"name": "understudy", "version": __version__}


def _api_summary(api: Api, shown: World, url: str) -> dict[str, Any]:
    return {
        "title": api.title,
        "base_url": f"{url}{api.base_path}",
        "openapi": f"{url}/_fake/openapi/{api.name}.json",
        "credentials": credential_lines(api.credentials.shown(shown)),
        **_example(api, shown, url),
    }


def _example(api: Api, shown: World, url: str) -> dict[str, str | None]:
    """Return a `curl` that is answered, and what keeps another from it; None for nothing."""
    key = api.credentials.key(shown)
    if (key is None or not key.good) and shown.auth != "dataset":
        key = api.credentials.any_key()
    if key is not None and key.good:
        return {"curl": curl(_asked(f"{url}{api.example}", key), key.headers), "missing": None}
    sign_in = api.credentials.sign_in(url, shown)
    if sign_in is not None:
        return {"curl": sign_in, "missing": "the dataset has no good token: this asks for one"}
    section = f"{api.name}.{api.credentials.section_key}"
    return {
        "curl": None,
        "missing": f"the dataset has no good token in {section}: add one, or accept --auth any",
    }


def _asked(url: str, key: Key) -> str:
    """Return a URL with the parameters of the query that carry a key."""
    query = urlencode(key.query)
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


def credential_lines(credentials: Mapping[str, Any]) -> list[str]:
    """Return credentials as lines to read, such as `token: YOUR_ACCESS_TOKEN`."""
    return [
        f"{name.replace('_', ' ')}: {_readable(item)}"
        for name, value in credentials.items()
        for item in (value if isinstance(value, list | tuple) else [value])
    ]


def _readable(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_readable(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return " ".join(_readable(item) for item in value)
    return str(value)
