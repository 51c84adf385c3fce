"""A finding: one exchange's evidence about a behaviour. Outcomes follow from many findings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fake_server.verify.layers.outcomes import (
    BehaviourFailure,
    NotShownReason,
    Outcome,
    Verdict,
)

SCHEMA = "schema"
"""The behaviour of a finding of the schema layer."""

_NAMED = 3
"""How many positions a report names for each behaviour."""


class Finding(NamedTuple):
    """What one exchange shows of a behaviour, or, with the exchanges before it, of several.

    - `behaviour`: the id of the entry; `SCHEMA` for the schema of the document.
    - `verdict`: held, broken, or (the profile live) known deviation.
    - `position`: the exchange, as `session.har: entry 12`.
    - `expected`, `seen`: empty where it is held. Neither holds credentials.
    - `what`: the thing compared. `operation`: the id of its operation; None: it has none.
    - `curl`: the command that sends the request; placeholders stand for credentials.
    - `live`: it is of the `live:` sentence.
    """

    behaviour: str
    verdict: Verdict
    position: str
    expected: str = ""
    seen: str = ""
    what: str = ""
    operation: str | None = None
    curl: str = ""
    live: bool = False


@dataclass(slots=True)
class _Shown:
    """The findings about one sentence, for one operation."""

    held: int = 0
    broken: int = 0
    positions: list[str] = field(default_factory=list)
    failure: BehaviourFailure | None = None


class Outcomes:
    """Collects findings, and makes one outcome of those of each sentence and operation."""

    def __init__(self) -> None:
        self._shown: dict[tuple[str, str | None, bool], _Shown] = {}

    def add(self, findings: Iterable[Finding]) -> None:
        """Count findings; those of the schema layer do not count here."""
        for finding in findings:
            if finding.behaviour == SCHEMA:
                continue
            key = (finding.behaviour, finding.operation, finding.live)
            shown = self._shown.setdefault(key, _Shown())
            if finding.verdict is Verdict.HELD:
                shown.held += 1
                if len(shown.positions) < _NAMED and not shown.broken:
                    shown.positions.append(finding.position)
                continue
            shown.broken += 1
            if shown.failure is None:
                shown.positions = [finding.position]
                shown.failure = BehaviourFailure(
                    f"{finding.position}: {finding.what}",
                    finding.expected,
                    finding.seen,
                    finding.curl,
                )
            elif len(shown.positions) < _NAMED:
                shown.positions.append(finding.position)

    def all(self) -> Iterator[Outcome]:
        """Yield the outcome of each sentence and operation that a finding is about."""
        for (behaviour, operation, live), shown in self._shown.items():
            failed = shown.failure is not None
            yield Outcome(
                behaviour,
                live,
                ", ".join(shown.positions),
                "failed" if failed else "passed",
                0.0,
                shown.failure,
                operation=operation,
                note=f"broken by {shown.broken} exchanges" if shown.broken > 1 else "",
            )

    def is_shown(self, behaviour: str, operation: str | None, *, live: bool) -> bool:
        """Return whether a finding is about a sentence."""
        return (behaviour, operation, live) in self._shown

    def has_failed(self, behaviour: str, operation: str | None, *, live: bool) -> bool:
        """Return whether a finding says that a sentence is false."""
        shown = self._shown.get((behaviour, operation, live))
        return shown is not None and shown.failure is not None


def not_shown(behaviour: str, operation: str | None, text: str, *, live: bool = False) -> Outcome:
    """Return the outcome of a sentence that no exchange shows; `text` says what is missing."""
    return Outcome(
        behaviour,
        live,
        "no exchange",
        "not shown",
        0.0,
        missing=NotShownReason("data", text),
        operation=operation,
    )
