"""`fake-server mutants`: contract tests against small defects of the fake."""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from time import perf_counter

import click
from rich.console import Console
from rich.table import Table

from fake_server.cli.mutation.catalogue import apis as mutated_apis
from fake_server.cli.mutation.catalogue import mutant_named, mutants_of
from fake_server.cli.mutation.runner import Run, Runner, Task, compared, runner
from fake_server.cli.verify.command import require_suite
from fake_server.mutation.mutant import Mutant
from fake_server.mutation.slips import StaleError


@click.command()
@click.argument("apis", nargs=-1, metavar="[API]...")
@click.option(
    "--only", "names", multiple=True, metavar="GLOB", help="Only mutants such as '*.next-loops'."
)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Runs at a time.")
def mutants(apis: tuple[str, ...], names: tuple[str, ...], jobs: int) -> None:
    """Run each API's contract tests against small defects of its fake.

    Status 0: every mutant was caught; 1: some survived; 2: the suite is broken as it is.
    """
    began = perf_counter()
    require_suite()
    chosen = _chosen(names, apis or tuple(mutated_apis()))
    _require_current(chosen)
    console = Console(width=None if sys.stdout.isatty() else 160)
    with runner(jobs) as workers:
        baseline = _require_baseline(workers, chosen)
        runs = [
            compared(run, baseline[run.task.api, run.task.profile])
            for run in _runs_with_progress(workers, chosen)
        ]
    _show(runs, [mutant.full_name for mutant in chosen], console)
    survivors = [mutant_named(run.task.mutant or "") for run in runs if not run.broken]
    caught = len(runs) - len(survivors)
    seconds = perf_counter() - began
    console.print()
    for mutant in survivors:
        console.print(f"survived: {mutant.full_name}: {mutant.says}", highlight=False)
    console.print(
        f"{caught} of {len(runs)} mutants caught, {100 * caught // len(runs)} %", end=", "
    )
    console.print(f"in {seconds:.0f} s")
    sys.exit(1 if survivors else 0)


def _runs_with_progress(workers: Runner, chosen: Sequence[Mutant]) -> Iterator[Run]:
    tasks = [Task(mutant.api, mutant.profile, mutant.full_name) for mutant in chosen]
    with click.progressbar(
        workers.run(tasks), length=len(tasks), file=sys.stderr, label="mutants"
    ) as progress:
        yield from progress


def _chosen(names: Sequence[str], apis: Sequence[str]) -> list[Mutant]:
    chosen = [
        mutant
        for api in apis
        for mutant in mutants_of(api).values()
        if not names or any(fnmatchcase(mutant.full_name, name) for name in names)
    ]
    if not chosen:
        raise click.UsageError("there is no such mutant")
    return chosen


def _require_current(chosen: Sequence[Mutant]) -> None:
    """Exit if a mutant no longer fits the code that it changes."""
    for mutant in chosen:
        try:
            mutant.slip.check()
        except StaleError as error:
            click.echo(f"mutants: {mutant.full_name} no longer fits: {error}", err=True)
            sys.exit(2)


def _require_baseline(workers: Runner, chosen: Sequence[Mutant]) -> dict[tuple[str, str], Run]:
    """Return the runs without a mutant; exit if a test fails in one."""
    profiles = dict.fromkeys((mutant.api, mutant.profile) for mutant in chosen)
    runs: dict[tuple[str, str], Run] = {}
    for run in workers.run([Task(api, profile) for api, profile in profiles]):
        if run.broken or run.failed:
            reason = run.failed or f"{run.broken} is broken"
            click.echo(
                f"mutants: {run.task.api}, {run.task.profile}, without a mutant: {reason}", err=True
            )
            sys.exit(2)
        runs[run.task.api, run.task.profile] = run
    return runs


def _show(runs: Sequence[Run], names: Sequence[str], console: Console) -> None:
    table = Table("mutant", "profile", "layer", "seen by", "seconds", box=None, pad_edge=False)
    positions = {name: position for position, name in enumerate(names)}
    for run in sorted(runs, key=lambda run: positions[run.task.mutant or ""]):
        seen_by = run.broken or run.failed or "nobody"
        layer = run.layer or ""
        table.add_row(run.task.mutant, run.task.profile, layer, seen_by, f"{run.seconds:.1f}")
    console.print(table)
    layers = Counter(run.layer for run in runs if run.layer)
    counts = ", ".join(f"{number} by the {layer} layer" for layer, number in layers.most_common())
    console.print(f"\nseen: {counts or 'none'}", highlight=False)
