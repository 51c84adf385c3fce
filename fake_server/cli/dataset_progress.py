"""The progress of the records of a large dataset, on standard error."""

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

_SECONDS_BEFORE_SHOWN = 1.0
_SECONDS_BETWEEN_LINES = 5.0


class Reporter:
    """Shows progress that takes longer than a second: a bar on a terminal, else lines.

    A reporter is a `fake_server.world.image_inputs.ImageProgress`.
    """

    def __init__(self) -> None:
        self._start_time = time.monotonic()
        self._last_line_time = self._start_time
        self._bar: Any = None
        self._ended = False
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Return the reporter."""
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the bar; nothing is shown from now on."""
        self._ended = True
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, label: str, done: int, total: int) -> None:
        """Show that `done` of `total` records called `label` are made."""
        now = time.monotonic()
        if self._ended or now - self._start_time < _SECONDS_BEFORE_SHOWN:
            return
        if sys.stderr.isatty():
            self._draw(label, done, total)
        elif now - self._last_line_time >= _SECONDS_BETWEEN_LINES:
            self._last_line_time = now
            click.echo(f"{label}: {done:,} of {total:,}", err=True)

    def _draw(self, label: str, done: int, total: int) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.start()
        if label not in self._tasks:
            self._tasks[label] = self._bar.add_task(label, total=total)
        self._bar.update(self._tasks[label], completed=done)
