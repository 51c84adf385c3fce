"""Access of the views to the worlds of their server."""

from flask import current_app

from fake_server.world.world import World
from fake_server.world.worlds import Worlds


def all_worlds() -> Worlds:
    """Return the worlds of the server that handles the current request."""
    worlds: Worlds = current_app.extensions["fake_server.worlds"]
    return worlds


def named_world(name: str) -> World:
    """Return the world called `name`; raises `UnknownWorldError`."""
    return all_worlds().get(name)
