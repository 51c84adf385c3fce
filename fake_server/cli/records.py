"""`fake-server records`: the records of a world of a running server."""

import json
from typing import TYPE_CHECKING, Any, TextIO

import click

from fake_server.cli import option_values
from fake_server.cli.server_option import server_option
from fake_server.errors import expected_one_of

if TYPE_CHECKING:
    from fake_server.testing.records import FakeRecords

_world = click.option(
    "--world", default="default", show_default=True, help="The world whose records they are."
)
_file = click.option(
    "--file",
    type=click.File(encoding="utf-8"),
    help="A file in YAML or JSON instead; - is standard input.",
)


@click.group()
def records() -> None:
    """List, show, add, change and remove records of a world of a running server.

    API is one that is served, such as xurrent; KIND is a kind of records as a dataset has it, such
    as users, or tokens, applications, accounts. An attribute is NAME=VALUE, the value JSON or text.
    """


@records.command("list")
@click.argument("api", required=False)
@click.argument("kind", required=False)
@click.argument("attributes", metavar="[NAME=VALUE]...", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), help="How many records at most.")
@_world
@server_option
def list_(
    api: str | None,
    kind: str | None,
    attributes: tuple[str, ...],
    limit: int | None,
    world: str,
    url: str,
) -> None:
    """List the records of a KIND, one on a line, as a list in YAML; without it, count all."""
    world_records = _records_of(url, world)
    if api is None or kind is None:
        _print_counts(world_records.counts(), api)
        return
    for record in world_records.list(
        api, kind, limit=limit, **option_values.attributes(attributes)
    ):
        click.echo(f"- {_line(record)}")


@records.command()
@click.argument("api")
@click.argument("kind")
@click.argument("key")
@_world
@server_option
def show(api: str, kind: str, key: str, world: str, url: str) -> None:
    """Print the record with a KEY (its id, a token's text, an application's uid) as JSON."""
    click.echo(
        json.dumps(_records_of(url, world).get(api, kind, key), indent=2, ensure_ascii=False)
    )


@records.command()
@click.argument("api")
@click.argument("kind")
@click.argument("attributes", metavar="[NAME=VALUE]...", nargs=-1)
@_file
@_world
@server_option
def add(
    api: str, kind: str, attributes: tuple[str, ...], file: TextIO | None, world: str, url: str
) -> None:
    """Add a record, or each of those in a file; print them with all their attributes."""
    content = _content(attributes, file)
    added = _records_of(url, world).load(
        {api: {kind: content if isinstance(content, list) else [content]}}
    )
    for record in added[api][kind]:
        click.echo(f"- {_line(record)}")


@records.command()
@click.argument("api")
@click.argument("kind")
@click.argument("key")
@click.argument("attributes", metavar="[NAME=VALUE]...", nargs=-1)
@_file
@_world
@server_option
def change(
    api: str,
    kind: str,
    key: str,
    attributes: tuple[str, ...],
    file: TextIO | None,
    world: str,
    url: str,
) -> None:
    """Change attributes of the record with a KEY; print it whole."""
    changes = _content(attributes, file)
    if not isinstance(changes, dict):
        raise click.ClickException("expected the attributes of one record")
    click.echo(f"- {_line(_records_of(url, world).change(api, kind, key, **changes))}")


@records.command()
@click.argument("api")
@click.argument("kind")
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@_world
@server_option
def remove(api: str, kind: str, keys: tuple[str, ...], world: str, url: str) -> None:
    """Remove the record with each KEY, and the records that belong to it."""
    world_records = _records_of(url, world)
    for key in keys:
        world_records.remove(api, kind, key)
        click.echo(f"{api} {kind} {key}: removed")


@records.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@_world
@server_option
def load(file: TextIO, world: str, url: str) -> None:
    """Add the records of a FILE, by API and kind, all or none; - is standard input."""
    for api, kinds in _records_of(url, world).load(option_values.records(file)).items():
        for kind, added in kinds.items():
            click.echo(f"{api} {kind} {len(added)}")


def _print_counts(counts: dict[str, dict[str, int]], api: str | None) -> None:
    if api is not None and api not in counts:
        raise click.ClickException(f"{api}: no such API; {expected_one_of(api, sorted(counts))}")
    for name in counts if api is None else (api,):
        for kind, count in counts[name].items():
            click.echo(f"{name} {kind} {count}")


def _records_of(url: str, world: str) -> "FakeRecords":
    from fake_server.cli.plane import CommandPlane, path_of
    from fake_server.testing.records import FakeRecords

    return FakeRecords(CommandPlane(url), path_of(world))


def _content(attributes: tuple[str, ...], file: TextIO | None) -> Any:
    if file is None:
        return option_values.attributes(attributes)
    if attributes:
        raise click.UsageError("give attributes or a file, not both")
    return option_values.records(file)


def _line(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False)
