"""The packages that serve the APIs.

Each API has one package here, or in the place that its `api.yaml` names.
"""

import logging
from collections.abc import Iterable
from functools import cache
from importlib import import_module

from fake_server.data_files import registry
from fake_server.data_files.api_file import ApiPackage
from fake_server.errors import ApiFileError, UserError
from fake_server.rest.api_definition import Api

_log = logging.getLogger("fake_server")


def load(names: Iterable[str] | None = None) -> dict[str, Api]:
    """Return the declarations of some APIs, by name.

    Without names it returns the declarations of all APIs that can be used. It leaves out an API
    that cannot be used and logs the reason in one line.

    Raises `UserError` for a name that no API has, and for a named API that cannot be used.
    """
    if names is not None:
        packages = [registry.package(name) for name in dict.fromkeys(names)]
        return {package.name: _declaration(package) for package in packages}
    for mistake in registry.mistakes().values():
        report(str(mistake))
    declarations = {}
    for package in registry.packages().values():
        try:
            declarations[package.name] = _declaration(package)
        except UserError as mistake:
            report(str(mistake))
    return declarations


@cache
def report(mistake: str) -> None:
    """Log once why an API is left out."""
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
