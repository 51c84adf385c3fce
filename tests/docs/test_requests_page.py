"""docs/requests.md: its commands run in the order of the page, and answer what it says."""

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

PAGE = (Path(__file__).parents[2] / "docs" / "requests.md").read_text(encoding="utf-8")
BLOCKS = labelled_samples(PAGE, "bash", "json", "text")
PYTHON = samples(PAGE, "python")


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="demo") as server:
        yield server


def timeless(text: str) -> list[str]:
    """Return lines without times and durations, which differ."""
    return [
        re.sub(r"[0-9:.]{8,} (?=[A-Z])|[0-9.]+ ms ?", "", line).rstrip()
        for line in text.splitlines()
    ]


def test_the_commands_answer_what_the_page_says(server: FakeServer) -> None:
    require_program("curl", "curl")
    printed, compared = "", []
    for kind, text in BLOCKS:
        if kind == "bash":
            printed = run(text, server)
        elif kind == "json":
            shown, printed_answer = json.loads(text), json.loads(printed)
            for name in ("requests", "expectations"):
                expected, actual = shown.pop(name, []), printed_answer.pop(name, [])
                assert len(expected) == len(actual)
                assert all(map(held_by, expected, actual))
            assert held_by(shown, printed_answer)
        else:
            assert timeless(text) == timeless(printed)[: len(text.splitlines())]
        compared.append(kind)
    assert (compared.count("json"), compared.count("text")) == (2, 3)
    assert server.world.journal.entries() == []


@pytest.mark.parametrize("example", PYTHON)
def test_the_example_in_python_runs(example: str) -> None:
    run_sample(example, "docs/requests.md")


def test_every_request_of_the_page_is_an_operation() -> None:
    paths = {each.path for each in spec("control").operations.values() if "requests" in each.path}
    shown = set(re.findall(r"(/_fake/worlds/[\w/]+)", PAGE))
    assert {re.sub("/worlds/(mine|default)", "/worlds/{name}", path) for path in shown} == paths


def test_every_part_of_an_expectation_is_on_the_page() -> None:
    parts = api_document("control")["components"]["schemas"]["expectation"]["properties"]
    table = PAGE.partition("| part | says |")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE)))
    assert set(named) == set(parts)


def test_every_choice_of_requests_is_on_the_page() -> None:
    for name in spec("control").operation("list_requests").parameters:
        assert name == "name" or re.search(rf"--{name}\b|\b{name}=", PAGE), name
