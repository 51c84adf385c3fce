"""An interrupt by the user (Ctrl-C), which ends a run between two requests and never within one."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self


class Interrupt:
    """Whether the user interrupted the run.

    A server in this process would look broken if an interrupt ended one of its requests.
    """

    def __init__(self) -> None:
        self._requested = threading.Event()

    @property
    def requested(self) -> bool:
        """Whether the user interrupted the run."""
        return self._requested.is_set()

    def check(self) -> None:
        """Raise `KeyboardInterrupt` if the user interrupted the run."""
        if self.requested:
            raise KeyboardInterrupt

    def sleep(self, seconds: float) -> None:
        """Wait some seconds, or until the user interrupts the run."""
        self._requested.wait(seconds)

    @contextmanager
    def listening(self) -> Iterator[Self]:
        """Handle SIGINT while the block runs; a second one raises `KeyboardInterrupt` at once."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        before = signal.getsignal(signal.SIGINT)

        def note_request(number: int, frame: FrameType | None) -> None:
            signal.signal(signal.SIGINT, before)
            self._requested.set()

        signal.signal(signal.SIGINT, note_request)
        try:
            yield self
        finally:
            signal.signal(signal.SIGINT, before)
