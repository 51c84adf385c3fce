"""Starting asks nobody anything: no connection is made and no name is looked up."""

import subprocess
import sys

import pytest

from tests.support.commands import environment

CODE = """
import sys
asked = []
def note(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        asked.append((event, repr(arguments)))
sys.addaudithook(note)
from fake_server import FakeServer
with FakeServer(dataset=sys.argv[1], tls=True) as server:
    assert server.url
print(asked)
import socket
try:
    socket.create_connection(("127.0.0.1", 9), 0.1)
except OSError:
    print(len(asked) > 0)
"""


@pytest.mark.parametrize("dataset", ["demo", "documented"])
def test_a_start_that_makes_its_records_asks_nobody(dataset: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE, dataset],
        env=environment(FAKE_SERVER_CACHE="off"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "[]\nTrue\n"), done.stderr
