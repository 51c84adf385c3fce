"""`fake-server mutants`: whether the contract tests catch every mutant of the fake."""

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
from fake_server.cli.mutation.mutant_runner import MutantRun, Runner, Task, compare_shapes, runner
from fake_server.cli.verify.command import require_suite
from fake_server.mutation.edits import StaleEditError
from fake_server.mutation.mutant import Mutant
from fake_server.rest.remembering.middleware import CHECK_ANSWERS


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
    # A remembered answer must be the one that a mutant would give.
    os.environ.setdefault(CHECK_ANSWERS, "1")
    chosen_mutants = _chosen(names, apis or tuple(mutated_apis()))
    _require_fit(chosen_mutants)
    console = Console(width=None if sys.stdout.isatty() else 160)
    with runner(jobs) as running:
        sound = _require_sound(running, chosen_mutants)
        runs = [
            compare_shapes(run, sound[run.task.api, run.task.profile])
            for run in _with_progress(running, chosen_mutants)
        ]
    _print(runs, [mutant.full_name for mutant in chosen_mutants], console)
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


def _with_progress(running: Runner, chosen_mutants: Sequence[Mutant]) -> Iterator[MutantRun]:
    tasks = [Task(mutant.api, mutant.profile, mutant.full_name) for mutant in chosen_mutants]
    with click.progressbar(
        running.run(tasks), length=len(tasks), file=sys.stderr, label="mutants"
    ) as finished_runs:
        yield from finished_runs


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


def _require_fit(chosen_mutants: Sequence[Mutant]) -> None:
    """Exit if the product has changed and a mutant no longer fits it."""
    for mutant in chosen_mutants:
        try:
            mutant.edit.check()
        except StaleEditError as error:
            click.echo(f"mutants: {mutant.full_name} no longer fits: {error}", err=True)
            sys.exit(2)


def _require_sound(
    running: Runner, chosen_mutants: Sequence[Mutant]
) -> dict[tuple[str, str], MutantRun]:
    """Return the runs without a mutant; exit if anything is broken in them."""
    profiles = dict.fromkeys((mutant.api, mutant.profile) for mutant in chosen_mutants)
    sound_runs: dict[tuple[str, str], MutantRun] = {}
    for run in running.run([Task(api, profile) for api, profile in profiles]):
        if run.broken or run.failed:
            reason = run.failed or f"{run.broken} is broken"
            click.echo(
                f"mutants: {run.task.api}, {run.task.profile}, without a mutant: {reason}", err=True
            )
            sys.exit(2)
        sound_runs[run.task.api, run.task.profile] = run
    return sound_runs


def _print(runs: Sequence[MutantRun], names: Sequence[str], console: Console) -> None:
    table = Table("mutant", "profile", "layer", "seen by", "seconds", box=None, pad_edge=False)
    positions = {name: position for position, name in enumerate(names)}
    for run in sorted(runs, key=lambda run: positions[run.task.mutant or ""]):
        seen_by = run.broken or run.failed or "nobody"
        layer = run.layer or ""
        table.add_row(run.task.mutant, run.task.profile, layer, seen_by, f"{run.seconds:.1f}")
    console.print(table)
    layers = Counter(run.layer for run in runs if run.layer)
    tally = ", ".join(f"{number} by the {layer} layer" for layer, number in layers.most_common())
    console.print(f"\nseen: {tally or 'none'}", highlight=False)
