"""The ledgers: well-formed, in step with the code, each behaviour of theirs shown by a test."""

import ast
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from fake_server import apis, data_files
from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.rest.resources.operation_index import index
from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.api_files.applicability import FEATURES
from fake_server.verify.api_files.declared_operations import declared_operations
from fake_server.verify.api_files.ledger import (
    SHARED,
    entries,
    raw_entries,
    shared_entries,
    shared_ids,
)
from fake_server.world.profile import all_quirks, ledger, live_quirks

TESTS = Path(__file__).parent
PACKAGE = Path(apis.__file__).parent


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _calls(folder: Path, name: str) -> Iterator[tuple[Path, ast.Call]]:
    """Yield the calls, in a folder's modules, of what is called by a name or as an attribute."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and _called(node) == name:
                yield path, node


def _called(node: ast.Call) -> str | None:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else None


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield inner.value


@cache
def _shown() -> dict[str, list[str]]:
    """Return the tests that name a behaviour, by its id."""
    shown: dict[str, list[str]] = {}
    for path, call in _calls(TESTS, "behaviour"):
        for named in _texts(call.args):
            shown.setdefault(named, []).append(f"{path.relative_to(TESTS)}:{call.lineno}")
    return shown


def _ids(api: str) -> list[str]:
    """Return the ids of an API's own behaviours; what it says of shared ones is left out."""
    shared = {f"{api}.{id_.removeprefix(SHARED)}" for id_ in shared_ids()}
    return [entry["id"] for entry in ledger(api) if entry["id"] not in shared]


def test_the_shared_ledger_is_valid() -> None:
    schema = json.loads((data_files.schemas() / "behaviours.json").read_bytes())
    assert list(Draft202012Validator(schema).iter_errors(shared_entries())) == []
    ids = [entry["id"] for entry in shared_entries()]
    assert [id_ for id_, times in Counter(ids).items() if times > 1] == []
    for entry in shared_entries():
        assert entry["id"].startswith(SHARED)
        assert entry["id"].split(".")[1] == entry["applies_to"]
        assert set(entry.get("where", ())) <= FEATURES.keys()


@pytest.mark.parametrize("api", registry.names())
def test_what_a_ledger_says_of_a_shared_behaviour_names_one_that_is_there(api: str) -> None:
    known = {f"{api}.{id_.removeprefix(SHARED)}" for id_ in shared_ids()}
    kinds = ("collections", "records", "graphs")
    said = [entry["id"] for entry in ledger(api) if entry["id"].split(".")[1] in kinds]
    assert [id_ for id_ in said if id_ not in known] == []
    declared_ids = {
        operation.id
        for operation in declared_operations(api_document(api), api_under_test(api).listing)
    }
    for entry in entries(api).values():
        for exempt in entry.exempt:
            assert set(exempt.operations) <= declared_ids, entry.id


@pytest.mark.parametrize("api", registry.names())
def test_a_ledger_is_valid(api: str) -> None:
    schema = json.loads((data_files.schemas() / "behaviours.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    mistakes = [
        f"{list(mistake.absolute_path)}: {mistake.message}"
        for mistake in Draft202012Validator(schema).iter_errors(ledger(api))
    ]
    assert mistakes == []


@pytest.mark.parametrize("api", registry.names())
def test_ids_are_unique_and_begin_with_the_name_of_the_api(api: str) -> None:
    ids = _ids(api)
    assert [id_ for id_, times in Counter(ids).items() if times > 1] == []
    assert [id_ for id_ in ids if not id_.startswith(f"{api}.")] == []


@pytest.mark.parametrize("api", registry.names())
def test_a_quirk_belongs_to_the_live_profile_or_to_none(api: str) -> None:
    alternatives = {
        entry["alternative"]["quirk"] for entry in ledger(api) if "alternative" in entry
    }
    assert alternatives & live_quirks(api) == set()


@pytest.mark.parametrize("api", registry.names())
def test_every_quirk_of_the_ledger_is_asked_for_in_the_code_and_no_other(api: str) -> None:
    asked = {name for _, call in _calls(PACKAGE / api, "has_quirk") for name in _texts(call.args)}
    declared = {name for each in index(api).resources.values() for name in each.quirks}
    assert asked | declared == all_quirks(api)
    assert asked & declared == set()


@pytest.mark.parametrize("api", registry.names())
def test_every_behaviour_is_shown_by_a_test(api: str) -> None:
    assert [id_ for id_ in _ids(api) if id_ not in _shown()] == []


def test_no_test_names_a_behaviour_that_is_not_there() -> None:
    known = {id_ for api in registry.names() for id_ in _ids(api)}
    assert {named: where for named, where in _shown().items() if named not in known} == {}


@pytest.mark.parametrize("api", registry.names())
def test_what_differs_says_something_else(api: str) -> None:
    for entry in raw_entries(api):
        for key in ("live", "alternative"):
            assert entry.get(key, {}).get("says") != entry["says"], entry["id"]
