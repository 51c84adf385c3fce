"""The small API, as each test needs it anew: it makes a mistake in it."""

import shutil
from pathlib import Path

import pytest

from tests.mistakes.shelf import Shelf


@pytest.fixture(scope="session")
def whole_shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Return the API without a mistake, its documents made."""
    return Shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def shelf(whole_shelf: Shelf, tmp_path: Path) -> Shelf:
    """Return a copy of the API that may be changed."""
    folder = tmp_path / "site"
    shutil.copytree(whole_shelf.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    copy = object.__new__(Shelf)
    copy.folder = folder
    return copy
