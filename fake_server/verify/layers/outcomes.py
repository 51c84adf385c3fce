"""The outcome of each test, and the verdict on each behaviour that follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from fake_server.verify.api_files.ledger import Entry, Sentence
from fake_server.verify.outcome_errors import Why

State = Literal["passed", "failed", "not shown"]


@dataclass(frozen=True, slots=True)
class BehaviourFailure:
    """The failure of a test: what it expected and saw, and the `curl` that repeats it."""

    what: str
    expected: str
    seen: str
    curl: str


@dataclass(frozen=True, slots=True)
class NotShownReason:
    """Why a behaviour is not shown: the kind of reason (`why`), and what is missing (`text`)."""

    why: Why
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one test for one of the behaviours that it shows.

    - `operation`: the id of the operation that it ran for; None: it ran once.
    - `note`: what the test did not show of its sentence.
    - `own_records`: the test looked at records that were made for it, not at the target's.
    """

    behaviour: str
    live: bool
    test: str
    state: State
    seconds: float
    failure: BehaviourFailure | None = None
    missing: NotShownReason | None = None
    operation: str | None = None
    note: str = ""
    own_records: bool = False


class Verdict(StrEnum):
    """The verdict on a behaviour, or on an operation in the schema layer."""

    HELD = "held"
    BROKEN = "broken"
    KNOWN = "known deviation"
    GONE = "deviation gone"
    NOT_SHOWN = "not shown"


@dataclass(frozen=True, slots=True)
class OperationVerdict:
    """The verdict on a shared behaviour for one operation; see `BehaviourFinding`.

    `operation` is its id, `label` its method and path.
    """

    operation: str
    label: str
    verdict: Verdict
    seconds: float
    failure: BehaviourFailure | None = None
    missing: NotShownReason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class BehaviourFinding:
    """The verdict on one behaviour and its reasons.

    - `by_operation`: the verdicts of a shared behaviour by operation.
    - `failure`: that of a broken behaviour or a known deviation.
    - `missing`: why a behaviour is not shown, or why one of several tests of a held one did not
      run.
    """

    id: str
    verdict: Verdict
    documented: Sentence
    live: Sentence | None
    quirk: str | None
    tests: tuple[str, ...]
    seconds: float
    failure: BehaviourFailure | None = None
    missing: NotShownReason | None = None
    note: str = ""
    by_operation: tuple[OperationVerdict, ...] = ()

    @property
    def summary(self) -> str:
        """The verdict in words: `held`, or `held for 12 of 12` of a shared behaviour."""
        if not self.by_operation or self.verdict is Verdict.NOT_SHOWN:
            return self.verdict.value
        same = sum(verdict.verdict is self.verdict for verdict in self.by_operation)
        if not same:
            return self.verdict.value
        return f"{self.verdict.value} for {same} of {len(self.by_operation)}"


def judge(entry: Entry, outcomes: Sequence[Outcome], *, documented: bool) -> BehaviourFinding:
    """Return the verdict on a behaviour.

    `documented`: the target promises what the documents say, so that no deviation excuses it.
    """
    documented_outcomes = [outcome for outcome in outcomes if not outcome.live]
    live_outcomes = [outcome for outcome in outcomes if outcome.live]
    verdict, note = _verdict(
        _state(documented_outcomes),
        _state(live_outcomes),
        live_outcomes,
        entry,
        documented,
        contradicted=_has_own_records(live_outcomes) and not _has_own_records(documented_outcomes),
    )
    return BehaviourFinding(
        entry.id,
        verdict,
        entry.documented,
        entry.live,
        entry.quirk,
        tuple(outcome.test for outcome in outcomes),
        sum(outcome.seconds for outcome in outcomes),
        _first_failure(live_outcomes if note == _NEITHER_HOLDS else documented_outcomes)
        if _has_failure(verdict)
        else None,
        _missing(verdict, note, documented_outcomes, live_outcomes),
        note,
    )


_NEITHER_HOLDS = "neither the documented nor the live sentence holds"
_UNDECIDED = "both the documented and the live sentence hold of what this target has"
_CONTRADICTED = "both hold of what this target has, the live one alone of records made for it"
_UNPROVEN = "the live sentence could not be shown"


def _verdict(
    documented_state: State,
    live_state: State,
    live_outcomes: Sequence[Outcome],
    entry: Entry,
    documented: bool,
    *,
    contradicted: bool,
) -> tuple[Verdict, str]:
    """Return the verdict and its note.

    `contradicted`: of both sentences, only the live one was shown on records made for it. The
    target's own records then merely have nothing in which the sentences differ.
    """
    if documented_state == "not shown":
        return Verdict.NOT_SHOWN, ""
    if documented or (entry.live is None and not live_outcomes):
        return (Verdict.HELD if documented_state == "passed" else Verdict.BROKEN), ""
    if documented_state == "passed" and entry.live is None:
        return Verdict.HELD, ""
    if live_state == "not shown":
        # Nothing tells a deviation from a defect, nor whether the deviation is still there.
        return Verdict.NOT_SHOWN, _UNPROVEN
    if documented_state == "passed":
        if live_state == "failed":
            return Verdict.GONE, ""
        return (Verdict.KNOWN, _CONTRADICTED) if contradicted else (Verdict.NOT_SHOWN, _UNDECIDED)
    return (Verdict.KNOWN, "") if live_state == "passed" else (Verdict.BROKEN, _NEITHER_HOLDS)


def _state(outcomes: Sequence[Outcome]) -> State:
    states = {outcome.state for outcome in outcomes}
    if "failed" in states:
        return "failed"
    return "passed" if "passed" in states else "not shown"


def _has_own_records(outcomes: Sequence[Outcome]) -> bool:
    return any(outcome.own_records and outcome.state == "passed" for outcome in outcomes)


def _has_failure(verdict: Verdict) -> bool:
    return verdict in {Verdict.BROKEN, Verdict.KNOWN}


def _first_failure(outcomes: Sequence[Outcome]) -> BehaviourFailure | None:
    return next((outcome.failure for outcome in outcomes if outcome.failure), None)


def _missing(
    verdict: Verdict,
    note: str,
    documented_outcomes: Sequence[Outcome],
    live_outcomes: Sequence[Outcome],
) -> NotShownReason | None:
    if note == _UNDECIDED:
        return NotShownReason("undecided", note)
    if verdict not in {Verdict.NOT_SHOWN, Verdict.HELD}:
        return None
    relevant = live_outcomes if note == _UNPROVEN else documented_outcomes
    reason = next((outcome.missing for outcome in relevant if outcome.missing), None)
    if reason is None and verdict is Verdict.NOT_SHOWN:
        return NotShownReason("untested", "no test was run")
    return reason


@dataclass(frozen=True, slots=True)
class SchemaFailure:
    """A failure of an operation at a check of the schema layer.

    `excuse`: why the failure is a known deviation; None if it is not.
    """

    check: str
    title: str
    message: str
    curl: str
    excuse: str | None


@dataclass(frozen=True, slots=True)
class OperationFinding:
    """The verdict of the schema layer on one operation; `cases` is how many were checked."""

    operation: str
    verdict: Verdict
    cases: int
    failures: tuple[SchemaFailure, ...]
    missing: NotShownReason | None = None
