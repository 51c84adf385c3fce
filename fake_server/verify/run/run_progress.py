"""Shows the progress of a run on standard error."""

import sys
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

_PLAIN_EVERY = 25


class ProgressBar:
    """A bar on a terminal, else a line now and then."""

    def __init__(self) -> None:
        self._console = Console(file=sys.stderr)
        self._bar: Progress | None = None
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.fields[layer]}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("[dim]{task.description}"),
                console=self._console,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Start the bar."""
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()

    def announce(self, text: str) -> None:
        """Print a line above the bar."""
        self._console.print(text, highlight=False, soft_wrap=True)

    def __call__(self, layer: str, done: int, total: int, step: str) -> None:
        """Show that `done` of `total` steps of a layer (0: unknown) are done, and the next step."""
        if self._bar is None:
            if done % _PLAIN_EVERY == 0:
                count = f"{done} of {total}" if total else str(done)
                print(f"{layer}: {count}", file=self._console.file, flush=True)
            return
        if layer not in self._tasks:
            self._tasks[layer] = self._bar.add_task(step, total=total or None, layer=layer)
        self._bar.update(self._tasks[layer], completed=done, total=total or None, description=step)
