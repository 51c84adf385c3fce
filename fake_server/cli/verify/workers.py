"""Runs the suites of several APIs at a time, and parts of a large one, each in its own process.

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
from typing import TYPE_CHECKING, Any, NamedTuple

from fake_server.data_files import registry
from fake_server.verify.errors import CouldNotRunError

if TYPE_CHECKING:
    from fake_server.verify.run.suite import Progress, Report

_LOOK_AGAIN = 0.2
"""Seconds after which processes are looked at that may have died without a word."""

_OPERATIONS = 64
"""An API with more operations is parted, as far as there are processors."""


class Part(NamedTuple):
    """A part of an API's suite: which, from 0, of how many."""

    api: str
    number: int = 0
    parts: int = 1


Work = Callable[[Part, "Progress"], "Report"]
"""Runs a part of an API's suite; must be found by name in a new process, as must what it holds."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a process says: how far it is, or what it found, or why it found nothing."""

    part: Part
    progress: tuple[str, int, int, str] | None = None
    report: Any = None
    mistake: str | None = None


def parts_of(api: str) -> list[Part]:
    """Return the parts in which an API's suite is run: one for each processor at most."""
    wanted = -(-_size(api) // _OPERATIONS)
    parts = max(1, min(wanted, os.cpu_count() or 1))
    return [Part(api, number, parts) for number in range(parts)]


def run_each(parts: Sequence[Part], work: Work, progress: "Progress") -> "dict[str, list[Report]]":
    """Return the reports of the parts of each API, in their order.

    An interrupt reaches each process, which then reports what was done; at a second one they are
    ended. Raises `CouldNotRunError` for what keeps one from running at all.
    """
    crew = _Crew(work, progress)
    try:
        found = crew.run(parts)
    finally:
        crew.end()
    by_api: dict[str, list[Report]] = {}
    for part in parts:
        if part in found:
            by_api.setdefault(part.api, []).append(found[part])
    return by_api


class _Crew:
    """As many processes as there are processors."""

    def __init__(self, work: Work, progress: "Progress") -> None:
        self._context = get_context("spawn")
        self._heard: Any = self._context.Queue()
        self._work = work
        self._progress = progress
        self._far: dict[str, dict[Part, tuple[int, int]]] = {}
        self._at_work: dict[Part, BaseProcess] = {}
        self._interrupted = False

    def run(self, parts: Sequence[Part]) -> "dict[Part, Report]":
        # The longest first, so that none is left alone at the end.
        waiting = sorted(parts, key=lambda part: _size(part.api) / part.parts, reverse=True)
        found: dict[Part, Report] = {}
        with self._interruptible():
            self._work_through(waiting, found)
        return found

    def _work_through(self, waiting: list[Part], found: "dict[Part, Report]") -> None:
        while waiting or self._at_work:
            while waiting and len(self._at_work) < (os.cpu_count() or 1) and not self._interrupted:
                self._start(waiting.pop(0))
            if self._interrupted and not self._at_work:
                break
            told = self._next()
            if told is not None:
                self._note(told, found)

    def _start(self, part: Part) -> None:
        process = self._context.Process(
            target=_run_one, args=(part, self._work, self._heard), daemon=True
        )
        process.start()
        self._at_work[part] = process

    def _next(self) -> _Told | None:
        try:
            told: _Told = self._heard.get(timeout=_LOOK_AGAIN)
        except Empty:
            self._require_alive()
            return None
        return told

    def _require_alive(self) -> None:
        for part, process in self._at_work.items():
            if not process.is_alive() and self._heard.empty():
                raise CouldNotRunError(
                    f"{part.api}: its process ended with status {process.exitcode}"
                )

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

    def _note(self, told: _Told, found: "dict[Part, Report]") -> None:
        if told.progress is not None:
            self._tell(told.part, *told.progress)
            return
        self._at_work.pop(told.part).join()
        if told.mistake is not None:
            raise CouldNotRunError(told.mistake)
        found[told.part] = told.report

    def _tell(self, part: Part, layer: str, done: int, total: int, what: str) -> None:
        """Say how far all parts of an API are together."""
        far = self._far.setdefault(layer, {})
        far[part] = (done, total)
        known = all(total for _, total in far.values())
        self._progress(
            layer,
            sum(done for done, _ in far.values()),
            sum(total for _, total in far.values()) if known else 0,
            what,
        )

    def end(self) -> None:
        for process in self._at_work.values():
            process.terminate()
            process.join()


def _size(api: str) -> int:
    """Return how many operations an API's document has."""
    return (registry.package(api).schemas / "openapi.yaml").read_bytes().count(b"operationId:")


def _run_one(part: Part, work: Work, heard: Any) -> None:
    """Do the work of one part in a new process."""
    from fake_server.world.errors import UserError

    # The terminal interrupts all processes of a group: here only the first does.
    if hasattr(os, "setpgrp"):
        os.setpgrp()

    def progress(layer: str, done: int, total: int, what: str) -> None:
        parent = parent_process()
        if parent is not None and not parent.is_alive():
            os._exit(1)
        heard.put(_Told(part, progress=(layer, done, total, what)))

    try:
        heard.put(_Told(part, report=work(part, progress)))
    except (CouldNotRunError, UserError) as mistake:
        heard.put(_Told(part, mistake=str(mistake)))
    except KeyboardInterrupt:
        heard.put(_Told(part, mistake=f"{part.api}: interrupted before it began"))
