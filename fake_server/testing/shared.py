"""The one application that worlds without a server of their own live in."""

from functools import cache

from flask import Flask


@cache
def shared_app() -> Flask:
    """Return the application, made at the first call; no records are, until a world needs them."""
    from fake_server.app import create_app

    return create_app("empty")
