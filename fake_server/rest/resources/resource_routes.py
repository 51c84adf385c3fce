"""The routes of an API's resources, made from the index of its operations."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint, Response

from fake_server.rest.resources.operation_index import Operation, index, variable_of
from fake_server.rest.resources.resource_registry import Resources, loaded


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


View = Callable[[Any, Call], Response]
"""Answers one action of any resource of an API, such as `list`."""


def add_routes(
    blueprint: Blueprint,
    api: str,
    resources: Resources,
    views: Mapping[str, View | str],
    endings: Sequence[str] = ("",),
) -> None:
    """Add the routes of each operation of a resource.

    - `views`: what answers by action, unless a resource has a view of its own; a text,
      `module:function`, is imported when it is first asked for.
    - `endings`: what may stand behind the path of any operation, as Flask spells it, such as
      `.<suffix>`.
    """
    for operation in index(api).operations.values():
        if operation.resource:
            view = partial(_answer, operation, resources, views.get(operation.action))
            for ending in endings:
                blueprint.add_url_rule(
                    operation.rule + ending,
                    # Flask's endpoints have no dots.
                    endpoint=operation.id.replace(".", ":"),
                    view_func=view,
                    methods=[operation.method],
                )


def view_of(resource: Any, action: str, usual: View | str | None) -> View:
    """Return the view of an action: that of the resource, or else the usual one of its API.

    Raises LookupError where there is neither, ImportError and AttributeError for a text that names
    no function.
    """
    chosen = resource.views.get(action) or usual
    if chosen is None:
        raise LookupError(f"{resource.name}: no view for the action {action}")
    view: View = loaded(chosen) if isinstance(chosen, str) else chosen
    return view


def _answer(
    operation: Operation, resources: Resources, view: View | str | None, /, **path: str
) -> Response:
    resource = resources[operation.resource]
    answer = view_of(resource, operation.action, view)
    named = {name: path[variable_of(name)] for name in operation.arguments}
    return answer(resource, Call(operation, {**path, **named}))
