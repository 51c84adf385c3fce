"""docs/records.md: its commands run in the order of the page, and answer what it says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_server import FakeServer
from fake_server.rest.schema.spec import spec
from fake_server.world.export import MOST_EXPORTED
from fake_server.world.records.data import MOST_AT_ONCE
from tests.support.pages import held_by, labelled_samples, run, run_sample, samples
from tests.support.programs import require_program

PAGE = (Path(__file__).parents[2] / "docs" / "records.md").read_text(encoding="utf-8")
BLOCKS = labelled_samples(PAGE, "bash", "json")
PYTHON = samples(PAGE, "python")


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(dataset="demo") as server:
        yield server


def test_the_commands_answer_what_the_page_says(server: FakeServer, tmp_path: Path) -> None:
    require_program("curl", "curl")
    printed: list[str] = []
    compared = 0
    for kind, text in BLOCKS:
        if kind == "bash":
            printed.append(run(text, server, tmp_path))
            assert printed[-1]
            continue
        assert held_by(json.loads(text), json.loads(printed[-1]))
        compared += 1
    assert compared == 4
    second, busy, again, commands, school = printed[-5:]
    assert second.count('"Branch hours"') == 2
    slots = busy.rpartition("}[")[2]
    assert json.loads(f"[{slots}")[0]["begin_at"] == "2026-03-02T10:00:00.000Z"
    assert again.replace("/w/again", "/w/busy").endswith(f"[{slots}")
    assert "busy.yaml  ok  The world busy, made from empty." in again
    assert commands.splitlines()[:4] == [
        "xurrent accounts 2",
        "xurrent tokens 3",
        "xurrent holidays 40",
        "xurrent calendars 14",
    ]
    assert commands.endswith("xurrent calendars 900: removed\n")
    assert school.count('"slug"') == 2 + 3


@pytest.mark.parametrize("example", PYTHON)
def test_the_python_runs(example: str) -> None:
    run_sample(example, "docs/records.md")


def test_every_request_of_the_page_is_an_operation() -> None:
    declared = {
        (each.method, re.sub(r"/_fake/worlds/\{name\}", "", each.path))
        for each in spec("control").operations.values()
        if {"records", "export"} & set(each.path.split("/"))
    }
    rows = re.findall(r"^\| `(GET|POST|PATCH|DELETE) (/\S+?)`", PAGE, re.MULTILINE)
    named = {
        (method, path.replace("/intra42/users", "/{api}/{kind}").replace("/100", "/{key}"))
        for method, path in rows
    }
    assert named == declared


def test_the_bounds_are_those_that_hold() -> None:
    assert f"A list of up to {MOST_AT_ONCE:,} records" in PAGE
    assert f"more than {MOST_EXPORTED:,} records" in PAGE
