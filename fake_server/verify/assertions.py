"""Assertions whose failure says the expected and the seen value."""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from fake_server.verify.outcome_errors import BrokenError, brief

_T = TypeVar("_T")


def expect(what: str, expected: object, seen: object) -> None:
    """Assert that two values are equal; `what` names the value."""
    if expected != seen:
        raise BrokenError(what, brief(_shown(expected)), brief(_shown(seen)))


def expect_that(what: str, condition: object, expected: str, seen: object) -> None:
    """Assert a condition; `expected` describes it in words."""
    if not condition:
        raise BrokenError(what, expected, brief(_shown(seen)))


def expect_same_members(what: str, expected: Collection[Any], seen: Collection[Any]) -> None:
    """Assert that two collections have the same members equally often, in any order."""
    missing, surplus = _minus(expected, seen), _minus(seen, expected)
    if missing or surplus:
        raise BrokenError(
            what,
            f"{len(expected)} of them",
            f"{len(seen)}; lacking {brief(missing, 150)}, not expected {brief(surplus, 150)}",
        )


def expect_ordered(
    what: str, seen: Sequence[_T], key: Callable[[_T], Any], *, descending: bool = False
) -> None:
    """Assert that a sequence is in order by `key`; equal neighbours may stand either way."""
    for index, (first, second) in enumerate(pairwise(seen)):
        first_key, second_key = key(first), key(second)
        if (first_key < second_key) if descending else (first_key > second_key):
            direction = "descending" if descending else "ascending"
            raise BrokenError(
                what,
                f"{direction} order",
                f"{brief(first_key)} before {brief(second_key)} at place {index + 1}",
            )


def expect_distinct(what: str, seen: Sequence[Any]) -> None:
    """Assert that no member occurs twice."""
    duplicates = sorted({str(member) for member in seen if seen.count(member) > 1})
    if duplicates:
        raise BrokenError(what, "each once", f"more than once: {brief(', '.join(duplicates), 150)}")


def _minus(left: Collection[Any], right: Collection[Any]) -> list[Any]:
    remaining = list(right)
    missing = []
    for member in left:
        if member in remaining:
            remaining.remove(member)
        else:
            missing.append(member)
    return missing


def _shown(value: object) -> object:
    return value if isinstance(value, str) and value else repr(value)
