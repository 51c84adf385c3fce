"""`fake-server verify` and `fake-server drift`: their options and their output."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fake_server.cli.verify.recordings import reports_of_recordings, require_validator

if TYPE_CHECKING:
    from rich.console import Console

    from fake_server.cli.verify.workers import SuitePart
    from fake_server.verify.run.run_options import RunOptions, RunProgress
    from fake_server.verify.run.run_progress import ProgressBar
    from fake_server.verify.run.run_report import Report

_WIDTH = 160


def require_suite() -> None:
    """Raise `ClickException` unless pytest and Schemathesis are installed."""
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
    help="How many requests to send at most to each API's target.  [default: what its run needs,"
    " which is said before it begins; for the fake in process no limit]",
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
@click.option(
    "--dataset", default="demo", show_default=True, help="The dataset of the fake in process."
)
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
    help="Invent many more requests; test every operation and field of a live service.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    help="Which operation and field of each resource is asked.  [default: another each day of a"
    " live service, all of a fake]",
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
@click.option(
    "--recording",
    "recordings",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Verify recorded traffic and send nothing: HAR 1.2, a cassette of vcrpy, or the own form;"
    " may be given several times.",
)
@click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="[API=]HOST",
    help="With --recording: a further host of an API, such as fabmanager=lab.example.org.",
)
def verify(apis: tuple[str, ...], **options: Any) -> int:
    """Run the contract tests of each API against a server, or against the fake in process.

    Status 0: nothing is broken; 1: something is; 2: it could not run.
    """
    if options["recordings"]:
        require_validator()
    else:
        require_suite()
    from fake_server.errors import UserError

    try:
        return _verify(apis, **options)
    except UserError as error:
        raise click.ClickException(str(error)) from None


def _verify(apis: tuple[str, ...], **options: Any) -> int:
    from fake_server.verify.report.report_files import writer_of
    from fake_server.verify.report.table import print_reports
    from fake_server.verify.run.run_progress import ProgressBar
    from fake_server.verify.run.run_report import status_of

    writers = [(path, writer_of(path)) for path in options["reports"]]
    with ProgressBar() as progress:
        reports = (
            reports_of_recordings(apis, options)
            if options["recordings"]
            else _reports(apis, options, progress)
        )
    # The files are written first: what becomes of the table does not matter to them.
    failures = [
        failure
        for path, as_text in writers
        if (failure := _write_failure(path, partial(as_text, reports))) is not None
    ]
    failures += _recording_failures(options["recording"], reports)
    print_reports(reports, report_console())
    for report in reports:
        if report.failed is not None:
            why = " ".join(report.failed.split())
            click.echo(f"fake-server: {report.api}: {why}", err=True)
    if failures:
        raise click.ClickException("; ".join(failures))
    return status_of(reports)


def report_console() -> "Console":
    """Return the console of a report, which prints texts as they are."""
    from rich.console import Console

    stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - to the end
    return Console(file=stdout, width=None if stdout.isatty() else _WIDTH, emoji=False)


def _write_failure(path: Path, text: Callable[[], str]) -> str | None:
    """Write a file; return why that fails, None if it does not."""
    try:
        path.write_text(text(), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        return f"{path}: {error.strerror or error}"
    return None


def _reports(
    apis: tuple[str, ...], options: Mapping[str, Any], progress: "ProgressBar"
) -> "list[Report]":
    from fake_server.cli.verify.runs import runs_of
    from fake_server.verify.api_files.api_under_test import apis as all_apis
    from fake_server.verify.run import targets
    from fake_server.verify.run.suite import verify as run

    api_names = targets.chosen_apis(apis) or (
        tuple(all_apis()) if options["target"] is None else ()
    )
    targets.require_behaviours(api_names or tuple(all_apis()), options["only"])
    if options["target"] is None and (os.cpu_count() or 1) > 1:
        reports_of_parts = _reports_of_processes(api_names, options, progress)
        if reports_of_parts is not None:
            return reports_of_parts
    reports: list[Report] = []
    for suite_run in runs_of(api_names, options):
        run_options = replace(_run_options(options, progress), announce=progress.announce)
        reports.append(run(suite_run, run_options))
        if reports[-1].interrupted:
            break
    return reports


def _reports_of_processes(
    api_names: tuple[str, ...], options: Mapping[str, Any], progress: "RunProgress"
) -> "list[Report] | None":
    """Return the reports of several processes; None if there is only one part."""
    from fake_server.cli.verify.workers import SuitePart, parts_of, run_parts
    from fake_server.verify.run.merging import merge_reports

    # The parts of a suite run in processes, which cannot share the budget of the suite.
    is_whole = options["max_requests"] is not None
    parts = [
        part for api in api_names for part in ([SuitePart(api)] if is_whole else parts_of(api))
    ]
    if len(parts) == 1:
        return None
    reports = run_parts(parts, _PartRunner(dict(options)), progress)
    return [merge_reports(reports[api], options["only"]) for api in api_names if api in reports]


@dataclass(frozen=True, slots=True)
class _PartRunner:
    """Runs a part of an API's suite against a new fake in this process."""

    options: Mapping[str, Any]

    def __call__(self, part: "SuitePart", progress: "RunProgress") -> "Report":
        from fake_server.cli.verify.runs import runs_of
        from fake_server.verify.run.suite import verify as run

        (suite_run,) = runs_of((part.api,), self.options)
        options = _run_options(self.options, progress)
        return run(suite_run, replace(options, part=(part.number, part.parts)))


def _run_options(options: Mapping[str, Any], progress: "RunProgress") -> "RunOptions":
    from fake_server.cli.verify.runs import documents
    from fake_server.data_files.cache import cache_folder
    from fake_server.verify.run.run_options import RunOptions

    return RunOptions(
        only=options["only"],
        stop_at_failure=options["stop"],
        documents=documents,
        thorough=options["thorough"],
        seed=datetime.now(UTC).toordinal() if options["seed"] is None else options["seed"],
        in_turns=options["seed"] is not None,
        cache=cache_folder(),
        progress=progress,
    )


def _recording_failures(path: Path | None, reports: "list[Report]") -> list[str]:
    """Write the recordings; return why that fails for some."""
    if path is None:
        return []
    if len(reports) > 1:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return [f"{path}: {error.strerror or error}"]
    failures = (
        _write_failure(
            path / f"{report.api}.json" if len(reports) > 1 else path,
            lambda report=report: json.dumps(report.shapes, indent=2) + "\n",  # type: ignore[misc]  # bound at once
        )
        for report in reports
    )
    return [failure for failure in failures if failure is not None]


@click.command()
@click.argument("left", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("right", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--accept",
    "accepted_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A YAML list of accepted differences: operation, path, reason, expires.",
)
def drift(left: Path, right: Path, accepted_file: Path | None) -> int:
    """Compare two recordings of shapes, made by `verify --record`.

    Status 0: they are the same, but for what is accepted; 1: they differ; 2: could not compare.
    """
    from fake_server.errors import VerificationError
    from fake_server.verify.layers.drift import differences, read_accepted, read_recording
    from fake_server.verify.report.table import print_drift

    try:
        accepted = read_accepted(accepted_file) if accepted_file else []
        remaining = differences(
            read_recording(left), read_recording(right), accepted, datetime.now(UTC).date()
        )
    except VerificationError as error:
        raise click.ClickException(str(error)) from None
    print_drift(remaining, report_console())
    return 1 if remaining else 0
