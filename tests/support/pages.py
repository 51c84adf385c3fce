"""Pages of docs/: their shell commands, run as they stand there, and what they show of answers."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from fake_server import FakeServer
from tests.support.commands import environment

BASE = "http://127.0.0.1:8042"
"""The address that the pages have of a server."""


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
