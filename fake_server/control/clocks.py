"""The views of a world's clock: `/_fake/worlds/<name>/clock`."""

from flask import Blueprint, Response

from fake_server.control.body_validation import attributes
from fake_server.control.render import render_clock
from fake_server.control.server_worlds import named_world
from fake_server.control.time_text import later, moment_of
from fake_server.rest.answers import json_answer


def add_clock(blueprint: Blueprint) -> None:
    """Add the views."""
    blueprint.add_url_rule("/worlds/<name>/clock", view_func=show_clock)
    for action in (freeze_clock, set_clock, advance_clock, run_clock):
        path = f"/worlds/<name>/clock/{action.__name__.removesuffix('_clock')}"
        blueprint.add_url_rule(path, view_func=action, methods=["POST"])


def show_clock(name: str) -> Response:
    """`GET /_fake/worlds/<name>/clock`."""
    return json_answer(render_clock(named_world(name)))


def freeze_clock(name: str) -> Response:
    """`POST /_fake/worlds/<name>/clock/freeze`: stop the clock, at a time or at its own."""
    world, body = named_world(name), attributes("clock_freeze")
    at = moment_of("at", body["at"]) if "at" in body else None
    with world.changing():
        world.clock.freeze(at)
    return json_answer(render_clock(world))


def set_clock(name: str) -> Response:
    """`POST /_fake/worlds/<name>/clock/set`: set the clock to a time; a running clock runs on."""
    world, body = named_world(name), attributes("clock_set")
    at = moment_of("at", body["at"])
    with world.changing():
        world.clock.set(at)
    return json_answer(render_clock(world))


def advance_clock(name: str) -> Response:
    """`POST /_fake/worlds/<name>/clock/advance`: move the clock by a duration."""
    world, body = named_world(name), attributes("clock_advance")
    with world.changing():
        world.clock.set(later(world.clock.now(), body["by"]))
    return json_answer(render_clock(world))


def run_clock(name: str) -> Response:
    """`POST /_fake/worlds/<name>/clock/run`: start a frozen clock."""
    world = named_world(name)
    attributes("nothing")
    with world.changing():
        world.clock.run()
    return json_answer(render_clock(world))
