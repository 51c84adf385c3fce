"""Run as `python -m bench.many_worlds [count]`: what so many worlds in use at a time weigh.

Every world obtained a token and answered one list of each API; every tenth has written a calendar.
All of it goes through the application, in this process.
"""

import re
import sys
import time
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from fake_server import create_app

COUNT = 10_000
MOST_MB = 1024
_WRITER = 10
_LISTS = {"intra42": "slots", "fabmanager": "availabilities", "xurrent": "calendars"}


def peak_mb(count: int = COUNT) -> float:
    """Return the most memory this process ever held, in MB, after making and using the worlds.

    Raises RuntimeError where a world does not answer. A process of its own is to be measured.
    """
    client = create_app("demo").test_client()
    for number in range(count):
        made = _asked(client, 201, "POST", "/_fake/worlds", json={"name": f"w{number}"})
        _use(client, made, writes=number % _WRITER == 0)
    listed = _asked(client, 200, "GET", "/_fake/worlds")
    if len(listed["worlds"]) != count + 1:
        raise RuntimeError(f"{len(listed['worlds'])} worlds are there")
    status = Path("/proc/self/status").read_text()
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(match[1]) / 1024 if match else float("nan")


def _use(client: FlaskClient, world: dict[str, Any], *, writes: bool) -> None:
    variables = world["environment"]
    form = {
        "grant_type": "client_credentials",
        "client_id": variables["INTRA42_CLIENT_ID"],
        "client_secret": variables["INTRA42_CLIENT_SECRET"],
    }
    token = _asked(client, 200, "POST", f"{world['url']}/oauth/token", data=form)
    for name, resource in _LISTS.items():
        access = world["apis"][name]
        headers = dict(access["headers"])
        if name == "intra42":
            headers["Authorization"] = f"Bearer {token['access_token']}"
        if not _asked(client, 200, "GET", f"{access['base_url']}/{resource}", headers=headers):
            raise RuntimeError(f"{name}: an empty list")
        if writes and name == "xurrent":
            url = f"{access['base_url']}/{resource}"
            _asked(client, 201, "POST", url, headers=headers, json={"name": "Mine"})


def _asked(client: FlaskClient, status: int, method: str, url: str, **options: Any) -> Any:
    answer = client.open(url, method=method, **options)
    if answer.status_code != status:
        raise RuntimeError(f"{method} {url}: {answer.status_code} {answer.text[:200]}")
    return answer.json


def main() -> None:
    """Measure, and print one line; status 1 if it is too much."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    began = time.perf_counter()
    peak = peak_mb(count)
    took = time.perf_counter() - began
    print(
        f"{count} worlds of demo in use, {-(-count // _WRITER)} written to:"
        f" {peak:.0f} MB at most (target {MOST_MB}), made and used in {took:.0f} s"
    )
    sys.exit(peak > MOST_MB)


if __name__ == "__main__":
    main()
