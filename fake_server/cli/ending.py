"""How `serve` ends at a signal, and which of its files are removed then."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Ending:
    """Handles SIGINT, SIGTERM and SIGHUP in the same way, from its making on.

    - The first signal calls `stop`. Until another function is set, `stop` exits with status 0.
    - The next signal does not wait for the end: it calls the functions of `removals` and kills the
      process. Each function removes files, and may be called at any time and again.

    A SIGHUP that the process ignores from its start on stays ignored, as `nohup` means it.
    """

    def __init__(self) -> None:
        self.received = False
        self.stop: Callable[[], object] = _exit
        self.removals: list[Callable[[], object]] = []
        self._numbers = [number for name in _NAMES if (number := _handled(name)) is not None]
        for number in self._numbers:
            signal.signal(number, self._end)

    def _end(self, number: int, frame: FrameType | None) -> None:
        if self.received:
            self._kill(number)
        self.received = True
        self.stop()

    def _kill(self, number: int) -> None:
        for other in self._numbers:
            signal.signal(other, signal.SIG_IGN)
        for remove in self.removals:
            with suppress(OSError):
                remove()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def _exit() -> None:
    sys.exit(0)


def _handled(name: str) -> signal.Signals | None:
    """Return the signal of a name; None where there is none, or where it stays ignored."""
    number: signal.Signals | None = getattr(signal, name, None)
    if number is None or (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):
        return None
    return number
