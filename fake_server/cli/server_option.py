"""The options of commands for a running server: its URL and its control token."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from fake_server.cli import option_values
from fake_server.testing.variables import TOKEN_VARIABLE

URL = "http://127.0.0.1:8042"
"""The default address of a server."""

_TOKEN = "fake_server.control_token"
_F = TypeVar("_F", bound=Callable[..., Any])


def server_option(command: _F) -> _F:
    """Add `--url`, an argument of the command, and `--control-token`, for its requests."""
    url = click.option(
        "--url",
        type=option_values.url,
        envvar="FAKE_SERVER_URL",
        default=URL,
        show_default=True,
        show_envvar=True,
        help="The server, once started.",
    )
    token = click.option(
        "--control-token",
        type=option_values.token,
        envvar=TOKEN_VARIABLE,
        show_envvar=True,
        expose_value=False,
        callback=_store_token,
        help="The token of a server that other machines can reach.",
    )
    return url(token(command))


def _store_token(context: click.Context, parameter: click.Parameter, token: str | None) -> None:
    context.meta[_TOKEN] = token


def control_token() -> str | None:
    """Return the control token of the current command; None without one."""
    token: str | None = click.get_current_context().meta.get(_TOKEN)
    return token
