"""`fake-server verify` and `fake-server drift`: what they take, and what they tell."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from fake_server.cli.verify.workers import Part
    from fake_server.verify.run.suite import Options, Progress, Report

_WIDTH = 160


def require_suite() -> None:
    """Raise `ClickException` unless what runs contract tests is installed."""
    for name in ("pytest", "schemathesis"):
        if find_spec(name) is None:
            raise click.ClickException(
                f"{name} is missing: install understudy with its extra, understudy[verify]"
            )


@click.command()
@click.argument("apis", nargs=-1, metavar="[API]...")
@click.option("--target", metavar="URL|NAME", help="A server, or its name in targets.toml.")
@click.option(
    "--targets",
    "targets_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default="targets.toml",
    show_default=True,
    help="The file that names targets.",
)
@click.option(
    "--profile",
    type=click.Choice(["documented", "live"]),
    help="What the target promises: the documents' ways (the default for the fake in process),"
    " or at best what the live service is known to do (the default with --target).",
)
@click.option(
    "--credential",
    "credentials",
    multiple=True,
    metavar="NAME=VALUE",
    help="A credential, such as token=…; also from the environment, as FABMANAGER_TOKEN.",
)
@click.option(
    "--allow-invalid", is_flag=True, help="Send GETs with wrong parameters or credentials, too."
)
@click.option("--allow-writes", is_flag=True, help="Send other requests than GET and HEAD, too.")
@click.option(
    "--max-requests",
    type=click.IntRange(1),
    help="How many requests to send at most to each API's target.  [default: 500; for the fake"
    " in process no limit]",
)
@click.option(
    "--rate",
    type=click.FloatRange(0),
    help="Requests a second, 0 for no limit.  [default: the documented limit of the API]",
)
@click.option(
    "--control-token",
    help="Of a fake on another machine, to be given a world of its own there; for one on this"
    " machine also from the environment, as FAKE_SERVER_CONTROL_TOKEN.",
)
@click.option("--insecure", is_flag=True, help="Allow plain http to a host that is not loopback.")
@click.option("--dataset", default="demo", show_default=True, help="Of the fake in process.")
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    help="Only behaviours such as 'xurrent.*', or one for an operation, as"
    " 'intra42.collections.pages:list_slots'.",
)
@click.option("--stop", is_flag=True, help="Stop at the first broken behaviour.")
@click.option(
    "--thorough",
    is_flag=True,
    help="Invent many more requests; ask a live service of every operation and field.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    help="Which operation and field of each resource a live service is asked of.  [default: another"
    " each day]",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report as .json, .xml (JUnit) or .html; may be given several times.",
)
@click.option(
    "--record",
    "recording",
    type=click.Path(path_type=Path, file_okay=True),
    help="Write the shapes seen to this file, or, of several APIs, to a file each in this folder.",
)
def verify(apis: tuple[str, ...], **options: Any) -> int:
    """Run the contract tests of each API against a server, or against the fake in process.

    Status 0: nothing is broken; 1: something is; 2: it could not run.
    """
    require_suite()
    from fake_server.verify.errors import CouldNotRunError
    from fake_server.world.errors import UserError

    try:
        return _verify(apis, **options)
    except (CouldNotRunError, UserError) as error:
        raise click.ClickException(str(error)) from None


def _verify(apis: tuple[str, ...], **options: Any) -> int:
    from rich.console import Console

    from fake_server.verify.report.files import writer_of
    from fake_server.verify.report.table import show
    from fake_server.verify.run.progress import RunProgress
    from fake_server.verify.run.suite import status_of

    width = None if sys.stdout.isatty() else _WIDTH
    writers = [(path, writer_of(path)) for path in options["reports"]]
    output = Console(file=sys.stdout, width=width)
    with RunProgress() as progress:
        found = _found(apis, options, progress)
    show(found, output)
    for path, as_text in writers:
        path.write_text(as_text(found), encoding="utf-8")
    _record(options["recording"], found)
    for report in found:
        if report.failed is not None:
            why = " ".join(report.failed.split())
            click.echo(f"fake-server: {report.api}: {why}", err=True)
    return status_of(found)


def _found(
    apis: tuple[str, ...], options: Mapping[str, Any], progress: "Progress"
) -> "list[Report]":
    from fake_server.cli.verify.runs import aims_of
    from fake_server.verify.api.description import apis as all_apis
    from fake_server.verify.run import targets
    from fake_server.verify.run.suite import verify as run

    named = targets.chosen_apis(apis) or (tuple(all_apis()) if options["target"] is None else ())
    targets.require_behaviours(named or tuple(all_apis()), options["only"])
    if options["target"] is None and (os.cpu_count() or 1) > 1:
        several = _found_by_several(named, options, progress)
        if several is not None:
            return several
    found: list[Report] = []
    for aim in aims_of(named, options):
        found.append(run(aim, _chosen(options, progress)))
        if found[-1].interrupted:
            break
    return found


def _found_by_several(
    named: tuple[str, ...], options: Mapping[str, Any], progress: "Progress"
) -> "list[Report] | None":
    """Return the reports of several processes; None if there is work for one only."""
    from fake_server.cli.verify.workers import Part, parts_of, run_each
    from fake_server.verify.run.merging import merged

    # A budget is that of an API's whole suite, so that its parts cannot share it.
    whole = options["max_requests"] is not None
    parts = [part for api in named for part in ([Part(api)] if whole else parts_of(api))]
    if len(parts) == 1:
        return None
    found = run_each(parts, _Alone(dict(options)), progress)
    return [merged(found[api], options["only"]) for api in named if api in found]


@dataclass(frozen=True, slots=True)
class _Alone:
    """Runs a part of an API's suite against a fake of its own."""

    options: Mapping[str, Any]

    def __call__(self, part: "Part", progress: "Progress") -> "Report":
        from fake_server.cli.verify.runs import aims_of
        from fake_server.verify.run.suite import verify as run

        (aim,) = aims_of((part.api,), self.options)
        options = _chosen(self.options, progress)
        return run(aim, replace(options, part=(part.number, part.parts)))


def _chosen(options: Mapping[str, Any], progress: "Progress") -> "Options":
    from fake_server.cli.verify.runs import documents
    from fake_server.data_files.cache import cache_folder
    from fake_server.verify.run.suite import Options

    return Options(
        only=options["only"],
        stop_at_failure=options["stop"],
        documents=documents,
        thorough=options["thorough"],
        seed=datetime.now(UTC).toordinal() if options["seed"] is None else options["seed"],
        cache=cache_folder(),
        progress=progress,
    )


def _record(place: Path | None, found: "list[Report]") -> None:
    if place is None:
        return
    if len(found) > 1:
        place.mkdir(parents=True, exist_ok=True)
    for report in found:
        path = place / f"{report.api}.json" if len(found) > 1 else place
        path.write_text(json.dumps(report.shapes, indent=2) + "\n", encoding="utf-8")


@click.command()
@click.argument("left", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("right", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--accept",
    "accepted_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A YAML list of differences that are borne: operation, path, reason, expires.",
)
def drift(left: Path, right: Path, accepted_file: Path | None) -> int:
    """Compare two recordings of shapes, made by `verify --record`.

    Status 0: they are the same, but for what is accepted; 1: they differ; 2: could not compare.
    """
    from rich.console import Console

    from fake_server.verify.errors import CouldNotRunError
    from fake_server.verify.layers.drift import differences, read_accepted, read_recording
    from fake_server.verify.report.table import show_drift

    try:
        accepted = read_accepted(accepted_file) if accepted_file else []
        found = differences(
            read_recording(left), read_recording(right), accepted, datetime.now(UTC).date()
        )
    except CouldNotRunError as error:
        raise click.ClickException(str(error)) from None
    width = None if sys.stdout.isatty() else _WIDTH
    show_drift(found, Console(file=sys.stdout, width=width))
    return 1 if found else 0
