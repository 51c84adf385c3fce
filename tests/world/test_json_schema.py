"""Patterns and whole numbers of schemas, as JSON Schema has them."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from fake_server import UserError, create_app
from fake_server.data_files import registry
from fake_server.world.json_schema import LEAST, MOST, compiled_pattern, is_whole, validator_class
from tests.support.commands import run_command

BOUND = "a whole number of at most 64 bits"


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("^a$", "a", True),
        ("^a$", "a\n", False),
        ("a$|b$", "b\n", False),
        ("^(a$|b)$", "b\n", False),
        (r"^a\$$", "a$", True),
        (r"^a\\$", "a\\\n", False),
        ("^[$]$", "$", True),
        (r"^[\]$]$", "$", True),
        (r"^\d$", "\u0663", False),
        (r"^[\d_]$", "\u0663", False),
        (r"^\w$", "\u00e9", False),
        (r"\S", "\u00a0", False),
    ],
)
def test_a_pattern_means_what_ecma_262_says(pattern: str, text: str, fits: bool) -> None:
    assert bool(compiled_pattern(pattern).search(text)) is fits
    assert validator_class()({"pattern": pattern}).is_valid(text) is fits


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (LEAST, True),
        (LEAST - 1, False),
        (MOST, True),
        (MOST + 1, False),
        (2.0, True),
        (2.5, False),
        (1e300, False),
        (float("inf"), False),
        (float("nan"), False),
        (True, False),
        ("1", False),
    ],
)
def test_a_whole_number_has_64_bits(value: Any, whole: bool) -> None:
    assert is_whole(value) is whole
    assert validator_class()({"type": "integer"}).is_valid(value) is whole


def _patterns(node: Any) -> list[str]:
    if isinstance(node, list):
        return [pattern for item in node for pattern in _patterns(item)]
    if not isinstance(node, dict):
        return []
    own = [node["pattern"]] if isinstance(node.get("pattern"), str) else []
    return own + [pattern for item in node.values() for pattern in _patterns(item)]


@pytest.mark.parametrize("api", [*registry.names(), "control"])
def test_every_pattern_can_be_read(api: str) -> None:
    folder = Path("schemas") / api if api == "control" else registry.schemas_of(api)
    files = [*folder.glob("*.json")]
    documents = [json.loads(file.read_bytes()) for file in files]
    documents.append(yaml.safe_load((folder / "openapi.yaml").read_bytes()))
    patterns = {pattern for document in documents for pattern in _patterns(document)}
    assert patterns
    for pattern in patterns:
        assert compiled_pattern(pattern).pattern.count(r"\Z") <= pattern.count("$")


@pytest.mark.parametrize("seed", [MOST + 1, LEAST - 1, 10**400])
def test_a_seed_of_more_bits_is_refused_wherever_it_is_given(seed: int, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"^seed: expected {BOUND}, found "):
        create_app("empty", seed=seed)
    dataset = tmp_path / "own.yaml"
    dataset.write_text(f"seed: {seed}\n", encoding="utf-8")
    with pytest.raises(UserError, match=rf"own.yaml:1: seed: expected {BOUND}, found "):
        create_app(str(dataset))
    command = run_command("serve", "--port", "0", f"--seed={str(seed)[:40]}")
    assert (command.returncode, command.stderr.count("\n")) == (2, 1)
    assert command.stderr.startswith(f"fake-server: seed: expected {BOUND}, found ")


@pytest.mark.parametrize("seed", [MOST, LEAST])
def test_a_seed_of_64_bits_is_described_and_exported(seed: int) -> None:
    client = create_app("empty", seed=seed).test_client()
    world = client.get("/_fake/worlds/default")
    assert (world.status_code, world.json and world.json["seed"]) == (200, seed)
    assert f"seed: {seed}\n" in client.get("/_fake/worlds/default/export").get_data(as_text=True)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "a\n"},
        {"name": "b", "seed": MOST + 1},
        {"name": "b", "dataset_yaml": f"seed: {MOST + 1}\n"},
        {"name": "b", "dataset_yaml": f"intra42: {{users: {{count: {MOST + 1}}}}}\n"},
        {"name": "b", "dataset_yaml": f"intra42: {{users: {{records: [{{id: {MOST + 1}}}]}}}}\n"},
        {"name": "b", "data": {"intra42": {"users": [{"id": MOST + 1, "login": "ab"}]}}},
        {"name": "b", "data": {"intra42": {"users": [{"login": "ab\n"}]}}},
        {"name": "b", "data": {"xurrent": {"calendars": [{"name": "ab", "sourceID": 5}]}}},
        {"name": "b", "faults": [{"pattern": "*", "times": MOST + 1, "status": 500}]},
        {"name": "b", "expires_after": 10**400},
    ],
)
def test_what_is_refused_makes_no_world(body: dict[str, Any]) -> None:
    client = create_app("empty").test_client()
    assert client.post("/_fake/worlds", json=body).status_code == 422
    worlds = client.get("/_fake/worlds").json
    assert worlds is not None
    assert [world["name"] for world in worlds["worlds"]] == ["default"]


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("intra42/users", {"login": "ab\n"}),
        ("intra42/users", {"login": "ab", "id": MOST + 1}),
        ("xurrent/holidays", {"name": "A", "start_at": "2026-01-01T00:00:00\n"}),
    ],
)
def test_what_is_refused_adds_no_record(kind: str, record: dict[str, Any]) -> None:
    client = create_app("empty").test_client()
    path = f"/_fake/worlds/default/data/{kind}"
    assert client.post(path, json=record).status_code == 422
    assert client.get(path).json == {"records": [], "after": None}
