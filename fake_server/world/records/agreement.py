"""Whether the kinds of an API's records agree with its dataset schema.

They are compared when an image is made: a kind that forgets an attribute would lose it silently at
the next change of a record.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from fake_server.data_files import registry
from fake_server.data_files.package_files import json_file
from fake_server.errors import DeclarationError
from fake_server.world.image_inputs import DatasetPath
from fake_server.world.records.kinds import ListKind, RecordKind, TableKind
from fake_server.world.records.tables import Records, Tables

Schema = Mapping[str, Any]


def require_agreement(api: str, kinds: Iterable[RecordKind], tables: Tables) -> None:
    """Raise `DeclarationError` for the first kind that disagrees with the dataset schema.

    `tables` are those of a new image. An API without files or without a dataset schema has nothing
    to agree with.
    """
    package = registry.packages().get(api)
    file = None if package is None else package.schemas / "dataset.json"
    if file is None or not file.is_file():
        return
    whole = json_file(file)
    for kind in kinds:
        _Agreement(file, whole, kind).require(tables)


def list_schema(whole: Schema, kind: RecordKind) -> Schema | None:
    """Return the schema of the list of a kind's records in a dataset schema; None without one."""
    node: Schema | None = whole
    for step in kind.path:
        node = resolved(whole, node).get("properties", {}).get(step)
        if node is None:
            return None
    return resolved(whole, node)


def record_schema(whole: Schema, kind: RecordKind) -> Schema:
    """Return the schema of a record of a kind; of one that is a text, that of its key alone."""
    items = resolved(whole, (list_schema(whole, kind) or {}).get("items", {}))
    choices = items.get("anyOf", items.get("oneOf", [items]))
    objects = (resolved(whole, choice) for choice in choices)
    return next((choice for choice in objects if "properties" in choice), _key_alone(kind))


def read_attributes(schema: Schema) -> set[str]:
    """Return the attributes that a read record has: all but those it is only made from."""
    return {name for name, about in schema["properties"].items() if not about.get("writeOnly")}


def _key_alone(kind: RecordKind) -> Schema:
    return {"properties": {kind.key: {}}}


def resolved(whole: Schema, node: Any) -> Schema:
    """Return a part of a schema, or what it refers to."""
    while "$ref" in node:
        target: Any = whole
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    schema: Schema = node
    return schema


class _Agreement:
    """One kind of records, and the dataset schema in a file."""

    def __init__(self, file: Path, whole: Schema, kind: RecordKind) -> None:
        self._file = file
        self._whole = whole
        self._kind = kind

    def require(self, tables: Tables) -> None:
        """Raise `DeclarationError` where they disagree."""
        schema = list_schema(self._whole, self._kind)
        if schema is None:
            raise self._mistake(f"is missing: it says what a dataset may hold of {self._kind.name}")
        if isinstance(self._kind, ListKind):
            self._require_unique(schema)
        elif isinstance(self._kind, TableKind):
            self._require_attributes(tables)

    def _require_unique(self, schema: Schema) -> None:
        items = resolved(self._whole, schema.get("items", {}))
        # Of records that are texts in the dataset, the texts themselves differ.
        key = self._kind.key if items.get("type") == "object" else None
        unique = schema.get("x-unique")
        if unique is None:
            expected = json.dumps([key] if key else [])
            raise self._mistake(
                f"x-unique is missing: expected {expected}, by which records differ"
            )
        if key is not None and key not in unique:
            raise self._mistake(f"x-unique: expected {key} among {json.dumps(unique)}")

    def _require_attributes(self, tables: Tables) -> None:
        # Whoever reads uses no more of `Records` than what all tables have.
        records = cast(Records, tables)
        keys = self._kind.keys(records, None, 1, {})
        declared = read_attributes(record_schema(self._whole, self._kind))
        for record in self._kind.read(records, keys):
            for name in sorted(record.keys() - declared):
                raise self._mistake(f"{name}: a record that is read has it, the schema has not")
            for name in sorted(declared - record.keys()):
                raise self._mistake(f"{name}: the schema has it, a record that is read has not")

    def _mistake(self, message: str) -> DeclarationError:
        from fake_server.world.datasets.lines import line_of

        line = line_of(self._file.read_text(encoding="utf-8"), self._steps())
        return DeclarationError(f"{self._file}:{line}: {'.'.join(self._kind.path)}: {message}")

    def _steps(self) -> DatasetPath:
        return tuple(part for step in self._kind.path for part in ("properties", step))
