"""`fake-server requests`: the requests of a world of a running server."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any, TextIO
from urllib.parse import urlencode

import click
from click.core import ParameterSource

from fake_server.cli import option_values
from fake_server.cli.server_option import server_option

_PAUSE = 0.5
_COLOURS = {
    "time": {"dim": True},
    "method": {"bold": True},
    "duration": {"dim": True},
    "status 2": {"fg": "green"},
    "status 3": {"fg": "cyan"},
    "status 4": {"fg": "yellow"},
    "status 5": {"fg": "red"},
    "unread": {"fg": "magenta"},
    "fault": {"fg": "red"},
}

_world = click.option(
    "--world", default="default", show_default=True, help="The world whose requests they are."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group(invoke_without_command=True)
@click.option("--follow", is_flag=True, help="Go on until interrupted.")
@click.option("--operation", metavar="PATTERN", help="Only these, such as xurrent.list_*.")
@click.option("--method", help="Only requests with this method.")
@click.option("--path", metavar="PATTERN", help="Only these, such as '/v1/calendars/*'.")
@click.option("--status", help="Only requests answered so, such as 404 or 4xx.")
@click.option(
    "--unread/--read",
    default=None,
    help="Only requests with, or without, something that nobody read.",
)
@click.option("--limit", type=click.IntRange(1, 1000), help="Only the last so many.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object on each line.")
@_world
@server_option
@click.pass_context
def requests(
    context: click.Context, /, follow: bool, as_json: bool, world: str, url: str, **criteria: Any
) -> None:
    """Print a line for each request that a world remembers, oldest first."""
    if context.invoked_subcommand is not None:
        _require_no_options(context, context.invoked_subcommand)
        return
    query = {name: _query_text(value) for name, value in criteria.items() if value is not None}
    reported: set[str] = set()
    try:
        last = _print(url, world, query, reported, as_json=as_json)
        query.pop("limit", None)
        while follow:
            time.sleep(_PAUSE)
            last = _print(url, world, {**query, "since": last}, reported, as_json=as_json)
    except KeyboardInterrupt:
        return


@requests.command()
@_world
@server_option
def clear(world: str, url: str) -> None:
    """Forget the requests of a world."""
    from fake_server.cli.plane import ask, path_of

    ask(url, "DELETE", f"{path_of(world)}/requests")
    click.echo(f"{world}: requests cleared")


@requests.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--in-order", is_flag=True, help="They must have come in the order of the file.")
@click.option("--since", type=click.IntRange(0), help="Only requests after this number count.")
@_as_json
@_world
@server_option
def verify(
    file: TextIO, in_order: bool, since: int | None, as_json: bool, world: str, url: str
) -> int:
    """Hold the requests of a world to the expectations in FILE, YAML or JSON; - reads them here.

    Status 1 if one does not hold; the closest request is then shown.
    """
    from fake_server.cli.plane import ask, path_of

    body = _expectations(file)
    if in_order:
        body["in_order"] = True
    if since is not None:
        body["since"] = since
    verification = ask(url, "POST", f"{path_of(world)}/requests/verify", body)
    click.echo(json.dumps(verification) if as_json else "\n".join(verification["lines"]))
    return 0 if verification["verified"] else 1


def _require_no_options(context: click.Context, command: str) -> None:
    """Raise `UsageError` for options before a subcommand, which never gets them."""
    for parameter in context.command.params:
        if context.get_parameter_source(str(parameter.name)) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"give {parameter.opts[0]} after {command}")


def _print(
    url: str, world: str, criteria: Mapping[str, Any], reported: set[str], *, as_json: bool
) -> int:
    """Print the matching requests; return the number of the world's newest request.

    Operations that are not served, but for those `reported`, go to standard error.
    """
    from fake_server.cli.plane import ask, path_of
    from fake_server.world.journal.entry import one_line

    query = f"?{urlencode(criteria)}" if criteria else ""
    journal = ask(url, "GET", f"{path_of(world)}/requests{query}")
    if criteria.keys() == {"since"} and journal["requests"]:
        _report_gap(journal["requests"][0]["number"] - criteria["since"] - 1)
    color = False if os.environ.get("NO_COLOR") else None
    for request in journal["requests"]:
        click.echo(json.dumps(request) if as_json else one_line(request, _styled), color=color)
    if not as_json:
        _report_not_served(journal["not_served"], reported)
    return int(journal["last"])


def _report_not_served(operations: Sequence[str], reported: set[str]) -> None:
    for operation in operations:
        if operation not in reported:
            reported.add(operation)
            click.echo(f"not served: {ascii(operation)[1:-1]}", err=True)


def _report_gap(count: int) -> None:
    if count:
        click.echo(f"({count} requests before these are not remembered)", err=True)


def _styled(text: str, part: str) -> str:
    return click.style(text, **_COLOURS.get(part, {}))  # type: ignore[arg-type]  # each of its own kind


def _query_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _expectations(file: TextIO) -> dict[str, Any]:
    content = option_values.records(file)
    if isinstance(content, list):
        return {"expectations": content}
    if isinstance(content, dict):
        return content
    raise click.ClickException(f"{file.name}: expected a list of expectations")
