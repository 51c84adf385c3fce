"""README.md: its samples run, its curl commands work when pasted."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_server import FakeServer
from tests.clients.conftest import require_program

TEXT = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SAMPLES = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
CURLS = re.findall(r"^curl .*$", TEXT, re.MULTILINE)
BASE = "http://127.0.0.1:8042"


@pytest.mark.parametrize("sample", SAMPLES, ids=range(len(SAMPLES)))
def test_samples_run(sample: str) -> None:
    exec(compile(sample, "README.md", "exec"), {})


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
