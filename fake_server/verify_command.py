"""`fake-server verify` and `fake-server drift`: what they take, and how a target is reached.

Only here do the harness and the fake meet: the fake in this process is handed to the harness as a
WSGI application with its levers. One that is reached over HTTP gives a world of its own to each
API's run.
"""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from fake_server.verify.suite import Aim, Report
    from fake_server.verify.targets import Place

_WIDTH = 160


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
@click.option("--allow-invalid", is_flag=True, help="Send GETs with wrong parameters, too.")
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
@click.option("--only", multiple=True, metavar="GLOB", help="Only behaviours such as 'xurrent.*'.")
@click.option("--stop", is_flag=True, help="Stop at the first broken behaviour.")
@click.option("--thorough", is_flag=True, help="Invent many more requests.")
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
    try:
        import pytest  # noqa: F401 - only to say in one line that it is missing
        import schemathesis  # noqa: F401 - as above
    except ImportError as missing:
        raise click.ClickException(
            f"{missing.name} is missing: install understudy with its extra, understudy[verify]"
        ) from None
    from fake_server.verify.errors import CouldNotRunError
    from fake_server.world.errors import UserError

    try:
        return _verify(apis, **options)
    except (CouldNotRunError, UserError) as error:
        raise click.ClickException(str(error)) from None


def _verify(apis: tuple[str, ...], **options: Any) -> int:
    from rich.console import Console

    from fake_server.verify.progress import RunProgress
    from fake_server.verify.reports import writer_of
    from fake_server.verify.suite import Options, status_of
    from fake_server.verify.suite import verify as run
    from fake_server.verify.table import show
    from fake_server.world.cache import cache_folder

    width = None if sys.stdout.isatty() else _WIDTH
    writers = [(path, writer_of(path)) for path in options["reports"]]
    output = Console(file=sys.stdout, width=width)
    aims = _aims(apis, options)
    found = []
    with RunProgress() as progress:
        for aim in aims:
            chosen = Options(
                only=options["only"],
                stop_at_failure=options["stop"],
                documents=documents,
                thorough=options["thorough"],
                cache=cache_folder(),
                progress=progress,
            )
            found.append(run(aim, chosen))
            if found[-1].interrupted:
                break
    show(found, output)
    for path, as_text in writers:
        path.write_text(as_text(found), encoding="utf-8")
    _record(options["recording"], found)
    for report in found:
        if report.failed is not None:
            click.echo(f"fake-server: {report.api}: {report.failed}", err=True)
    return status_of(found)


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

    from fake_server.verify.drift import differences, read_accepted, read_recording
    from fake_server.verify.errors import CouldNotRunError
    from fake_server.verify.table import show_drift

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


def documents(api: str) -> Mapping[str, Any]:
    """Return the OpenAPI document of an API by profile, as the schema layer needs them."""
    from fake_server.rest.bundle import bundled

    return {"documented": bundled(api), "live": bundled(api, "live")}


def _aims(named: tuple[str, ...], options: Mapping[str, Any]) -> "list[Aim]":
    from fake_server.verify import targets

    chosen = targets.chosen_apis(named)
    if options["target"] is None:
        return aims_in_process(
            chosen,
            profile=options["profile"] or "documented",
            dataset=options["dataset"],
            credentials=options["credentials"],
            max_requests=options["max_requests"],
        )
    place = targets.place_of(options["target"], options["targets_file"])
    return [_aim_at(place, api, options) for api in targets.apis_at(place, chosen)]


def _aim_at(place: "Place", api: str, options: Mapping[str, Any]) -> "Aim":
    from fake_server.verify.description import description
    from fake_server.verify.http_control import own_world
    from fake_server.verify.suite import MAX_REQUESTS, Aim
    from fake_server.verify.target import Rules
    from fake_server.verify.targets import credentials_for
    from fake_server.verify.transport import HttpTransport

    known = description(api)

    def said(name: str, default: Any) -> Any:
        for value in (options[name], getattr(place, name)):
            if value is not None:
                return value
        return default

    insecure = options["insecure"] or place.insecure
    control = own_world(
        place.url,
        said("profile", None),
        control_token=options["control_token"],
        insecure=insecure,
    )
    if control is not None:
        click.get_current_context().call_on_close(control.delete)
        return Aim(
            api,
            control.transport,
            credentials_for(known, place, options["credentials"]) or known.credentials[0].fake,
            Rules(documented=control.profile == "documented"),
            control=control,
            max_requests=said("max_requests", None),
            rate=said("rate", None),
        )
    return Aim(
        api,
        HttpTransport(place.url, insecure=insecure),
        credentials_for(known, place, options["credentials"]),
        Rules(
            documented=said("profile", "live") == "documented",
            allow_invalid=options["allow_invalid"] or place.allow_invalid,
            allow_writes=options["allow_writes"] or place.allow_writes,
        ),
        max_requests=said("max_requests", MAX_REQUESTS),
        rate=said("rate", known.rate),
    )


def aims_in_process(
    chosen: tuple[str, ...],
    *,
    profile: Literal["documented", "live"] = "documented",
    dataset: str = "demo",
    credentials: tuple[str, ...] = (),
    max_requests: int | None = None,
) -> "list[Aim]":
    """Return what each API's suite is pointed at in this process: one new fake for all of them.

    `credentials` are texts such as `token=…`. Raises `CouldNotRunError` and `UserError`.
    """
    from fake_server.app import create_app
    from fake_server.testing.control import InProcessControl
    from fake_server.verify.description import apis, description
    from fake_server.verify.suite import Aim
    from fake_server.verify.target import Rules
    from fake_server.verify.targets import given_credentials
    from fake_server.verify.transport import WsgiTransport

    app = create_app(dataset, profile=profile)
    return [
        Aim(
            api,
            WsgiTransport(app),
            given_credentials(description(api), credentials)
            or description(api).credentials[0].fake,
            Rules(documented=profile == "documented"),
            control=InProcessControl(app),
            max_requests=max_requests,
        )
        for api in chosen or apis()
    ]
