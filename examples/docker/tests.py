"""A test that makes a world of its own on the fake of another container; needs Python alone."""

import json
import os
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


world = ask("POST", f"{FAKE}/_fake/worlds", CONTROL, {"now": "2026-03-02T09:00:00Z"})
try:
    xurrent = world["apis"]["xurrent"]
    url = f"{xurrent['base_url']}/calendars"
    made = ask("POST", url, xurrent["headers"], {"name": "Night shift"})
    assert ask("GET", f"{url}/{made['id']}", xurrent["headers"])["name"] == "Night shift"
finally:
    ask("DELETE", f"{FAKE}/_fake/worlds/{world['name']}", CONTROL)
print("ok")
