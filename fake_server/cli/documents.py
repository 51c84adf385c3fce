"""`fake-server openapi`."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import click

from fake_server.data_files import registry
from fake_server.errors import UserError
from fake_server.rest.bundle import bundled
from fake_server.world.profile import Profile

_HEADER = "Made by fake-server openapi --write from frame.yaml and resources/: do not edit."


def print_document(api: str, profile: str, *, as_yaml: bool) -> None:
    """Print the OpenAPI document of an API; raises `UserError` for an API that is none."""
    registry.package(api)
    document = bundled(api, cast(Profile, profile))
    click.echo(_as_yaml(document) if as_yaml else json.dumps(document, indent=2), nl=not as_yaml)


def write_documents(api: str | None, *, only_check: bool) -> None:
    """Make the files of an API, or of all, that follow from others; write those that changed.

    With `only_check`, nothing is written: raises `UserError` for a file that is not current.
    """
    for name in [api] if api else registry.packages():
        for path, text in _made(name):
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            if only_check:
                raise UserError(f"{path}: is not current; run fake-server openapi {name} --write")
            path.write_text(text, encoding="utf-8")
            click.echo(f"wrote {path}")


def _made(api: str) -> list[tuple[Path, str]]:
    """Return the files that are made for an API, and what should stand in them."""
    from fake_server.rest.documents.making import made_document, written
    from fake_server.rest.resources.dataset import made_dataset

    package = registry.package(api)
    made: list[tuple[Path, str]] = []
    try:
        if (package.schemas / "frame.yaml").is_file():
            module, _, name = package.document.partition(":")
            document = made_document(package.schemas, getattr(import_module(module), name))
            made.append((package.schemas / "openapi.yaml", written(document, _HEADER)))
        dataset = made_dataset(package.schemas)
    except ValueError as error:
        raise UserError(f"{package.schemas}: {error}") from None
    if dataset is not None:
        text = json.dumps(dataset, indent=2, ensure_ascii=False) + "\n"
        made.append((package.schemas / "dataset.json", text))
    return made


def _as_yaml(document: dict[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100))
