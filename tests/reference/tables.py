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
        key(one["method"], one["path"]): Row(one["method"], one["path"], one["resource"], one)
        for one in facts
    }


def differences(
    api: str, rows: Mapping[str, Row], declared: Sequence[Declared]
) -> list[Difference]:
    """Return how the operations of an API's document differ from its table.

    An operation without a row is extra. A row is missing that belongs to a resource of which
    another row is declared.
    """
    found: list[Difference] = []
    resources = set()
    known = set()
    for one in declared:
        row = rows.get(key(one.method, one.path))
        where = f"{api} {one.method} {one.path}"
        if row is None:
            found.append(Difference(where, "extra", None, one.path))
            continue
        known.add(key(one.method, one.path))
        resources.add(row.resource)
        found += _compared(where, row.facts, one)
    found += [
        Difference(f"{api} {row.method} {row.path}", "missing", row.path, None)
        for name, row in rows.items()
        if name not in known and row.resource in resources
    ]
    return found


def _compared(where: str, facts: Mapping[str, Any], one: Declared) -> Iterator[Difference]:
    for name, fields in (("sort", one.sort), ("query", one.query)):
        yield from _members(f"{where}: {name}", facts.get(name), fields)
    for name, kinds in (("filter", one.filter), ("range", one.range)):
        yield from _members(f"{where}: {name}", facts.get(name), list(kinds))
        if name in facts:
            yield from _kinds(f"{where}: {name}", facts.get("kinds", {}), kinds)
    for field in sorted({*facts.get("values", {}), *one.values} if "values" in facts else ()):
        if field in facts["filter"] and field in one.filter:
            values = facts["values"].get(field), one.values.get(field)
            yield from _single(f"{where}: values.{field}", *values)
    if "fields" in facts:
        absent = [field for field in facts["fields"] if field not in one.fields]
        yield from (
            Difference(f"{where}: fields.{field}", "missing", field, None) for field in absent
        )
    if facts.get("predefined") or one.predefined:
        yield from _members(f"{where}: predefined", facts.get("predefined"), one.predefined)
    for name, value in (("pages", one.pages), ("graph", one.graph)):
        if name in facts:
            yield from _parts(f"{where}: {name}", facts[name], value)
    if one.parent is not None and "parent" in facts:
        yield from _single(f"{where}: parent", facts["parent"], one.parent)
    if one.order is not None and "order" in facts:
        yield from _single(f"{where}: order", facts["order"], one.order)
    if "body" in facts:
        yield from _body(f"{where}: body", facts, one)


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


def _body(where: str, facts: Mapping[str, Any], one: Declared) -> Iterator[Difference]:
    body = one.body(facts.get("body_key"))
    yield from _members(where, list(facts["body"]), list(body))
    for name, required in facts["body"].items():
        if name in body:
            yield from _single(f"{where}.{name}.required", required, body[name])
