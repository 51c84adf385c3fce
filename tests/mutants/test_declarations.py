"""The reference tables see mutants of declarations, which no contract test can see."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from fake_server.data_files.api_document import api_document
from tests.mutants.declarations import DeclarationMutant, mutants
from tests.reference.declared import Declared, declared_by
from tests.reference.tables import DIFFERENCES, Row, differences, key, table
from tests.support import listed
from tests.support.openapi import normalised

APIS = ("intra42", "fabmanager", "xurrent")


@cache
def _operations(api: str) -> Mapping[str, dict[str, Any]]:
    operations: dict[str, dict[str, Any]] = normalised(api_document(api))["operations"]
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


def _differences(api: str, name: str, row: Row) -> frozenset[tuple[str, str]]:
    """Return where and how an operation as it is declared differs from its row."""
    method, _, path = name.partition(" ")
    declared = declared_by(name, _operations(api)[name])
    known = differences(api, {key(method, path): row}, [declared])
    return frozenset((difference.where, difference.what) for difference in known)


def _is_seen(
    api: str, name: str, row: Row, known: frozenset[tuple[str, str]], mutant: DeclarationMutant
) -> bool:
    """Return whether a mutant differs from its row in a way that no entry lists.

    A mutant of what is listed as different already cannot be told from it. Nor can one that
    lacks what is listed as extra.
    """
    method, _, path = name.partition(" ")
    differing = differences(api, {key(method, path): row}, [declared_by(name, mutant.operation)])
    new = [each for each in differing if (each.where, each.what) not in known]
    if new:
        return bool(listed.unlisted(new, _entries())[0])
    lost = known - {(each.where, each.what) for each in differing}
    return bool(differing) or any(what == "extra" for _, what in lost)


@pytest.mark.parametrize("api", APIS)
def test_mutants_of_declarations_are_seen(api: str) -> None:
    rows = table(api)
    survivors = []
    tried = 0
    for name, operation in _operations(api).items():
        method, _, path = name.partition(" ")
        if (row := rows.get(key(method, path))) is None:
            continue
        known = _differences(api, name, row)
        for mutant in mutants(operation):
            if _is_known(mutant, row):
                tried += 1
                if not _is_seen(api, name, row, known, mutant):
                    survivors.append(f"{name}: {mutant.says}")
    assert not survivors, "\n".join(survivors)
    assert tried > 15


@pytest.mark.parametrize("api", APIS)
def test_operations_that_are_gone_or_new_are_seen(api: str) -> None:
    rows = table(api)
    operations = _operations(api)
    declared = [declared_by(name, operation) for name, operation in operations.items()]
    by_resource: dict[str, list[Declared]] = {}
    for each in declared:
        # What the reference does not know, such as OAuth's, cannot be missed.
        if row := rows.get(key(each.method, each.path)):
            by_resource.setdefault(row.resource, []).append(each)
    for resource, members in by_resource.items():
        of_resource = {name: row for name, row in rows.items() if row.resource == resource}
        for gone in members if len(members) > 1 else ():
            rest = [each for each in members if each is not gone]
            unlisted = listed.unlisted(differences(api, of_resource, rest), _entries())[0]
            assert [each.what for each in unlisted] == ["missing"], f"{gone.method} {gone.path}"
    moved = [declared[0]._replace(path="/v9/mutants"), *declared[1:]]
    unlisted = listed.unlisted(differences(api, rows, moved), _entries())[0]
    assert "extra" in {each.what for each in unlisted}
