"""Pages of docs/: their samples, run as they stand there, and what they show of answers."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from fake_server import FakeServer
from tests.support.commands import environment

BASE = "http://127.0.0.1:8042"
"""The address that the pages have of a server."""


def labelled_samples(text: str, *languages: str) -> list[tuple[str, str]]:
    """Return the blocks of code of a page, each with its language; all, unless some are named."""
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [block for block in blocks if not languages or block[0] in languages]


def samples(text: str, language: str) -> list[str]:
    """Return the blocks of code of a page that are in a language, in their order."""
    return [sample for _, sample in labelled_samples(text, language)]


def run_sample(sample: str, page: str) -> None:
    """Run a sample in Python, which asserts something of what it does."""
    nodes = [*ast.walk(ast.parse(sample))]
    asserted = any(isinstance(node, ast.Assert) for node in nodes)
    assert asserted or "raises" in {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    exec(compile(sample, page, "exec"), {})


def run(commands: str, server: FakeServer, folder: Path | None = None) -> str:
    """Run commands as the page has them, in a folder of their own; return what they print."""
    command = f'fake-server() {{ "{sys.executable}" -m fake_server "$@"; }}\n'
    ran = subprocess.run(
        ["bash", "-euc", command + commands.replace(BASE, server.url)],
        env=environment(PATH=os.environ["PATH"], FAKE_SERVER_URL=server.url),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folder,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def held_by(shown: Any, answer: Any) -> bool:
    """Return whether an answer has all that the page shows of it."""
    if isinstance(shown, dict):
        return all(name in answer and held_by(shown[name], answer[name]) for name in shown)
    return bool(shown == answer)
