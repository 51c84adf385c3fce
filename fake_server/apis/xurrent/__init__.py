"""The 4me / Xurrent REST API v1."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Request, Response
from sqlalchemy import Connection, MetaData

from fake_server.rest.api import Api, Dialect
from fake_server.rest.errors import ApiError
from fake_server.world.recipe import Brief, Recipe, Section


def _populate(connection: Connection, brief: Brief) -> None:
    """Make no records."""


def _not_routed(request: Request) -> ApiError:
    return ApiError(404, {})


def _bad_request(message: str) -> ApiError:
    return ApiError(400, {"message": message})


def _credentials(section: Section) -> Mapping[str, Any]:
    found: Mapping[str, Any] = section.get("credentials", {})
    return found


def _after(response: Response) -> Response:
    return response


api = Api(
    name="xurrent",
    title="4me / Xurrent REST API v1",
    base_path="/v1",
    prefixes=("/v1",),
    hosts=("api.4me.com", "api.xurrent.com", "api.r-service.tech"),
    blueprint=Blueprint("xurrent", __name__),
    recipe=Recipe("xurrent", MetaData(), _populate),
    dialect=Dialect(
        not_routed=_not_routed,
        bad_request=_bad_request,
        too_large=lambda: ApiError(413, {}),
        server_error=lambda: ApiError(500, {}),
    ),
    knows=lambda method, path: False,
    before=lambda request: None,
    after=_after,
    credentials=_credentials,
    curl=lambda base_url, section: f"curl {base_url}/v1",
)
