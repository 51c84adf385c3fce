"""Programs of other projects that a test needs."""

import os
import shutil

import pytest


def require_program(name: str, package: str) -> str:
    """Return the path of a program; skip where it is missing, unless this is CI."""
    program = shutil.which(name)
    if program is None:
        message = f"needs {name} (Debian: {package})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return program
