"""Writes the distribution of an API of many resources, for `bench.many_resources`."""

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

RESOURCES = 70
ROWS = 50_000
NAME = "many"
KEY = {"X-Api-Key": "key-of-many"}

_FRAME: Mapping[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Many", "version": "1", "description": "An API of many resources."},
    "servers": [{"url": "http://127.0.0.1:8042"}],
    "security": [{"key": []}],
    "paths": {},
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}},
        "parameters": {
            "Page": {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
            "PerPage": {
                "name": "per_page",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
            },
            "Id": {
                "name": "id",
                "in": "path",
                "required": True,
                "schema": {"type": "integer", "minimum": 1},
            },
        },
        "responses": {
            name: {
                "description": name,
                "content": {"application/json": {"schema": {"$ref": "error.json"}}},
            }
            for name in ("BadRequest", "Unauthorized", "NotFound")
        }
        | {
            "Invalid": {
                "description": "Mistakes.",
                "content": {"application/json": {"schema": {"$ref": "invalid.json"}}},
            },
            "Gone": {"description": "It is gone."},
        },
    },
}


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _answers(status: str, schema: Any, **refusals: str) -> dict[str, Any]:
    return {
        status: {"description": "Done.", "content": {"application/json": {"schema": schema}}},
        **{key.strip("_"): _reference("responses", name) for key, name in refusals.items()},
        "401": _reference("responses", "Unauthorized"),
    }


def _operations(name: str, parent: str | None) -> dict[str, Any]:
    """Return the path items of a resource: six operations, seven with a parent."""
    paths = {f"/many/{name}": _collection(name), f"/many/{name}/{{id}}": _record(name)}
    if parent is not None:
        paths[f"/many/{parent}/{{id}}/{name}"] = {
            "get": {
                **_named("list", name, f"list_{name}_of_{parent}"),
                "x-parent": parent,
                "parameters": [_reference("parameters", "Id"), *_list_parameters()],
                "responses": _answers("200", _items(name), _404="NotFound", _400="BadRequest"),
            }
        }
    return paths


def _named(action: str, name: str, id_: str) -> dict[str, Any]:
    return {"operationId": id_, "summary": f"{action} {name}", "x-action": action}


def _shape_of(name: str) -> dict[str, str]:
    return {"$ref": f"{name}.json"}


def _items(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _shape_of(name)}


def _body(schema: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": schema}}}}


def _list_parameters() -> list[dict[str, Any]]:
    sort = {
        "type": "array",
        "items": {"type": "string", "enum": ["id", "-id", "amount", "-amount"]},
    }
    return [
        _reference("parameters", "Page"),
        _reference("parameters", "PerPage"),
        {"name": "kind", "in": "query", "schema": {"enum": ["a", "b", "c"], "type": "string"}},
        {"name": "sort", "in": "query", "style": "form", "explode": False, "schema": sort},
    ]


def _collection(name: str) -> dict[str, Any]:
    return {
        "get": {
            **_named("list", name, f"list_{name}"),
            "parameters": _list_parameters(),
            "responses": _answers("200", _items(name), _400="BadRequest"),
        },
        "post": {
            **_named("create", name, f"create_{name}"),
            "requestBody": {**_body("new.json"), "required": True},
            "responses": _answers("201", _shape_of(name), _422="Invalid", _400="BadRequest"),
        },
    }


def _record(name: str) -> dict[str, Any]:
    shape, id_parameter = _shape_of(name), [_reference("parameters", "Id")]
    change = {
        "parameters": id_parameter,
        "requestBody": _body("change.json"),
        "responses": _answers("200", shape, _404="NotFound", _422="Invalid", _400="BadRequest"),
    }
    return {
        "get": {
            **_named("show", name, f"get_{name}"),
            "parameters": id_parameter,
            "responses": _answers("200", shape, _404="NotFound"),
        },
        "patch": {**_named("update", name, f"change_{name}"), **change},
        "put": {**_named("update", name, f"put_{name}"), **change},
        "delete": {
            **_named("delete", name, f"delete_{name}"),
            "parameters": id_parameter,
            "responses": {
                "204": _reference("responses", "Gone"),
                "401": _reference("responses", "Unauthorized"),
                "404": _reference("responses", "NotFound"),
            },
        },
    }


def _shape(title: str, parent: str | None) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "id": {"type": "integer", "minimum": 1, "description": "Its id."},
        "name": {"type": "string", "description": "Its name."},
        "kind": {"type": "string", "enum": ["a", "b", "c"], "description": "Its kind."},
        "amount": {"type": "integer", "description": "How much."},
        "price": {"type": "number", "description": "What it costs."},
        "active": {"type": "boolean", "description": "Whether it is in use."},
        "note": {"type": ["string", "null"], "description": "A note."},
        "created_at": {"type": "string", "format": "date-time", "description": "Its beginning."},
        "updated_at": {"type": "string", "format": "date-time", "description": "Its last change."},
    }
    if parent is not None:
        properties["parent_id"] = {
            "type": ["integer", "null"],
            "description": "The id of its parent.",
            "x-reference": parent,
        }
    return _object(title, properties, list(properties))


def _object(title: str, properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": title,
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": dict(properties),
    }


_MODULE = """
from fake_server.rest.standard.resource import StandardResource
from fake_server.world.seeded_random import SeededRandom
from fake_server.world.instants import DAY, milliseconds

from many_api.base import ManyResource


class _Resource(ManyResource):
    name = "{name}"


resource = _Resource()
"""

_BASE = '''
from sqlalchemy import MetaData

from fake_server.rest.standard.resource import StandardResource
from fake_server.world.seeded_random import SeededRandom
from fake_server.world.instants import DAY, milliseconds

from many_api.resources import RESOURCES

metadata = MetaData()


class ManyResource(StandardResource):
    """A resource of the generated API."""

    api = "many"
    tables = metadata
    resources = RESOURCES

    def invented(self, number, tables):
        random = SeededRandom(tables.inputs.seed, self.name, number)
        made = milliseconds(tables.inputs.start) - random.integer(0, 90) * DAY
        row = {
            "id": number,
            "name": f"{self.name} {number}",
            "kind": random.choice("abc"),
            "amount": random.integer(0, 1000),
            "price": random.integer(0, 10000) / 100,
            "active": random.chance(0.8),
            "note": None,
            "created_at": made,
            "updated_at": made,
        }
        if "parent_id" in self.table.c:
            row["parent_id"] = random.integer(1, 700)
        return row
'''


def write_distribution(folder: Path) -> None:
    """Write the distribution of the generated API into a folder that is then on the path."""
    names = [f"r{number:02}" for number in range(RESOURCES)]
    data = folder / "many_api" / "data"
    files = _python_files(folder, names) | _api_files(data) | _schemas(data)
    section: dict[str, Any] = {"credentials": {"tokens": [KEY["X-Api-Key"]]}}
    for index, name in enumerate(names):
        parent = names[index - 1] if index else None
        files[data / f"schemas/{name}.json"] = _shape(name, parent)
        files[data / f"schemas/resources/{name}.yaml"] = {
            "says": f"The resource {name}.",
            "shape": f"{name}.json",
            "order": ["id"],
            "paths": _operations(name, parent),
            **({"parents": {parent: {"column": "parent_id"}}} if parent else {}),
        }
        section[name] = {"count": ROWS // RESOURCES}
    files[data / "fixtures/demo.yaml"] = section
    files[data / "fixtures/empty.yaml"] = {"credentials": section["credentials"]}
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.write_text(content)
        elif path.suffix == ".json":
            path.write_text(json.dumps(content))
        else:
            path.write_text(yaml.safe_dump(content, sort_keys=False))


def _python_files(folder: Path, names: list[str]) -> dict[Path, Any]:
    """Return the modules of the distribution and what announces it."""
    resources = {
        folder / f"many_api/resources/{name}.py": _MODULE.format(name=name) for name in names
    }
    return resources | {
        folder / "many_api/__init__.py": "",
        folder / "many_api/base.py": _BASE,
        folder / "many_api/server.py": textwrap.dedent(
            """
            from fake_server.rest.standard.standard_api import standard_api

            from many_api.resources import RESOURCES

            api = standard_api("many", RESOURCES)
            """
        ),
        folder / "many_api/resources/__init__.py": (
            "from fake_server.rest.resources.resource_registry import Resources\n\n"
            f"RESOURCES = Resources(__name__, {tuple(names)!r})\n"
        ),
        folder / "many_api-1.dist-info/entry_points.txt": (
            "[understudy.apis]\nmany = many_api.data\n"
        ),
        folder / "many_api-1.dist-info/METADATA": "Name: many-api\nVersion: 1\n",
    }


def _api_files(data: Path) -> dict[Path, Any]:
    """Return the files that describe the API to the fake and to contract tests."""
    return {
        data / "api.yaml": {
            "name": NAME,
            "title": "Many",
            "surface": 1,
            "server": "many_api.server:api",
            "document": "fake_server.rest.standard.document:describe",
            "base_path": "/many",
            "prefixes": ["/many"],
            "example": "/many/r00",
        },
        data / "schemas/target.yaml": {
            "title": "Many",
            "probe": "/many/r00",
            "rate": 100,
            "hosts": [],
            "credentials": [
                {
                    "name": "key",
                    "fields": ["token"],
                    "headers": {"X-Api-Key": "{token}"},
                    "fake": {"token": KEY["X-Api-Key"]},
                    "wrong": {"token": "nobody"},
                }
            ],
            "list": {"items": None, "total": "X-Total-Count"},
        },
        data / "schemas/behaviours.yaml": [],
    }


def _schemas(data: Path) -> dict[Path, Any]:
    """Return the schemas that all resources share."""
    writable = {
        "name": {"type": "string", "description": "Its name."},
        "kind": {"type": "string", "enum": ["a", "b", "c"], "description": "Its kind."},
        "amount": {"type": "integer", "description": "How much."},
        "price": {"type": "number", "description": "What it costs."},
        "active": {"type": "boolean", "description": "Whether it is in use."},
    }
    return {
        data / "schemas/frame.yaml": dict(_FRAME),
        data / "schemas/dataset.frame.json": _object(
            "many section of a dataset",
            {
                "credentials": {
                    "type": "object",
                    "description": "Who may ask.",
                    "additionalProperties": False,
                    "properties": {
                        "tokens": {
                            "type": "array",
                            "description": "Keys.",
                            "items": {"type": "string"},
                            "x-unique": [],
                        }
                    },
                }
            },
            [],
        ),
        data / "schemas/error.json": _object(
            "Error", {"error": {"type": "string", "description": "What is wrong."}}, ["error"]
        ),
        data / "schemas/invalid.json": _object(
            "Invalid", {"errors": {"type": "array", "description": "Mistakes.", "items": {}}}, []
        ),
        data / "schemas/new.json": _object("New", writable, list(writable)),
        data / "schemas/change.json": _object("Change", writable, []),
    }
