"""Run as `python -m bench.many_resources`: what an API of 70 resources and 500 operations costs.

The API is generated: a distribution of its own, served beside the bundled ones. Every figure stands
beside the same figure without it, taken in the same run.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from bench.http import JsonConnection
from bench.measure import median_ms, served

RESOURCES = 70
ROWS = 50_000
RUNS = 5
_NAME = "many"
_KEY = {"X-Api-Key": "key-of-many"}
_TOKEN = {"Authorization": "Bearer YOUR_ACCESS_TOKEN"}

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
    """Return the path items of a resource: seven operations, eight with a parent."""
    shape = {"$ref": f"{name}.json"}
    items = {"type": "array", "items": shape}
    sort = {
        "type": "array",
        "items": {"type": "string", "enum": ["id", "-id", "amount", "-amount"]},
    }
    asked = [
        _reference("parameters", "Page"),
        _reference("parameters", "PerPage"),
        {"name": "kind", "in": "query", "schema": {"enum": ["a", "b", "c"], "type": "string"}},
        {"name": "sort", "in": "query", "style": "form", "explode": False, "schema": sort},
    ]
    body = {"content": {"application/json": {"schema": {"$ref": "new.json"}}}, "required": True}
    own = [_reference("parameters", "Id")]

    def operation(action: str, method: str, suffix: str = "") -> dict[str, Any]:
        about = f"{action} {name}"
        return {"operationId": f"{method}_{name}{suffix}", "summary": about, "x-action": action}

    change = {
        "parameters": own,
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "change.json"}}}},
        "responses": _answers("200", shape, _404="NotFound", _422="Invalid", _400="BadRequest"),
    }
    paths: dict[str, Any] = {
        f"/many/{name}": {
            "get": {
                **operation("list", "list"),
                "parameters": asked,
                "responses": _answers("200", items, _400="BadRequest"),
            },
            "post": {
                **operation("create", "create"),
                "requestBody": body,
                "responses": _answers("201", shape, _422="Invalid", _400="BadRequest"),
            },
        },
        f"/many/{name}/{{id}}": {
            "get": {
                **operation("show", "get"),
                "parameters": own,
                "responses": _answers("200", shape, _404="NotFound"),
            },
            "patch": {**operation("update", "change"), **change},
            "put": {**operation("update", "put"), **change},
            "delete": {
                **operation("delete", "delete"),
                "parameters": own,
                "responses": {
                    "204": _reference("responses", "Gone"),
                    "401": _reference("responses", "Unauthorized"),
                    "404": _reference("responses", "NotFound"),
                },
            },
        },
    }
    if parent is not None:
        paths[f"/many/{parent}/{{id}}/{name}"] = {
            "get": {
                **operation("list", "list", f"_of_{parent}"),
                "x-parent": parent,
                "parameters": [*own, *asked],
                "responses": _answers("200", items, _404="NotFound", _400="BadRequest"),
            }
        }
    return paths


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


def generated(folder: Path) -> None:
    """Write the distribution of the generated API into a folder that is then on the path."""
    names = [f"r{number:02}" for number in range(RESOURCES)]
    data = folder / "many_api" / "data"
    files: dict[Path, Any] = {
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
        data / "api.yaml": {
            "name": _NAME,
            "title": "Many",
            "surface": 1,
            "server": "many_api.server:api",
            "document": "fake_server.rest.standard.document:describe",
            "base_path": "/many",
            "prefixes": ["/many"],
            "example": "/many/r00",
        },
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
                    "fake": {"token": _KEY["X-Api-Key"]},
                    "wrong": {"token": "nobody"},
                }
            ],
            "list": {"items": None, "total": "X-Total-Count"},
        },
        data / "schemas/behaviours.yaml": [],
        data / "schemas/error.json": _object(
            "Error", {"error": {"type": "string", "description": "What is wrong."}}, ["error"]
        ),
        data / "schemas/invalid.json": _object(
            "Invalid", {"errors": {"type": "array", "description": "Mistakes.", "items": {}}}, []
        ),
    }
    writable = {
        "name": {"type": "string", "description": "Its name."},
        "kind": {"type": "string", "enum": ["a", "b", "c"], "description": "Its kind."},
        "amount": {"type": "integer", "description": "How much."},
        "price": {"type": "number", "description": "What it costs."},
        "active": {"type": "boolean", "description": "Whether it is in use."},
    }
    files[data / "schemas/new.json"] = _object("New", writable, list(writable))
    files[data / "schemas/change.json"] = _object("Change", writable, [])
    section: dict[str, Any] = {"credentials": {"tokens": [_KEY["X-Api-Key"]]}}
    for index, name in enumerate(names):
        parent = names[index - 1] if index else None
        files[folder / f"many_api/resources/{name}.py"] = _MODULE.format(name=name)
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


@contextmanager
def beside(folder: Path) -> Iterator[None]:
    """Let processes that are started meanwhile find the generated API."""
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH", "")]))
    with patch.dict(os.environ, PYTHONPATH=path):
        yield


def _command(*arguments: str) -> float:
    """Run `fake-server` with arguments; return how many seconds it took."""
    command = str(Path(sys.executable).with_name("fake-server"))
    began = time.perf_counter()
    done = subprocess.run([command, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"fake-server {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return time.perf_counter() - began


def _ready(cache: Path) -> float:
    times = []
    for _ in range(RUNS + 1):
        with served("--dataset", "demo", cache=cache) as server:
            times.append(server.ready_ms)
    return statistics.median(times[1:])


def _page(cache: Path) -> float:
    with served("--dataset", "demo", cache=cache) as server:
        return median_ms(lambda: server.get("/v2/slots?per_page=20", _TOKEN), 300)


def _writes(port: int) -> tuple[float, float]:
    """Return the time of a world's first write to the API, and of a later one, in milliseconds.

    The first write gives the world a copy of its own of the rows.
    """
    connection = JsonConnection(port)

    def write() -> None:
        connection.ask("PATCH", "/many/r01/1", {"amount": 7}, _KEY)

    def reset() -> None:
        connection.ask("POST", "/_fake/worlds/default/reset")

    first = median_ms(write, 50, before=reset)
    later = median_ms(write, 50)
    connection.close()
    return first, later


def main() -> None:
    """Measure, and print a line for each figure."""
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as workshop:
        folder, alone, both = (Path(workshop, name) for name in ("site", "alone", "both"))
        generated(folder)
        with beside(folder):
            _command("openapi", _NAME, "--write")
        ready, page = _ready(alone), _page(alone)
        with beside(folder):
            ready_both, page_both = _ready(both), _page(both)
            with served("--dataset", "demo", cache=both) as server:
                first = median_ms(lambda: server.get("/many/r01?per_page=20", _KEY), 300)
                first_write, later_write = _writes(server.port)
                memory = server.memory_mb()
            contract = _command("verify", _NAME)
        print(f"ready, bundled APIs only          {ready:8.0f} ms")
        print(f"ready, with {RESOURCES} resources more      {ready_both:8.0f} ms")
        print(f"more to be ready (most: 40)       {ready_both - ready:8.0f} ms")
        print(f"page of slots, without and with   {page:8.2f} {page_both:.2f} ms")
        print(f"page of a generated resource      {first:8.2f} ms")
        print(f"first write, and a later one      {first_write:8.2f} {later_write:.2f} ms")
        print(f"memory with {ROWS} rows more      {memory:8.0f} MB")
        print(f"contract tests of it (most: 60)   {contract:8.1f} s")


if __name__ == "__main__":
    main()
