"""The blueprint of the control plane: its views, its access rules and its refusals."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, Response, request

from fake_server.control.clocks import add_clock
from fake_server.control.faults import add_faults
from fake_server.control.guard import guard
from fake_server.control.problem_error import ProblemError
from fake_server.control.record_routes import add_records
from fake_server.control.requests import add_requests
from fake_server.control.worlds import add_worlds
from fake_server.errors import (
    InUseError,
    StorageError,
    TooManyFaultsError,
    TooManyWorldsError,
    UnknownFaultError,
    UnknownRecordError,
    UnknownWorldError,
    UserError,
    WorldExistsError,
)
from fake_server.rest.answers import json_answer
from fake_server.rest.api_definition import Api
from fake_server.rest.processes import with_hint, with_process
from fake_server.rest.urls import base_url

_STATUS: dict[type[UserError], HTTPStatus] = {
    UnknownWorldError: HTTPStatus.NOT_FOUND,
    UnknownFaultError: HTTPStatus.NOT_FOUND,
    UnknownRecordError: HTTPStatus.NOT_FOUND,
    InUseError: HTTPStatus.CONFLICT,
    WorldExistsError: HTTPStatus.CONFLICT,
    StorageError: HTTPStatus.INSUFFICIENT_STORAGE,
    TooManyFaultsError: HTTPStatus.INSUFFICIENT_STORAGE,
    TooManyWorldsError: HTTPStatus.INSUFFICIENT_STORAGE,
}


def control_blueprint(apis: Mapping[str, Api]) -> Blueprint:
    """Return the views under `/_fake/`, for an application that serves these APIs."""
    blueprint = Blueprint("control", __name__, url_prefix="/_fake")
    blueprint.before_request(guard)
    blueprint.register_error_handler(ProblemError, ProblemError.answer)
    blueprint.register_error_handler(UserError, _user_error)
    blueprint.add_url_rule("/openapi.json", view_func=show_document)
    add_worlds(blueprint, apis)
    add_clock(blueprint)
    add_faults(blueprint)
    add_requests(blueprint, apis)
    add_records(blueprint)
    return blueprint


def _user_error(error: UserError) -> Response:
    status = _STATUS.get(type(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    if status == HTTPStatus.NOT_FOUND:
        hint = with_process if isinstance(error, UnknownWorldError) else with_hint
        error = type(error)(hint(error.message, request.environ), error.position)
    return ProblemError(status, error).answer()


def show_document() -> Response:
    """`GET /_fake/openapi.json`."""
    from fake_server.data_files.api_document import api_document

    servers = [{"url": base_url(), "description": "This server."}]
    return json_answer({**api_document("control"), "servers": servers})
