"""The shell commands of a page of docs/, run as they stand there."""

import os
import subprocess
import sys

from fake_server import FakeServer
from tests.cli.conftest import environment
from tests.docs.test_control_page import BASE


def run(commands: str, server: FakeServer) -> str:
    """Run commands as the page has them, and return what they print."""
    command = f'fake-server() {{ "{sys.executable}" -m fake_server "$@"; }}\n'
    ran = subprocess.run(
        ["bash", "-euc", command + commands.replace(BASE, server.url)],
        env=environment(PATH=os.environ["PATH"], FAKE_SERVER_URL=server.url),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
