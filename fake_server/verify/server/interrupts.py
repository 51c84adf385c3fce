"""The user's wish to end a run (Ctrl-C), heard between two requests and never within one."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self


class Interrupt:
    """Whether the user wants the run to end.

    What a server in this process does would otherwise be broken off midway, and look broken.
    """

    def __init__(self) -> None:
        self._heard = threading.Event()

    @property
    def heard(self) -> bool:
        """Whether it is so."""
        return self._heard.is_set()

    def check(self) -> None:
        """Raise `KeyboardInterrupt` if it is so."""
        if self.heard:
            raise KeyboardInterrupt

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until the user wants the run to end."""
        self._heard.wait(seconds)

    @contextmanager
    def listening(self) -> Iterator[Self]:
        """Listen while the block runs; a second interrupt raises `KeyboardInterrupt` at once."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        before = signal.getsignal(signal.SIGINT)

        def hear(number: int, frame: FrameType | None) -> None:
            signal.signal(signal.SIGINT, before)
            self._heard.set()

        signal.signal(signal.SIGINT, hear)
        try:
            yield self
        finally:
            signal.signal(signal.SIGINT, before)
