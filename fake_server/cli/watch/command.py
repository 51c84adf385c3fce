"""`fake-server watch`: its options, its run and its end."""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fake_server.cli.ending import Ending
from fake_server.cli.verify.command import require_suite

if TYPE_CHECKING:
    from rich.console import Console

    from fake_server.cli.ready_file import ReadyFile
    from fake_server.cli.watch.checker import Checker
    from fake_server.cli.watch.display import Display
    from fake_server.cli.watch.target_connection import WatchedTarget
    from fake_server.data_files.api_document import Profile
    from fake_server.verify.layers.drift import Difference
    from fake_server.verify.run.run_report import Report

_WIDTH = 160
_SWITCH_SECONDS = 0.0002
_file = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("api", required=False)
@click.option(
    "--target", required=True, metavar="URL|NAME", help="The service, or its name in targets.toml."
)
@click.option(
    "--targets",
    "targets_file",
    type=_file,
    default="targets.toml",
    show_default=True,
    help="The file that names targets.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; only this machine reaches the default.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8043,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--profile",
    type=click.Choice(["documented", "live"]),
    help="What the target promises, as in `verify`.  [default: live]",
)
@click.option("--insecure", is_flag=True, help="Allow plain http to a host that is not loopback.")
@click.option("--ca-file", type=_file, help="The authorities of the target's certificate.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60,
    show_default=True,
    help="Seconds without a byte of the target after which the client gets 504.",
)
@click.option(
    "--rewrite-links",
    is_flag=True,
    help="Replace the target's address by this proxy's in Link, Location and texts of answers.",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=_file,
    help="At the end, write the report as .json, .xml (JUnit) or .html; may be given several"
    " times.",
)
@click.option("--record", "recording", type=_file, help="At the end, write the shapes seen.")
@click.option(
    "--against",
    type=_file,
    help="At the end, compare the shapes with an earlier recording, of the operations in both.",
)
@click.option(
    "--accept",
    "accepted_file",
    type=_file,
    help="The accepted differences from it, as for `drift`.",
)
@click.option(
    "--keep",
    "kept_file",
    type=_file,
    help="At the end, write the exchanges; stand-ins replace credentials and personal data.",
)
@click.option(
    "--ready-file",
    type=_file,
    help="Written when requests are passed on (JSON: url, api, target, pid), removed at the end.",
)
def watch(api: str | None, **options: Any) -> int:
    """Pass a client's requests on to a service unchanged, and check the answers as they pass.

    SIGINT (Ctrl-C), SIGTERM or SIGHUP ends it with the report. Status 0: nothing is broken; 1:
    something is, or differs from the recording of --against; 2: it could not run.
    """
    require_suite()
    from fake_server.errors import UserError

    try:
        return _watch(api, options)
    except UserError as error:
        raise click.ClickException(str(error)) from None


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The recording of `--against`, and the differences that `--accept` lists."""

    recording: Mapping[str, Any] | None
    accepted: list[Any]


def _watch(api: str | None, options: Mapping[str, Any]) -> int:
    from fake_server.cli.ready_file import ReadyFile
    from fake_server.cli.watch.checker import Checker
    from fake_server.cli.watch.display import Display
    from fake_server.cli.watch.target_connection import WatchedTarget
    from fake_server.edge.atomic_files import require_writable
    from fake_server.verify.report.report_files import writer_of
    from fake_server.verify.run.targets import target_server

    ending = Ending()
    ready = ReadyFile(options["ready_file"])
    ending.removals.append(ready.remove)
    # The thread of the checks would hold up each byte for the usual 5 ms otherwise.
    sys.setswitchinterval(_SWITCH_SECONDS)
    server = target_server(options["target"], options["targets_file"])
    target = WatchedTarget.checked(
        server.url, options["ca_file"], insecure=options["insecure"] or server.insecure
    )
    watched_api = _watched_api(api, server)
    writers = [(path, writer_of(path)) for path in options["reports"]]
    for path in (options["recording"], options["kept_file"]):
        if path is not None:
            require_writable(path)
    earlier = _earlier(options, watched_api)
    profile: Profile = (
        "documented" if (options["profile"] or server.profile) == "documented" else "live"
    )
    display = Display(watched_api)
    checker = Checker(
        watched_api, profile, target.url, display, keeps=options["kept_file"] is not None
    )
    _run_proxy(target, checker, display, ending, ready, options)
    report = checker.report()
    _print_report(report, checker)
    for path, as_text in writers:
        path.write_text(as_text([report]), encoding="utf-8")
    _write_kept(options["kept_file"], checker, watched_api, target.url)
    differences = _differences(earlier, report)
    if options["recording"] is not None:
        text = json.dumps(report.shapes, indent=2) + "\n"
        options["recording"].write_text(text, encoding="utf-8")
    return 1 if report.broken or differences else 0


def _run_proxy(
    target: "WatchedTarget",
    checker: "Checker",
    display: "Display",
    ending: Ending,
    ready: "ReadyFile",
    options: Mapping[str, Any],
) -> None:
    """Pass requests on until a signal ends it, and wait for the checks of all exchanges.

    Raises `AddressError` if the proxy cannot listen.
    """
    from fake_server.cli.serving import cannot_listen
    from fake_server.cli.watch.passing import ProxyOptions
    from fake_server.cli.watch.reverse_proxy import ReverseProxy
    from fake_server.edge.http_server import bound_sockets, url_of_socket
    from fake_server.errors import AddressError

    def refused(error: Exception) -> AddressError:
        return AddressError(cannot_listen(options["host"], options["port"], "--port", error))

    try:
        sockets = bound_sockets(options["host"], options["port"])
    except (OSError, UnicodeError) as error:
        raise refused(error) from None
    with ExitStack() as stack:
        for listening_socket in sockets:
            stack.callback(listening_socket.close)
        proxy_options = ProxyOptions(options["timeout"], options["rewrite_links"])
        proxy = ReverseProxy(target, proxy_options, checker.submit)
        stack.enter_context(ready)

        def report_ready() -> None:
            url = url_of_socket(sockets[0])
            ready.write_content(
                {"url": url, "api": checker.api, "target": target.url, "pid": os.getpid()}
            )
            click.echo(f"Watching {checker.api} at {target.url} on {url}")
            click.echo("Ctrl-C stops it, with the report.")
            sys.stdout.flush()
            display.start()

        ending.stop = proxy.stop
        stack.callback(display.stop)
        try:
            proxy.run(sockets, report_ready)
        except OSError as error:
            raise refused(error) from None
        checker.finish()


def _watched_api(api: str | None, server: Any) -> str:
    from fake_server.verify.run.targets import apis_of_server, chosen_apis

    names = apis_of_server(server, chosen_apis([] if api is None else [api]))
    if len(names) != 1:
        raise click.UsageError(f"which API is it? Name one of {', '.join(names)}")
    return names[0]


def _earlier(options: Mapping[str, Any], api: str) -> _Earlier:
    """Return the earlier recording of an API; raises `UserError` at the start, not at the end."""
    from fake_server.errors import VerificationError
    from fake_server.verify.layers.drift import read_accepted, read_recording

    if options["against"] is None:
        if options["accepted_file"] is not None:
            raise click.UsageError("--accept needs --against")
        return _Earlier(None, [])
    recording = read_recording(options["against"])
    if recording.get("api") != api:
        raise VerificationError(f"{options['against']}: a recording of {recording.get('api')}")
    accepted_file = options["accepted_file"]
    return _Earlier(recording, read_accepted(accepted_file) if accepted_file else [])


def _console() -> "Console":
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else _WIDTH)


def _print_report(report: "Report", checker: "Checker") -> None:
    from fake_server.verify.report.table import print_reports

    console = _console()
    print_reports([report], console)
    for reason, count in checker.unchecked.items():
        console.print(f"  not checked: {count}: {reason}", markup=False, highlight=False)
    if checker.not_kept:
        console.print(f"  not kept: {checker.not_kept}: the recording would be too large")


def _write_kept(path: Path | None, checker: "Checker", api: str, target: str) -> None:
    if path is None:
        return
    from fake_server.cli.watch.stand_ins import Anonymiser
    from fake_server.errors import OutputError
    from fake_server.verify.recording.recording_files import write_exchanges

    try:
        # Even with stand-ins, the requests of clients and their times are private.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from None
    write_exchanges(path, Anonymiser(api, target).replaced(checker.exchanges), api)


def _differences(earlier: _Earlier, report: "Report") -> "list[Difference]":
    """Print and return the differences from the earlier recording, of the operations in both."""
    if earlier.recording is None:
        return []
    from fake_server.verify.layers.drift import differences
    from fake_server.verify.report.table import print_drift

    left, right = dict(earlier.recording), dict(report.shapes)
    both = left["operations"].keys() & right["operations"].keys()
    for recording in (left, right):
        recording["operations"] = {
            name: answers for name, answers in recording["operations"].items() if name in both
        }
    remaining = differences(left, right, earlier.accepted, datetime.now(UTC).date())
    console = _console()
    console.print(
        f"\n[bold]{report.api}[/]: differences of {len(both)} operations in both recordings"
    )
    print_drift(remaining, console)
    return remaining
