"""The report of an API whose suite ran in parts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fake_server.verify.api.ledger import entries
from fake_server.verify.run.suite import Report, judged


def merged(parts: Sequence[Report], only: tuple[str, ...]) -> Report:
    """Return one report of all parts, in their order: the verdicts follow from all outcomes.

    `only`: the globs of the run.
    """
    first, *rest = parts
    if not rest:
        return first
    whole = replace(
        first,
        began=min(one.began for one in parts),
        seconds=max(one.seconds for one in parts),
        requests=sum(one.requests for one in parts),
        outcomes=[outcome for one in parts for outcome in one.outcomes],
        operations=[operation for one in parts for operation in one.operations],
        shapes=_sum(*(one.shapes for one in parts)),
        left=[text for one in parts for text in one.left],
        interrupted=any(one.interrupted for one in parts),
        failed=next((one.failed for one in parts if one.failed is not None), None),
    )
    shown = {one.id for one in first.behaviours}
    ledger = {id_: entry for id_, entry in entries(first.api).items() if id_ in shown}
    return replace(whole, behaviours=judged(whole, ledger, only))


def _sum(*recordings: Mapping[str, Any]) -> dict[str, Any]:
    """Return recordings of shapes as one: numbers of times are added up."""
    whole: dict[str, Any] = {}
    for recording in recordings:
        for key, value in recording.items():
            there = whole.get(key)
            if isinstance(value, Mapping):
                whole[key] = _sum(there or {}, value)
            elif isinstance(value, int) and key != "version":
                whole[key] = (there or 0) + value
            else:
                whole[key] = value if there is None else there
    return whole
