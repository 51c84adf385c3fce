"""docs/control.md: its commands run in the order of the page, and answer what it says."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_server import FakeServer
from fake_server.rest.schema.spec import spec
from tests.support.commands import environment
from tests.support.pages import BASE, held_by, labelled_samples
from tests.support.programs import require_program

PAGE = (Path(__file__).parents[2] / "docs" / "control.md").read_text(encoding="utf-8")
BLOCKS = labelled_samples(PAGE, "bash", "json")
TOKEN = "s3cret"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="demo", control_token=TOKEN) as server:
        yield server


def run(commands: str, server: FakeServer) -> str:
    """Run commands as the page has them, and return what they print."""
    script = commands.replace(BASE, server.url)
    if "frozn" not in commands:
        script = script.replace("curl -s", "curl --silent --fail-with-body")
    script = re.sub(r"(fake-server \w+ \w+)", rf"\1 --url {server.url}", script)
    command = f'fake-server() {{ "{sys.executable}" -m fake_server "$@"; }}\n'
    ran = subprocess.run(
        ["bash", "-euc", command + script],
        env=environment(PATH=os.environ["PATH"], FAKE_SERVER_CONTROL_TOKEN=TOKEN),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_commands_answer_what_the_page_says(server: FakeServer) -> None:
    require_program("curl", "curl")
    printed, compared = "", 0
    for kind, text in BLOCKS:
        if kind == "bash":
            printed = run(text, server)
            assert printed
            continue
        assert held_by(json.loads(text.replace(BASE, server.url)), json.loads(printed))
        compared += 1
    assert compared == 3


def test_every_request_of_the_page_is_an_operation() -> None:
    paths = {each.path for each in spec("control").operations.values()}
    shown = set(re.findall(r"(/_fake/[\w/.-]+)", PAGE))
    named = {re.sub(r"/worlds/mine", "/worlds/{name}", path) for path in shown}
    assert named <= paths | {"/_fake/"}
    actions = re.findall(r"^\| `(freeze|set|advance|run)`", PAGE, re.MULTILINE)
    assert {f"/_fake/worlds/{{name}}/clock/{action}" for action in actions} == {
        path for path in paths if "/clock/" in path
    }


def test_every_attribute_is_on_the_page() -> None:
    from fake_server.data_files.api_document import api_document

    attributes = api_document("control")["components"]["schemas"]["world_new"]["properties"]
    table = PAGE.partition("| attribute | says |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.*?) \|", table, re.M)))) == set(
        attributes
    )
