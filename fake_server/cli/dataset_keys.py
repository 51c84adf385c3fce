"""Every key that a dataset file may have, as the schemas describe it, in Markdown."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fake_server import data_files
from fake_server.data_files import registry
from fake_server.data_files.package_files import json_file

Schema = Mapping[str, Any]


def dataset_keys() -> str:
    """Return a Markdown table of keys for the frame of a dataset, and a table for each API."""
    parts = [("The frame", data_files.schemas())]
    parts += [(f"`{api}`", package.schemas) for api, package in registry.packages().items()]
    files = [(title, folder / "dataset.json") for title, folder in parts]
    return "\n".join(_table(title, file) for title, file in files if file.is_file())


def _table(title: str, file: Path) -> str:
    schema = json_file(file)
    lines = [f"### {title}", "", "| key | kind | says |", "|---|---|---|"]
    lines += [
        f"| `{key}` | {_kind(node)}{requirement} | {_cell(node.get('description', ''))} |"
        for key, node, requirement in _keys(schema, schema)
    ]
    return "\n".join([*lines, ""])


def _keys(node: Schema, root: Schema, prefix: str = "") -> Iterator[tuple[str, Schema, str]]:
    required = node.get("required", ())
    for name, declared in node.get("properties", {}).items():
        resolved = _resolved(declared, root)
        is_list = resolved.get("type") == "array"
        key = f"{prefix}{name}{'[]' if is_list else ''}"
        yield key, resolved, ", required" if name in required else ""
        inner_node = _resolved(resolved.get("items", {}), root) if is_list else resolved
        yield from _keys(inner_node, root, f"{key}.")


def _resolved(node: Schema, root: Schema) -> Schema:
    if "$ref" not in node:
        return node
    target: Any = root
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return {**_resolved(target, root), **{key: node[key] for key in node if key != "$ref"}}


def _kind(schema: Schema) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    for option in schema.get("anyOf", schema.get("oneOf", [])):
        kinds += [option["type"]] if "type" in option else []
    names = {"object": "mapping", "array": "list", "string": "text", "null": "null"}
    return " or ".join(dict.fromkeys(names.get(kind, kind) for kind in kinds)) or "text"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
