"""The plan of a run: the operations that it tests for each shared behaviour."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fake_server.verify.api_files.applicability import operations_of
from fake_server.verify.api_files.declared_operations import (
    DeclaredOperation,
    Document,
    declared_operations,
    with_references,
)
from fake_server.verify.api_files.ledger import Entry, is_selected
from fake_server.verify.api_files.listing import Listing
from fake_server.verify.target.rotation import Rotation


@dataclass(frozen=True, slots=True)
class BehaviourCase:
    """One case of a test of a shared behaviour: the test runs once for each.

    `live`: the operation is that of the live profile's document, which differs. Such a case runs
    where the documented one failed.
    """

    operation: DeclaredOperation
    live: bool = False

    @property
    def name(self) -> str:
        """The text behind the name of the test."""
        return f"{self.operation.id}{'-live' if self.live else ''}"


@dataclass(frozen=True)
class Plan:
    """The operations of an API, and those that each shared entry of its ledger applies to.

    - `operations`: those of all resources, in the order of the run.
    - `by_entry`: those that an entry applies to, by its id; only entries that have any.
    - `turns`: the pairs of entry and operation that this run asks.
    - `live_operations`: the operations of the live profile's document that differ, by id.
    - `order`: the ids of the operations, those first that show most.
    - `first`: those of the order that show each entry for one operation.
    """

    operations: Sequence[DeclaredOperation] = ()
    by_entry: Mapping[str, Sequence[DeclaredOperation]] = field(default_factory=dict)
    turns: frozenset[tuple[str, str]] = frozenset()
    live_operations: Mapping[str, DeclaredOperation] = field(default_factory=dict)
    order: Sequence[str] = ()
    first: frozenset[str] = frozenset()

    def cases(self, ids: Iterable[str]) -> list[BehaviourCase]:
        """Return the cases of a test that shows some entries."""
        entry_ids = list(ids)
        due_operations = [
            operation
            for operation in self.operations
            if any((id_, operation.id) in self.turns for id_ in entry_ids)
        ]
        live = [
            BehaviourCase(self.live_operations[operation.id], live=True)
            for operation in due_operations
            if operation.id in self.live_operations
        ]
        return [*map(BehaviourCase, due_operations), *live]

    def labels(self, ids: Iterable[str], only: tuple[str, ...]) -> dict[str, dict[str, str]]:
        """Return the labels of the operations that entries apply to, by the ids of both."""
        return {
            id_: {
                operation.id: operation.label
                for operation in self.by_entry[id_]
                if is_selected(id_, only, operation.id)
            }
            for id_ in ids
            if id_ in self.by_entry
        }


def plan(
    ledger: Mapping[str, Entry],
    documents: Mapping[str, Document],
    listing: Listing,
    *,
    only: tuple[str, ...] = (),
    rotation: Rotation = Rotation(),  # noqa: B008 - a value that nobody can change
    documented: bool = True,
    part: tuple[int, int] = (0, 1),
) -> Plan:
    """Return the plan of a run for the entries of a ledger that have `applies_to`.

    `documents`: the API's by profile. `part`: this part, from 0, of so many that share the
    operations; those of one resource are in one part.
    """
    operations = rotation.ordered(declared_operations(documents["documented"], listing))
    by_entry = {}
    turns = set()
    for entry in ledger.values():
        applicable = operations_of(entry, operations)
        if not applicable:
            continue
        by_entry[entry.id] = applicable
        selected = [
            operation for operation in applicable if is_selected(entry.id, only, operation.id)
        ]
        due = selected if entry.every_run else rotation.operations(entry.id, selected)
        turns |= {(entry.id, operation.id) for operation in due}
    resources = [operation.resource for operation in operations]
    ids_in_part = {
        operation.id for operation in operations if is_in_part(operation.resource, resources, part)
    }
    turns_in_part = frozenset(turn for turn in turns if turn[1] in ids_in_part)
    first = _covering(operations, turns_in_part)
    return Plan(
        operations,
        by_entry,
        turns_in_part,
        {}
        if documented
        else _differing_operations(operations, declared_operations(documents["live"], listing)),
        (*first, *_resources_in_turn(operations, first)),
        frozenset(first),
    )


def _covering(
    operations: Sequence[DeclaredOperation], turns: Collection[tuple[str, str]]
) -> list[str]:
    """Return the ids of few operations that have all entries: first the one with most of them."""
    entries_of: dict[str, set[str]] = {operation.id: set() for operation in operations}
    for entry_id, operation_id in turns:
        entries_of[operation_id].add(entry_id)
    pending = {entry_id for entry_id, _ in turns}
    covering: list[str] = []
    while pending:
        best = max(entries_of, key=lambda id_: len(entries_of[id_] & pending))
        covering.append(best)
        pending -= entries_of[best]
    return covering


def _resources_in_turn(
    operations: Sequence[DeclaredOperation], first: Collection[str]
) -> list[str]:
    """Return the ids of the other operations: one of each resource, then a second of each."""
    counts = Counter(operation.resource for operation in operations if operation.id in first)
    ranks: dict[str, int] = {}
    for operation in operations:
        if operation.id not in first:
            ranks[operation.id] = counts[operation.resource]
            counts[operation.resource] += 1
    return sorted(ranks, key=lambda id_: ranks[id_])


def is_in_part(resource: str | None, resources: Iterable[str], part: tuple[int, int]) -> bool:
    """Return whether the operations of a resource, or of no resource (part 0), are in a part."""
    number, parts = part
    if resource is None:
        return number == 0
    return sorted(set(resources)).index(resource) % parts == number


def document_part(document: Document, part: tuple[int, int]) -> Document:
    """Return a document with the paths whose resources belong to a part."""
    of_path = {
        path: next(
            (method.get("x-resource") for method in item.values() if "x-resource" in method), None
        )
        for path, item in document["paths"].items()
    }
    names = {name for name in of_path.values() if name is not None}
    kept_paths = {path for path, name in of_path.items() if is_in_part(name, names, part)}
    paths = {path: item for path, item in document["paths"].items() if path in kept_paths}
    return {**document, "paths": paths}


def _differing_operations(
    documented: Iterable[DeclaredOperation], live: Iterable[DeclaredOperation]
) -> dict[str, DeclaredOperation]:
    by_id = {operation.id: operation for operation in live}
    return {
        operation.id: by_id[operation.id]
        for operation in documented
        if operation.id in by_id and _declarations(operation) != _declarations(by_id[operation.id])
    }


def _declarations(operation: DeclaredOperation) -> Any:
    return (
        dict(operation.parameters),
        dict(operation.path_schemas),
        operation.headers,
        operation.order,
        with_references(operation.document, operation.item),
    )
