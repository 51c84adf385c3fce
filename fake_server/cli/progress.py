"""How far the making of a large dataset is, on standard error."""

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

_PATIENCE = 1.0
_PLAIN_EVERY = 5.0


class Reporter:
    """Shows progress that takes longer than a second: a bar on a terminal, else lines.

    It is called as `fake_server.world.image_inputs.ImageProgress`.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._said = self._began
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, label: str, done: int, total: int) -> None:
        """Show that `done` of `total` records called `label` are made."""
        at = time.monotonic()
        if at - self._began < _PATIENCE:
            return
        if sys.stderr.isatty():
            self._draw(label, done, total)
        elif at - self._said >= _PLAIN_EVERY:
            self._said = at
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
