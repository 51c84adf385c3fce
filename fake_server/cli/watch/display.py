"""Shows the exchanges that a proxy checks while they come, on standard error."""

import sys
import threading
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from fake_server.cli.watch.captured import CapturedExchange
from fake_server.verify.api_files.operations_by_path import operation_of
from fake_server.verify.layers.outcomes import Verdict
from fake_server.verify.outcome_errors import brief
from fake_server.verify.recording.finding import Finding

_PLAIN_EVERY = 100
_OTHER = "other"
_WIDTH = 160


class Display:
    """A table that changes on a terminal; lines alone otherwise.

    Either has a line for each behaviour when it is first seen broken, and for each new reason why
    an exchange was not checked.
    """

    def __init__(self, api: str) -> None:
        self._api = api
        self._lock = threading.Lock()
        self._requests = 0
        self._statuses: dict[str, Counter[int]] = {}
        self._broken: dict[str, set[str]] = {}
        self._reported: set[tuple[str, str | None]] = set()
        width = None if sys.stderr.isatty() else _WIDTH
        self._console = Console(file=sys.stderr, width=width)
        self._live: Live | None = None
        if self._console.is_terminal:
            self._live = Live(
                get_renderable=self._table,
                console=self._console,
                refresh_per_second=4,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )

    def start(self) -> None:
        """Show the table."""
        if self._live is not None:
            self._live.start()

    def stop(self) -> None:
        """Remove the table, if it is shown."""
        if self._live is not None:
            self._live.stop()

    def on_checked(
        self, exchange: CapturedExchange, findings: Sequence[Finding], unchecked: str | None
    ) -> None:
        """Show an exchange."""
        operation = operation_of(self._api, exchange.method, exchange.target) or _OTHER
        broken = [
            new_finding
            for new_finding in findings
            if new_finding.verdict is Verdict.BROKEN and not new_finding.live
        ]
        with self._lock:
            self._requests += 1
            self._statuses.setdefault(operation, Counter())[exchange.status] += 1
            self._broken.setdefault(operation, set()).update(
                new_finding.behaviour for new_finding in broken
            )
        if unchecked is not None and self._is_new(unchecked, None):
            reason = f": {exchange.reason}" if exchange.reason else ""
            self._print(f"not checked: exchange {exchange.number}: {unchecked}{reason}")
        for finding in broken:
            if self._is_new(finding.behaviour, finding.operation):
                self._print(
                    f"broken {finding.behaviour}: {finding.what}: expected"
                    f" {brief(finding.expected)}, seen {brief(finding.seen)} ({finding.position})"
                )
        if self._live is None and self._requests % _PLAIN_EVERY == 0:
            self._print(f"{self._requests} exchanges, {len(self._reported)} lines above")

    def _is_new(self, what: str, operation: str | None) -> bool:
        is_new = (what, operation) not in self._reported
        self._reported.add((what, operation))
        return is_new

    def _print(self, text: str) -> None:
        line = "".join(character if character.isprintable() else " " for character in text)
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False)
        table.add_column("exchanges", justify="right")
        table.add_column("operation", no_wrap=True, overflow="ellipsis")
        table.add_column("answers", no_wrap=True)
        table.add_column("broken", overflow="ellipsis", no_wrap=True)
        with self._lock:
            for operation, statuses in sorted(self._statuses.items()):
                answers = ", ".join(
                    f"{status or 'none'}: {count}" for status, count in sorted(statuses.items())
                )
                broken = ", ".join(sorted(self._broken[operation]))
                table.add_row(
                    str(statuses.total()), escape(operation), answers, f"[bold red]{broken}[/]"
                )
            table.add_row(str(self._requests), "[bold]all[/]", "", "")
        return table
