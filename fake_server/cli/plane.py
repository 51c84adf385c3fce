"""Requests of the command line to a control plane."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from fake_server.cli.server_option import control_token
from fake_server.errors import UnreachableServerError, UserError
from fake_server.testing.dataset_files import in_file
from fake_server.testing.remote import RemotePlane

_NAME = re.compile("[A-Za-z0-9_-]+")


def path_of(world: str) -> str:
    """Return the path of a world in the control plane; raises `ClickException` for a bad name."""
    return f"/worlds/{segment('world', world)}"


def segment(kind: str, name: str) -> str:
    """Return a name as a segment of a path; raises `ClickException` for a bad name."""
    if not _NAME.fullmatch(name):
        raise click.ClickException(f"there is no {kind} called {name!r} here")
    return name


def ask(
    url: str, method: str, path: str, attributes: Any = None, *, file: Path | None = None
) -> Any:
    """Return the answer of the control plane of the server at `url`; None for an empty one.

    The request carries the current command's `--control-token`. `file`: the dataset file whose
    text is among the attributes. Raises `ClickException` with one line: the reason of the server,
    or why there is no answer.
    """
    try:
        return RemotePlane(url, control_token()).ask(method, path, attributes)
    except UnreachableServerError as error:
        raise click.ClickException(f"{error}, or give --url") from None
    except UserError as error:
        located = error if file is None else in_file(error, file)
        raise click.ClickException(str(located)) from None


@dataclass(frozen=True, slots=True)
class CommandPlane:
    """The control plane of the server at `url`, for the classes of `fake_server.testing`."""

    url: str

    def ask(self, method: str, path: str, attributes: Any = None) -> Any:
        """Return the JSON of an answer; raises the error that a problem's type names."""
        return ask(self.url, method, path, attributes)
