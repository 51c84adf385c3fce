"""Runs API's suites against mutants, each in a process of its own."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from unittest.mock import patch

from mutants.catalogue import MUTANTS
from mutants.mutant import Mutant, Profile


@dataclass(frozen=True, slots=True)
class Task:
    """A run to be done, of the fake as it is or of a mutant.

    `cache` is a folder with what the fake keeps from one start to the next.
    """

    api: str
    profile: Profile
    mutant: str | None = None
    cache: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a task: `broken` names what was, of a mutant the first; None if nothing.

    `failed` says why there was no whole run.
    """

    task: Task
    broken: str | None
    failed: str | None
    seconds: float


class Runner:
    """Does tasks in processes, each of which does one: nothing of a mutant is left for the next."""

    def __init__(self, pool: Pool, cache: str) -> None:
        self._pool = pool
        self._cache = cache

    def run(self, tasks: Sequence[Task]) -> Iterator[Run]:
        """Yield what becomes of each task, as it is done."""
        ready = [replace(task, cache=self._cache) for task in tasks]
        yield from self._pool.imap_unordered(_run, ready, chunksize=1)


@contextmanager
def runner(jobs: int) -> Iterator[Runner]:
    """Return what does `jobs` tasks at a time."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["mutants.preloaded"])
    # The server that forks finds modules by this variable alone.
    path = os.pathsep.join(filter(None, sys.path))
    with (
        TemporaryDirectory(prefix="understudy-mutants-") as cache,
        patch.dict(os.environ, PYTHONPATH=path),
        context.Pool(jobs, maxtasksperchild=1) as pool,
    ):
        pool.apply(_fill, (cache,))
        yield Runner(pool, cache)


def _fill(cache: str) -> None:
    from fake_server.app import create_app

    with patch.dict(os.environ, FAKE_SERVER_CACHE=cache):
        create_app()


def _run(task: Task) -> Run:
    with TemporaryDirectory(prefix="understudy-mutant-") as folder:
        own = Path(folder, "cache")
        if task.mutant is None or not MUTANTS[task.mutant].stored:
            shutil.copytree(task.cache, own)
        with patch.dict(os.environ, FAKE_SERVER_CACHE=str(own)):
            return run(task)


def run(task: Task) -> Run:
    """Do one task in this process."""
    began = perf_counter()
    mutant = MUTANTS[task.mutant] if task.mutant else None
    broken, failed = _seen(mutant) if mutant else _normal_run(task.api, task.profile)
    return Run(task, broken, failed, perf_counter() - began)


def _seen(mutant: Mutant) -> tuple[str | None, str | None]:
    """Return what sees a mutant: the likely behaviours first, then all, the schema layer last."""
    with mutant.made():
        broken, failed = _normal_run(mutant.api, mutant.profile, only=mutant.first)
        if broken:
            return broken, failed
        return _normal_run(mutant.api, mutant.profile)


def _normal_run(
    api: str, profile: Profile, only: tuple[str, ...] = ()
) -> tuple[str | None, str | None]:
    """Return what is broken first, and why the suite could not be run."""
    from fake_server.verify.outcomes import Verdict
    from fake_server.verify.suite import Options, verify
    from fake_server.verify_aims import aims_in_process, documents
    from fake_server.world.cache import cache_folder
    from fake_server.world.errors import UserError

    try:
        (aim,) = aims_in_process((api,), profile=profile)
    except UserError as error:
        return None, str(error)
    options = Options(only=only, stop_at_failure=True, documents=documents, cache=cache_folder())
    report = verify(aim, options)
    names = [one.id for one in report.behaviours if one.verdict is Verdict.BROKEN]
    names += [one.operation for one in report.operations if one.verdict is Verdict.BROKEN]
    return (names[0] if names else None), report.failed
