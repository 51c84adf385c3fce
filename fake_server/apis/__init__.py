"""What serves each API: one package each here, or wherever its `api.yaml` says."""

import logging
from collections.abc import Iterable
from functools import cache
from importlib import import_module

from fake_server.data_files import registry
from fake_server.data_files.api_file import ApiPackage
from fake_server.errors import ApiFileError, UserError
from fake_server.rest.api import Api

_log = logging.getLogger("fake_server")


def load(names: Iterable[str] | None = None) -> dict[str, Api]:
    """Return the declarations of some APIs, by name; without names, of all that can be used.

    Raises `UserError` for a name that none has, and for a named API that cannot be used. Of the
    others, one that cannot be used is left out: the log has the one line that says why.
    """
    if names is not None:
        chosen = [registry.package(name) for name in dict.fromkeys(names)]
        return {package.name: _declaration(package) for package in chosen}
    for mistake in registry.mistakes().values():
        report(str(mistake))
    found = {}
    for package in registry.packages().values():
        try:
            found[package.name] = _declaration(package)
        except UserError as mistake:
            report(str(mistake))
    return found


@cache
def report(mistake: str) -> None:
    """Log why an API is left out, once."""
    _log.error("%s", mistake)


def _declaration(package: ApiPackage) -> Api:
    module, _, name = package.server.partition(":")
    try:
        declared = getattr(import_module(module), name)
    except UserError as mistake:
        # It names its file. Anew: one that is raised twice shows where it was raised first.
        raise mistake.of_message(mistake.message, mistake.position) from None
    except Exception as error:  # the code of others: it may raise anything
        why = " ".join(f"{type(error).__name__}: {error}".split())
        raise ApiFileError(
            f"{package.file}: server: {package.server} cannot be loaded: {why}"
        ) from error
    if not isinstance(declared, Api) or declared.name != package.name:
        raise ApiFileError(
            f"{package.file}: server: {package.server}: expected an Api called {package.name!r}"
        )
    return declared.at(
        title=package.title,
        base_path=package.base_path,
        prefixes=package.prefixes,
        hosts=package.hosts,
        default_for=package.default_for,
        example=package.example,
    )
