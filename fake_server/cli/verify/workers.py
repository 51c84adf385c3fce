"""Runs the suites of several APIs, and the parts of a large one, each in its own process.

Only a fake in process is tested so: the processes could not share the budget and pace of a server.
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
from fake_server.errors import UserError, VerificationError

if TYPE_CHECKING:
    from fake_server.verify.run.run_options import RunProgress
    from fake_server.verify.run.run_report import Report

_POLL_SECONDS = 0.2
"""Seconds between two checks whether a process has died."""

_OPERATIONS_PER_PART = 64
"""The suite of an API with more operations runs in parts, one for each processor at most."""


class SuitePart(NamedTuple):
    """A part of an API's suite: its number, from 0, and how many parts there are."""

    api: str
    number: int = 0
    parts: int = 1


PartRunner = Callable[[SuitePart, "RunProgress"], "Report"]
"""Runs a part of an API's suite. It is pickled for a new process."""


@dataclass(frozen=True, slots=True)
class _WorkerMessage:
    """A message of a process: its progress, or its report, or why it has none."""

    part: SuitePart
    progress: tuple[str, int, int, str] | None = None
    report: Any = None
    mistake: str | None = None


def parts_of(api: str) -> list[SuitePart]:
    """Return the parts in which an API's suite is run: one for each processor at most."""
    count = -(-_operation_count(api) // _OPERATIONS_PER_PART)
    parts = max(1, min(count, os.cpu_count() or 1))
    return [SuitePart(api, number, parts) for number in range(parts)]


def run_parts(
    parts: Sequence[SuitePart], work: PartRunner, progress: "RunProgress"
) -> "dict[str, list[Report]]":
    """Return the reports of the parts of each API, in their order.

    At an interrupt each process ends its run and reports it; at a second one the processes are
    killed. Raises `VerificationError` if a part cannot run.
    """
    pool = _WorkerPool(work, progress)
    try:
        reports = pool.run(parts)
    finally:
        pool.end()
    by_api: dict[str, list[Report]] = {}
    for part in parts:
        if part in reports:
            by_api.setdefault(part.api, []).append(reports[part])
    return by_api


class _WorkerPool:
    """Runs parts in processes, one for each processor at a time."""

    def __init__(self, work: PartRunner, progress: "RunProgress") -> None:
        self._context = get_context("spawn")
        self._queue: Any = self._context.Queue()
        self._work = work
        self._progress = progress
        self._progress_by_layer: dict[str, dict[SuitePart, tuple[int, int]]] = {}
        self._processes: dict[SuitePart, BaseProcess] = {}
        self._interrupted = False

    def run(self, parts: Sequence[SuitePart]) -> "dict[SuitePart, Report]":
        # The longest parts run first, so that no long one runs alone at the end.
        pending = sorted(
            parts, key=lambda part: _operation_count(part.api) / part.parts, reverse=True
        )
        reports: dict[SuitePart, Report] = {}
        with self._interruptible():
            self._work_through(pending, reports)
        return reports

    def _work_through(self, pending: list[SuitePart], reports: "dict[SuitePart, Report]") -> None:
        while pending or self._processes:
            while (
                pending and len(self._processes) < (os.cpu_count() or 1) and not self._interrupted
            ):
                self._start(pending.pop(0))
            if self._interrupted and not self._processes:
                break
            message = self._next_message()
            if message is not None:
                self._receive(message, reports)

    def _start(self, part: SuitePart) -> None:
        process = self._context.Process(
            target=_run_part, args=(part, self._work, self._queue), daemon=True
        )
        process.start()
        self._processes[part] = process

    def _next_message(self) -> _WorkerMessage | None:
        try:
            message: _WorkerMessage = self._queue.get(timeout=_POLL_SECONDS)
        except Empty:
            self._require_alive()
            return None
        return message

    def _require_alive(self) -> None:
        for part, process in self._processes.items():
            if not process.is_alive() and self._queue.empty():
                raise VerificationError(
                    f"{part.api}: its process ended with status {process.exitcode}"
                )

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Pass the user's first interrupt to the processes; raise at the second."""
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
        for process in self._processes.values():
            with suppress(ProcessLookupError):
                os.kill(process.pid or 0, signal.SIGINT)

    def _receive(self, message: _WorkerMessage, reports: "dict[SuitePart, Report]") -> None:
        if message.progress is not None:
            self._report_progress(message.part, *message.progress)
            return
        self._processes.pop(message.part).join()
        if message.mistake is not None:
            raise VerificationError(message.mistake)
        reports[message.part] = message.report

    def _report_progress(
        self, part: SuitePart, layer: str, done: int, total: int, step: str
    ) -> None:
        """Report the progress of all parts of an API together."""
        progress_by_part = self._progress_by_layer.setdefault(layer, {})
        progress_by_part[part] = (done, total)
        is_countable = all(total for _, total in progress_by_part.values())
        self._progress(
            layer,
            sum(done for done, _ in progress_by_part.values()),
            sum(total for _, total in progress_by_part.values()) if is_countable else 0,
            step,
        )

    def end(self) -> None:
        for process in self._processes.values():
            process.terminate()
            process.join()


def _operation_count(api: str) -> int:
    """Return how many operations an API's document has."""
    return (registry.package(api).schemas / "openapi.yaml").read_bytes().count(b"operationId:")


def _run_part(part: SuitePart, work: PartRunner, queue: Any) -> None:
    """Run one part; the target of a new process."""
    # The terminal interrupts all processes of a group. The first process passes interrupts on.
    if hasattr(os, "setpgrp"):
        os.setpgrp()

    def progress(layer: str, done: int, total: int, step: str) -> None:
        parent = parent_process()
        if parent is not None and not parent.is_alive():
            os._exit(1)
        queue.put(_WorkerMessage(part, progress=(layer, done, total, step)))

    try:
        queue.put(_WorkerMessage(part, report=work(part, progress)))
    except UserError as mistake:
        queue.put(_WorkerMessage(part, mistake=str(mistake)))
    except KeyboardInterrupt:
        queue.put(_WorkerMessage(part, mistake=f"{part.api}: interrupted before it began"))
