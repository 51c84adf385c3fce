"""What became of each test, and the verdict on each behaviour that follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from fake_server.verify.api.ledger import Entry, Sentence
from fake_server.verify.errors import Why

State = Literal["passed", "failed", "not shown"]


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failed test expected and saw, and the `curl` that shows it again."""

    what: str
    expected: str
    seen: str
    curl: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What a target would need for a behaviour to be shown, and which kind of thing that is."""

    why: Why
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one test, for one of the behaviours it shows.

    `operation`: the id of the one that it was run for; None: it was run once. `note`: what the test
    says of a sentence that it shows in part.
    """

    behaviour: str
    live: bool
    test: str
    state: State
    seconds: float
    failure: Failure | None = None
    missing: Missing | None = None
    operation: str | None = None
    note: str = ""


class Verdict(StrEnum):
    """What is said of a behaviour, or of an operation in the schema layer."""

    HELD = "held"
    BROKEN = "broken"
    KNOWN = "known deviation"
    GONE = "deviation gone"
    NOT_SHOWN = "not shown"


@dataclass(frozen=True, slots=True)
class OfOperation:
    """The verdict on a shared behaviour for one operation; see `Finding`.

    `operation` is its id, `label` its method and path.
    """

    operation: str
    label: str
    verdict: Verdict
    seconds: float
    failure: Failure | None = None
    missing: Missing | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one behaviour, with what it rests on.

    - `by_operation`: the verdicts that a shared behaviour's own is made of.
    - `failure`: that of a broken behaviour or a known deviation.
    - `missing`: what a behaviour that is not shown would need, or what kept one of several tests of
      a held one from being run.
    """

    id: str
    verdict: Verdict
    documented: Sentence
    live: Sentence | None
    quirk: str | None
    tests: tuple[str, ...]
    seconds: float
    failure: Failure | None = None
    missing: Missing | None = None
    note: str = ""
    by_operation: tuple[OfOperation, ...] = ()

    @property
    def summary(self) -> str:
        """The verdict in words: `held`, or `held for 12 of 12` of a shared behaviour."""
        if not self.by_operation or self.verdict is Verdict.NOT_SHOWN:
            return self.verdict.value
        same = sum(one.verdict is self.verdict for one in self.by_operation)
        return f"{self.verdict.value} for {same} of {len(self.by_operation)}"


def judge(entry: Entry, outcomes: Sequence[Outcome], *, documented: bool) -> Finding:
    """Return the verdict on a behaviour.

    `documented`: the target promises what the documents say, so that no deviation excuses it.
    """
    says = [one for one in outcomes if not one.live]
    lives = [one for one in outcomes if one.live]
    verdict, note = _verdict(_state(says), _state(lives), lives, entry, documented)
    return Finding(
        entry.id,
        verdict,
        entry.documented,
        entry.live,
        entry.quirk,
        tuple(one.test for one in outcomes),
        sum(one.seconds for one in outcomes),
        _first_failure(lives if note == _BOTH else says) if _tells(verdict) else None,
        _missing(verdict, note, says, lives),
        note,
    )


_MAY_COME = frozenset({"data", "moved", "budget"})
"""What another run against the same target may have: until then nothing is decided."""

_BOTH = "neither the documented nor the live sentence holds"
_UNDECIDED = "both the documented and the live sentence hold of what this target has"
_UNPROVEN = "the documented sentence does not hold, and the live one could not be shown"


def _verdict(
    says: State, lives: State, live: Sequence[Outcome], entry: Entry, documented: bool
) -> tuple[Verdict, str]:
    if says == "not shown":
        return Verdict.NOT_SHOWN, ""
    if documented or (entry.live is None and not live):
        return (Verdict.HELD if says == "passed" else Verdict.BROKEN), ""
    if says == "passed" and entry.live is None:
        return Verdict.HELD, ""
    if says == "passed":
        return (Verdict.NOT_SHOWN, _UNDECIDED) if lives == "passed" else (Verdict.GONE, "")
    if lives == "passed":
        return Verdict.KNOWN, ""
    if lives == "failed":
        return Verdict.BROKEN, _BOTH
    open_ = any(one.missing and one.missing.why in _MAY_COME for one in live)
    return (Verdict.NOT_SHOWN if open_ else Verdict.BROKEN), _UNPROVEN


def _state(outcomes: Sequence[Outcome]) -> State:
    states = {one.state for one in outcomes}
    if "failed" in states:
        return "failed"
    return "passed" if "passed" in states else "not shown"


def _tells(verdict: Verdict) -> bool:
    return verdict in {Verdict.BROKEN, Verdict.KNOWN}


def _first_failure(outcomes: Sequence[Outcome]) -> Failure | None:
    return next((one.failure for one in outcomes if one.failure), None)


def _missing(
    verdict: Verdict, note: str, says: Sequence[Outcome], lives: Sequence[Outcome]
) -> Missing | None:
    if note == _UNDECIDED:
        return Missing("undecided", note)
    if verdict not in {Verdict.NOT_SHOWN, Verdict.HELD}:
        return None
    looked_at = lives if note == _UNPROVEN else says
    found = next((one.missing for one in looked_at if one.missing), None)
    if found is None and verdict is Verdict.NOT_SHOWN:
        return Missing("untested", "no test was run")
    return found


@dataclass(frozen=True, slots=True)
class SchemaFailure:
    """One way in which an operation fails a check of the schema layer.

    `excuse`: why the live service is known to do so; None if nothing is known.
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
    missing: Missing | None = None
