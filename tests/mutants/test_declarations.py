"""The reference tables see mutants of declarations, which no contract test can see."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pytest

from fake_server.rest.schema.bundle import bundled
from tests.mutants.declarations import DeclarationMutant, mutants
from tests.reference.declared import declared_by
from tests.reference.tables import DIFFERENCES, Row, differences, key, table
from tests.support import listed
from tests.support.openapi import normalised

APIS = ("intra42", "fabmanager", "xurrent")


def _operations(api: str) -> Mapping[str, dict[str, Any]]:
    operations: dict[str, dict[str, Any]] = normalised(bundled(api))["operations"]
    return operations


def _is_known(mutant: DeclarationMutant, row: Row) -> bool:
    """Return whether a row knows enough to see a mutant."""
    name, _, field = mutant.fact.partition(".")
    if name == "filter or query":
        return "filter" in row.facts or "query" in row.facts
    return name in row.facts and (not field or field in row.facts[name])


@cache
def _entries() -> list[listed.Listed]:
    return listed.entries(DIFFERENCES, "operations")


def _is_seen(api: str, name: str, row: Row, mutant: DeclarationMutant) -> bool:
    method, _, path = name.partition(" ")
    rows = {key(method, path): row}
    found = differences(api, rows, [declared_by(name, mutant.operation)])
    return bool(listed.unlisted(found, _entries())[0]) or _is_listed(api, name, row, found)


def _is_listed(api: str, name: str, row: Row, found: Sequence[Any]) -> bool:
    """Return whether a mutant changes what is listed as different already."""
    method, _, path = name.partition(" ")
    declared = [declared_by(name, _operations(api)[name])]
    before = {each.where for each in differences(api, {key(method, path): row}, declared)}
    return bool(found) and {each.where for each in found} <= before


@pytest.mark.parametrize("api", APIS)
def test_mutants_of_declarations_are_seen(api: str) -> None:
    rows = table(api)
    survivors = []
    known = 0
    for name, operation in _operations(api).items():
        method, _, path = name.partition(" ")
        row = rows.get(key(method, path))
        for mutant in mutants(operation) if row else ():
            if row is not None and _is_known(mutant, row):
                known += 1
                if not _is_seen(api, name, row, mutant):
                    survivors.append(f"{name}: {mutant.says}")
    assert not survivors, "\n".join(survivors)
    assert known > 15


@pytest.mark.parametrize("api", APIS)
def test_operations_that_are_gone_or_new_are_seen(api: str) -> None:
    rows = table(api)
    operations = _operations(api)
    declared = [declared_by(name, operation) for name, operation in operations.items()]
    for gone in declared:
        if key(gone.method, gone.path) not in rows:
            # What the reference does not know, such as OAuth's, cannot be missed.
            continue
        resource = rows[key(gone.method, gone.path)].resource
        rest = [one for one in declared if one is not gone]
        keys = [key(one.method, one.path) for one in rest]
        others = {rows[name].resource for name in keys if name in rows}
        if resource in others:
            found = listed.unlisted(differences(api, rows, rest), _entries())[0]
            assert [one.what for one in found] == ["missing"], f"{gone.method} {gone.path}"
    moved = [declared[0]._replace(path="/v9/mutants"), *declared[1:]]
    whats = {one.what for one in listed.unlisted(differences(api, rows, moved), _entries())[0]}
    assert "extra" in whats
