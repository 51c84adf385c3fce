"""A test that makes a world of its own on a cluster of fakes; needs Python alone."""

import json
import os
from secrets import token_hex
from typing import Any
from urllib.request import Request, urlopen

FAKE = os.environ["FAKE_SERVER_URL"]
CONTROL = {"Authorization": f"Bearer {os.environ['FAKE_SERVER_CONTROL_TOKEN']}"}


def ask(method: str, url: str, headers: dict[str, str], body: Any = None) -> Any:
    """Return the JSON that a server answers; raises HTTPError for a 4xx or 5xx."""
    data = None if body is None else json.dumps(body).encode()
    kind = {} if body is None else {"Content-Type": "application/json"}
    with urlopen(Request(url, data, {**headers, **kind}, method=method)) as answer:
        return json.loads(answer.read() or "null")


# The proxy routes by the name, so the client draws it, and sends it with every request.
routed = {**CONTROL, "X-Fake-World": f"world-{token_hex(8)}"}
world = ask("POST", f"{FAKE}/_fake/worlds", routed, {"now": "2026-03-02T09:00:00Z"})
try:
    xurrent = world["apis"]["xurrent"]
    url = f"{xurrent['base_url']}/calendars"
    made = ask("POST", url, xurrent["headers"], {"name": "Night shift"})
    assert ask("GET", f"{url}/{made['id']}", xurrent["headers"])["name"] == "Night shift"
finally:
    ask("DELETE", f"{FAKE}/_fake/worlds/{world['name']}", routed)
print("ok")
