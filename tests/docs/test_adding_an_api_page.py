"""docs/adding-an-api.md: its walk is gone, step by step, from a document to an API that holds."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.measure import free_port
from tests.support.commands import ROOT
from tests.support.programs import require_program

PAGE = (ROOT / "docs" / "adding-an-api.md").read_text(encoding="utf-8")
WALK = PAGE.partition("\n## A walk ")[2].partition("\n## ")[0]
STEP = re.compile(
    r"(?:^(?P<verb>Save this as|Replace|Add to|Change) `(?P<file>[^`]+)`:\n\n)?"
    r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
PIP = """
pip() {
  mkdir -p "$3/shop_api-1.dist-info"
  printf '[understudy.apis]\\nshop = shop_api.data\\n' > "$3/shop_api-1.dist-info/entry_points.txt"
}
"""
"""What `pip install -e` comes to, without a registry: the package is on the path."""


@pytest.mark.slow
def test_the_walk_ends_in_an_api_that_holds(tmp_path: Path) -> None:
    require_program("curl", "curl")
    port, printed = free_port(), []
    steps = [*STEP.finditer(WALK)]
    for step, before in zip(steps, [None, *steps], strict=False):
        if step["kind"] != "sh":
            edit(tmp_path / step["file"], step["verb"], step["text"])
        elif before is not None and before["text"].startswith("fake-server serve"):
            with serving(before["text"], port, tmp_path):
                printed.append(run(step["text"], port, tmp_path))
        elif not step["text"].startswith("fake-server serve"):
            printed.append(run(step["text"], port, tmp_path))
    written, answers, verified = printed
    assert "wrote shop-api" in written
    assert '"status":"open"' in answers
    assert "behaviours: 30 held" in verified
    assert "1 of 1 mutants caught" in verified


def run(commands: str, port: int, folder: Path) -> str:
    """Run commands as the page has them but for the port; return what they print."""
    function = f'fake-server() {{ "{sys.executable}" -m fake_server "$@"; }}\n{PIP}'
    script = commands.replace(":8042", f":{port}").replace("curl -s", "curl -s --fail")
    done = subprocess.run(
        ["bash", "-euc", function + script],
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
def serving(command: str, port: int, folder: Path) -> Iterator[None]:
    """Serve on a port while the block runs."""
    arguments = command.split()[1:]
    server = subprocess.Popen(
        [sys.executable, "-m", "fake_server", *arguments, "--port", str(port)],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.DEVNULL,
    )
    try:
        run(f"fake-server wait http://127.0.0.1:{port}", port, folder)
        yield
    finally:
        server.terminate()
        server.wait(20)


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a command that finds this checkout and the package."""
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder / 'shop-api'}"}


def edit(file: Path, verb: str, text: str) -> None:
    """Do to a file what the page says: a diff has no more of it than what stands around."""
    if verb == "Add to":
        text = file.read_text() + ("" if file.suffix == ".yaml" else "\n\n") + text
    elif verb == "Change":
        lines = text.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] != "+")
        after = "".join(line[1:] for line in lines if line[0] != "-")
        assert file.read_text().count(before) == 1, f"{file} has not, or not once: {before}"
        text = file.read_text().replace(before, after)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
