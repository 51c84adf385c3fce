"""Which operation of a specification a request is for."""

import re
from functools import cache

from fake_server.rest.spec import spec

_ARGUMENT = re.compile(r"<(?:[^<>:]+:)?[^<>]+>|\{[^{}]+\}")
_FORMAT = re.compile(r"\.<[^<>]+>\Z")


@cache
def operation_of(api: str, method: str, route: str | None) -> str | None:
    """Return the operation that a request is for, as `api.operation_id`; None if there is none.

    `route`: the rule it was routed by, `environ[ROUTE]`. A HEAD is for the operation of its GET.
    """
    if route is None:
        return None
    wanted = "GET" if method == "HEAD" else method
    return _by_route(api).get((wanted, _shape(_FORMAT.sub("", route))))


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
