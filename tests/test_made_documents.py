"""The files that follow from declarations are those that `fake-server openapi --write` makes."""

import pytest
from click.testing import CliRunner

from fake_server.cli import commands
from fake_server.data_files import registry

_LONGEST = 30


@pytest.mark.parametrize("api", [*registry.names(), registry.CONTROL])
def test_made_files_are_current(api: str) -> None:
    outcome = CliRunner().invoke(commands, ["openapi", api, "--check"], catch_exceptions=False)
    assert (outcome.exit_code, outcome.output) == (0, ""), "run fake-server openapi --write"


@pytest.mark.parametrize("api", [api for api in registry.names() if registry.package(api).document])
def test_an_operation_can_be_read_at_a_glance(api: str) -> None:
    lines: dict[str, int] = {}
    path = method = ""
    text = (registry.package(api).schemas / "openapi.yaml").read_text(encoding="utf-8")
    for line in text.partition("\npaths:\n")[2].partition("\ncomponents:\n")[0].splitlines():
        indent = len(line) - len(line.lstrip())
        if indent == 2:
            path = line.strip(" :")
        elif indent == 4:
            method = f"{line.strip(' :')} {path}"
        lines[method] = lines.get(method, 0) + 1
    assert {method: count for method, count in lines.items() if count > _LONGEST} == {}
