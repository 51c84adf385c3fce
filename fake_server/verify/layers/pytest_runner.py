"""Runs contract tests with pytest, independent of the project around the working directory."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fake_server.verify.layers.contract_plugin import ContractPlugin

_CONFIGURATION = Path(__file__).with_name("contract.ini")
_FOREIGN = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG")


def run(plugin: "ContractPlugin", folders: list[Path]) -> None:
    """Run the tests in some folders; the plugin collects the outcomes.

    Raises `VerificationError` if tests and ledgers do not fit each other; see `fit`.
    """
    import pytest

    arguments = [
        f"--config-file={_CONFIGURATION}",
        f"--rootdir={folders[0].parent}",
        "--noconftest",
        "--import-mode=importlib",
        "--strict-markers",
        "--capture=sys",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:terminal",
        "-p",
        "no:faulthandler",
        *map(str, folders),
    ]
    with _undisturbed(folders):
        code = pytest.main(arguments, plugins=[plugin])
    if plugin.mistake is not None:
        raise plugin.mistake
    if code in {pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR} and not plugin.fatal:
        plugin.fatal = "pytest could not run the contract tests"


@contextmanager
def _undisturbed(folders: list[Path]) -> Iterator[None]:
    before: Mapping[str, str] = dict(os.environ)
    loaded = set(sys.modules)
    for name in _FOREIGN:
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        for name in set(sys.modules) - loaded:
            if any(_is_within(sys.modules[name], folder) for folder in folders):
                del sys.modules[name]


def _is_within(module: object, folder: Path) -> bool:
    """Return whether a module is in a folder of tests, or is the package around the folder."""
    file = getattr(module, "__file__", None)
    if file is None:
        return False
    return folder in Path(file).parents or Path(file) == folder.parent / "__init__.py"
