"""The fake as a whole: one command, one server, all APIs."""

import json
from urllib.request import urlopen

from fake_server import FakeServer


def test_a_server_on_a_free_port_answers_the_index() -> None:
    with FakeServer(dataset="empty") as server, urlopen(server.url) as response:
        index = json.load(response)
    assert set(index["apis"]) == {"intra42", "fabmanager", "xurrent"}
    assert index["apis"]["xurrent"]["base_url"] == f"{server.url}/v1"
