"""Finds the operation of a request in a document, and the values of its path."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from fake_server.verify.api_files.declared_operations import (
    DeclaredOperation,
    Document,
    declared_operations,
    resolve,
)
from fake_server.verify.api_files.listing import Listing

_METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")
_NAME = re.compile(r"\{([^}]+)\}")


class Route(NamedTuple):
    """An operation of a document.

    - `method`, `template`: as in the document; `operation`: the object there.
    - `parameters`: the declared ones, references resolved.
    - `declared`: what the shared behaviours need; None: they do not apply.
    """

    method: str
    template: str
    operation: Mapping[str, Any]
    parameters: tuple[Mapping[str, Any], ...]
    declared: DeclaredOperation | None

    @property
    def id(self) -> str:
        """The id of the operation."""
        return str(self.operation.get("operationId", self.label))

    @property
    def label(self) -> str:
        """Its method and path, as `GET /v2/slots`."""
        return f"{self.method} {self.template}"

    @property
    def action(self) -> str:
        """Its `x-action`; empty without one."""
        return str(self.operation.get("x-action", ""))


class RouteMatch(NamedTuple):
    """The operation of a request.

    - `prefix`: the path before the operation's, such as that of a world.
    - `values`: the decoded values of the path, by the names of their parameters.
    """

    route: Route
    prefix: str
    values: Mapping[str, str]


class Routes:
    """The operations of a document, by path."""

    def __init__(self, document: Document, listing: Listing) -> None:
        self.document = document
        declared = {operation.id: operation for operation in declared_operations(document, listing)}
        self.by_id: dict[str, Route] = {}
        self._patterns: list[tuple[re.Pattern[str], tuple[str, ...], dict[str, Route]]] = []
        paths = sorted(document["paths"].items(), key=lambda pair: pair[0].count("{"))
        for template, item in paths:
            routes = {
                method: self._route(method, template, item, declared)
                for method in _METHODS
                if method.lower() in item
            }
            names = tuple(_NAME.findall(template))
            parts = map(re.escape, _NAME.split(template)[::2])
            pattern = re.compile("(/.*?)?" + "([^/]+)".join(parts))
            self._patterns.append((pattern, names, routes))
            self.by_id.update({route.id: route for route in routes.values()})

    def _route(
        self,
        method: str,
        template: str,
        item: Mapping[str, Any],
        declared: Mapping[str, DeclaredOperation],
    ) -> Route:
        operation = item[method.lower()]
        parameters = tuple(
            resolve(self.document, parameter)
            for parameter in (*item.get("parameters", ()), *operation.get("parameters", ()))
        )
        own = declared.get(operation.get("operationId", "")) if method == "GET" else None
        return Route(method, template, operation, parameters, own)

    def match(self, method: str, target: str) -> RouteMatch | None:
        """Return the operation of a request; HEAD is its GET. None: no operation."""
        path = re.sub("/+", "/", target.partition("?")[0])
        path = path.removesuffix("/").removesuffix(".json") or "/"
        verb = "GET" if method == "HEAD" else method
        for pattern, names, routes in self._patterns:
            match = pattern.fullmatch(path) if verb in routes else None
            if match is not None:
                prefix, *values = match.groups()
                decoded = dict(zip(names, map(unquote, values), strict=True))
                return RouteMatch(routes[verb], prefix or "", decoded)
        return None
