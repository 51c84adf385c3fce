"""What a view of the control plane may ask for: the worlds of its server."""

from flask import current_app

from fake_server.world.world import World
from fake_server.world.worlds import Worlds


def all_worlds() -> Worlds:
    """Return the worlds of the server that the current request is for."""
    worlds: Worlds = current_app.extensions["fake_server.worlds"]
    return worlds


def named_world(name: str) -> World:
    """Return the world called `name`; raises `UnknownWorldError`."""
    return all_worlds().get(name)
