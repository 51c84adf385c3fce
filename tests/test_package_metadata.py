"""The readme and the URLs of a distribution, with and without a known repository."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from markdown_it import MarkdownIt

from fake_server import __version__
from tests.support.commands import ROOT, environment
from tools.package_metadata import VARIABLE

REPOSITORY = "https://forge.example/somebody/understudy"


def metadata(**variables: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "hatchling", "metadata"]
    variables = {VARIABLE: "", **variables}
    ran = subprocess.run(
        command, cwd=ROOT, env=environment(**variables), capture_output=True, text=True, check=True
    )
    project: dict[str, Any] = json.loads(ran.stdout)
    return project


def hrefs(text: str) -> list[str]:
    html = MarkdownIt("commonmark").enable("table").render(text)
    return re.findall(r'href="([^"]+)"', html)


def test_links_lead_to_the_files_of_the_version_in_its_repository() -> None:
    project = metadata(**{VARIABLE: f"{REPOSITORY}/"})
    links = [link for link in hrefs(project["readme"]["text"]) if not link.startswith("#")]
    files = f"{REPOSITORY}/blob/v{__version__}/"
    assert f"{files}docs/testing.md" in links
    for link in links:
        assert link.startswith("https://")
        if link.startswith(files):
            assert (ROOT / link.removeprefix(files).partition("#")[0]).exists()
    assert project["urls"]["Changelog"] == f"{files}CHANGELOG.md"
    assert project["urls"]["Source"] == REPOSITORY


def test_without_a_repository_a_link_is_its_text() -> None:
    project = metadata()
    assert [link for link in hrefs(project["readme"]["text"]) if not link.startswith("http")] == []
    assert "urls" not in project
    assert project["readme"]["content-type"] == "text/markdown"


@pytest.mark.parametrize("workflow", ["release", "test"])
def test_the_workflows_name_their_repository(workflow: str) -> None:
    text = (ROOT / ".github" / "workflows" / f"{workflow}.yml").read_text(encoding="utf-8")
    assert f"{VARIABLE}: ${{{{ github.server_url }}}}/${{{{ github.repository }}}}" in text
