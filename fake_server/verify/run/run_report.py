"""The report of one run, and the exit status of several."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from fake_server.verify.api_files.api_under_test import DisabledCheck
from fake_server.verify.api_files.ledger import Entry, is_selected
from fake_server.verify.layers.judging import judge_all
from fake_server.verify.layers.outcomes import (
    BehaviourFailure,
    BehaviourFinding,
    NotShownReason,
    OperationFinding,
    OperationVerdict,
    Outcome,
    SchemaFailure,
    Verdict,
)
from fake_server.verify.texts import visible


@dataclass(slots=True)
class Report:
    """The report of one run.

    - `remaining`: the records that it created and could not disable.
    - `seed`: the seed of the rotation; None if everything was asked.
    - `exchanges`: how many exchanges of a recording were checked; None: requests were sent.
    - `outcomes`, `labels`, `turns`: the verdicts on behaviours follow from them; see `judge_all`.
    """

    api: str
    title: str
    target: str
    profile: str
    began: datetime
    seconds: float = 0.0
    requests: int = 0
    max_requests: int | None = None
    behaviours: list[BehaviourFinding] = field(default_factory=list)
    operations: list[OperationFinding] = field(default_factory=list)
    disabled: tuple[DisabledCheck, ...] = ()
    shapes: dict[str, Any] = field(default_factory=dict)
    remaining: list[str] = field(default_factory=list)
    seed: int | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    turns: frozenset[tuple[str, str]] | None = None
    interrupted: bool = False
    failed: str | None = None
    exchanges: int | None = None

    @property
    def broken(self) -> bool:
        """Whether anything is broken, in any layer."""
        findings: list[BehaviourFinding | OperationFinding] = [*self.behaviours, *self.operations]
        return any(finding.verdict is Verdict.BROKEN for finding in findings)


def printable_report(report: Report, hide: Callable[[str], str]) -> Report:
    """Return a report in which every text of the server is without credentials, and visible.

    A report is printed and written whatever a server answers.
    """

    def shown(value: Any) -> Any:
        if isinstance(value, str) and not isinstance(value, StrEnum):
            return visible(hide(value))
        if isinstance(value, Mapping):
            return {shown(key): shown(member) for key, member in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(shown(member) for member in value)
        if isinstance(value, _WITH_SERVER_TEXTS):
            fields_of_server = set(value.__slots__) - _OWN_FIELDS
            return replace(
                value, **{name: shown(getattr(value, name)) for name in fields_of_server}
            )
        return value

    for name in ("outcomes", "behaviours", "operations", "shapes", "remaining", "failed"):
        setattr(report, name, shown(getattr(report, name)))
    return report


_WITH_SERVER_TEXTS = (
    BehaviourFailure,
    BehaviourFinding,
    NotShownReason,
    OperationFinding,
    OperationVerdict,
    Outcome,
    SchemaFailure,
)


_OWN_FIELDS = frozenset(
    {"id", "behaviour", "documented", "live", "operation", "label", "quirk", "test", "tests"}
)
"""The fields of those that hold no text of a server."""


def status_of(reports: Sequence[Report]) -> int:
    """Return the exit status: 0 nothing broken, 1 something broken, 2 could not run."""
    if any(report.broken for report in reports):
        return 1
    return 2 if any(report.failed is not None for report in reports) else 0


def judge_report(
    report: Report, ledger: Mapping[str, Entry], only: tuple[str, ...]
) -> list[BehaviourFinding]:
    """Return the verdicts that follow from the outcomes of a report."""
    return judge_all(
        (entry for entry in ledger.values() if is_selected(entry.id, only)),
        report.labels,
        report.outcomes,
        documented=report.profile == "documented",
        turns=report.turns,
    )
