"""The views of the worlds: `/_fake/worlds`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app

from fake_server.control.body_validation import attributes, require_shape
from fake_server.control.guard import access_of, routed_name
from fake_server.control.problem_error import ProblemError
from fake_server.control.render import location, render_summary, render_world
from fake_server.control.server_worlds import all_worlds, named_world
from fake_server.control.world_making import make_world
from fake_server.errors import DefaultWorldError, RequestError
from fake_server.rest.answers import answer, json_answer
from fake_server.rest.api_definition import Api
from fake_server.rest.processes import id_of
from fake_server.world.world import World
from fake_server.world.worlds import DEFAULT


def add_worlds(blueprint: Blueprint, apis: Mapping[str, Api]) -> None:
    """Add the views, for an application that serves these APIs."""

    @blueprint.get("/worlds")
    def list_worlds() -> Response:
        listed = [render_summary(world) for world in all_worlds().all()]
        return json_answer({"process": id_of(current_app), "worlds": listed})

    @blueprint.post("/worlds")
    def create_world() -> Response:
        world = make_world(all_worlds(), _new_attributes())
        return json_answer(render_world(world, apis), 201, {"Location": location(world)})

    @blueprint.get("/worlds/<name>")
    def get_world(name: str) -> Response:
        return json_answer(render_world(named_world(name), apis))

    @blueprint.patch("/worlds/<name>")
    def update_world(name: str) -> Response:
        world, changes = named_world(name), attributes("world_changes")
        with world.changing():
            _change(world, changes)
        return json_answer(render_world(world, apis))

    @blueprint.delete("/worlds/<name>")
    def delete_world(name: str) -> Response:
        if name == DEFAULT:
            raise ProblemError(
                HTTPStatus.CONFLICT,
                DefaultWorldError("the world 'default' is always there: reset it"),
            )
        all_worlds().remove(name)
        return answer(204, None)

    @blueprint.post("/worlds/<name>/reset")
    def reset_world(name: str) -> Response:
        world = named_world(name)
        attributes("nothing")
        world.reset()
        return json_answer(render_world(world, apis))


def _new_attributes() -> dict[str, Any]:
    """Return the attributes of a new world; `X-Fake-World` is its name where the body has none.

    Raises `ProblemError`: the two differ, or a proxy could not route by the name.
    """
    new, header = attributes("world_new"), routed_name()
    if header is None:
        access = access_of(current_app)
        if access is not None and access.behind_proxy:
            raise ProblemError(
                HTTPStatus.BAD_REQUEST,
                RequestError(
                    "behind a proxy a new world is routed by its name: send it as X-Fake-World"
                ),
            )
        return new
    if new.get("name", header) != header:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            RequestError(f"the body names world {new['name']!r}, X-Fake-World {header!r}"),
        )
    named = {**new, "name": header}
    require_shape("world_new", named)
    return named


def _change(world: World, changes: Mapping[str, Any]) -> None:
    """Change profile, quirks, auth, limits or who logs in; new quirks replace all of the world."""
    for api, login in changes.get("login", {}).items():
        world.log_in(api, login)
    if {"profile", "quirks"} & set(changes):
        world.behave(changes.get("profile", world.profile), changes.get("quirks", ()))
    world.auth = changes.get("auth", world.auth)
    world.enforce_limits = changes.get("limits", world.enforce_limits)
