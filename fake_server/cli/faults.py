"""`fake-server faults`: the faults of a world of a running server."""

from typing import Any

import click

from fake_server.cli import option_values
from fake_server.cli.server_option import server_option

_world = click.option(
    "--world", default="default", show_default=True, help="The world in which requests fail."
)


_FIRST_LIMIT = "true"


@click.group()
def faults() -> None:
    """Add, list, show and clear what goes wrong in a world of a running server."""


@faults.command()
@click.argument("pattern")
@click.option(
    "--when",
    multiple=True,
    metavar="PARAMETER",
    help="Only with this parameter in the query, such as page or page=2*; all of several.",
)
@click.option("--status", type=int, help="Answer this error (400 to 599) in the API's own words.")
@click.option(
    "--rate-limited",
    is_flag=False,
    flag_value=_FIRST_LIMIT,
    metavar="[NAME]",
    help="Answer that a rate limit is exceeded: the first, or the one of that name, such as hour.",
)
@click.option(
    "--token-expired", is_flag=True, default=None, help="Answer that the token has expired."
)
@click.option(
    "--latency",
    type=option_values.latency,
    metavar="TIME",
    help="Wait before the answer: 2s, 100ms, or drawn from 100ms..900ms.",
)
@click.option(
    "--close",
    type=click.Choice(["before", "mid", "mid-chunked"]),
    help="Close the connection before the answer, or in the middle of its body.",
)
@click.option("--cut", type=int, metavar="N", help="Send N bytes of the body, and no more.")
@click.option("--not-json", is_flag=True, default=None, help="Send a page of HTML as the body.")
@click.option(
    "--carried-out/--not-carried-out",
    default=None,
    help="Whether the server carries the request out all the same.",
)
@click.option("--times", type=int, metavar="N", help="Fail N times at most.")
@click.option("--every", type=int, metavar="N", help="Fail every Nth request.")
@click.option("--after", type=int, metavar="N", help="Let N requests pass first.")
@click.option(
    "--probability", type=option_values.number, metavar="P", help="Fail by chance, 0 to 1."
)
@click.option("--no-header", is_flag=True, help="Send no header X-Fake-Fault.")
@_world
@server_option
def add(
    pattern: str, world: str, url: str, no_header: bool, when: tuple[str, ...], **options: Any
) -> None:
    """Let requests fail that match PATTERN; print the fault, its id first.

    PATTERN is an operation (xurrent.list_calendars, intra42.graph_*, '*') or a method and a path
    ('GET /v1/calendars/*').
    """
    from fake_server.cli.plane import ask, path_of

    attributes = {name: value for name, value in options.items() if value is not None}
    if attributes.get("rate_limited") == _FIRST_LIMIT:
        attributes["rate_limited"] = True
    if when:
        attributes["when"] = {"query": list(when)}
    header = {"header": False} if no_header else {}
    body = {"pattern": pattern, **attributes, **header}
    click.echo(_line(ask(url, "POST", f"{path_of(world)}/faults", body)))


@faults.command("list")
@_world
@server_option
def list_(world: str, url: str) -> None:
    """List the faults: id, pattern, what they do, how often they matched and fired."""
    from fake_server.cli.plane import ask, path_of

    for fault in ask(url, "GET", f"{path_of(world)}/faults")["faults"]:
        click.echo(_line(fault))


@faults.command()
@click.argument("fault")
@_world
@server_option
def show(fault: str, world: str, url: str) -> None:
    """Print one FAULT by its id."""
    from fake_server.cli.plane import ask

    click.echo(_line(ask(url, "GET", _path(world, fault))))


@faults.command()
@click.argument("fault", nargs=-1)
@_world
@server_option
def clear(fault: tuple[str, ...], world: str, url: str) -> None:
    """Forget each FAULT by its id; all of them, if none is given."""
    from fake_server.cli.plane import ask, path_of

    for path in [_path(world, fault_id) for fault_id in fault] or [f"{path_of(world)}/faults"]:
        ask(url, "DELETE", path)
    click.echo(f"{world}: {', '.join(fault) or 'all faults'} cleared")


def _path(world: str, fault: str) -> str:
    from fake_server.cli.plane import path_of, segment

    return f"{path_of(world)}/faults/{segment('fault', fault)}"


def _line(fault: dict[str, Any]) -> str:
    attributes = {name: value for name, value in fault.items() if name not in {"id", "pattern"}}
    details = " ".join(f"{name}={_value_text(value)}" for name, value in attributes.items())
    return f"{fault['id']} {fault['pattern']} {details}"


def _value_text(value: Any) -> str:
    if isinstance(value, dict):
        query = value["query"]
        return query if isinstance(query, str) else ",".join(query)
    if isinstance(value, list):
        return "..".join(_value_text(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
