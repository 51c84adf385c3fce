"""Which operation of a specification a request is for."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache, lru_cache

from fake_server.rest.schema.spec import spec

_ARGUMENT = re.compile(r"<(?:[^<>:]+:)?[^<>]+>|\{[^{}]+\}")
_TEMPLATE_PART = re.compile(r"(\{[^{}]+\})")
_MOST_SHOWN = 5
_FORMAT = re.compile(r"\.<[^<>]+>\Z")


@lru_cache(4096)
def operation_of(api: str, method: str, route: str | None) -> str | None:
    """Return the operation that a request is for, as `api.operation_id`; None if there is none.

    `route`: the rule it was routed by, `environ[ROUTE]`. A HEAD is for the operation of its GET.
    """
    if route is None:
        return None
    verb = "GET" if method == "HEAD" else method
    return _by_route(api).get((verb, _shape(_FORMAT.sub("", route))))


@cache
def _by_route(api: str) -> dict[tuple[str, str], str]:
    return {
        (operation.method, _shape(operation.path)): f"{api}.{operation.operation_id}"
        for operation in spec(api).operations.values()
    }


def is_declared_path(api: str, path: str) -> bool:
    """Return whether an API's document lists a path, whatever the method."""
    return _declared_paths(api).fullmatch(path) is not None


@cache
def _declared_paths(api: str) -> re.Pattern[str]:
    templates = dict.fromkeys(operation.path for operation in spec(api).operations.values())
    return re.compile("|".join(map(template_pattern, templates)))


def template_pattern(path: str) -> str:
    """Return the regular expression of the paths that have a template, such as `/v2/users/{id}`."""
    return "".join(
        "[^/]+" if part.startswith("{") else re.escape(part) for part in _TEMPLATE_PART.split(path)
    )


def _shape(path: str) -> str:
    return _ARGUMENT.sub("{}", path)


def expected_operation(unknown: str, apis: Iterable[str]) -> str:
    """Return the half sentence that helps whoever named an operation that none of the APIs has.

    Names are compared without their API's, which makes any two of one API alike.
    """
    known = {api: operations_of(api) for api in apis}
    api = unknown.partition(".")[0]
    near = known.get(api) or [name for names in known.values() for name in names]
    by_own = {name.partition(".")[2]: name for name in reversed(near)}
    close = get_close_matches(unknown.rpartition(".")[2], by_own, n=1)
    if close:
        return f"meant {by_own[close[0]]}?"
    if len(known.get(api, ())) > _MOST_SHOWN:
        return f"{api} has {len(near)} operations, which fake-server openapi {api} describes"
    return f"expected one of {', '.join(known.get(api) or (f'{name}.*' for name in known))}"


def operations_of(api: str) -> list[str]:
    """Return all operations of an API, as `api.operation_id`, in the order of its document."""
    return list(_by_route(api).values())
