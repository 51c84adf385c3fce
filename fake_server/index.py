"""The fake's own pages: the index, the OpenAPI documents, readiness."""

from collections.abc import Callable

from flask import Blueprint, Response

from fake_server.rest.answers import json_answer
from fake_server.rest.api import Api
from fake_server.rest.bundle import bundled
from fake_server.rest.context import world
from fake_server.rest.urls import url_of


def index_blueprint(declared: dict[str, Api]) -> Blueprint:
    """Return the views `/`, `/<api>/openapi.json` and `/_fake/health`."""
    blueprint = Blueprint("index", __name__)

    @blueprint.get("/")
    def index() -> Response:
        return json_answer(_summary(declared))

    @blueprint.get("/_fake/health")
    def health() -> Response:
        return json_answer({"status": "ready"})

    for api in declared.values():
        blueprint.add_url_rule(f"/{api.name}/openapi", api.name, _document_view(api.name))
    return blueprint


def _document_view(name: str) -> Callable[[], Response]:
    def document() -> Response:
        return json_answer(bundled(name, world().profile))

    return document


def _summary(declared: dict[str, Api]) -> dict[str, object]:
    here = world()
    return {
        "name": "understudy",
        "dataset": here.dataset.name,
        "profile": here.profile,
        "now": here.clock.now().isoformat(timespec="seconds"),
        "apis": {
            api.name: {
                "title": api.title,
                "base_url": url_of(api.base_path),
                "openapi": url_of(f"/{api.name}/openapi.json"),
            }
            for api in declared.values()
        },
    }
