"""Ledger and contract tests of a new API: an entry and a test for each operation."""

import re
from typing import NamedTuple

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.guessed_resources import ResourceGuess
from fake_server.cli.scaffold.operation_tests import OperationTests
from fake_server.cli.scaffold.source import snake

HELPERS = '''"""What several contract tests of this API share."""

from typing import Any

from fake_server.contract import Answer, Target, expect_that, need


def records_of(answer: Answer, member: str | None) -> list[Any]:
    """Return the records of a list: those of a member of its body, or the body itself."""
    body = answer.json
    records = body.get(member) if member and isinstance(body, dict) else body
    expect_that("the list", isinstance(records, list), "a list", records)
    return list(records)


def some_record(
    target: Target, path: str, member: str | None, label: str, **options: Any
) -> Any:
    """Return a record of a list; the behaviour is not shown where there is none."""
    records = records_of(target.get(path, **options).expect_status(200), member)
    need(records, label)
    return records[0]


def expect_members(label: str, names: list[str], value: Any) -> None:
    """Assert that an object has all of some members."""
    complete = isinstance(value, dict) and set(names) <= value.keys()
    expect_that(label, complete, f"an object with {', '.join(names) or 'any members'}", value)
'''


class Contract(NamedTuple):
    """The ledger's entries, and the modules of contract tests by name.

    - `unshown`: the ids of operations whose test is incomplete.
    """

    ledger: list[Node]
    modules: dict[str, str]
    unshown: list[str]


def contract(document: Node, api: str, resources: list[ResourceGuess], file: str) -> Contract:
    """Return ledger and tests for all operations of a document; `file`: its name."""
    ledger: list[Node] = []
    modules: dict[str, str] = {}
    unshown: list[str] = []
    names: set[str] = set()
    for resource in resources:
        writer = OperationTests(document, api, resources, resource)
        tests: list[str] = []
        for operation in resource.operations:
            name = _unique_name(snake(operation.id) or operation.method, names)
            names.add(name)
            entry_id = f"{api}.{resource.name}.{name}"
            ledger.append(writer.entry(entry_id, operation, file))
            text, is_shown = writer.test(entry_id, name, operation)
            tests.append(text)
            if not is_shown:
                unshown.append(operation.id)
        modules[f"test_{resource.name}"] = _module(resource, tests)
    return Contract(ledger, modules, unshown)


def _unique_name(name: str, names: set[str]) -> str:
    name = name if name[0].isalpha() else f"o_{name}"
    unique, number = name, 2
    while unique in names:
        unique, number = f"{name}_{number}", number + 1
    return unique


def _module(resource: ResourceGuess, tests: list[str]) -> str:
    body = "\n\n".join(tests)
    verify = [name for name in ("expect", "need") if re.search(rf"\b{name}\(", body)]
    helpers = [
        name for name in ("expect_members", "records_of", "some_record") if f"{name}(" in body
    ]
    lines = [f'"""What {resource.name.replace("_", " ")} answer."""', ""]
    lines.append(f"from fake_server.contract import {', '.join(['Target', 'behaviour', *verify])}")
    if helpers:
        lines += ["", f"from .helpers import {', '.join(helpers)}"]
    return "\n".join(lines) + f"\n\n\n{body}"
