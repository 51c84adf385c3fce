"""docs/faults.md: its commands run in the order of the page, and answer what it says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_server import FakeServer
from fake_server.data_files.api_document import api_document
from fake_server.rest.schema.spec import spec
from tests.support.pages import held_by, labelled_samples, run, run_sample, samples
from tests.support.programs import require_program

PAGE = (Path(__file__).parents[2] / "docs" / "faults.md").read_text(encoding="utf-8")
BLOCKS = labelled_samples(PAGE, "bash", "json")
PYTHON = samples(PAGE, "python")


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="demo") as server:
        yield server


def test_the_commands_answer_what_the_page_says(server: FakeServer) -> None:
    require_program("curl", "curl")
    printed: list[str] = []
    compared = 0
    for kind, text in BLOCKS:
        if kind == "bash":
            printed.append(run(text, server))
            continue
        assert held_by(json.loads(text), json.loads(printed[-1]))
        compared += 1
    assert compared == 4
    lines = printed[-2].splitlines()
    assert lines[3:7] == [
        "fault-1 xurrent.list_calendars status=503 times=2 matched=1 fired=1",
        *lines[:3],
    ]
    assert lines[7] == "default: all faults cleared"
    assert printed[-1].splitlines()[1:] == ["curl ended with 18"]


@pytest.mark.parametrize("example", PYTHON)
def test_the_example_in_python_runs(example: str) -> None:
    run_sample(example, "docs/faults.md")


def test_every_request_of_the_page_is_an_operation() -> None:
    paths = {each.path for each in spec("control").operations.values() if "fault" in each.path}
    shown = set(re.findall(r"(/_fake/worlds/[\w/.-]+)", PAGE))
    named = {
        re.sub("/worlds/(mine|default)", "/worlds/{name}", path).replace("fault-1", "{fault}")
        for path in shown
    }
    assert named == paths


def test_every_attribute_is_on_the_page() -> None:
    attributes = set(api_document("control")["components"]["schemas"]["fault_new"]["properties"])
    tables = re.findall(r"^\| attribute \|.*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| `(\w+)` \|", "".join(tables), re.MULTILINE)
    assert {*rows, "pattern", "when"} == attributes
