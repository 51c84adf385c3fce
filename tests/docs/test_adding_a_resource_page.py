"""docs/adding-a-resource.md: its commands run as they stand, in a copy without what they make."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.measure import free_port
from tests.support.commands import ROOT
from tests.support.pages import samples

PAGE = (ROOT / "docs" / "adding-a-resource.md").read_text(encoding="utf-8")
COMMANDS = samples(PAGE, "sh")
FOLDERS = ("fake_server", "schemas", "fixtures", "contract_tests", "mutants")
MADE = ("openapi.yaml", "dataset.json")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the checkout in which the files that are made know no locations."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in FOLDERS:
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=unwanted)
    document, dataset = (folder / "schemas" / "intra42" / name for name in MADE)
    text = document.read_text(encoding="utf-8")
    without = re.sub(r"^  /v2/[^\n]*locations[^\n]*\n(?:    .*\n)*", "", text, flags=re.MULTILINE)
    assert "/v2/locations" in text
    assert "/v2/locations" not in without
    document.write_text(without, encoding="utf-8")
    schema = json.loads(dataset.read_bytes())
    del schema["properties"]["locations"]
    dataset.write_text(json.dumps(schema), encoding="utf-8")
    return folder


@pytest.mark.slow
def test_the_commands_run_one_after_the_other(checkout: Path) -> None:
    write, serve, verify = COMMANDS
    assert run(write, checkout).count("wrote ") == len(MADE)
    for name in MADE:
        made = (checkout / "schemas" / "intra42" / name).read_text(encoding="utf-8")
        assert made == (ROOT / "schemas" / "intra42" / name).read_text(encoding="utf-8")
    with serving(serve, checkout) as url:
        shown = urllib.request.urlopen(f"{url}/_fake/openapi/intra42.json").read()
        assert "/v2/locations" in json.loads(shown)["paths"]
    held = re.findall(r"(\d+) held", run(verify, checkout))
    assert len(held) == verify.count("fake-server verify")
    assert all(int(number) for number in held)


@pytest.mark.parametrize("file", re.findall(r"^## \d\. .*: `([^`]+)`$", PAGE, re.MULTILINE))
def test_the_files_that_a_step_is_about_are_there(file: str) -> None:
    assert (ROOT / file).is_file()


def run(commands: str, folder: Path) -> str:
    """Run commands as the page has them; return what they print."""
    done = subprocess.run(
        [
            "bash",
            "-euc",
            f'fake-server() {{ "{sys.executable}" -m fake_server "$@"; }}\n{commands}',
        ],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def serving(command: str, folder: Path) -> Iterator[str]:
    """Serve as the page has it, but for the port, while the block runs; give the address."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "fake_server", *command.split()[1:], "--port", str(port)],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.DEVNULL,
    )
    try:
        run(f"fake-server wait http://127.0.0.1:{port}", folder)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a command that finds the copy."""
    return {**os.environ, "PYTHONPATH": str(folder)}
