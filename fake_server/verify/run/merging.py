"""Merges the reports of an API whose suite ran in parts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fake_server.verify.api_files.ledger import entries
from fake_server.verify.run.run_report import Report, judge_report


def merge_reports(parts: Sequence[Report], only: tuple[str, ...]) -> Report:
    """Return one report of all parts, in their order; all outcomes decide the verdicts.

    `only`: the globs of the run.
    """
    first_report, *other_reports = parts
    if not other_reports:
        return first_report
    merged = replace(
        first_report,
        began=min(report.began for report in parts),
        seconds=max(report.seconds for report in parts),
        requests=sum(report.requests for report in parts),
        outcomes=[outcome for report in parts for outcome in report.outcomes],
        operations=[operation for report in parts for operation in report.operations],
        shapes=_sum_recordings(*(report.shapes for report in parts)),
        remaining=[text for report in parts for text in report.remaining],
        interrupted=any(report.interrupted for report in parts),
        failed=next((report.failed for report in parts if report.failed is not None), None),
    )
    finding_ids = {finding.id for finding in first_report.behaviours}
    ledger = {id_: entry for id_, entry in entries(first_report.api).items() if id_ in finding_ids}
    return replace(merged, behaviours=judge_report(merged, ledger, only))


def _sum_recordings(*recordings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sum of recordings of shapes: counts are added up."""
    sums: dict[str, Any] = {}
    for recording in recordings:
        for key, value in recording.items():
            previous = sums.get(key)
            if isinstance(value, Mapping):
                sums[key] = _sum_recordings(previous or {}, value)
            elif isinstance(value, int) and key != "version":
                sums[key] = (previous or 0) + value
            else:
                sums[key] = value if previous is None else previous
    return sums
