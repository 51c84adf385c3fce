"""Assertions whose failure says what was expected and what was seen."""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from fake_server.verify.errors import BrokenError, brief

_T = TypeVar("_T")


def expect(what: str, expected: object, seen: object) -> None:
    """Assert that two values are equal; `what` names the thing looked at."""
    if expected != seen:
        raise BrokenError(what, brief(_shown(expected)), brief(_shown(seen)))


def expect_that(what: str, condition: object, expected: str, seen: object) -> None:
    """Assert a condition; `expected` says in words what it asks for."""
    if not condition:
        raise BrokenError(what, expected, brief(_shown(seen)))


def expect_same_members(what: str, expected: Collection[Any], seen: Collection[Any]) -> None:
    """Assert that two collections have the same members as often, in any order."""
    lacking, surplus = _minus(expected, seen), _minus(seen, expected)
    if lacking or surplus:
        raise BrokenError(
            what,
            f"{len(expected)} of them",
            f"{len(seen)}; lacking {brief(lacking, 150)}, not expected {brief(surplus, 150)}",
        )


def expect_ordered(
    what: str, seen: Sequence[_T], key: Callable[[_T], Any], *, descending: bool = False
) -> None:
    """Assert that a sequence is in order by `key`; equal neighbours may stand either way."""
    for place, (first, second) in enumerate(pairwise(seen)):
        one, two = key(first), key(second)
        if (one < two) if descending else (one > two):
            way = "descending" if descending else "ascending"
            raise BrokenError(
                what, f"{way} order", f"{brief(one)} before {brief(two)} at place {place + 1}"
            )


def expect_distinct(what: str, seen: Sequence[Any]) -> None:
    """Assert that no member occurs twice."""
    twice = sorted({str(one) for one in seen if seen.count(one) > 1})
    if twice:
        raise BrokenError(what, "each once", f"more than once: {brief(', '.join(twice), 150)}")


def _minus(left: Collection[Any], right: Collection[Any]) -> list[Any]:
    rest = list(right)
    lacking = []
    for member in left:
        if member in rest:
            rest.remove(member)
        else:
            lacking.append(member)
    return lacking


def _shown(value: object) -> object:
    return value if isinstance(value, str) and value else repr(value)
