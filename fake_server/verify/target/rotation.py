"""Chooses the operations and fields that one run asks of a live service."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from fake_server.verify.api.declared_operations import DeclaredOperation

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Rotation:
    """Chooses by a seed, so that runs take turns; `whole`: each run asks everything."""

    seed: int = 0
    whole: bool = True

    def choose(self, name: str, items: Sequence[_T]) -> list[_T]:
        """Return all items, or the one whose turn it is for a name."""
        if self.whole or len(items) < 2:
            return list(items)
        return [items[(Random(name).randrange(len(items)) + self.seed) % len(items)]]

    def operations(
        self, entry: str, candidates: Iterable[DeclaredOperation]
    ) -> list[DeclaredOperation]:
        """Return all operations, or, for each resource, the one whose turn it is for an entry."""
        by_resource: dict[str, list[DeclaredOperation]] = {}
        for operation in candidates:
            by_resource.setdefault(operation.resource, []).append(operation)
        return [
            chosen
            for resource, resource_operations in by_resource.items()
            for chosen in self.choose(
                f"{entry} {resource}",
                sorted(resource_operations, key=lambda operation: operation.id),
            )
        ]

    def ordered(self, operations: Sequence[DeclaredOperation]) -> list[DeclaredOperation]:
        """Return the operations in a random order, so that a spent budget skips others each run."""
        if self.whole:
            return list(operations)
        return Random(self.seed).sample(list(operations), len(operations))
