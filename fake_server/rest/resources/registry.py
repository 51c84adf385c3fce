"""The resources of an API, each imported when it is first asked for."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_server.rest.resources.resource import Resource


@cache
def loaded(reference: str) -> Any:
    """Return what `module:name` refers to; raises ImportError and AttributeError."""
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)


class Resources:
    """The resources of an API by name, those that others refer to first.

    Each is the object `resource` of a module of its name in `package`.
    """

    def __init__(self, package: str, names: Sequence[str]) -> None:
        self.package = package
        self.names = tuple(names)

    def __getitem__(self, name: str) -> "Resource":
        resource: Resource = import_module(f"{self.package}.{name}").resource
        return resource

    def __iter__(self) -> Iterator["Resource"]:
        return (self[name] for name in self.names)
