"""Runs the suites of APIs against mutants, each run in a process of its own."""

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
    from fake_server.verify.run.suite import Report


@dataclass(frozen=True, slots=True)
class Task:
    """A run to do, of the fake or of a mutant.

    `cache`: the folder with the cache of the fake.
    """

    api: str
    profile: Profile
    mutant: str | None = None
    cache: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """The outcome of a task.

    - `broken`: the name of the first broken behaviour or operation; None: nothing is broken.
    - `layer`: the layer that saw the break.
    - `failed`: the reason why a run is incomplete.
    - `shapes`: the recorded shapes of a run in which nothing is broken.
    """

    task: Task
    broken: str | None
    layer: Layer | None
    failed: str | None
    seconds: float
    shapes: dict[str, Any]


def compared(run: Run, baseline: Run) -> Run:
    """Return the outcome of a mutant, from its shapes and those of the fake without a mutant."""
    from fake_server.verify.layers.drift import differences

    if run.broken or run.failed:
        return run
    changes = differences(baseline.shapes, run.shapes, [], datetime.now(UTC).date())
    if not changes:
        return run
    first = changes[0]
    return replace(run, broken=f"{first.operation}: {first.path}", layer="shape")


class Runner:
    """Does each task in a new process: no mutant is left for the next task."""

    def __init__(self, pool: Pool, cache: str) -> None:
        self._pool = pool
        self._cache = cache

    def run(self, tasks: Sequence[Task]) -> Iterator[Run]:
        """Yield the outcome of each task when the task is done."""
        ready = [replace(task, cache=self._cache) for task in tasks]
        yield from self._pool.imap_unordered(_run, ready, chunksize=1)


@contextmanager
def runner(jobs: int) -> Iterator[Runner]:
    """Yield a runner of `jobs` tasks at a time."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["fake_server.cli.mutation.preloaded"])
    # The fork server finds modules by PYTHONPATH alone.
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


def _run(task: Task) -> Run:
    with TemporaryDirectory(prefix="understudy-mutant-") as folder:
        own_cache = Path(folder, "cache")
        if task.mutant is None or not mutant_named(task.mutant).stored:
            shutil.copytree(task.cache, own_cache)
        with patch.dict(os.environ, FAKE_SERVER_CACHE=str(own_cache)):
            return run(task)


def run(task: Task) -> Run:
    """Do one task in this process."""
    from fake_server.world.errors import UserError

    start = perf_counter()
    mutant = mutant_named(task.mutant) if task.mutant else None
    try:
        report = _catch(mutant) if mutant else _normal_run(task.api, task.profile)
    except UserError as error:
        return Run(task, None, None, str(error), perf_counter() - start, {})
    broken, layer = _broken(report)
    shapes = {} if broken else report.shapes
    return Run(task, broken, layer, report.failed, perf_counter() - start, shapes)


def _catch(mutant: Mutant) -> "Report":
    """Return the report of the first layer that catches a mutant; likely behaviours run first."""
    with mutant.made():
        if mutant.first:
            report = _normal_run(mutant.api, mutant.profile, only=mutant.first)
            if report.broken:
                return report
        return _normal_run(mutant.api, mutant.profile)


def _broken(report: "Report") -> tuple[str | None, Layer | None]:
    """Return the first broken behaviour, and the layer that shows it."""
    from fake_server.verify.layers.outcomes import Verdict

    for behaviour in report.behaviours:
        if behaviour.verdict is Verdict.BROKEN:
            return behaviour.id, "behaviour"
    for operation in report.operations:
        if operation.verdict is Verdict.BROKEN:
            return operation.operation, "schema"
    return None, None


def _normal_run(api: str, profile: Profile, only: tuple[str, ...] = ()) -> "Report":
    from fake_server.cli.verify.runs import aims_in_process, documents
    from fake_server.data_files.cache import cache_folder
    from fake_server.verify.run.suite import Options, verify

    (aim,) = aims_in_process((api,), profile=profile)
    options = Options(only=only, stop_at_failure=True, documents=documents, cache=cache_folder())
    return verify(aim, options)
