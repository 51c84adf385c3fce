"""Commands of the command line, run in this process on a server of a test."""

from collections.abc import Callable
from typing import Any

import click
from click.testing import CliRunner, Result

from fake_server import FakeServer


def caller(command: click.Command, server: FakeServer) -> Callable[..., Result]:
    """Return a function that runs a command on a server; it raises what the command raises."""

    def call(*arguments: str, **options: Any) -> Result:
        done = CliRunner().invoke(
            command, [*arguments, "--url", server.url], standalone_mode=False, **options
        )
        if done.exception is not None:
            raise done.exception
        return done

    return call


def printer(command: click.Command, server: FakeServer) -> Callable[..., str]:
    """Return a function that runs a command on a server, and returns what it prints."""
    call = caller(command, server)
    return lambda *arguments, **options: call(*arguments, **options).output
