"""The routes of an API's resources, made from the index of its operations."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from flask import Blueprint, Response

from fake_server.rest.resources.index import Operation, index
from fake_server.rest.resources.registry import Resources
from fake_server.rest.resources.resource import Resource


class Call(NamedTuple):
    """What a request asks of a resource.

    - `path`: the arguments of the path, as text, by name.
    """

    operation: Operation
    path: Mapping[str, str]

    @property
    def parent(self) -> str:
        """The argument that names the record a list is nested under."""
        return self.path[self.operation.arguments[0]]

    @property
    def record(self) -> str:
        """The argument that names the record itself, the path's last one."""
        return self.path[self.operation.arguments[-1]]


View = Callable[[Resource, Call], Response]
"""Answers one action of any resource of an API, such as `list`."""


def add_routes(
    blueprint: Blueprint,
    api: str,
    resources: Resources,
    views: Mapping[str, View],
    endings: Sequence[str] = ("",),
) -> None:
    """Add the routes of each operation of a resource; `views` answer by action.

    An action that is not among them is answered by the resource's own `views`. `endings` are what
    may stand behind the path of any operation, as Flask spells it, such as `.<suffix>`.
    """
    for operation in index(api).operations.values():
        if operation.resource:
            view = partial(_answer, operation, resources, views.get(operation.action))
            for ending in endings:
                blueprint.add_url_rule(
                    operation.rule + ending,
                    endpoint=operation.id,
                    view_func=view,
                    methods=[operation.method],
                )


def _answer(
    operation: Operation, resources: Resources, view: View | None, /, **path: str
) -> Response:
    resource = resources[operation.resource]
    chosen: View = view or resource.views[operation.action]
    return chosen(resource, Call(operation, path))
