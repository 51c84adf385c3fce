"""README.md: its samples run, its curl commands work when pasted."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_server import FakeServer
from tests.support.pages import run_sample, samples
from tests.support.plugin import PluginRun as Run
from tests.support.plugin import run
from tests.support.programs import require_program

__all__ = ["run"]

TEXT = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
PYTHON = samples(TEXT, "python")
FILES = {text.split()[1]: text for text in PYTHON if text.startswith("# ")}
SAMPLES = [text for text in PYTHON if text not in FILES.values()]
CURLS = re.findall(r"^curl .*$", TEXT, re.MULTILINE)
BASE = "http://127.0.0.1:8042"


@pytest.mark.parametrize("sample", SAMPLES, ids=range(len(SAMPLES)))
def test_samples_run(sample: str) -> None:
    run_sample(sample, "README.md")


def test_the_client_of_the_first_screen_fails_as_shown(pytester: pytest.Pytester, run: Run) -> None:
    assert list(FILES) == ["test_lab.py"]
    written = [line for text in FILES.values() for line in text.splitlines()[1:] if line.strip()]
    assert len(written) <= 10
    for name, text in FILES.items():
        pytester.path.joinpath(name).write_text(text)
    result = run("", "--tb=short", "test_lab.py")
    result.assert_outcomes(failed=1)
    (shown,) = samples(TEXT, "text")
    printed = [without_times(line) for line in result.stdout.lines]
    first = printed.index(shown.splitlines()[0])
    expected = [without_times(line) for line in shown.splitlines()]
    assert printed[first : first + len(expected)] == expected


def without_times(line: str) -> str:
    """Return a line with another time and duration."""
    return re.sub(r"^[\d:.]+ GET|[\d.]+ ms", "...", line)


def test_there_is_a_curl_for_each_api() -> None:
    assert len(CURLS) == 3


@pytest.fixture(scope="module")
def demo() -> Iterator[FakeServer]:
    with FakeServer(dataset="demo") as server:
        yield server


@pytest.mark.parametrize("command", CURLS, ids=["intra42", "fabmanager", "xurrent"])
def test_curl_commands_are_answered(demo: FakeServer, command: str) -> None:
    require_program("curl", "curl")
    assert BASE in command
    ran = subprocess.run(
        ["bash", "-c", f"{command.replace(BASE, demo.url)} --fail-with-body --silent"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert len(ran.stdout) > 100
