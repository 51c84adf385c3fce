"""The tables that `tools/reference_tables.py` writes, and how declarations differ from them.

A row has what is known of an operation of the real service; what is not known it does not have.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.reference.declared import Declared

DIFFERENCES = Path(__file__).parent / "differences.yaml"

_ALIKE: Mapping[str, frozenset[str]] = {
    "enum": frozenset({"text"}),
    "reference": frozenset({"integer"}),
    "date": frozenset({"instant"}),
}
"""Kinds that a declaration may call by another name; a table's enum is a text of few values."""


class Row(NamedTuple):
    """What is known of an operation; `facts` as the table has them."""

    method: str
    path: str
    resource: str
    facts: Mapping[str, Any]


class Difference(NamedTuple):
    """Where a declaration and its row differ.

    `what` is `missing` (from the declaration), `extra` or `changed`.
    """

    where: str
    what: str
    reference: Any
    declared: Any

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.what} {self.where}: reference {self.reference}, declared {self.declared}"


def key(method: str, path: str) -> str:
    """Return the key of an operation, whatever its path parameters are called."""
    return f"{method} {re.sub(r'{[^}]+}', '{}', path)}"


def table(api: str) -> dict[str, Row]:
    """Return the rows of an API by `key`; none for an API without a table."""
    file = Path(__file__).parent / f"{api}.json"
    facts = json.loads(file.read_bytes())["operations"] if file.is_file() else []
    return {
        key(fact["method"], fact["path"]): Row(fact["method"], fact["path"], fact["resource"], fact)
        for fact in facts
    }


def differences(
    api: str, rows: Mapping[str, Row], declared: Sequence[Declared]
) -> list[Difference]:
    """Return how the operations of an API's document differ from its table.

    An operation without a row is extra. A row is missing that belongs to a resource of which
    another row is declared.
    """
    different: list[Difference] = []
    resources = set()
    known = set()
    for operation in declared:
        row = rows.get(key(operation.method, operation.path))
        where = f"{api} {operation.method} {operation.path}"
        if row is None:
            different.append(Difference(where, "extra", None, operation.path))
            continue
        known.add(key(operation.method, operation.path))
        resources.add(row.resource)
        different += _compared(where, row.facts, operation)
    different += [
        Difference(f"{api} {row.method} {row.path}", "missing", row.path, None)
        for name, row in rows.items()
        if name not in known and row.resource in resources
    ]
    return different


def _compared(where: str, facts: Mapping[str, Any], operation: Declared) -> Iterator[Difference]:
    for name, fields in (("sort", operation.sort), ("query", operation.query)):
        yield from _members(f"{where}: {name}", facts.get(name), fields)
    for name, kinds in (("filter", operation.filter), ("range", operation.range)):
        yield from _members(f"{where}: {name}", facts.get(name), list(kinds))
        if name in facts:
            yield from _kinds(f"{where}: {name}", facts.get("kinds", {}), kinds)
    for field in sorted({*facts.get("values", {}), *operation.values} if "values" in facts else ()):
        if field in facts["filter"] and field in operation.filter:
            values = facts["values"].get(field), operation.values.get(field)
            yield from _single(f"{where}: values.{field}", *values)
    if "fields" in facts:
        absent = [field for field in facts["fields"] if field not in operation.fields]
        yield from (
            Difference(f"{where}: fields.{field}", "missing", field, None) for field in absent
        )
    if facts.get("predefined") or operation.predefined:
        yield from _members(f"{where}: predefined", facts.get("predefined"), operation.predefined)
    for name, value in (("pages", operation.pages), ("graph", operation.graph)):
        if name in facts:
            yield from _parts(f"{where}: {name}", facts[name], value)
    if operation.parent is not None and "parent" in facts:
        yield from _single(f"{where}: parent", facts["parent"], operation.parent)
    if operation.order is not None and "order" in facts:
        yield from _single(f"{where}: order", facts["order"], operation.order)
    if "body" in facts:
        yield from _body(f"{where}: body", facts, operation)


def _members(
    where: str, reference: Sequence[str] | None, names: Sequence[str]
) -> Iterator[Difference]:
    if reference is None:
        return
    for name in reference:
        if name not in names:
            yield Difference(f"{where}.{name}", "missing", name, None)
    for name in names:
        if name not in reference:
            yield Difference(f"{where}.{name}", "extra", None, name)


def _kinds(
    where: str, reference: Mapping[str, str], kinds: Mapping[str, str]
) -> Iterator[Difference]:
    for field, kind in kinds.items():
        expected = reference.get(field)
        if expected is not None and kind not in {expected, *_ALIKE.get(expected, ())}:
            yield Difference(f"{where}.{field}.kind", "changed", expected, kind)


def _parts(where: str, reference: Any, value: Any) -> Iterator[Difference]:
    if reference is None or value is None:
        yield from _single(where, reference, value)
        return
    for name, part in reference.items():
        yield from _single(f"{where}.{name}", part, value[name])


def _single(where: str, reference: Any, value: Any) -> Iterator[Difference]:
    if isinstance(reference, list) and isinstance(value, list):
        reference, value = sorted(reference), sorted(value)
    if reference != value:
        yield Difference(where, "changed", reference, value)


def _body(where: str, facts: Mapping[str, Any], operation: Declared) -> Iterator[Difference]:
    body = operation.body(facts.get("body_key"))
    yield from _members(where, list(facts["body"]), list(body))
    for name, required in facts["body"].items():
        if name in body:
            yield from _single(f"{where}.{name}.required", required, body[name])
