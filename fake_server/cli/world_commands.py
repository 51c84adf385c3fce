"""`fake-server world` and `fake-server clock`: the control plane of a running server."""

from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import click

from fake_server.cli import option_values, world_options
from fake_server.cli.server_option import server_option
from fake_server.testing.dataset_files import is_file_name, text_of_file

_world = click.option(
    "--world", default="default", show_default=True, help="The world whose clock it is."
)


@click.group()
def world() -> None:
    """Make, list, reset and delete worlds of a running server."""


@world.command()
@server_option
@click.option("--name", help="Its name.  [default: a new name]")
@click.option("--dataset", help="Name, or path of a .yaml file.  [default: the server's]")
@world_options.start_options
@world_options.behaviour_options()
@click.option("--limits/--no-limits", default=None, help="Whether rate limits are enforced.")
@click.option(
    "--expires-after",
    type=option_values.seconds,
    metavar="SECONDS",
    help="Forget the world when nobody used it for so long.",
)
@click.option(
    *("--records", "--data"),
    type=click.File(encoding="utf-8"),
    help="A file of records to add, by API and kind.",
)
@click.option(
    "--faults", type=click.File(encoding="utf-8"), help="A file with a list of what goes wrong."
)
def create(url: str, records: TextIO | None, faults: TextIO | None, **options: Any) -> None:
    """Make a world with the options of the server and those given; print its name and URL."""
    from fake_server.cli.plane import ask

    attributes = {name: value for name, value in options.items() if value not in (None, ())}
    if "now" in attributes:
        attributes["now"] = attributes["now"].isoformat()
    if records is not None:
        attributes["records"] = option_values.records(records)
    if faults is not None:
        attributes["faults"] = option_values.records(faults)
    file = None
    if is_file_name(attributes.get("dataset")):
        file = Path(attributes.pop("dataset"))
        attributes["dataset_yaml"] = text_of_file(file)
    created = ask(url, "POST", "/worlds", attributes, file=file)
    click.echo(f"{created['name']} {created['url']}")


@world.command("list")
@server_option
def list_(url: str) -> None:
    """List the worlds: name, URL, dataset."""
    from fake_server.cli.plane import ask

    for row in ask(url, "GET", "/worlds")["worlds"]:
        click.echo(f"{row['name']} {row['url']} {row['dataset']}")


@world.command()
@click.argument("name")
@server_option
def reset(name: str, url: str) -> None:
    """Restore the state that a world was made with."""
    from fake_server.cli.plane import ask, path_of

    ask(url, "POST", f"{path_of(name)}/reset")
    click.echo(f"{name}: reset")


@world.command()
@click.argument("name")
@server_option
def delete(name: str, url: str) -> None:
    """Forget a world with all its records."""
    from fake_server.cli.plane import ask, path_of

    ask(url, "DELETE", path_of(name))
    click.echo(f"{name}: deleted")


@world.command()
@click.argument("name")
@world_options.behaviour_options()
@click.option("--limits/--no-limits", default=None, help="Whether rate limits are enforced.")
@server_option
def change(name: str, url: str, **options: Any) -> None:
    """Change how a world behaves, until it is reset; print its settings."""
    from fake_server.cli.plane import ask, path_of

    changes = {option: value for option, value in options.items() if value not in (None, ())}
    state = ask(url, "PATCH", path_of(name), changes)
    limits = "limits" if state["limits"] else "no limits"
    click.echo(
        f"{name}: {state['profile']}, {len(state['quirks'])} quirks, auth {state['auth']}, {limits}"
    )


@world.command()
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=click.File("w", encoding="utf-8", lazy=True),
    default="-",
    help="The file to write.  [default: standard output]",
)
@server_option
def export(name: str, output: TextIO, url: str) -> None:
    """Write a world as a dataset, for another world to start with."""
    from fake_server.cli.plane import ask, path_of
    from fake_server.world.export import dataset_text

    output.write(dataset_text(ask(url, "GET", f"{path_of(name)}/export")))


@click.group()
def clock() -> None:
    """Read and move the clock of a world of a running server."""


@clock.command()
@_world
@server_option
def show(world: str, url: str) -> None:
    """Print the time, and whether the clock is frozen or running."""
    _clock(url, world, "GET", "")


@clock.command()
@click.argument("at", type=option_values.time, required=False)
@_world
@server_option
def freeze(at: datetime | None, world: str, url: str) -> None:
    """Stop the clock, at a time such as 2026-11-21T10:00:00Z or where it is."""
    _clock(url, world, "POST", "/freeze", {} if at is None else {"at": at.isoformat()})


@clock.command("set")
@click.argument("at", type=option_values.time)
@_world
@server_option
def set_(at: datetime, world: str, url: str) -> None:
    """Put the clock to a time such as 2026-11-21T10:00:00Z."""
    _clock(url, world, "POST", "/set", {"at": at.isoformat()})


@clock.command(context_settings={"ignore_unknown_options": True})
@click.argument("by", type=option_values.duration)
@_world
@server_option
def advance(by: float | str, world: str, url: str) -> None:
    """Move the clock by seconds, or by a duration such as PT1H30M or -P1D."""
    _clock(url, world, "POST", "/advance", {"by": by})


@clock.command()
@_world
@server_option
def run(world: str, url: str) -> None:
    """Let a frozen clock run on."""
    _clock(url, world, "POST", "/run")


def _clock(
    url: str, world: str, method: str, action: str, attributes: dict[str, Any] | None = None
) -> None:
    from fake_server.cli.plane import ask, path_of

    state = ask(url, method, f"{path_of(world)}/clock{action}", attributes)
    click.echo(f"{state['now']} {'frozen' if state['frozen'] else 'running'}")
