"""Schemathesis' own command line over each API's document and the fake: no failure.

`make campaigns` has the two documents with the most operations, which take minutes.
"""

import tomllib
from pathlib import Path

import pytest
import yaml

from fake_server import FakeServer
from fake_server.data_files import registry
from tests.support.commands import run_command
from tests.support.schemathesis_runs import expect_no_failure


def _settings(api: str) -> str:
    command = run_command("openapi", api, "--schemathesis")
    assert (command.returncode, command.stderr) == (0, "")
    return command.stdout


@pytest.mark.parametrize("api", registry.names())
def test_the_settings_have_what_is_off_with_its_evidence(api: str) -> None:
    text = _settings(api)
    settings = tomllib.loads(text)
    declared = yaml.safe_load((registry.package(api).schemas / "target.yaml").read_text())["schema"]
    off = {check for check, about in settings["checks"].items() if about == {"enabled": False}}
    assert off == {entry["check"] for entry in declared["disabled"]}
    adjusted = declared.get("adjusted", [])
    assert len(settings.get("operations", [])) == len(adjusted)
    for entry in [*declared["disabled"], *adjusted]:
        assert f"# {entry['evidence']}\n" in text
    assert "Authorization" in settings["headers"]


@pytest.mark.parametrize(
    "api",
    [
        pytest.param(api, marks=pytest.mark.slow if api in {"intra42", "xurrent"} else ())
        for api in registry.names()
    ],
)
def test_schemathesis_finds_nothing(api: str, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    deterministic = 'deterministic = true\ndatabase = "none"\n'
    text = _settings(api).replace("[generation]\n", f"[generation]\n{deterministic}")
    settings.write_text(text, encoding="utf-8")
    with FakeServer(dataset="demo") as server:
        expect_no_failure(settings, registry.package(api).schemas / "openapi.yaml", server.url, 4)
