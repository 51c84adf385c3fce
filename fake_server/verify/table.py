"""The report as a table on a terminal, and what stands below it."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from fake_server.verify.outcomes import Finding, Verdict
from fake_server.verify.suite import Report

STYLES = {
    Verdict.HELD: "green",
    Verdict.BROKEN: "bold red",
    Verdict.KNOWN: "yellow",
    Verdict.GONE: "magenta",
    Verdict.NOT_SHOWN: "dim",
}


def show(reports: Sequence[Report], console: Console) -> None:
    """Print the table of each API, one line a behaviour, then what is broken and the counts."""
    for report in reports:
        if report.behaviours:
            console.print(_table(report))
    for report in reports:
        for finding in report.behaviours:
            if finding.verdict is Verdict.BROKEN:
                _tell(finding, console)
    for report in reports:
        _summary(report, console)


def _table(report: Report) -> Table:
    table = Table(
        title=f"{report.title}: behaviours ({report.profile} profile, {report.target})",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    table.add_column("verdict", no_wrap=True)
    table.add_column("behaviour", no_wrap=True)
    table.add_column("says", no_wrap=True, overflow="ellipsis", ratio=1)
    for finding in report.behaviours:
        style = STYLES[finding.verdict]
        table.add_row(
            f"[{style}]{finding.verdict}[/]", finding.id.partition(".")[2], escape(_says(finding))
        )
    return table


def _says(finding: Finding) -> str:
    if finding.verdict is Verdict.KNOWN and finding.live is not None:
        return f"{finding.live.says} (documented: {finding.documented.says})"
    if finding.verdict is Verdict.NOT_SHOWN and finding.missing is not None:
        return f"{finding.documented.says} Needs {finding.missing.text}."
    return finding.documented.says


def _tell(finding: Finding, console: Console) -> None:
    console.print(f"\n[bold red]broken[/] [bold]{finding.id}[/]: {escape(finding.documented.says)}")
    if finding.note:
        console.print(f"  {escape(finding.note)}")
    if finding.failure is None:
        return
    if finding.failure.what:
        console.print(f"  looked at  {escape(finding.failure.what)}")
    if finding.failure.expected:
        console.print(f"  expected   {escape(finding.failure.expected)}")
    console.print(f"  seen       {escape(finding.failure.seen)}")
    if finding.failure.curl:
        console.print("  see again  ", end="")
        console.print(finding.failure.curl, markup=False, highlight=False, soft_wrap=True)


def _summary(report: Report, console: Console) -> None:
    counts = Counter(finding.verdict for finding in report.behaviours)
    said = ", ".join(
        f"[{STYLES[verdict]}]{counts[verdict]} {verdict}[/]"
        for verdict in Verdict
        if counts[verdict]
    )
    limit = "" if report.max_requests is None else f" of {report.max_requests}"
    console.print(
        f"[bold]{report.api}[/]: {said or 'nothing was run'};"
        f" {report.requests}{limit} requests in {report.seconds:.1f} s"
    )
    if report.interrupted:
        console.print("[yellow]interrupted: what was not reached is not shown[/]")
