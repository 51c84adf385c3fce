"""The command line: its commands and options. Each command imports its module at first use."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from fake_server._version import __version__
from fake_server.cli.lazy_group import LazyGroup
from fake_server.cli.output import print_anything
from fake_server.cli.server_option import URL, server_option
from fake_server.errors import UserError

PROGRAM = "fake-server"

_path = click.Path(path_type=Path, dir_okay=False)

_LAZY_COMMANDS = {
    "clock": "fake_server.cli.world_commands:clock",
    "drift": "fake_server.cli.verify.command:drift",
    "faults": "fake_server.cli.faults:faults",
    "learn": "fake_server.cli.learn:learn",
    "mutants": "fake_server.cli.mutation.command:mutants",
    "records": "fake_server.cli.records:records",
    "requests": "fake_server.cli.requests:requests",
    "serve": "fake_server.cli.serve_command:serve",
    "verify": "fake_server.cli.verify.command:verify",
    "watch": "fake_server.cli.watch.command:watch",
    "world": "fake_server.cli.world_commands:world",
}


_ALIASES = {
    "data": "fake_server.cli.records:records",
    "fail": "fake_server.cli.faults:add",
}
"""Other names of `records` and of `faults add`."""


def main() -> None:
    """Run the command line; print a mistake of the user as one line and exit with 2."""
    print_anything()
    try:
        status = commands.main(prog_name=PROGRAM, standalone_mode=False)
        print(end="", flush=True)
    except click.exceptions.NoArgsIsHelpError as help_error:
        help_error.show()
        sys.exit(2)
    except click.ClickException as error:
        _fail(error.format_message())
    except UserError as error:
        _fail(str(error))
    except click.Abort:
        sys.exit(130)
    except OSError as error:
        _fail_in_writing(error)
    sys.exit(status if isinstance(status, int) else 0)


def _fail_in_writing(error: OSError) -> NoReturn:
    """Exit after a failed write of the output, without another try to write the rest."""
    if sys.stdout is not None:
        with open(os.devnull, "w", encoding="utf-8") as devnull:
            os.dup2(devnull.fileno(), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        sys.exit(1)
    _fail(f"{error.filename or 'the output'}: {error.strerror or error}")


def _fail(message: str) -> NoReturn:
    click.echo(f"{PROGRAM}: {' '.join(message.split())}", err=True)
    sys.exit(2)


@click.group(cls=LazyGroup, lazy=_LAZY_COMMANDS, aliases=_ALIASES)
@click.version_option(__version__, prog_name=PROGRAM)
def commands() -> None:
    """Serve fakes of documented REST APIs."""


@commands.command()
@click.argument("url", envvar="FAKE_SERVER_URL", default=URL)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=30,
    show_default=True,
    help="How many seconds to wait at most.",
)
@click.option(
    "--ready-file",
    type=_path,
    help="The ready file of `serve`: wait for the server that wrote it, and no other, instead of"
    " one at URL.",
)
@click.pass_context
def wait(context: click.Context, url: str, timeout: float, ready_file: Path | None) -> int:
    """Wait until the server at URL answers; status 1 if it does not.

    Without URL, the one in FAKE_SERVER_URL, or on this machine's usual port.
    """
    from fake_server.cli.waiting import wait_for, wait_for_file

    if ready_file is None:
        return wait_for(url, timeout)
    if context.get_parameter_source("url") is click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError("--ready-file has a URL of its own: leave out the other one")
    return wait_for_file(ready_file, timeout)


@commands.command()
@click.option("--world", default="default", show_default=True, help="The world of the base URLs.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["shell", "json", "github"]),
    default="shell",
    show_default=True,
    help="To be evaluated by a shell, or JSON, or the lines of a GITHUB_ENV file.",
)
@server_option
def env(url: str, world: str, output_format: str) -> None:
    """Print base URLs and credentials of a running server as environment variables."""
    from fake_server.cli.environment import print_environment

    print_environment(url, world, output_format)


@commands.command()
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--keys", is_flag=True, help="Print every key that a dataset may have, in Markdown.")
def datasets(files: tuple[str, ...], keys: bool) -> int:
    """Check each FILE, or list and check the bundled datasets; status 1 if one has a mistake."""
    from fake_server.cli.checking import check_datasets
    from fake_server.cli.dataset_keys import dataset_keys

    if keys:
        click.echo(dataset_keys())
        return 0
    return check_datasets(files)


@commands.command("new-api")
@click.argument("name")
@click.option(
    "--from",
    "source",
    type=_path,
    required=True,
    metavar="FILE",
    help="The OpenAPI document of the API: 3.0 to 3.2, YAML or JSON.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where to write the package.  [default: NAME-api]",
)
def new_api(name: str, source: Path, into: Path | None) -> None:
    """Write a package for the API NAME, from an OpenAPI document."""
    from fake_server.cli.scaffold.command import new_api as write_api

    write_api(name, source, into)


@commands.command()
@click.argument("api", required=False)
@click.option(
    "--profile",
    type=click.Choice(["documented", "live"]),
    default="documented",
    show_default=True,
    help="With `live`, also the answers that only the real service gives.",
)
@click.option("--yaml", "as_yaml", is_flag=True, help="As YAML rather than JSON.")
@click.option(
    "--schemathesis",
    is_flag=True,
    help="Print the schemathesis.toml that goes with the document.",
)
@click.option("--write", is_flag=True, help="Make the files that follow from declarations anew.")
@click.option(
    "--check",
    is_flag=True,
    help="Fail where such a file is not current, or contradicts the resources.",
)
def openapi(
    api: str | None, profile: str, as_yaml: bool, schemathesis: bool, write: bool, check: bool
) -> None:
    """Print the OpenAPI document of an API, in one piece; or make it from its declarations."""
    from fake_server.cli.openapi import print_document, write_documents

    if write or check:
        write_documents(api, only_check=check)
    elif api is None:
        raise click.UsageError("Missing argument 'API'.")
    elif schemathesis:
        from fake_server.cli.schemathesis_settings import print_settings

        print_settings(api)
    else:
        print_document(api, profile, as_yaml=as_yaml)
