"""The options of commands that make or change a world."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from fake_server.cli import option_values

_F = TypeVar("_F", bound=Callable[..., Any])


def start_options(command: _F) -> _F:
    """Add `--seed`, `--now` and `--frozen/--running`; the dataset has the defaults."""
    options = [
        click.option("--seed", type=int, help="Another seed than the dataset's."),
        click.option(
            "--now",
            type=option_values.time,
            help="The time of the clock, such as 2026-11-21T10:00:00Z.",
        ),
        click.option("--frozen/--running", default=None, help="Whether the clock stands still."),
    ]
    return _with_options(options, command)


def behaviour_options(profile: str | None = None, auth: str | None = None) -> Callable[[_F], _F]:
    """Add `--profile`, `--quirk` and `--auth`; the arguments are the defaults."""
    options = [
        click.option(
            "--profile",
            type=click.Choice(["documented", "live"]),
            default=profile,
            show_default=profile is not None,
            help="What the documents promise, or what the real services do.",
        ),
        click.option(
            "--quirk",
            "quirks",
            multiple=True,
            help="Switch api.quirk on, or api.quirk=off.",
        ),
        click.option(
            "--auth",
            type=click.Choice(["dataset", "any", "off"]),
            default=auth,
            show_default=auth is not None,
            help="Accept the dataset's credentials, any well-formed ones, or all requests.",
        ),
    ]
    return lambda command: _with_options(options, command)


def _with_options(options: Sequence[Callable[[_F], _F]], command: _F) -> _F:
    """Add options, in the order in which the help shows them."""
    for option in reversed(options):
        command = option(command)
    return command
