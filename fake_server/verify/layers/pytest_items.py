"""Contract tests as items of pytest: their names, marks and cases."""

from pathlib import Path
from typing import Any

import pytest

from fake_server.verify.layers.plan import BehaviourCase
from fake_server.verify.marks import BehaviourMark

OPERATION = "operation"
"""The fixture of tests that run for each operation that their entry applies to."""


def marks_of_node(node: Any) -> list[BehaviourMark]:
    """Return the `behaviour` marks of a test; the nearest decorator first."""
    arguments = [mark.args[0] for mark in node.iter_markers("behaviour") if mark.args]
    return [argument for argument in arguments if isinstance(argument, BehaviourMark)]


def takes_operation(item: pytest.Item) -> bool:
    """Return whether a test has the fixture `operation`."""
    return OPERATION in getattr(item, "fixturenames", ())


def case_of(item: pytest.Item) -> BehaviourCase | None:
    """Return the case of a test; None for a test without the fixture `operation`."""
    callspec = getattr(item, "callspec", None)
    parameter = callspec.params.get(OPERATION) if callspec is not None else None
    return parameter if isinstance(parameter, BehaviourCase) else None


def name_of_test(item: pytest.Item) -> str:
    """Return the file and the name of a test: `test_pages.py::test_a_page[slots]`."""
    return f"{Path(item.path).name}::{item.name}"
