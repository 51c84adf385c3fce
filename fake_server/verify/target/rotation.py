"""What a run asks of a live service, where requests are dear: something of everything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from fake_server.verify.api.declared import Operation

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Rotation:
    """Chooses by a seed; `whole`: everything is asked, nothing is left for another run."""

    seed: int = 0
    whole: bool = True

    def some(self, name: str, of: Sequence[_T]) -> list[_T]:
        """Return all members, or the one whose turn it is under a name."""
        if self.whole or len(of) < 2:
            return list(of)
        return [of[(Random(name).randrange(len(of)) + self.seed) % len(of)]]

    def operations(self, entry: str, of: Iterable[Operation]) -> list[Operation]:
        """Return all operations, or one of each resource: that whose turn it is for an entry."""
        by_resource: dict[str, list[Operation]] = {}
        for operation in of:
            by_resource.setdefault(operation.resource, []).append(operation)
        return [
            one
            for resource, those in by_resource.items()
            for one in self.some(f"{entry} {resource}", sorted(those, key=lambda one: one.id))
        ]

    def ordered(self, operations: Sequence[Operation]) -> list[Operation]:
        """Return the operations in the order in which they are asked: the budget may end early."""
        if self.whole:
            return list(operations)
        return Random(self.seed).sample(list(operations), len(operations))
