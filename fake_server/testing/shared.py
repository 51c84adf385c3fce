"""The application of all worlds that have no server."""

from functools import cache

from flask import Flask


@cache
def shared_app() -> Flask:
    """Return the application, made at the first call. A world makes its records at first use."""
    from fake_server.app import create_app

    return create_app("empty")
