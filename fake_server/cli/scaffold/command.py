"""The work of `fake-server new-api`."""

import re
from pathlib import Path
from typing import Any

import click

from fake_server.cli.scaffold import package
from fake_server.cli.scaffold.contracts import HELPERS, contract
from fake_server.cli.scaffold.credential_forms import access_of
from fake_server.cli.scaffold.credential_parameters import without_credentials
from fake_server.cli.scaffold.declarations import dataset_frame, declared, fixtures, frame
from fake_server.cli.scaffold.guessed_resources import ResourceGuess, guessed
from fake_server.cli.scaffold.mending import mended
from fake_server.cli.scaffold.source import Source, read_source
from fake_server.cli.scaffold.target_file import probe, target
from fake_server.cli.scaffold.unserved_operations import not_served_file, without_xml
from fake_server.data_files import registry
from fake_server.errors import ScaffoldError

_NAME = re.compile("[a-z][a-z0-9]*")
_RESERVED = {"control", "description", "frozen", "now", "seed", "start", "storage"}
_PORT = 8042


def new_api(api: str, file: Path, into: Path | None) -> None:
    """Write the package of an API into a folder; raises `UserError` if it cannot be written."""
    _require_name(api)
    folder = into or Path(f"{api}-api")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ScaffoldError(f"{folder}: is there already; --into names another folder")
    source = read_source(file, api)
    served, unserved = without_xml(source.document)
    if not served["paths"]:
        raise ScaffoldError(f"{file}: paths: there is no operation to serve: all answer in XML")
    document, changes = mended(served)
    if unserved:
        changes.append(
            "Operations that answer in XML alone are not served; not_served.yaml lists them:"
            f" {package.first_names(unserved)}."
        )
    source = source._replace(document=document, notes=(*source.notes, *changes))
    files, todo = _files(api, source, file.name, folder)
    if unserved:
        files[f"{api}_api/data/schemas/not_served.yaml"] = package.as_yaml(
            not_served_file(unserved), "What the service has and the fake does not, by the reason."
        )
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _write_generated(folder / f"{api}_api" / "data" / "schemas")
    click.echo(f"wrote {folder}: pip install -e {folder}, then fake-server serve --api {api}")
    click.echo("What is left to do:")
    for item in todo:
        click.echo(f"- {item}")


def _require_name(api: str) -> None:
    if not _NAME.fullmatch(api) or api in _RESERVED:
        raise ScaffoldError(
            f"{api!r} is no name of an API: expected small letters and digits,"
            " and no word of datasets"
        )
    if api in registry.packages():
        raise ScaffoldError(f"{api}: there is an API of this name already")


def _files(api: str, source: Source, file: str, folder: Path) -> tuple[dict[str, str], list[str]]:
    access = access_of(source.document, api)
    document, changes = without_credentials(source.document, access)
    # A document that says nothing of security asks for no credentials.
    document = {"security": [], **document}
    source = source._replace(document=document)
    title = " ".join(str((document.get("info") or {}).get("title") or api).split())
    resources = guessed(document)
    suite = contract(document, api, resources, file)
    notes = [*source.notes, *access.notes, *changes]
    path = probe(resources)
    if path is None:
        notes.append(
            "No operation can be asked with a plain GET: name one with its query as probe in"
            " target.yaml, if there is any; fake-server verify asks it before all others."
        )
    example = path or document_path(resources)
    todo = package.todo(resources, suite.unshown, notes)
    package_name, data = f"{api}_api", f"{api}_api/data"
    schemas = f"{data}/schemas"
    files = {
        "pyproject.toml": package.pyproject(api, title),
        "README.md": package.readme(api, title, folder.name, todo),
        f"{package_name}/__init__.py": package._docstring(title) + "\n",
        f"{package_name}/server.py": package.server(api, title),
        f"{package_name}/resources/__init__.py": package.resources_init(api, resources),
        f"{package_name}/resources/base.py": package.base(api),
        f"{data}/api.yaml": package.as_yaml(
            package.api_yaml(api, title, source, example), f"{title} as one of the APIs."
        ),
        f"{data}/contract_tests/__init__.py": f'"""The contract tests of {api}."""\n',
        f"{data}/contract_tests/helpers.py": HELPERS,
        f"{schemas}/frame.yaml": package.as_yaml(
            frame(document, resources, _PORT), "What belongs to no single resource."
        ),
        f"{schemas}/dataset.frame.json": package.as_json(dataset_frame(title, access)),
        f"{schemas}/behaviours.yaml": package.as_yaml(suite.ledger, f"The ledger of {title}."),
        f"{schemas}/target.yaml": package.as_yaml(
            target(title, source, access, resources, path),
            f"{title} as a target of contract tests.",
        ),
    }
    for resource in resources:
        declaration, shapes = declared(document, resource)
        header = f"What can be asked of {resource.name.replace('_', ' ')}."
        files[f"{schemas}/resources/{resource.name}.yaml"] = package.as_yaml(declaration, header)
        for name, shape in shapes.items():
            files[f"{schemas}/{name}"] = package.as_json(shape)
        files[f"{package_name}/resources/{resource.name}.py"] = package.resource(api, resource)
    for name, text in suite.modules.items():
        files[f"{data}/contract_tests/{name}.py"] = text
    for dataset, section in fixtures(resources, access).items():
        header = f"What the dataset {dataset} has of {title}."
        files[f"{data}/fixtures/{dataset}.yaml"] = package.as_yaml(dict(section), header)
    return files, todo


def document_path(resources: list[ResourceGuess]) -> str:
    """Return the path of the first operation."""
    return next(operation.path for resource in resources for operation in resource.operations)


def _write_generated(schemas: Path) -> None:
    """Write the files that are generated from the others."""
    from fake_server.cli.openapi import HEADER
    from fake_server.rest.documents.document_making import made_document, written
    from fake_server.rest.resources.dataset_section import made_dataset
    from fake_server.rest.standard.document import describe

    document = made_document(schemas, describe)
    (schemas / "openapi.yaml").write_text(written(document, HEADER), encoding="utf-8")
    dataset: Any = made_dataset(schemas)
    (schemas / "dataset.json").write_text(package.as_json(dataset), encoding="utf-8")
