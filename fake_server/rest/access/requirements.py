"""Which forms of credentials the operations of an API take."""

import re
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any

from fake_server.data_files import registry
from fake_server.data_files.security import OPEN, Alternatives, alternatives
from fake_server.rest.access.forms import CredentialForm, sent_forms
from fake_server.rest.schema.requested_operation import template_pattern
from fake_server.rest.schema.spec import spec

FormSets = tuple[tuple[CredentialForm, ...], ...]
"""Sets of forms; a request needs all forms of one of the sets."""


@cache
def open_operations(api: str) -> frozenset[str]:
    """Return the ids of an API's operations that need no credential: their `security` says so.

    It is empty, or has `{}` among the alternatives; that of the document holds for an operation
    that says nothing. Where neither says anything, a credential is needed.
    """
    return frozenset(name for name, taken in _alternatives(api).items() if taken == OPEN)


@cache
def form_sets(api: str, operation: str | None) -> FormSets:
    """Return the forms that an operation takes, by its id without the API's name.

    Where the document does not say which, and for None, each form will do.
    """
    forms = sent_forms(api)
    are_named = any(form.schemes for form in forms)
    taken = _alternatives(api).get(operation) if operation and are_named else None
    if taken is None:
        return tuple((form,) for form in forms)
    return tuple(
        tuple(forms[position] for position in sorted(set(chosen)))
        for schemes in taken
        for chosen in product(*(_carriers(forms, scheme) for scheme in sorted(schemes)))
    )


def _carriers(forms: tuple[CredentialForm, ...], scheme: str) -> list[int]:
    """Return the positions of the forms that carry a security scheme."""
    return [
        position
        for position, form in enumerate(forms)
        if not form.schemes or scheme in form.schemes
    ]


@cache
def _alternatives(api: str) -> Mapping[str, Alternatives | None]:
    document: Mapping[str, Any] = spec(api).document
    known = {scheme for form in sent_forms(api) for scheme in form.schemes}
    return {
        each.operation_id: alternatives(
            document, document["paths"][each.path][each.method.lower()], known
        )
        for each in spec(api).operations.values()
    }


@cache
def example_operation(api: str) -> str | None:
    """Return the id of the operation of an API's example; None if its forms name no schemes."""
    if not any(form.schemes for form in sent_forms(api)):
        return None
    path = registry.package(api).example.partition("?")[0]
    return next(
        (
            each.operation_id
            for each in spec(api).operations.values()
            if each.method == "GET" and re.fullmatch(template_pattern(each.path), path)
        ),
        None,
    )
