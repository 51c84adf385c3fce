"""docs/fidelity/: the pages are what the ledgers say."""

from pathlib import Path

import pytest

from fake_server.data_files import registry
from tools.fidelity import page

FOLDER = Path(__file__).parents[2] / "docs" / "fidelity"


@pytest.mark.parametrize("api", registry.names())
def test_the_page_is_current(api: str) -> None:
    written = (FOLDER / f"{api}.md").read_text(encoding="utf-8")
    assert written == page(api), "run `make fidelity` and commit what it writes"
