"""The files of a new API's package, as text."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.guessed_resources import OperationGuess, ResourceGuess
from fake_server.cli.scaffold.source import Source


def as_json(value: Any) -> str:
    """Return a value as JSON that a person can read."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def pyproject(api: str, title: str) -> str:
    """Return the `pyproject.toml` of the distribution."""
    return f"""[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{api}-api"
version = "0.1.0"
description = {json.dumps(f"A fake of {title} for Understudy", ensure_ascii=False)}
requires-python = ">=3.11"
dependencies = ["understudy"]

[project.entry-points."understudy.apis"]
{api} = "{api}_api.data"

[tool.hatch.build.targets.wheel]
packages = ["{api}_api"]
"""


def api_yaml(api: str, title: str, source: Source, example: str) -> Node:
    """Return the `api.yaml`."""
    return {
        "name": api,
        "title": title,
        "surface": 1,
        "document": "fake_server.api.declare:describe",
        "server": f"{api}_api.server:api",
        "base_path": source.base,
        "prefixes": list(source.prefixes),
        "hosts": list(dict.fromkeys(source.hosts)),
        "example": example,
    }


def server(api: str, title: str) -> str:
    """Return the module that serves the API."""
    return f"""{_docstring(f"What serves {title}")}

from fake_server.api.declare import documented_dialect, standard_api, with_documented_type
from {api}_api.resources import API, RESOURCES

api = standard_api(
    API,
    RESOURCES,
    dialect=documented_dialect(API),
    after=with_documented_type,
)
"""


def _docstring(text: str) -> str:
    safe = " ".join(text.replace("\\", "/").replace('"""', "'").split()).rstrip('". ')
    return f'"""{safe}."""'


def resources_init(api: str, resources: Iterable[ResourceGuess]) -> str:
    """Return the module that names the resources."""
    names = "".join(f'        "{resource.name}",\n' for resource in resources)
    return f'''"""The resources, those that others refer to first."""

from fake_server.api.declare import Resources

API = "{api}"

RESOURCES = Resources(
    __name__,
    (
{names}    ),
)
'''


def base(api: str) -> str:
    """Return the module with the base class of all resources."""
    name = _class_name(api)
    return f'''"""What all resources of this API have in common."""

from sqlalchemy import MetaData

from fake_server.api.declare import ActionGroup, SketchedResource
from {api}_api.resources import API, RESOURCES


class {name}Resource(SketchedResource):
    """A resource of this API."""

    api = API
    tables = MetaData()
    resources = RESOURCES


class {name}Actions(ActionGroup):
    """Operations of this API that have no records."""

    api = API
    tables = {name}Resource.tables
    resources = RESOURCES
'''


def _class_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def resource(api: str, guess: ResourceGuess) -> str:
    """Return the module of a resource."""
    custom_operations = [operation for operation in guess.operations if not operation.is_standard]
    name, kind = _class_name(guess.name), "Actions" if guess.record is None else "Resource"
    parent = f"{_class_name(api)}{kind}"
    imports = []
    if custom_operations:
        imports.append("from fake_server.api.serve import answer_example")
    if guess.record is not None:
        imports += [
            "from fake_server.api.declare import Values",
            "from fake_server.api.records import Tables",
        ]
    lines = [_docstring(guess.name.replace("_", " ").capitalize()), ""]
    if custom_operations:
        lines += ["from typing import Any, ClassVar", ""]
    lines += [*sorted(imports), f"from {api}_api.resources.base import {parent}", "", ""]
    lines += [
        f"class {name}({parent}):",
        *_class_docstring(guess),
        "",
        f'    name = "{guess.name}"',
    ]
    if custom_operations:
        lines += ["    views: ClassVar[Any] = {", *map(_view, custom_operations), "    }"]
    if guess.record is not None:
        lines += [
            "",
            "    def invented(self, number: int, tables: Tables) -> Values:",
            '        """Return an invented record: write believable values over these."""',
            "        return {**self.sketched(number, tables)}",
        ]
    return "\n".join([*lines, "", "", f"resource = {name}()", ""])


def _class_docstring(guess: ResourceGuess) -> list[str]:
    standard_actions = [operation.action for operation in guess.operations if operation.is_standard]
    actions = ", ".join(dict.fromkeys(standard_actions))
    if not actions:
        return ['    """Each operation is answered by what the document shows."""']
    return [f'    """The standard views answer {actions}."""']


def _view(operation: OperationGuess) -> str:
    request_line = f"{operation.method.upper()} {operation.path}"
    return f'        "{operation.action}": answer_example,  # {request_line}'


def readme(api: str, title: str, folder: str, todo: Iterable[str]) -> str:
    """Return the README."""
    items = "\n".join(f"- {item}" for item in todo)
    return f"""# {title}

A fake of {title} for [Understudy](https://pypi.org/project/understudy/), written by
`fake-server new-api`.

```console
$ pip install -e {folder}
$ fake-server serve --api {api}
$ fake-server verify {api}
```

| file | says |
|---|---|
| `{api}_api/data/schemas/resources/<name>.yaml` | what can be asked of a resource |
| `{api}_api/data/schemas/<name>.json` | what its records are |
| `{api}_api/data/schemas/frame.yaml` | what belongs to no resource |
| `{api}_api/data/schemas/behaviours.yaml` | the ledger: what the API does, and its evidence |
| `{api}_api/data/contract_tests/` | the tests of the ledger |
| `{api}_api/data/fixtures/` | what the bundled datasets start with |
| `{api}_api/resources/<name>.py` | how records are invented; what is not plain |

After a change of a declaration or a shape, `fake-server openapi {api} --write` makes
`openapi.yaml` and `dataset.json` anew.

## What is left to do

{items}
"""


def todo(resources: list[ResourceGuess], unshown: list[str], notes: Iterable[str]) -> list[str]:
    """Return the remaining tasks of the user, each as one line."""
    items = list(notes)
    custom_ids = [
        operation.id
        for resource in resources
        for operation in resource.operations
        if not operation.is_standard
    ]
    if custom_ids:
        items.append(
            "Write views for what is not plain; until then these answer what the document shows,"
            f" whatever is asked: {first_names(custom_ids)}."
        )
    records = [resource.name for resource in resources if resource.record is not None]
    if records:
        items.append(f"Make the invented records believable in resources/: {first_names(records)}.")
    hidden = [
        resource.name
        for resource in resources
        if resource.record is not None
        and resource.key is None
        and any(operation.names_record for operation in resource.operations)
    ]
    if hidden:
        items.append(
            f"Say what names a record of {first_names(hidden)}: no property of it seems to, so"
            " paths take its number in the dataset."
        )
    unread = [name for resource in resources for name in resource.unread()]
    if unread:
        items.append(
            "Give a condition, or x-filter and x-column, to parameters of lists that nothing"
            f" reads: {first_names(unread)}."
        )
    if unshown:
        items.append(f"Write the tests that show nothing yet: {first_names(unshown)}.")
    items.append("Pin the document's own examples in fixtures/documented.yaml.")
    items.append("Put into the ledger what the service does that its document does not say.")
    return items


def first_names(names: list[str]) -> str:
    """Return the first of some names between commas, and how many there are besides."""
    hidden_count = len(names) - 8
    return ", ".join(names[:8]) + (f" and {hidden_count} more" if hidden_count > 0 else "")


def as_yaml(value: Mapping[str, Any] | list[Any], header: str) -> str:
    """Return a value as YAML that a person can read, below a comment."""
    from fake_server.rest.documents.document_making import written

    return written(value, header)  # type: ignore[arg-type]  # a list is written as well
