"""Runs the suites of APIs against mutants, each in its own process."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from fake_server.cli.mutation.catalogue import mutant_named
from fake_server.mutation.mutant import Layer, Mutant, Profile

if TYPE_CHECKING:
    from fake_server.verify.run.run_report import Report


@dataclass(frozen=True, slots=True)
class Task:
    """A run to do, against a mutant or the unchanged fake.

    `cache`: a folder with the cache of the fake.
    """

    api: str
    profile: Profile
    mutant: str | None = None
    cache: str = ""


@dataclass(frozen=True, slots=True)
class MutantRun:
    """The result of a task.

    - `broken`: the first broken behaviour or operation; None if nothing is.
    - `layer`: the layer that shows it.
    - `failed`: why the run ended early; None if it did not.
    - `shapes`: the recording of a run in which nothing is broken.
    """

    task: Task
    broken: str | None
    layer: Layer | None
    failed: str | None
    seconds: float
    shapes: dict[str, Any]


def compare_shapes(run: MutantRun, sound: MutantRun) -> MutantRun:
    """Return the run of a mutant, broken if its recording differs from that of the sound fake."""
    from fake_server.verify.layers.drift import differences

    if run.broken or run.failed:
        return run
    shape_differences = differences(sound.shapes, run.shapes, [], datetime.now(UTC).date())
    if not shape_differences:
        return run
    difference = shape_differences[0]
    return replace(run, broken=f"{difference.operation}: {difference.path}", layer="shape")


class Runner:
    """Does each task in its own process, so that no mutant affects the next task."""

    def __init__(self, pool: Pool, cache: str) -> None:
        self._pool = pool
        self._cache = cache

    def run(self, tasks: Sequence[Task]) -> Iterator[MutantRun]:
        """Yield the run of each task as it ends."""
        ready = [replace(task, cache=self._cache) for task in tasks]
        yield from self._pool.imap_unordered(_run_with_cache, ready, chunksize=1)


@contextmanager
def runner(jobs: int) -> Iterator[Runner]:
    """Return a pool that runs `jobs` tasks at a time."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["fake_server.cli.mutation.preloaded"])
    # The server that forks finds modules by this variable only.
    path = os.pathsep.join(filter(None, sys.path))
    with (
        TemporaryDirectory(prefix="understudy-mutants-") as cache,
        patch.dict(os.environ, PYTHONPATH=path),
        context.Pool(jobs, maxtasksperchild=1) as pool,
    ):
        pool.apply(_fill_cache, (cache,))
        yield Runner(pool, cache)


def _fill_cache(cache: str) -> None:
    from fake_server.app import create_app

    with patch.dict(os.environ, FAKE_SERVER_CACHE=cache):
        create_app()


def _run_with_cache(task: Task) -> MutantRun:
    with TemporaryDirectory(prefix="understudy-mutant-") as folder:
        own_cache = Path(folder, "cache")
        if task.mutant is None or not mutant_named(task.mutant).stored:
            shutil.copytree(task.cache, own_cache)
        with patch.dict(os.environ, FAKE_SERVER_CACHE=str(own_cache)):
            return run(task)


def run(task: Task) -> MutantRun:
    """Do one task in this process."""
    from fake_server.errors import UserError

    began = perf_counter()
    mutant = mutant_named(task.mutant) if task.mutant else None
    try:
        report = _run_of_mutant(mutant) if mutant else _run_suite(task.api, task.profile)
    except UserError as error:
        return MutantRun(task, None, None, str(error), perf_counter() - began, {})
    broken, layer = _first_broken(report)
    shapes = {} if broken else report.shapes
    return MutantRun(task, broken, layer, report.failed, perf_counter() - began, shapes)


def _run_of_mutant(mutant: Mutant) -> "Report":
    """Return the report of a run against a mutant: likely behaviours first, then the suite."""
    with mutant.applied():
        if mutant.first_globs:
            report = _run_suite(mutant.api, mutant.profile, only=mutant.first_globs)
            if report.broken:
                return report
        return _run_suite(mutant.api, mutant.profile)


def _first_broken(report: "Report") -> tuple[str | None, Layer | None]:
    """Return the first broken behaviour, and the layer that shows it."""
    from fake_server.verify.layers.outcomes import Verdict

    for behaviour in report.behaviours:
        if behaviour.verdict is Verdict.BROKEN:
            return behaviour.id, "behaviour"
    for operation in report.operations:
        if operation.verdict is Verdict.BROKEN:
            return operation.operation, "schema"
    return None, None


def _run_suite(api: str, profile: Profile, only: tuple[str, ...] = ()) -> "Report":
    from fake_server.cli.verify.runs import documents, in_process_runs
    from fake_server.data_files.cache import cache_folder
    from fake_server.verify.run.run_options import RunOptions
    from fake_server.verify.run.suite import verify

    (suite_run,) = in_process_runs((api,), profile=profile)
    options = RunOptions(only=only, stop_at_failure=True, documents=documents, cache=cache_folder())
    return verify(suite_run, options)
