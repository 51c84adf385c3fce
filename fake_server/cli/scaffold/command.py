"""What `fake-server new-api` does."""

import re
from pathlib import Path
from typing import Any

import click

from fake_server.cli.scaffold import package
from fake_server.cli.scaffold.access import access_of
from fake_server.cli.scaffold.contracts import HELPERS, contract
from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.declarations import dataset_frame, declared, fixtures, frame
from fake_server.cli.scaffold.resources import Guess, ResourceGuess, guessed
from fake_server.cli.scaffold.source import METHODS, Source, read_source
from fake_server.data_files import registry
from fake_server.errors import UserError

_NAME = re.compile("[a-z][a-z0-9]*")
_RESERVED = {"control", "description", "frozen", "now", "seed", "start", "storage"}
_PORT = 8042
_INFERRED = "Written from the document alone; nothing was compared with the service."
_UNLISTED = "Some operations do not list the answers to requests that are refused."
_BOUNDED = (
    "Bodies are read as JSON; pages below 1, numbers beyond 64 bits and keys that are taken are"
    " refused, whether or not the document says so."
)
_UNREAD = "Views that answer what the document shows do not read all that they are sent."


def new_api(api: str, file: Path, into: Path | None) -> None:
    """Write the package of an API into a folder; raises `UserError` where that cannot be done."""
    _require_name(api)
    folder = into or Path(f"{api}-api")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder}: is there already; --into names another folder")
    source = read_source(file, api)
    files, todo = _files(api, source, file.name, folder)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _write_made(folder / f"{api}_api" / "data" / "schemas")
    click.echo(f"wrote {folder}: pip install -e {folder}, then fake-server serve --api {api}")
    click.echo("What is left to do:")
    for item in todo:
        click.echo(f"- {item}")


def _require_name(api: str) -> None:
    if not _NAME.fullmatch(api) or api in _RESERVED:
        raise UserError(
            f"{api!r} is no name of an API: expected small letters and digits,"
            " and no word of datasets"
        )
    if api in registry.packages():
        raise UserError(f"{api}: there is an API of this name already")


def _files(api: str, source: Source, file: str, folder: Path) -> tuple[dict[str, str], list[str]]:
    document = source.document
    title = " ".join(str((document.get("info") or {}).get("title") or api).split())
    resources = guessed(document)
    access = access_of(document, api)
    made = contract(document, api, resources, file)
    notes = [*source.notes, *access.notes]
    probe = _probe(resources)
    if probe is None:
        notes.append(
            "No operation can be asked with a plain GET: name one as probe in target.yaml before"
            f" fake-server verify {api}."
        )
    example = probe or document_path(resources)
    todo = package.todo(resources, made.unshown, notes)
    own, data = f"{api}_api", f"{api}_api/data"
    schemas = f"{data}/schemas"
    listing = [one.member for r in resources for one in r.operations if one.action == "list"]
    member = max(set(listing), key=listing.count) if listing else None
    files = {
        "pyproject.toml": package.pyproject(api, title),
        "README.md": package.readme(api, title, folder.name, todo),
        f"{own}/__init__.py": package._docstring(title) + "\n",
        f"{own}/server.py": package.server(api, title, access),
        f"{own}/resources/__init__.py": package.resources_init(api, resources),
        f"{own}/resources/base.py": package.base(api),
        f"{data}/api.yaml": package.as_yaml(
            package.api_yaml(api, title, source, example), f"{title} as one of the APIs."
        ),
        f"{data}/contract_tests/__init__.py": f'"""The contract tests of {api}."""\n',
        f"{data}/contract_tests/helpers.py": HELPERS,
        f"{schemas}/frame.yaml": package.as_yaml(
            frame(document, resources, _PORT), "What belongs to no single resource."
        ),
        f"{schemas}/dataset.frame.json": package.as_json(dataset_frame(title, access)),
        f"{schemas}/behaviours.yaml": package.as_yaml(made.ledger, f"The ledger of {title}."),
        f"{schemas}/target.yaml": package.as_yaml(
            package.target(title, source, access, probe or example, member, _disabled(document)),
            f"{title} as a target of contract tests.",
        ),
    }
    for resource in resources:
        declaration, shapes = declared(document, resource)
        header = f"What can be asked of {resource.name.replace('_', ' ')}."
        files[f"{schemas}/resources/{resource.name}.yaml"] = package.as_yaml(declaration, header)
        for name, shape in shapes.items():
            files[f"{schemas}/{name}"] = package.as_json(shape)
        files[f"{own}/resources/{resource.name}.py"] = package.resource(api, resource)
    for name, text in made.modules.items():
        files[f"{data}/contract_tests/{name}.py"] = text
    for dataset, section in fixtures(resources, access).items():
        header = f"What the dataset {dataset} has of {title}."
        files[f"{data}/fixtures/{dataset}.yaml"] = package.as_yaml(dict(section), header)
    return files, todo


def _probe(resources: list[ResourceGuess]) -> str | None:
    """Return path and query of a GET that 200 and JSON answer: a list, if there is one."""
    plain = [
        operation
        for resource in resources
        for operation in resource.operations
        if operation.method == "get" and not operation.arguments and not _needs(operation)
    ]
    plain = [one for one in plain if "200" in map(str, one.node.get("responses") or {})]
    listed = [one for one in plain if one.action == "list"]
    chosen = next(iter(listed or plain), None)
    return chosen.path if chosen else None


def _needs(operation: Guess) -> bool:
    return any(parameter.get("required") for parameter in operation.parameters)


def document_path(resources: list[ResourceGuess]) -> str:
    """Return the path of any operation."""
    return next(one.path for resource in resources for one in resource.operations)


def _disabled(document: Node) -> list[Node]:
    """Return the checks of the schema layer that a document alone cannot pass."""
    operations = [
        item[method] for item in document["paths"].values() for method in METHODS if method in item
    ]
    checks = [
        {"check": "unsupported_method", "evidence": _INFERRED},
        {"check": "allow_header_conformance", "evidence": _INFERRED},
        {"check": "negative_data_rejection", "evidence": _UNREAD},
        {"check": "positive_data_acceptance", "evidence": _BOUNDED},
    ]
    if any(not {"default", "4XX"} & set(one.get("responses") or {}) for one in operations):
        checks.append({"check": "status_code_conformance", "evidence": _UNLISTED})
    return checks


def _write_made(schemas: Path) -> None:
    """Write the files that follow from the others."""
    from fake_server.cli.documents import HEADER
    from fake_server.rest.documents.making import made_document, written
    from fake_server.rest.resources.dataset import made_dataset
    from fake_server.rest.standard.document import describe

    document = made_document(schemas, describe)
    (schemas / "openapi.yaml").write_text(written(document, HEADER), encoding="utf-8")
    dataset: Any = made_dataset(schemas)
    (schemas / "dataset.json").write_text(package.as_json(dataset), encoding="utf-8")
