"""examples/: each runs as its README says, in a copy of its folder."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.measure import free_port
from tests.support.commands import environment
from tests.support.plugin import plugin_options
from tests.support.programs import require_program

FOLDER = Path(__file__).parent.parent / "examples"
ELSEWHERE = {"ci", "docker", "library-api"}
"""Those that have tests of their own."""

PROXIED = {"proxy-curl": "curl", "proxy-node": "node", "proxy-ruby": "ruby"}
"""Those of `serve --proxy`, and the program that each needs."""

PACKAGES = {"node": "nodejs"}

Example = Callable[[str], str]


@pytest.fixture
def example(tmp_path: Path) -> Example:
    """Run the command of an example's README to its end, and return what it prints."""
    tools = tmp_path / "bin"
    tools.mkdir()
    python = shlex.quote(sys.executable)
    for name, command in {
        "fake-server": f'{python} -m fake_server "$@"',
        "pytest": f'{python} -m pytest {" ".join(plugin_options())} "$@"',
        "python3": f'{python} "$@"',
    }.items():
        tools.joinpath(name).write_text(f"#!/bin/sh\nexec {command}\n")
        tools.joinpath(name).chmod(0o755)
    variables = environment(
        PATH=f"{tools}:{os.environ['PATH']}",
        FAKE_SERVER_URL=f"http://127.0.0.1:{free_port()}",
        PYTEST_ADDOPTS=" ".join(plugin_options()),
        LC_ALL="C.UTF-8",
    )

    def call(name: str) -> str:
        place = tmp_path / name
        shutil.copytree(FOLDER / name, place)
        (command,) = re.findall(r"^```sh\n(.*?)^```$", readme(name), re.MULTILINE | re.DOTALL)
        ran = subprocess.run(
            ["bash", "-euc", command],
            cwd=place,
            env=variables,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    return call


def readme(name: str) -> str:
    """Return the README of an example."""
    return (FOLDER / name / "README.md").read_text(encoding="utf-8")


def passed(output: str) -> int:
    """Return how many tests passed; all did."""
    found = re.search(r"\b(\d+) passed in ", output)
    assert found is not None, output
    return int(found[1])


def test_python_requests(example: Example) -> None:
    assert passed(example("python-requests")) == 5


def test_python_httpx_async(example: Example) -> None:
    assert passed(example("python-httpx-async")) == 2


def test_parallel_suite(example: Example) -> None:
    assert passed(example("parallel-suite")) == 40


def test_node_fetch(example: Example) -> None:
    require_program("node", "nodejs")
    output = example("node-fetch")
    assert re.search(r"^(#|ℹ) pass 3$", output, re.MULTILINE), output


def test_ruby_oauth2(example: Example) -> None:
    require_program("ruby", "ruby-oauth2")
    (shown,) = re.findall(r"^```text\n(.*?)^```$", readme("ruby-oauth2"), re.MULTILINE | re.DOTALL)
    # From version 2 on the gem spells the keys of what it has parsed with underscores.
    assert example("ruby-oauth2").replace("_", "-").endswith(shown)


def test_shell_curl(example: Example) -> None:
    require_program("curl", "curl")
    assert "fired=1" in example("shell-curl")


@pytest.mark.parametrize(("name", "program"), PROXIED.items())
def test_a_program_with_the_real_host_in_it(example: Example, name: str, program: str) -> None:
    require_program(program, PACKAGES.get(program, program))
    (shown,) = re.findall(r"^```text\n(.*?)^```$", readme(name), re.MULTILINE | re.DOTALL)
    assert example(name).endswith(shown)


def test_every_example_is_run() -> None:
    tested = {name for name in globals() if name.startswith("test_")}
    kept = {path.name for path in FOLDER.iterdir() if path.is_dir()} - ELSEWHERE
    assert {f"test_{name.replace('-', '_')}" for name in kept - {*PROXIED}} <= tested
    assert {*PROXIED} <= kept
