"""`fake-server verify --recording`: the reports of recorded traffic."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from fake_server.verify.run.run_report import Report

_SENDING = (
    "target",
    "credentials",
    "allow_invalid",
    "allow_writes",
    "max_requests",
    "rate",
    "control_token",
    "insecure",
    "stop",
    "thorough",
    "seed",
    "recording",
)
"""The options of runs that send requests, by their names in the command."""


def require_validator() -> None:
    """Raise `ClickException` unless the validator of schemas is installed."""
    if find_spec("jsonschema_rs") is None:
        raise click.ClickException(
            "jsonschema-rs is missing: install understudy with its extra, understudy[verify]"
        )


def reports_of_recordings(apis: tuple[str, ...], options: Mapping[str, Any]) -> "list[Report]":
    """Return the report of each API whose exchanges are in the recordings."""
    from fake_server.verify.api_files.api_under_test import apis as all_apis
    from fake_server.verify.recording.assigning import parse_hosts
    from fake_server.verify.recording.recording_verification import RecordingRun, verify_recordings
    from fake_server.verify.run import targets

    for name in _SENDING:
        if options[name] not in (None, False, ()):
            option = {"credentials": "credential", "recording": "record"}.get(name, name)
            raise click.ClickException(
                f"--{option.replace('_', '-')} does not go with --recording, which sends nothing"
            )
    chosen = targets.chosen_apis(apis)
    names = chosen or tuple(all_apis())
    targets.require_behaviours(names, options["only"])
    return verify_recordings(
        RecordingRun(
            files=options["recordings"],
            apis=chosen,
            profile=options["profile"] or "live",
            hosts=parse_hosts(options["hosts"], names),
            only=options["only"],
        )
    )
