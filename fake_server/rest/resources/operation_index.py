"""The index of an API: its operations and the declarations of its resources, ready to be served.

It is compiled from `schemas/<api>/` once, and kept in the cache folder by the stamps of the files,
so that a start reads no YAML.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from fake_server.data_files import registry
from fake_server.data_files.cache import keep, recall
from fake_server.data_files.package_files import openapi_file
from fake_server.errors import DeclarationError, expected_one_of
from fake_server.rest.resources.declaration import Declaration
from fake_server.rest.resources.declaration_files import (
    read_declarations,
    read_frame,
    schema_files,
)
from fake_server.rest.schema.shape_references import with_local_references

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_ARGUMENT = re.compile(r"\{([^{}]+)\}")
_NO_WORD = re.compile(r"\W", re.ASCII)
_FORMAT = 3


class Operation(NamedTuple):
    """One operation of an API's document.

    - `path`: its template, such as `/v2/users/{user_id}/slots`.
    - `resource`, `action`: which resource it is of, and what it does; empty if it is of none.
    - `parent`: the resource that its list is nested under; empty if it is not nested.
    - `predefined`: the predefined filter that its path ends in; empty if there is none.
    """

    id: str
    method: str
    path: str
    resource: str = ""
    action: str = ""
    parent: str = ""
    predefined: str = ""

    @property
    def arguments(self) -> list[str]:
        """The names of the path's arguments, in their order."""
        return _ARGUMENT.findall(self.path)

    @property
    def rule(self) -> str:
        """The path as Flask spells it."""
        return _ARGUMENT.sub(lambda match: f"<{variable_of(match[1])}>", self.path)


def variable_of(argument: str) -> str:
    """Return the name that an argument of a path, such as `pet-id`, has in a route of Flask."""
    name = _NO_WORD.sub("_", argument)
    return name if name[0].isalpha() else f"a{name}"


class Index(NamedTuple):
    """What an API serves: its operations by id, and its resources' declarations by name.

    `schemas` and `parameters` are those that the frame of the document names: the kinds of values,
    the parameters of pages.
    """

    operations: Mapping[str, Operation]
    resources: Mapping[str, Declaration]
    schemas: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, Mapping[str, Any]]


@cache
def index(api: str) -> Index:
    """Return the index of an API, compiled at the first call.

    Raises OSError without its files, and `UserError` for a mistake in a declaration.
    """
    folder = registry.package(api).schemas
    name = f"index-{_FORMAT}-{_stamp(folder)}"
    kept = recall(name)
    if kept is None:
        kept = json.dumps(_compiled(folder)).encode()
        keep(name, kept)
    return _index(api, json.loads(kept))


def declaration(api: str, name: str) -> Declaration:
    """Return the declaration of a resource; raises `DeclarationError` without one."""
    declared = index(api).resources
    if name not in declared:
        raise DeclarationError(
            f"{declaration_file(api, name)} is missing: no resource {name} is declared;"
            f" {expected_one_of(name, list(declared))}"
        )
    return declared[name]


def declaration_file(api: str, name: str) -> Path:
    """Return the file of the declaration of a resource, which need not be there."""
    return registry.package(api).schemas / "resources" / f"{name}.yaml"


def _index(api: str, compiled: Mapping[str, Any]) -> Index:
    return Index(
        {values[0]: Operation(*values) for values in compiled["operations"]},
        {name: Declaration(api, name, keys) for name, keys in compiled["resources"].items()},
        compiled["schemas"],
        compiled["parameters"],
    )


def _stamp(folder: Path) -> str:
    """Return a stamp that changes whenever a file of an API's folder does."""
    files = sorted([*folder.glob("*.*"), *folder.glob("resources/*.*"), *schema_files(folder)[:1]])
    stamps = [f"{file}:{(stat := file.stat()).st_mtime_ns}:{stat.st_size}" for file in files]
    return sha256("|".join(stamps).encode()).hexdigest()[:32]


def _compiled(folder: Path) -> dict[str, Any]:
    document = openapi_file(folder)
    framed = read_frame(folder) if (folder / "frame.yaml").is_file() else document
    components = framed.get("components", {})
    return {
        "operations": _operations(document),
        "resources": with_local_references(read_declarations(folder)),
        "schemas": components.get("schemas", {}),
        "parameters": components.get("parameters", {}),
    }


def _operations(document: Mapping[str, Any]) -> list[Operation]:
    return [
        Operation(
            item[method]["operationId"],
            method.upper(),
            path,
            item[method].get("x-resource", ""),
            item[method].get("x-action", ""),
            item[method].get("x-parent", ""),
            item[method].get("x-predefined", ""),
        )
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    ]
