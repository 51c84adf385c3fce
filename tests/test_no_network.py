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


PROXIED = """
import http.client, sys
asked = []
def note(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        asked.append((event, arguments))
sys.addaudithook(note)
import ssl
from urllib.parse import urlsplit
from fake_server import FakeServer
with FakeServer(dataset="empty", proxy=True) as server:
    proxy = urlsplit(server.proxy_url)
    assert not asked
    for host, port in (("api.4me.com", 443), ("example.org", 443), ("127.0.0.1", 22)):
        context = ssl.create_default_context(cafile=server.ca_file)
        client = http.client.HTTPSConnection(proxy.hostname, proxy.port, context=context)
        client.set_tunnel(host, port)
        try:
            client.request("GET", "/_fake/health")
        except OSError as error:
            print(error)
        else:
            print(client.getresponse().status)
        client.close()
    for host in ("api.4me.com", "example.org"):
        client = http.client.HTTPConnection(proxy.hostname, proxy.port)
        client.request("GET", f"http://{host}/_fake/health", headers={"Host": host})
        print(client.getresponse().status)
        client.close()
    address = (proxy.hostname, proxy.port)
    reached = {arguments[1] for event, arguments in asked if event == "socket.connect"}
    names = {arguments[0] for event, arguments in asked if event != "socket.connect"}
    assert reached == {address}, asked
    assert names == {proxy.hostname}, asked
"""


def test_the_proxy_connects_to_nobody() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROXIED],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    refused = "Tunnel connection failed: 403 Forbidden"
    assert done.stdout.splitlines() == ["200", refused, refused, "200", "403"], done.stderr


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
