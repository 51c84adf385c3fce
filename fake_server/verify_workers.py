"""Runs the suites of several APIs at a time, each in a process of its own.

Only for the fake in process: a server elsewhere has one budget and one pace to keep.
"""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from queue import Empty
from types import FrameType
from typing import TYPE_CHECKING, Any

from fake_server.data_files import registry
from fake_server.verify.errors import CouldNotRunError

if TYPE_CHECKING:
    from fake_server.verify.suite import Progress, Report

_LOOK_AGAIN = 0.2
"""Seconds after which processes are looked at that may have died without a word."""

Work = Callable[[str, "Progress"], "Report"]
"""Runs one API's suite; must be found by name in a new process, as must what it holds."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a process says: how far it is, or what it found, or why it found nothing."""

    api: str
    progress: tuple[str, int, int, str] | None = None
    report: Any = None
    mistake: str | None = None


def run_each(apis: Sequence[str], work: Work, progress: "Progress") -> "list[Report]":
    """Return the report of each API, in their order.

    An interrupt reaches each process, which then reports what was done; at a second one they are
    ended. Raises `CouldNotRunError` for what keeps one from running at all.
    """
    crew = _Crew(work, progress)
    try:
        return crew.run(apis)
    finally:
        crew.end()


class _Crew:
    """As many processes as there are processors."""

    def __init__(self, work: Work, progress: "Progress") -> None:
        self._context = get_context("spawn")
        self._heard: Any = self._context.Queue()
        self._work = work
        self._progress = progress
        self._at_work: dict[str, BaseProcess] = {}
        self._interrupted = False

    def run(self, apis: Sequence[str]) -> "list[Report]":
        # The longest first, so that none is left alone at the end.
        waiting = sorted(apis, key=_size, reverse=True)
        found: dict[str, Report] = {}
        with self._interruptible():
            self._work_through(waiting, found)
        return [found[api] for api in apis if api in found]

    def _work_through(self, waiting: list[str], found: "dict[str, Report]") -> None:
        while waiting or self._at_work:
            while waiting and len(self._at_work) < (os.cpu_count() or 1) and not self._interrupted:
                self._start(waiting.pop(0))
            if self._interrupted and not self._at_work:
                break
            told = self._next()
            if told is not None:
                self._note(told, found)

    def _start(self, api: str) -> None:
        process = self._context.Process(
            target=_run_one, args=(api, self._work, self._heard), daemon=True
        )
        process.start()
        self._at_work[api] = process

    def _next(self) -> _Told | None:
        try:
            told: _Told = self._heard.get(timeout=_LOOK_AGAIN)
        except Empty:
            self._require_alive()
            return None
        return told

    def _require_alive(self) -> None:
        for api, process in self._at_work.items():
            if not process.is_alive() and self._heard.empty():
                raise CouldNotRunError(f"{api}: its process ended with status {process.exitcode}")

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Pass on the user's first interrupt, and break off at the second."""
        before = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, self._interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._interrupted:
            raise KeyboardInterrupt
        self._interrupted = True
        for process in self._at_work.values():
            with suppress(ProcessLookupError):
                os.kill(process.pid or 0, signal.SIGINT)

    def _note(self, told: _Told, found: "dict[str, Report]") -> None:
        if told.progress is not None:
            self._progress(*told.progress)
            return
        self._at_work.pop(told.api).join()
        if told.mistake is not None:
            raise CouldNotRunError(told.mistake)
        found[told.api] = told.report

    def end(self) -> None:
        for process in self._at_work.values():
            process.terminate()
            process.join()


def _size(api: str) -> int:
    return (registry.package(api).schemas / "behaviours.yaml").stat().st_size


def _run_one(api: str, work: Work, heard: Any) -> None:
    """Do one API's work in a new process."""
    from fake_server.world.errors import UserError

    # The terminal interrupts all processes of a group: here only the first does.
    if hasattr(os, "setpgrp"):
        os.setpgrp()

    def progress(layer: str, done: int, total: int, what: str) -> None:
        parent = parent_process()
        if parent is not None and not parent.is_alive():
            os._exit(1)
        heard.put(_Told(api, progress=(layer, done, total, what)))

    try:
        heard.put(_Told(api, report=work(api, progress)))
    except (CouldNotRunError, UserError) as mistake:
        heard.put(_Told(api, mistake=str(mistake)))
    except KeyboardInterrupt:
        heard.put(_Told(api, mistake=f"{api}: interrupted before it began"))
