"""`fake-server openapi`."""

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.data_files.package_files import openapi_file
from fake_server.errors import DocumentError
from fake_server.world.profile import Profile

if TYPE_CHECKING:
    from fake_server.rest.documents.document_making import Describe
    from fake_server.rest.resources.dataset_section import Said

HEADER = "Made by fake-server openapi --write from frame.yaml and resources/: do not edit."
_OVERLAY_HEADER = (
    "Made by fake-server openapi --write from live.frame.yaml and resources/: do not edit."
)


def print_document(api: str, profile: str, *, as_yaml: bool) -> None:
    """Print the OpenAPI document of an API; raises `UserError` for an unknown API."""
    document = api_document(api, cast(Profile, profile))
    click.echo(_as_yaml(document) if as_yaml else json.dumps(document, indent=2), nl=not as_yaml)


def write_documents(api: str | None, *, only_check: bool) -> None:
    """Generate the files of an API, or of all, from its declarations; write the changed ones.

    With `only_check`, write nothing, and raise `UserError` for a file that is not current, and
    for declarations, resources and tables that contradict each other.
    """
    for name in [api] if api else [*registry.packages(), registry.CONTROL]:
        for path, text in _generated_files(name):
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            if only_check:
                raise DocumentError(
                    f"{path}: is not current; run fake-server openapi {name} --write"
                )
            path.write_text(text, encoding="utf-8")
            click.echo(f"wrote {path}")
        if only_check and name != registry.CONTROL:
            _require_agreement(name)


def _require_agreement(api: str) -> None:
    """Raise `UserError` where the declarations of an API contradict its resources or tables."""
    from fake_server.apis import load

    load([api])[api].definition.tables()


def _generated_files(api: str) -> list[tuple[Path, str]]:
    """Return the generated files of an API or of the control plane, each with its text.

    Raises `UserError` for a mistake in what they are generated from, and in a document that a
    person wrote.
    """
    from fake_server.rest.documents.document_making import (
        made_document,
        require_single_titles,
        written,
    )
    from fake_server.rest.documents.overlay import made_overlay
    from fake_server.rest.resources.dataset_section import made_dataset
    from fake_server.world.profile import live_quirks

    folder = registry.schemas_of(api)
    texts: list[tuple[str, str]] = []
    is_api = api != registry.CONTROL
    describe = _describe(registry.package(api).document) if is_api else None
    try:
        if (folder / "frame.yaml").is_file():
            document = made_document(folder, describe)
            require_single_titles(document, folder)
            texts.append(("openapi.yaml", written(document, HEADER)))
            overlay = made_overlay(folder, describe, live_quirks(api) if is_api else ())
            if overlay is not None:
                texts.append(("live.overlay.yaml", written(overlay, _OVERLAY_HEADER)))
        else:
            openapi_file(folder)
        dataset = made_dataset(folder, _section_by(describe))
        if dataset is not None:
            texts.append(("dataset.json", _as_json(dataset)))
    except ValueError as error:
        raise DocumentError(f"{folder}: {error}") from None
    return [(folder / name, text) for name, text in texts]


def _describe(reference: str) -> "Describe | None":
    """Return the maker of a resource's part of an API's document; None without a reference."""
    module, _, name = reference.partition(":")
    describe: Describe | None = getattr(import_module(module), name) if module else None
    return describe


def _section_by(describe: "Describe | None") -> "Said":
    return lambda *arguments: describe(*arguments).section if describe else None


def _as_json(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _as_yaml(document: dict[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100))
