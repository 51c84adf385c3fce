"""`fake-server env`: base URLs and credentials of a world, as environment variables."""

import json
import re
import secrets
import shlex
from collections.abc import Callable, Mapping

import click

from fake_server.cli.plane import ask, path_of

_NAME = re.compile("[A-Z][A-Z0-9_]*")


def print_environment(url: str, world: str, output_format: str) -> None:
    """Print the variables of a world; raises `ClickException` if there is no such world."""
    environment = ask(url, "GET", path_of(world)).get("environment", {})
    variables = {"FAKE_SERVER_URL": url}
    variables |= {name: str(value) for name, value in environment.items() if _NAME.fullmatch(name)}
    click.echo(_FORMATS[output_format](variables))


def _shell(variables: Mapping[str, str]) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())


def _json(variables: Mapping[str, str]) -> str:
    return json.dumps(variables, indent=2)


def _github(variables: Mapping[str, str]) -> str:
    return "\n".join(_github_line(name, value) for name, value in variables.items())


def _github_line(name: str, value: str) -> str:
    if "\n" not in value and "\r" not in value:
        return f"{name}={value}"
    end = f"end-{secrets.token_hex(8)}"
    return f"{name}<<{end}\n{value}\n{end}"


_FORMATS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "shell": _shell,
    "json": _json,
    "github": _github,
}
