"""docs/verify.md: the recording of the page is verified as the page says."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from fake_server.cli.verify.command import verify
from fake_server.verify.recording.declared_checks import KINDS
from tests.support.pages import samples

PAGE = (Path(__file__).parents[2] / "docs" / "verify.md").read_text(encoding="utf-8")
SECTION = PAGE[PAGE.index("## Verify recorded traffic") : PAGE.index("## What holds for every")]


def block(language: str, which: int = 0) -> str:
    """Return a block of the section."""
    return samples(SECTION, language)[which]


def test_the_recording_of_the_page_breaks_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "session.json").write_text(block("json"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    words = shlex.split(block("console", 1).removeprefix("$ fake-server verify"))
    done = CliRunner().invoke(verify, words, standalone_mode=False)
    assert done.return_value == 1
    printed = re.sub(r" in [0-9.]+ s", " in 0.1 s", done.output)
    lines = [line.rstrip() for line in printed.splitlines()]
    expected = block("text").splitlines()
    assert lines[-len(expected) :] == expected
    assert "s3cr3t-t0ken" not in done.output


def test_every_kind_of_check_is_on_the_page() -> None:
    assert {kind for kind in KINDS if f"`{kind}" not in SECTION} == set()
