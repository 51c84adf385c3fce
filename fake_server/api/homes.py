"""Names that a module of the surface has from elsewhere, each imported at its first use."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any


class Homes:
    """Where the names of a module are defined, by name."""

    def __init__(self, homes: Mapping[str, str]) -> None:
        self._homes = homes

    @property
    def names(self) -> set[str]:
        """All names."""
        return set(self._homes)

    def get(self, module: str, name: str) -> Any:
        """Return a name of a module, which has it from then on; raises `AttributeError`."""
        if name not in self._homes:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        value = getattr(import_module(f"fake_server.{self._homes[name]}"), name)
        setattr(sys.modules[module], name, value)
        return value


def homes_of(homes: Mapping[str, Sequence[str]]) -> Homes:
    """Return the homes of names, from the names of each module below `fake_server`."""
    return Homes({name: home for home, names in homes.items() for name in names})
