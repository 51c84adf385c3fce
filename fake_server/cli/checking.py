"""`fake-server datasets`."""

from collections.abc import Iterable

import click

from fake_server.apis import load as load_apis
from fake_server.app import create_app
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import Dataset, bundled, load
from fake_server.world.errors import UserError


def check_datasets(names: Iterable[str]) -> int:
    """Check datasets by name or path, without any the bundled ones, and print a line for each.

    Returns the exit status: 1 if one of them has a mistake.
    """
    dataset_names = list(names) or [path.stem for path in bundled()]
    width = max(map(len, dataset_names))
    failures = 0
    for name in dataset_names:
        try:
            dataset = _checked_dataset(name)
        except UserError as error:
            failures += 1
            click.echo(str(error))
        else:
            sections = f"({', '.join(sorted(dataset.sections))})" if dataset.sections else ""
            click.echo(f"{name:{width}}  ok  {dataset.description} {sections}".rstrip())
    return 1 if failures else 0


def _checked_dataset(name: str) -> Dataset:
    """Return a dataset after making its records, but for those too many to make for a check."""
    dataset = load(name)
    check(dataset)
    if not dataset.on_disk:
        # Each is named: one whose records cannot be made is a mistake, not left out.
        create_app(name, apis=load_apis())
    return dataset
