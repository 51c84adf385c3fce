"""The table of a report, as a terminal shows it."""

from io import StringIO

from rich.console import Console

from fake_server.verify.report.table import print_reports
from fake_server.verify.run.run_report import Report


def table_of(report: Report) -> str:
    """Return the printed table of a report."""
    output = StringIO()
    print_reports([report], Console(file=output, width=160))
    return output.getvalue()
