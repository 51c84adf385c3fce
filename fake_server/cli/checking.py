"""`fake-server datasets`."""

from collections.abc import Iterable

import click

from fake_server.apis import load as load_apis
from fake_server.app import create_app
from fake_server.errors import UserError
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import Dataset, bundled, load


def check_datasets(names: Iterable[str]) -> int:
    """Check datasets by name or path, and print a line for each; the default is all bundled ones.

    Returns the exit status: 1 if a dataset has a mistake.
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
    """Return a dataset without mistakes; make its records unless they are kept on disk."""
    dataset = load(name)
    check(dataset)
    if not dataset.on_disk:
        # All APIs are named: an unnamed API with a mistake would be left out silently.
        create_app(name, apis=load_apis())
    return dataset
