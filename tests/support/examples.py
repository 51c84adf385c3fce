"""The folders of `examples/`, to be run in a copy."""

import shutil
from pathlib import Path

from tests.support.commands import ROOT

EXAMPLES = ROOT / "examples"


def example_copy(name: str, folder: Path) -> Path:
    """Copy an example into a folder, and return the copy.

    An example for Node has the packages there that `make tools` installs.
    """
    copy = folder / name
    shutil.copytree(EXAMPLES / name, copy)
    if copy.joinpath("package.json").exists():
        copy.joinpath("node_modules").symlink_to(ROOT / ".npm" / "node_modules")
    return copy
