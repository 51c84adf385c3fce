"""Which credentials an operation of an OpenAPI document takes, by its `security`."""

from collections.abc import Iterable, Mapping
from typing import Any

Alternatives = tuple[frozenset[str], ...]
"""Sets of security schemes by name. A request needs all schemes of one of the sets; those of an
empty set are no schemes at all."""

OPEN: Alternatives = (frozenset(),)
"""The security of an operation that needs no credential."""


def alternatives(
    document: Mapping[str, Any], operation: Mapping[str, Any], known: Iterable[str]
) -> Alternatives | None:
    """Return which schemes an operation of a document takes; None for any credential.

    The `security` of the document holds for an operation that says nothing. Where neither says
    anything, or no scheme is known, any credential will do. Nobody is asked for schemes that are
    not among the `known` ones: a set with such schemes alone counts only where there is no other.
    """
    security = operation.get("security", document.get("security"))
    if security is None:
        return None
    if not security or {} in security:
        return OPEN
    names = set(known)
    if not names:
        return None
    return (
        tuple(frozenset(names & set(schemes)) for schemes in security if names & set(schemes))
        or OPEN
    )
