"""Pages that are made from the code: they are what the code says."""

import re

import yaml

from tests.support.commands import ROOT
from tools.command_reference import reference
from tools.coverage_table import coverage

DOCS = ROOT / "docs"


def test_the_reference_of_commands_is_current() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert page == reference(), "run python -m tools.command_reference > docs/commands.md"


def test_the_coverage_table_is_current() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("<!-- coverage -->\n")[2].partition("\n<!-- end -->")[0]
    assert table == coverage(), "README.md has what python -m tools.coverage_table prints"


def test_the_site_has_every_page_once() -> None:
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    listed = [page for part in site["nav"] for page in _pages(part)]
    assert sorted(listed) == sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\((\S+\.md)\)", index)) == {*listed} - {"index.md"}


def _pages(part: str | dict[str, list[str]]) -> list[str]:
    return [part] if isinstance(part, str) else [page for pages in part.values() for page in pages]
