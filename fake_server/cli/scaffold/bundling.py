"""Brings a document that refers to other files into one piece."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from fake_server.cli.scaffold.conversion import DATA_KEYS, NAMED_KEYS, Node
from fake_server.cli.scaffold.references import at
from fake_server.errors import ScaffoldError

_SCHEMA_KEYS = {
    *("schema", "items", "not", "additionalProperties", "contains", "propertyNames"),
    *("if", "then", "else", "unevaluatedProperties", "unevaluatedItems"),
}
"""Keys whose value is a schema."""

_SCHEMA_LISTS = {"allOf", "oneOf", "anyOf", "prefixItems"}
_SCHEMA_MAPPINGS = {"properties", "patternProperties", "schemas", "dependentSchemas", "$defs"}
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_IS_REFERENCE = re.compile(r"#|\.(json|ya?ml)$")


class _FileNode(NamedTuple):
    """A node of a file: the `pointer` to it is empty for the whole file."""

    file: Path
    pointer: str


def in_one_piece(path: Path, document: Node, read: Callable[[Path], Any]) -> Node:
    """Return the document of a file with the files that it refers to.

    A schema becomes a component, under the name of its file or of its key there; anything else
    stands in place of the reference. Raises `ScaffoldError` for a reference to a missing file or
    node, and for one to another server.

    - `read`: returns the content of a file.
    """
    return _Bundle(path, document, read).whole()


class _Bundle:
    def __init__(self, path: Path, document: Node, read: Callable[[Path], Any]) -> None:
        self._path = path.resolve()
        self._read = read
        self._files: dict[Path, Any] = {self._path: document}
        self._names: dict[_FileNode, str] = {}
        self._pending: list[_FileNode] = []
        self._inlining: list[_FileNode] = []

    def whole(self) -> Node:
        """Return the document in one piece."""
        document: Node = self._files[self._path]
        components = document.get("components")
        declared = components.get("schemas") if isinstance(components, Mapping) else None
        own = self._without_aliases(declared) if isinstance(declared, Mapping) else declared
        if own is not declared:
            document = {**document, "components": {**(components or {}), "schemas": own}}
        result: Node = self._placed(document, self._path)
        schemas: Node = {}
        while self._pending:
            target = self._pending.pop()
            content = self._content(target)
            schemas[self._names[target]] = self._placed(content, target.file, is_schema=True)
        if schemas:
            all_components = result.get("components") or {}
            merged = {**(all_components.get("schemas") or {}), **schemas}
            result["components"] = {**all_components, "schemas": merged}
        return result

    def _without_aliases(self, declared: Mapping[str, Any]) -> Node:
        """Return components without those that are a schema of another file: it gets the name."""
        own: Node = {}
        for name in declared:
            self._names[_FileNode(self._path, f"/components/schemas/{name}")] = name
        for name, schema in declared.items():
            reference = schema.get("$ref") if isinstance(schema, Mapping) else None
            is_alias = isinstance(reference, str) and not reference.startswith("#")
            target = self._target(str(reference), self._path) if is_alias else None
            if target is None or target in self._names:
                own[name] = schema
            else:
                self._names[target] = name
                self._pending.append(target)
        return own

    def _placed(self, node: Any, file: Path, *, is_schema: bool = False, key: str = "") -> Any:
        """Return a node of a file with components, or other nodes, in place of its references."""
        if isinstance(node, list):
            return [self._placed(item, file, is_schema=key in _SCHEMA_LISTS) for item in node]
        if not isinstance(node, Mapping):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str):
            siblings = {name: value for name, value in node.items() if name != "$ref"}
            return self._referred(reference, siblings, file, is_schema=is_schema, key=key)
        are_schemas = key in _SCHEMA_MAPPINGS
        result = {}
        for name, value in node.items():
            if key == "discriminator" and name == "mapping":
                result[name] = self._mapping(value, file)
            elif name in DATA_KEYS and key not in NAMED_KEYS:
                result[name] = self._data(value, file)
            else:
                result[name] = self._placed(
                    value,
                    file,
                    is_schema=are_schemas or name in _SCHEMA_KEYS,
                    key="" if key in NAMED_KEYS else name,
                )
        return result

    def _data(self, node: Any, file: Path) -> Any:
        """Return an example, or other data, with the content of the files that it refers to."""
        if isinstance(node, list):
            return [self._data(item, file) for item in node]
        if not isinstance(node, Mapping):
            return node
        reference = node.get("$ref")
        is_inside = isinstance(reference, str) and reference.startswith("#")
        if isinstance(reference, str) and not (is_inside and file == self._path):
            return self._inlined(self._target(reference, file), file, self._data)
        return {name: self._data(value, file) for name, value in node.items()}

    def _inlined(self, target: _FileNode, file: Path, read_node: Callable[[Any, Path], Any]) -> Any:
        if target in self._inlining:
            raise ScaffoldError(
                f"{file}: $ref: {target.file.name}#{target.pointer} leads back to itself"
            )
        self._inlining.append(target)
        placed = read_node(self._content(target), target.file)
        self._inlining.pop()
        return placed

    def _mapping(self, mapping: Any, file: Path) -> Any:
        if not isinstance(mapping, Mapping):
            return mapping
        return {
            name: self._component(self._target(text, file))
            if isinstance(text, str) and _IS_REFERENCE.search(text)
            else text
            for name, text in mapping.items()
        }

    def _referred(
        self, reference: str, siblings: Node, file: Path, *, is_schema: bool, key: str
    ) -> Any:
        target = self._target(reference, file)
        if target.file == self._path and target.pointer.startswith("/components/"):
            return {"$ref": f"#{target.pointer}", **siblings}
        if is_schema:
            return {"$ref": self._component(target), **siblings}
        placed = self._inlined(target, file, partial(self._placed, key=key))
        return {**placed, **siblings} if isinstance(placed, Mapping) else placed

    def _component(self, target: _FileNode) -> str:
        """Return the reference to the component that a schema becomes."""
        if target not in self._names:
            last = target.pointer.rpartition("/")[2] or target.file.stem
            name = _NO_NAME.sub("_", last.replace("~1", "/").replace("~0", "~"))
            unique, number = name, 2
            while unique in self._names.values():
                unique, number = f"{name}_{number}", number + 1
            self._names[target] = unique
            self._pending.append(target)
        return f"#/components/schemas/{self._names[target]}"

    def _target(self, reference: str, file: Path) -> _FileNode:
        name, _, pointer = reference.partition("#")
        if "://" in name or name.startswith("//"):
            raise ScaffoldError(
                f"{file}: $ref: {reference} is on another server: bring the document into one file"
                " first, for example by npx @redocly/cli bundle"
            )
        other = (file.parent / unquote(name)).resolve() if name else file
        return _FileNode(other, pointer)

    def _content(self, target: _FileNode) -> Any:
        if target.file not in self._files:
            self._files[target.file] = self._read(target.file)
        try:
            return at(self._files[target.file], f"#{target.pointer}")
        except (KeyError, IndexError, TypeError, ValueError):
            raise ScaffoldError(f"{target.file}: $ref: #{target.pointer} leads nowhere") from None
