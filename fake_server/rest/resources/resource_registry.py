"""The resources of an API, each imported when it is first asked for."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


@cache
def loaded(reference: str) -> Any:
    """Return the object of `module:name`; raises ImportError and AttributeError."""
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)


class Resources:
    """The resources of an API by name, those that others refer to first.

    Each is the object `resource`, a `Resource`, of a module of its name in `package`. Its type is
    `Any`, since the module of `Resource` imports this one.
    """

    def __init__(self, package: str, names: Sequence[str]) -> None:
        self.package = package
        self.names = tuple(names)

    def __getitem__(self, name: str) -> Any:
        return import_module(f"{self.package}.{name}").resource

    def modules(self) -> set[str]:
        """Return the names of the modules and packages in `package`, those of resources and others.

        None is imported but `package` itself.
        """
        return {module.name for module in iter_modules(import_module(self.package).__path__)}

    def __iter__(self) -> Iterator[Any]:
        return (self[name] for name in self.names)
