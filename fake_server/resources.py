"""Where the data files are: beside the package in a checkout, inside it in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def schemas() -> Path:
    """Return the folder with one sub-folder of specification files per API."""
    return _folder("schemas")


def fixtures() -> Path:
    """Return the folder of the bundled datasets."""
    return _folder("fixtures")


def contract_tests() -> Path:
    """Return the folder with one sub-folder of contract tests per API."""
    return _folder("contract_tests")
