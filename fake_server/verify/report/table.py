"""The report on a terminal: tables, broken behaviours and counts."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fake_server.verify.layers.drift import Difference
from fake_server.verify.layers.outcomes import (
    BehaviourFailure,
    BehaviourFinding,
    OperationFinding,
    Verdict,
)
from fake_server.verify.run.run_report import Report

STYLES = {
    Verdict.HELD: "green",
    Verdict.BROKEN: "bold red",
    Verdict.KNOWN: "yellow",
    Verdict.GONE: "magenta",
    Verdict.NOT_SHOWN: "dim",
}

_VERDICT_WIDTH = max(map(len, Verdict))
"""The least width of the column with the verdicts."""


def print_reports(reports: Sequence[Report], console: Console) -> None:
    """Print the table of each API, one line a behaviour, then what is broken and the counts."""
    for report in reports:
        if report.behaviours:
            console.print(_table(report, console.width))
        if report.operations:
            console.print(_operations(report, console.width))
    for report in reports:
        for finding in report.behaviours:
            if finding.verdict is Verdict.BROKEN:
                _print_broken(finding, console)
        for operation in report.operations:
            if operation.verdict is Verdict.BROKEN:
                _print_operation(operation, console)
    for report in reports:
        _print_summary(report, console)


def _table(report: Report, width: int) -> Table:
    table = Table(
        title=f"{report.title}: behaviours ({report.profile} profile, {report.target})",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    verdict = max(_VERDICT_WIDTH, *(len(finding.summary) for finding in report.behaviours))
    table.add_column("verdict", no_wrap=True, width=verdict)
    id_width = max(len(finding.id) for finding in report.behaviours) - len(report.api) - 1
    table.add_column("behaviour", no_wrap=True, width=id_width)
    says_width = _rest_width(width, verdict + id_width)
    table.add_column("says", no_wrap=True, overflow="ellipsis", width=says_width)
    for finding in report.behaviours:
        style = STYLES[finding.verdict]
        table.add_row(
            f"[{style}]{finding.summary}[/]",
            finding.id.partition(".")[2],
            escape(_sentence(finding)),
        )
    return table


def _rest_width(width: int, used: int) -> int:
    """Return the width of the last of three columns."""
    return max(20, width - used - 4)


def _sentence(finding: BehaviourFinding) -> str:
    if finding.verdict is Verdict.KNOWN and finding.live is not None:
        return f"{finding.live.says} (documented: {finding.documented.says})"
    if finding.verdict is Verdict.NOT_SHOWN and finding.missing is not None:
        return f"{finding.documented.says} Needs {finding.missing.text}."
    return finding.documented.says


def _print_broken(finding: BehaviourFinding, console: Console) -> None:
    console.print(f"\n[bold red]broken[/] [bold]{finding.id}[/]: {escape(finding.documented.says)}")
    broken = [verdict for verdict in finding.by_operation if verdict.verdict is Verdict.BROKEN]
    for verdict in broken:
        console.print(f"  [bold]{escape(verdict.label)}[/] ({verdict.operation})", highlight=False)
        _print_failure(verdict.failure, verdict.note, console)
    if not broken:
        _print_failure(finding.failure, finding.note, console)


def _print_failure(failure: BehaviourFailure | None, note: str, console: Console) -> None:
    if note:
        console.print(f"  {escape(note)}")
    if failure is None:
        return
    if failure.what:
        console.print(f"  looked at  {escape(failure.what)}")
    if failure.expected:
        console.print(f"  expected   {escape(failure.expected)}")
    console.print(f"  seen       {escape(failure.seen)}")
    if failure.curl:
        console.print("  see again  ", end="")
        console.print(failure.curl, markup=False, highlight=False, soft_wrap=True)


def _operations(report: Report, width: int) -> Table:
    table = Table(title=f"\n{report.title}: schema", title_justify="left", box=None, pad_edge=False)
    table.add_column("verdict", no_wrap=True, width=_VERDICT_WIDTH)
    operation_width = max(len(finding.operation) for finding in report.operations)
    table.add_column("operation", no_wrap=True, width=operation_width)
    table.add_column(
        "checked",
        no_wrap=True,
        overflow="ellipsis",
        width=_rest_width(width, _VERDICT_WIDTH + operation_width),
    )
    for finding in report.operations:
        failing = ", ".join(dict.fromkeys(failure.check for failure in finding.failures))
        checked = failing or (
            finding.missing.text if finding.missing else f"{finding.cases} requests"
        )
        style = STYLES[finding.verdict]
        table.add_row(f"[{style}]{finding.verdict}[/]", escape(finding.operation), escape(checked))
    return table


def _print_operation(operation: OperationFinding, console: Console) -> None:
    for failure in operation.failures:
        if failure.excuse is not None:
            continue
        console.print(f"\n[bold red]broken[/] [bold]{escape(operation.operation)}[/]", end=": ")
        console.print(f"{failure.check}: {failure.title}", markup=False, highlight=False)
        for line in failure.message.splitlines():
            console.print(f"  {line}", markup=False, highlight=False)
        console.print("  see again  ", end="")
        console.print(failure.curl, markup=False, highlight=False, soft_wrap=True)


def _print_summary(report: Report, console: Console) -> None:
    console.print(f"\n[bold]{report.api}[/]: {_extent(report)} in {report.seconds:.1f} s")
    for layer, findings in (("behaviours", report.behaviours), ("operations", report.operations)):
        counts = Counter(finding.verdict for finding in findings)
        tally = ", ".join(
            f"[{STYLES[verdict]}]{counts[verdict]} {verdict}[/]"
            for verdict in Verdict
            if counts[verdict]
        )
        console.print(f"  {layer}: {tally or 'none was run'}")
    for record in report.remaining:
        console.print(f"  left there: {escape(record)}")
    if report.interrupted:
        console.print("[yellow]interrupted: what was not reached is not shown[/]")


def _extent(report: Report) -> str:
    """Return how much a run looked at: the requests it sent, or the exchanges of recordings."""
    if report.exchanges is not None:
        return f"{report.exchanges} recorded exchanges"
    limit = "" if report.max_requests is None else f" of {report.max_requests}"
    return f"{report.requests}{limit} requests"


def print_drift(differences: Sequence[Difference], console: Console) -> None:
    """Print the differences of two recordings, one line each."""
    if not differences:
        console.print("no differences")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("operation", "path", "left", "right", "note"):
        table.add_column(name, overflow="fold")
    for difference in differences:
        table.add_row(
            *(
                escape(part)
                for part in (
                    difference.operation,
                    difference.path,
                    difference.left,
                    difference.right,
                    difference.note,
                )
            )
        )
    console.print(table)
