"""The verdicts on shared behaviours: one for each operation, and one for all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from fake_server.verify.api_files.ledger import Entry
from fake_server.verify.layers.outcomes import (
    BehaviourFinding,
    NotShownReason,
    OperationVerdict,
    Outcome,
    Verdict,
    judge,
)

_ORDER = (Verdict.BROKEN, Verdict.KNOWN, Verdict.GONE, Verdict.HELD)
"""The verdict on all operations is the first of these that any of them has."""

_OTHER_TURN = NotShownReason(
    "rotation", "another turn: one operation of each resource is asked a run"
)


def judge_all(
    entries: Iterable[Entry],
    labels: Mapping[str, Mapping[str, str]],
    outcomes: Sequence[Outcome],
    *,
    documented: bool,
    turns: frozenset[tuple[str, str]] | None = None,
) -> list[BehaviourFinding]:
    """Return the verdict on each behaviour.

    - `labels`: the labels of the operations that a shared behaviour applies to, by its id and
      theirs.
    - `turns`: the pairs of behaviour and operation whose turn it was; None: all of them.
    """
    by_id: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_id.setdefault(outcome.behaviour, []).append(outcome)
    return [
        judge_shared(entry, labels[entry.id], by_id.get(entry.id, []), documented, turns)
        if entry.id in labels
        else judge(entry, by_id.get(entry.id, []), documented=documented)
        for entry in entries
    ]


def judge_shared(
    entry: Entry,
    labels: Mapping[str, str],
    outcomes: Sequence[Outcome],
    documented: bool,
    turns: frozenset[tuple[str, str]] | None,
) -> BehaviourFinding:
    """Return the verdict on a shared behaviour; a test without operation counts for all.

    One that looked at records made for it says nothing of an operation, but decides with all
    others on the behaviour.
    """
    by_operation: dict[str, list[Outcome]] = {name: [] for name in labels}
    apart = [outcome for outcome in outcomes if outcome.own_records and outcome.operation is None]
    for outcome in outcomes:
        if outcome in apart:
            continue
        for name in labels if outcome.operation is None else (outcome.operation,):
            by_operation[name].append(outcome)
    verdicts = []
    for name, label in labels.items():
        finding = judge(entry, by_operation[name], documented=documented)
        missing = finding.missing
        if turns is not None and (entry.id, name) not in turns:
            missing = _OTHER_TURN
        notes = dict.fromkeys([finding.note, *(outcome.note for outcome in by_operation[name])])
        note = "; ".join(text for text in notes if text)
        verdicts.append(
            OperationVerdict(
                name, label, finding.verdict, finding.seconds, finding.failure, missing, note
            )
        )
    whole = judge(entry, outcomes if apart else [], documented=documented)
    return _together(whole, outcomes, verdicts)


def _together(
    whole: BehaviourFinding, outcomes: Sequence[Outcome], verdicts: Sequence[OperationVerdict]
) -> BehaviourFinding:
    present = {whole.verdict, *(item.verdict for item in verdicts)}
    verdict = next((candidate for candidate in _ORDER if candidate in present), Verdict.NOT_SHOWN)
    decisive = next((item for item in verdicts if item.verdict is verdict), None)
    not_shown = next(
        (item for item in verdicts if item.missing and item.missing.why != "rotation"), None
    )
    return replace(
        whole,
        verdict=verdict,
        tests=tuple(dict.fromkeys(outcome.test.partition("[")[0] for outcome in outcomes)),
        seconds=sum(outcome.seconds for outcome in outcomes),
        failure=decisive.failure if decisive else whole.failure,
        missing=None
        if verdict in {Verdict.BROKEN, Verdict.KNOWN}
        else _lacking(not_shown, verdicts),
        note=(decisive.note if decisive.failure else "") if decisive else whole.note,
        by_operation=tuple(verdicts),
    )


def _lacking(
    not_shown: OperationVerdict | None, verdicts: Sequence[OperationVerdict]
) -> NotShownReason | None:
    if not_shown is not None:
        return not_shown.missing
    return next((item.missing for item in verdicts if item.missing), None)
