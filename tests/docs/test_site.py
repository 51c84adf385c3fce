"""The documentation as a site: it has every page, and every link of it leads somewhere."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.commands import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))


def _pages(part: str | dict[str, list[str]]) -> list[str]:
    return [part] if isinstance(part, str) else [page for pages in part.values() for page in pages]


def test_the_site_and_its_index_have_every_page_once() -> None:
    site = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))
    listed = [page for part in site["project"]["nav"] for page in _pages(part)]
    assert sorted(listed) == [page.relative_to(DOCS).as_posix() for page in PAGES]
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\((\S+\.md)\)", index)) == {*listed} - {"index.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_a_page_links_to_pages_of_the_site_alone(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:|#)([^)]+)\)", text):
        assert (page.parent / link.partition("#")[0]).resolve() in PAGES


def test_the_site_is_built_strictly(tmp_path: Path) -> None:
    pytest.importorskip("zensical", reason="needs the extra docs")
    shutil.copytree(DOCS, tmp_path / "docs")
    shutil.copy(ROOT / "zensical.toml", tmp_path)
    assert _build(tmp_path).returncode == 0
    assert (tmp_path / "site" / "commands" / "index.html").is_file()

    (tmp_path / "docs" / "faults.md").write_text("# Faults\n\n[nowhere](control.md#no-such)\n")
    assert _build(tmp_path).returncode != 0


def _build(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
