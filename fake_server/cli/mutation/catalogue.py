"""The mutants of each API, from its folder."""

import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from fake_server.data_files import registry
from fake_server.errors import MutantError
from fake_server.mutation.mutant import Mutant


def apis() -> list[str]:
    """Return the names of the APIs that have mutants."""
    return [
        package.name for package in registry.packages().values() if _file(package.mutants).is_file()
    ]


@cache
def mutants_of(api: str) -> dict[str, Mutant]:
    """Return the mutants of an API by their full names.

    Raises `UserError` for an API without mutants, or whose package of mutants cannot be loaded.
    """
    folder = registry.package(api).mutants
    if not _file(folder).is_file():
        raise MutantError(f"{api} has no mutants here: there is no {_file(folder)}")
    try:
        mutants: tuple[Mutant, ...] = _package(f"understudy_mutants_{api}", folder).MUTANTS
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise MutantError(f"{_file(folder)}: cannot be loaded: {reason}") from error
    mutants_by_name = {mutant.full_name: mutant for mutant in mutants}
    if len(mutants_by_name) < len(mutants):
        raise MutantError(f"{_file(folder)}: two mutants have one name")
    return mutants_by_name


def mutant_named(name: str) -> Mutant:
    """Return a mutant by its full name; raises `KeyError`."""
    return mutants_of(name.partition(".")[0])[name]


def _file(folder: Path) -> Path:
    return folder / "__init__.py"


def _package(name: str, folder: Path) -> ModuleType:
    """Import a package by its folder; its modules import each other relatively."""
    spec = spec_from_file_location(name, _file(folder), submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is no package")
    package = module_from_spec(spec)
    sys.modules[name] = package
    try:
        spec.loader.exec_module(package)
    except BaseException:
        del sys.modules[name]
        raise
    return package
