"""The views of the control plane."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, Response, current_app

from fake_server.control.bodies import attributes
from fake_server.control.errors import ProblemError
from fake_server.control.guard import guard
from fake_server.control.making import make_world
from fake_server.control.render import location, render_clock, render_summary, render_world
from fake_server.control.times import later, moment_of
from fake_server.rest.answers import answer, json_answer
from fake_server.rest.api import Api
from fake_server.rest.urls import base_url
from fake_server.world.errors import (
    NameTakenError,
    TooManyWorldsError,
    UnknownWorldError,
    UserError,
)
from fake_server.world.worlds import DEFAULT, Worlds

_STATUS: dict[type[UserError], HTTPStatus] = {
    UnknownWorldError: HTTPStatus.NOT_FOUND,
    NameTakenError: HTTPStatus.CONFLICT,
    TooManyWorldsError: HTTPStatus.INSUFFICIENT_STORAGE,
}


def control_blueprint(declared: Mapping[str, Api]) -> Blueprint:
    """Return the views under `/_fake/`, for an application that serves these APIs."""
    blueprint = Blueprint("control", __name__, url_prefix="/_fake")
    blueprint.before_request(guard)
    blueprint.register_error_handler(ProblemError, ProblemError.answer)
    blueprint.register_error_handler(UserError, _user_error)
    blueprint.add_url_rule("/openapi", view_func=show_document)
    _add_worlds(blueprint, declared)
    _add_clock(blueprint)
    return blueprint


def _user_error(error: UserError) -> Response:
    status = _STATUS.get(type(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return ProblemError(status, str(error)).answer()


def _worlds() -> Worlds:
    found: Worlds = current_app.extensions["fake_server.worlds"]
    return found


def show_document() -> Response:
    """`GET /_fake/openapi.json`."""
    from fake_server.rest.bundle import bundled

    servers = [{"url": base_url(), "description": "This server."}]
    return json_answer({**bundled("control"), "servers": servers})


def _add_worlds(blueprint: Blueprint, declared: Mapping[str, Api]) -> None:
    @blueprint.get("/worlds")
    def list_worlds() -> Response:
        return json_answer({"worlds": [render_summary(world) for world in _worlds().all()]})

    @blueprint.post("/worlds")
    def create_world() -> Response:
        made = make_world(_worlds(), attributes("world_new"))
        return json_answer(render_world(made, declared), 201, {"Location": location(made)})

    @blueprint.get("/worlds/<name>")
    def get_world(name: str) -> Response:
        return json_answer(render_world(_worlds().get(name), declared))

    @blueprint.patch("/worlds/<name>")
    def update_world(name: str) -> Response:
        world, changes = _worlds().get(name), attributes("world_changes")
        with world.changing():
            world.enforce_limits = changes.get("limits", world.enforce_limits)
        return json_answer(render_world(world, declared))

    @blueprint.delete("/worlds/<name>")
    def delete_world(name: str) -> Response:
        if name == DEFAULT:
            raise ProblemError(HTTPStatus.CONFLICT, "the world 'default' is always there: reset it")
        _worlds().remove(name)
        return answer(204, None)

    @blueprint.post("/worlds/<name>/reset")
    def reset_world(name: str) -> Response:
        world = _worlds().get(name)
        attributes("nothing")
        world.reset()
        return json_answer(render_world(world, declared))


def _add_clock(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/worlds/<name>/clock", view_func=show_clock)
    for action in (freeze_clock, set_clock, advance_clock, run_clock):
        path = f"/worlds/<name>/clock/{action.__name__.removesuffix('_clock')}"
        blueprint.add_url_rule(path, view_func=action, methods=["POST"])


def show_clock(name: str) -> Response:
    """`GET /_fake/worlds/<name>/clock`."""
    return json_answer(render_clock(_worlds().get(name)))


def freeze_clock(name: str) -> Response:
    """`POST /_fake/worlds/<name>/clock/freeze`: stop it, at a time or where it is."""
    world, wanted = _worlds().get(name), attributes("clock_freeze")
    at = moment_of("at", wanted["at"]) if "at" in wanted else None
    with world.changing():
        world.clock.freeze(at)
    return json_answer(render_clock(world))


def set_clock(name: str) -> Response:
    """`POST /_fake/worlds/<name>/clock/set`: put it to a time, whether it runs or stands."""
    world, wanted = _worlds().get(name), attributes("clock_set")
    at = moment_of("at", wanted["at"])
    with world.changing():
        world.clock.set(at)
    return json_answer(render_clock(world))


def advance_clock(name: str) -> Response:
    """`POST /_fake/worlds/<name>/clock/advance`: move it by a duration."""
    world, wanted = _worlds().get(name), attributes("clock_advance")
    with world.changing():
        world.clock.set(later(world.clock.now(), wanted["by"]))
    return json_answer(render_clock(world))


def run_clock(name: str) -> Response:
    """`POST /_fake/worlds/<name>/clock/run`: let it run on from where it stands."""
    world = _worlds().get(name)
    attributes("nothing")
    with world.changing():
        world.clock.run()
    return json_answer(render_clock(world))
