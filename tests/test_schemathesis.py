"""Schemathesis' own command line over each API's document and the fake: no failure."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from fake_server import FakeServer
from fake_server.data_files import registry

CREDENTIALS = {
    "intra42": "Authorization: Bearer YOUR_ACCESS_TOKEN",
    "fabmanager": "Authorization: Token 7Yq3hKc9WnB5tRf2XvM8sZdE",
    "xurrent": "Authorization: Basic YXBpLXRva2VuOng=",
}


def configuration(api: str) -> str:
    """Return Schemathesis' settings: the exceptions for which target.yaml gives evidence."""
    declared = yaml.safe_load((registry.package(api).schemas / "target.yaml").read_text())["schema"]
    lines = ['generation = { deterministic = true, database = "none" }']
    for one in declared["disabled"]:
        assert one["evidence"]
        lines += [f"[checks.{one['check']}]", "enabled = false"]
    for one in declared.get("adjusted", []):
        assert one["evidence"]
        regex = "-regex" if "matching" in one else ""
        operations = toml(one.get("matching") or one["operations"])
        lines += ["[[operations]]", f"include-operation-id{regex} = {operations}"]
        lines += [f"{name} = {toml(value)}" for name, value in one["settings"].items()]
    return "\n".join(lines)


def toml(value: Any) -> str:
    """Return a value as TOML writes it in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {toml(one)}" for name, one in value.items()) + "}"
    return json.dumps(value)


@pytest.mark.parametrize("api", CREDENTIALS)
def test_schemathesis_finds_nothing(api: str, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(configuration(api), encoding="utf-8")
    with FakeServer(dataset="demo") as server:
        ran = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                f"--config-file={settings}",
                "run",
                str(registry.package(api).schemas / "openapi.yaml"),
                f"--url={server.url}",
                f"--header={CREDENTIALS[api]}",
                "--max-examples=10",
                "--continue-on-failure",
                "--suppress-health-check=all",
                "--no-color",
                "--warnings=off",
            ],
            capture_output=True,
            text=True,
            timeout=400,
            cwd=tmp_path,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert "No issues found" in ran.stdout
