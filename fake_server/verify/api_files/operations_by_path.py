"""The operations of an API by the paths of `schemas/<api>/openapi.yaml`, and its field names."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from fake_server.data_files import registry
from fake_server.data_files.package_files import openapi_file
from fake_server.data_files.security import Alternatives, alternatives

_METHODS = frozenset({"GET", "PUT", "POST", "DELETE", "PATCH"})


@cache
def _paths(api: str) -> list[tuple[re.Pattern[str], str, frozenset[str]]]:
    patterns = [
        (_pattern(template), template, frozenset(method.upper() for method in item) & _METHODS)
        for template, item in _document(api)["paths"].items()
    ]
    return sorted(patterns, key=lambda item: item[1].count("{"))


@cache
def _document(api: str) -> dict[str, Any]:
    return openapi_file(registry.package(api).schemas)


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile("(?:/.*)?" + "[^/]+".join(map(re.escape, parts)))


def operation_of(api: str, method: str, target: str) -> str | None:
    """Return the operation that a request reached, as `GET /v2/slots`; None without one.

    A world's prefix, doubled and trailing slashes and `.json` make no difference; HEAD is its GET.
    """
    path = re.sub("/+", "/", target.partition("?")[0]).removesuffix("/").removesuffix(".json")
    verb = "GET" if method == "HEAD" else method
    for pattern, template, methods in _paths(api):
        if verb in methods and pattern.fullmatch(path):
            return f"{method} {template}"
    return None


def alternatives_at(
    api: str, method: str, target: str, known: Iterable[str]
) -> Alternatives | None:
    """Return which of the `known` security schemes a request needs; None for any credential.

    See `fake_server.data_files.security`. A path without an operation takes any credential.
    """
    verb, _, template = (operation_of(api, method, target) or "").partition(" ")
    if not template:
        return None
    document = _document(api)
    name = "get" if verb == "HEAD" else verb.lower()
    return alternatives(document, document["paths"][template][name], known)


def is_list(api: str, target: str) -> bool:
    """Return whether the answer to a GET of a path and query is a list of records."""
    template = (operation_of(api, "GET", target) or " ").partition(" ")[2]
    operation = _document(api)["paths"].get(template, {}).get("get", {})
    return bool(operation.get("x-action") == "list")


@cache
def field_names(api: str) -> frozenset[str]:
    """Return the names of all properties in the API's shapes and document."""
    files = registry.package(api).schemas.glob("*.json")
    shapes = [json.loads(path.read_bytes()) for path in files]
    return frozenset(name for shape in [*shapes, _document(api)] for name in _properties(shape))


def _properties(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        declared = node.get("properties")
        if isinstance(declared, dict):
            yield from declared
        node = list(node.values())
    if isinstance(node, list):
        for member in node:
            yield from _properties(member)
