"""Which operations the shared behaviours of a run are shown for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fake_server.verify.api.applicability import operations_of
from fake_server.verify.api.declared import Document, Operation, closed, declared
from fake_server.verify.api.ledger import Entry, wanted
from fake_server.verify.api.listing import Listing
from fake_server.verify.target.rotation import Rotation


@dataclass(frozen=True, slots=True)
class Case:
    """A test of a shared behaviour is run once for each case.

    `live`: what is declared is what the live profile's document says, which differs; such a case is
    run where the documented one failed.
    """

    operation: Operation
    live: bool = False

    @property
    def name(self) -> str:
        """What stands behind the name of the test."""
        return f"{self.operation.id}{'-live' if self.live else ''}"


@dataclass(frozen=True)
class Plan:
    """The operations of an API, and those that each shared entry of its ledger speaks of.

    - `operations`: all of a resource, in the order in which they are asked.
    - `by_entry`: those that an entry applies to, by its id; without the entries of none.
    - `turns`: the pairs of entry and operation that are asked in this run.
    - `twins`: what the live profile's document says of an operation, by its id, if it differs.
    """

    operations: Sequence[Operation] = ()
    by_entry: Mapping[str, Sequence[Operation]] = field(default_factory=dict)
    turns: frozenset[tuple[str, str]] = frozenset()
    twins: Mapping[str, Operation] = field(default_factory=dict)

    def cases(self, ids: Iterable[str]) -> list[Case]:
        """Return the cases of a test that shows some entries."""
        named = list(ids)
        asked = [
            one for one in self.operations if any((id_, one.id) in self.turns for id_ in named)
        ]
        live = [Case(self.twins[one.id], live=True) for one in asked if one.id in self.twins]
        return [*map(Case, asked), *live]

    def labels(self, ids: Iterable[str], only: tuple[str, ...]) -> dict[str, dict[str, str]]:
        """Return the labels of the operations that entries apply to, by the ids of both."""
        return {
            id_: {one.id: one.label for one in self.by_entry[id_] if wanted(id_, only, one.id)}
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
    operations = rotation.ordered(declared(documents["documented"], listing))
    by_entry = {}
    turns = set()
    for entry in ledger.values():
        spoken_of = operations_of(entry, operations)
        if not spoken_of:
            continue
        by_entry[entry.id] = spoken_of
        chosen = [one for one in spoken_of if wanted(entry.id, only, one.id)]
        turns |= {(entry.id, one.id) for one in rotation.operations(entry.id, chosen)}
    resources = [one.resource for one in operations]
    own = {one.id for one in operations if is_in_part(one.resource, resources, part)}
    return Plan(
        operations,
        by_entry,
        frozenset(turn for turn in turns if turn[1] in own),
        {} if documented else _twins(operations, declared(documents["live"], listing)),
    )


def is_in_part(resource: str | None, resources: Iterable[str], part: tuple[int, int]) -> bool:
    """Return whether the operations of a resource belong to a part; those of none are in part 0."""
    number, parts = part
    if resource is None:
        return number == 0
    return sorted(set(resources)).index(resource) % parts == number


def document_part(document: Document, part: tuple[int, int]) -> Document:
    """Return a document with the paths whose resources belong to a part."""
    of_path = {
        path: next((one.get("x-resource") for one in item.values() if "x-resource" in one), None)
        for path, item in document["paths"].items()
    }
    names = {name for name in of_path.values() if name is not None}
    kept = {path for path, name in of_path.items() if is_in_part(name, names, part)}
    paths = {path: item for path, item in document["paths"].items() if path in kept}
    return {**document, "paths": paths}


def _twins(documented: Iterable[Operation], live: Iterable[Operation]) -> dict[str, Operation]:
    by_id = {one.id: one for one in live}
    return {
        one.id: by_id[one.id]
        for one in documented
        if one.id in by_id and _facts(one) != _facts(by_id[one.id])
    }


def _facts(operation: Operation) -> Any:
    return (
        dict(operation.parameters),
        dict(operation.inside),
        operation.headers,
        operation.order,
        closed(operation.document, operation.item),
    )
