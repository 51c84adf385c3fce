"""PyYAML as pip builds it where libyaml's headers are missing: in Python alone."""

import os
import subprocess
import sys

_WITHOUT_C = """
import sys
sys.modules["yaml._yaml"] = None
import yaml
assert not yaml.__with_libyaml__

from fake_server import create_app
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import parse
from fake_server.errors import DatasetError

app = create_app("documented")
client = app.test_client()
answer = client.get("/v1/calendars", headers={"Authorization": "Bearer api-token"})
assert answer.status_code == 200, answer.text
made = client.post("/_fake/worlds", json={"name": "mine", "dataset": {"seed": 3}})
assert made.status_code == 201, made.text
assert "seed: 3" in client.get("/_fake/worlds/mine/export").text
for text in ("a: [1", "a: \\0", "start: 2026-13-01", "x: 1\\nx: 2", "a: 1\\n---\\nb: 2"):
    try:
        check(parse(text, name="test"))
    except DatasetError as error:
        print(error)
"""


def test_everything_is_read_without_the_classes_in_c() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_C],
        env={**os.environ, "FAKE_SERVER_CACHE": "off"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "test:1: not YAML: expected ',' or ']', but got '<stream end>'",
        "test:1: not YAML: the character U+0000 may not stand there",
        "test:1: cannot be read: 2026-13-01: no such date or number",
        "test:2: x: stands here a second time, first on line 1",
        "test:2: not YAML: expected a single document in the stream, but found another document",
    ]
