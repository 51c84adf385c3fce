"""The folders of data files: beside the package in a checkout, inside it in a wheel."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def _folder(name: str) -> Path:
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def schemas() -> Path:
    """Return the folder of the shared schemas, with one sub-folder per bundled API."""
    return _folder("schemas")


def fixtures() -> Path:
    """Return the folder of the bundled datasets, with one sub-folder per bundled API."""
    return _folder("fixtures")


def contract_tests() -> Path:
    """Return the folder with one sub-folder of contract tests per bundled API."""
    return _folder("contract_tests")


def mutants() -> Path:
    """Return the folder with one sub-folder of mutants per bundled API; wheels do not have it."""
    return _folder("mutants")
