"""The verdict on a shared behaviour: one for each operation, and one of all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from fake_server.verify.api.ledger import Entry
from fake_server.verify.layers.outcomes import (
    Finding,
    Missing,
    OfOperation,
    Outcome,
    Verdict,
    judge,
)

_ORDER = (Verdict.BROKEN, Verdict.KNOWN, Verdict.GONE, Verdict.HELD)
"""The verdict on all operations is the first of these that one of them has."""

_ANOTHER_TURN = Missing("rotation", "another turn: one operation of each resource is asked a run")


def judge_all(
    entries: Iterable[Entry],
    asked: Mapping[str, Mapping[str, str]],
    outcomes: Sequence[Outcome],
    *,
    documented: bool,
    turns: frozenset[tuple[str, str]] | None = None,
) -> list[Finding]:
    """Return the verdict on each behaviour.

    `asked`: the labels of the operations that a shared behaviour applies to, by its id and theirs.
    `turns`: the pairs of behaviour and operation whose turn it was; None: that of all.
    """
    by_id: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_id.setdefault(outcome.behaviour, []).append(outcome)
    return [
        judge_shared(entry, asked[entry.id], by_id.get(entry.id, []), documented, turns)
        if entry.id in asked
        else judge(entry, by_id.get(entry.id, []), documented=documented)
        for entry in entries
    ]


def judge_shared(
    entry: Entry,
    labels: Mapping[str, str],
    outcomes: Sequence[Outcome],
    documented: bool,
    turns: frozenset[tuple[str, str]] | None,
) -> Finding:
    """Return the verdict on a shared behaviour; tests of no operation speak of all of them."""
    by_operation: dict[str, list[Outcome]] = {name: [] for name in labels}
    for outcome in outcomes:
        for name in labels if outcome.operation is None else (outcome.operation,):
            by_operation[name].append(outcome)
    verdicts = []
    for name, label in labels.items():
        one = judge(entry, by_operation[name], documented=documented)
        missing = one.missing
        if turns is not None and (entry.id, name) not in turns:
            missing = _ANOTHER_TURN
        notes = dict.fromkeys([one.note, *(outcome.note for outcome in by_operation[name])])
        note = "; ".join(text for text in notes if text)
        verdicts.append(
            OfOperation(name, label, one.verdict, one.seconds, one.failure, missing, note)
        )
    return _together(judge(entry, [], documented=documented), outcomes, verdicts)


def _together(
    empty: Finding, outcomes: Sequence[Outcome], verdicts: Sequence[OfOperation]
) -> Finding:
    present = {one.verdict for one in verdicts}
    verdict = next((one for one in _ORDER if one in present), Verdict.NOT_SHOWN)
    telling = next((one for one in verdicts if one.verdict is verdict), None)
    lacking = next((one for one in verdicts if one.missing and one.missing.why != "rotation"), None)
    return replace(
        empty,
        verdict=verdict,
        tests=tuple(dict.fromkeys(one.test.partition("[")[0] for one in outcomes)),
        seconds=sum(one.seconds for one in outcomes),
        failure=telling.failure if telling else None,
        missing=None if verdict in {Verdict.BROKEN, Verdict.KNOWN} else _lacking(lacking, verdicts),
        note=telling.note if telling and telling.failure else "",
        by_operation=tuple(verdicts),
    )


def _lacking(lacking: OfOperation | None, verdicts: Sequence[OfOperation]) -> Missing | None:
    if lacking is not None:
        return lacking.missing
    return next((one.missing for one in verdicts if one.missing), None)
