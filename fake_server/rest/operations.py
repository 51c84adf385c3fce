"""Which operation of a specification a request is for."""

import re
from functools import cache

from flask import Request

from fake_server.rest.spec import spec

_ARGUMENT = re.compile(r"<(?:[^<>:]+:)?[^<>]+>|\{[^{}]+\}")
_FORMAT = re.compile(r"\.<[^<>]+>\Z")


def operation_of(api: str, request: Request) -> str | None:
    """Return the operation that a routed request is for, as `api.operation_id`; else None.

    A HEAD is for the operation of its GET.
    """
    rule = request.url_rule
    if rule is None:
        return None
    method = "GET" if request.method == "HEAD" else request.method
    return _operation(api, method, rule.rule)


@cache
def _operation(api: str, method: str, rule: str) -> str | None:
    return _by_route(api).get((method, _shape(_FORMAT.sub("", rule))))


@cache
def _by_route(api: str) -> dict[tuple[str, str], str]:
    return {
        (each.method, _shape(each.path)): f"{api}.{each.operation_id}"
        for each in spec(api).operations.values()
    }


def _shape(path: str) -> str:
    return _ARGUMENT.sub("{}", path)


def operations_of(api: str) -> list[str]:
    """Return all operations of an API, as `api.operation_id`, in the order of its document."""
    return list(_by_route(api).values())
