"""Chooses the operations and fields that one run asks of a live service."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from fake_server.verify.api_files.declared_operations import DeclaredOperation

_T = TypeVar("_T")
_U = TypeVar("_U")

_TURNS = 3
"""The largest number of items that a run tries until one shows the behaviour."""

_FEW = 6
"""How many items every run asks, whosever turn it is."""

Different = Callable[[_T, _U], bool]
"""Whether two items may stand in a pair."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """Chooses by a seed, so that runs take turns.

    - `whole`: each run asks every operation and field.
    - `thorough`: each run asks every pair of fields, too.
    """

    seed: int = 0
    whole: bool = True
    thorough: bool = False

    def choose(self, name: str, items: Sequence[_T]) -> list[_T]:
        """Return all items, or the one whose turn it is for a name."""
        if self.whole or len(items) < 2:
            return list(items)
        return [items[(Random(name).randrange(len(items)) + self.seed) % len(items)]]

    def turns(self, name: str, items: Sequence[_T]) -> list[_T]:
        """Return all items, or a few from the one whose turn it is for a name.

        A run goes on to the next where the records do not show one.
        """
        if self.whole or len(items) < 2:
            return list(items)
        first = (Random(name).randrange(len(items)) + self.seed) % len(items)
        return [*items[first:], *items[:first]][:_TURNS]

    def share(self, name: str, items: Sequence[_T]) -> list[_T]:
        """Return all items if they are few, or a few from the one whose turn it is for a name."""
        return list(items) if len(items) <= _FEW else self.turns(name, items)

    def pairs(
        self, name: str, left: Sequence[_T], right: Sequence[_U], are_different: "Different[_T, _U]"
    ) -> list[tuple[_T, _U]]:
        """Return pairs of items that may stand together.

        All pairs in a thorough run; in a whole one a pair for each item on the left; else
        a few from the pair whose turn it is.
        """
        pairs = [(first, second) for first in left for second in right]
        allowed = [pair for pair in pairs if are_different(*pair)]
        if self.thorough:
            return allowed
        if not self.whole:
            return self.turns(name, allowed)
        return _matched(allowed)

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


def _matched(pairs: list[tuple[_T, _U]]) -> list[tuple[_T, _U]]:
    """Return a pair for each item on the left; their partners change as far as they reach."""
    chosen: list[tuple[_T, _U]] = []
    left, right = set[int](), set[int]()
    for may_repeat in (False, True):
        for first, second in pairs:
            if id(first) not in left and (may_repeat or id(second) not in right):
                chosen.append((first, second))
                left.add(id(first))
                right.add(id(second))
    return chosen
