"""Where the data files are: beside the package in a checkout, inside it in an installed wheel."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def _folder(name: str) -> Path:
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def schemas() -> Path:
    """Return the folder of the schemas that are no API's own; each bundled API has one in it."""
    return _folder("schemas")


def fixtures() -> Path:
    """Return the folder of the bundled datasets; each bundled API's sections are a folder in it."""
    return _folder("fixtures")


def contract_tests() -> Path:
    """Return the folder with one sub-folder of contract tests per bundled API."""
    return _folder("contract_tests")


def mutants() -> Path:
    """Return the folder with one sub-folder of mutants per bundled API; it is in no wheel."""
    return _folder("mutants")
