"""Verifies recordings: reads them, assigns their exchanges to APIs, and makes a report of each."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fake_server.data_files.api_document import Profile
from fake_server.errors import VerificationError
from fake_server.verify.api_files.api_under_test import api_under_test, apis
from fake_server.verify.api_files.ledger import is_selected
from fake_server.verify.recording.assigning import belongs_to
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.passive_checks import PassiveChecks
from fake_server.verify.recording.recording_files import read_recording
from fake_server.verify.run.run_report import Report, judge_report
from fake_server.verify.server.credential_mask import CredentialMask


@dataclass(frozen=True, slots=True)
class RecordingRun:
    """What to verify.

    - `files`: the recordings. `apis`: the APIs; () for those that exchanges belong to.
    - `hosts`: further hosts of each API. `only`: globs of behaviours.
    """

    files: Sequence[Path]
    apis: tuple[str, ...]
    profile: Profile
    hosts: Mapping[str, tuple[str, ...]]
    only: tuple[str, ...] = ()


def verify_recordings(run: RecordingRun) -> list[Report]:
    """Return the report of each API; nothing is sent.

    Raises `VerificationError` for a file that cannot be read, and if no exchange belongs to an API.
    """
    mask = CredentialMask()
    by_api: dict[str, list[Exchange]] = {api: [] for api in run.apis or apis()}
    count = 0
    for file in run.files:
        exchanges, recorded_api = read_recording(file, mask)
        count += len(exchanges)
        for api, assigned in by_api.items():
            assigned += [
                exchange
                for exchange in exchanges
                if recorded_api == api or belongs_to(exchange.answer, api, run.hosts.get(api, ()))
            ]
    chosen = [api for api, assigned in by_api.items() if assigned]
    missing = [api for api in run.apis if not by_api[api]] or ([] if chosen else list(by_api))
    if missing:
        names = ", ".join(map(str, run.files))
        raise VerificationError(
            f"{names}: none of {count} exchanges belongs to {' or '.join(missing)};"
            " name its host with --host"
        )
    return [_report(api, by_api[api], run, mask) for api in chosen]


def _report(
    api: str, exchanges: Sequence[Exchange], run: RecordingRun, mask: CredentialMask
) -> Report:
    began, started = datetime.now(UTC), time.perf_counter()
    checks = PassiveChecks(api, run.profile, mask)
    for exchange in exchanges:
        checks.on_exchange(exchange)
    report = Report(
        api=api,
        title=api_under_test(api).title,
        target=", ".join(file.name for file in run.files),
        profile=run.profile,
        began=began,
        exchanges=len(exchanges),
    )
    report.outcomes = checks.outcomes()
    report.labels = checks.plan.labels(checks.ledger, run.only)
    ledger = {
        id_: entry
        for id_, entry in checks.ledger.items()
        if entry.applies_to is None or id_ in report.labels
    }
    report.outcomes = [
        outcome
        for outcome in report.outcomes
        if outcome.behaviour in ledger
        and is_selected(outcome.behaviour, run.only, outcome.operation)
    ]
    report.behaviours = judge_report(report, ledger, run.only)
    report.operations = [] if run.only else checks.schema.operations()
    report.seconds = time.perf_counter() - started
    return report
