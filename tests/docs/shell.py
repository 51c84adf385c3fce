"""The shell commands of a page of docs/, run as they stand there."""

import os
import subprocess
import sys
from pathlib import Path

from fake_server import FakeServer
from tests.cli.conftest import environment
from tests.docs.test_control_page import BASE


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
