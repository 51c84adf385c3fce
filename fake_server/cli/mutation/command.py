"""`fake-server mutants`: whether the contract tests see every small defect of the fake."""

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
    _require_fit(chosen)
    console = Console(width=None if sys.stdout.isatty() else 160)
    with runner(jobs) as running:
        sound = _require_sound(running, chosen)
        runs = [
            compared(run, sound[run.task.api, run.task.profile])
            for run in _with_progress(running, chosen)
        ]
    _show(runs, [mutant.full_name for mutant in chosen], console)
    survivors = [mutant_named(run.task.mutant or "") for run in runs if not run.broken]
    caught = len(runs) - len(survivors)
    seconds = perf_counter() - began
    console.print()
    for one in survivors:
        console.print(f"survived: {one.full_name}: {one.says}", highlight=False)
    console.print(
        f"{caught} of {len(runs)} mutants caught, {100 * caught // len(runs)} %", end=", "
    )
    console.print(f"in {seconds:.0f} s")
    sys.exit(1 if survivors else 0)


def _with_progress(running: Runner, chosen: Sequence[Mutant]) -> Iterator[Run]:
    tasks = [Task(one.api, one.profile, one.full_name) for one in chosen]
    with click.progressbar(
        running.run(tasks), length=len(tasks), file=sys.stderr, label="mutants"
    ) as done:
        yield from done


def _chosen(names: Sequence[str], apis: Sequence[str]) -> list[Mutant]:
    chosen = [
        one
        for api in apis
        for one in mutants_of(api).values()
        if not names or any(fnmatchcase(one.full_name, name) for name in names)
    ]
    if not chosen:
        raise click.UsageError("there is no such mutant")
    return chosen


def _require_fit(chosen: Sequence[Mutant]) -> None:
    """Exit if the product has changed where a mutant changes it."""
    for one in chosen:
        try:
            one.slip.check()
        except StaleError as error:
            click.echo(f"mutants: {one.full_name} no longer fits: {error}", err=True)
            sys.exit(2)


def _require_sound(running: Runner, chosen: Sequence[Mutant]) -> dict[tuple[str, str], Run]:
    """Exit unless nothing is broken where there is no mutant; return these runs."""
    profiles = dict.fromkeys((one.api, one.profile) for one in chosen)
    found: dict[tuple[str, str], Run] = {}
    for run in running.run([Task(api, profile) for api, profile in profiles]):
        if run.broken or run.failed:
            what = run.failed or f"{run.broken} is broken"
            click.echo(
                f"mutants: {run.task.api}, {run.task.profile}, without a mutant: {what}", err=True
            )
            sys.exit(2)
        found[run.task.api, run.task.profile] = run
    return found


def _show(runs: Sequence[Run], names: Sequence[str], console: Console) -> None:
    table = Table("mutant", "profile", "layer", "seen by", "seconds", box=None, pad_edge=False)
    places = {name: place for place, name in enumerate(names)}
    for run in sorted(runs, key=lambda run: places[run.task.mutant or ""]):
        seen = run.broken or run.failed or "nobody"
        layer = run.layer or ""
        table.add_row(run.task.mutant, run.task.profile, layer, seen, f"{run.seconds:.1f}")
    console.print(table)
    layers = Counter(run.layer for run in runs if run.layer)
    told = ", ".join(f"{number} by the {layer} layer" for layer, number in layers.most_common())
    console.print(f"\nseen: {told or 'none'}", highlight=False)
