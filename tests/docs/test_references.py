"""Pages that are made from the code: they are what the code says."""

import click

from fake_server.cli import commands
from tests.support.commands import ROOT
from tools import command_reference, python_reference
from tools.coverage_table import coverage

DOCS = ROOT / "docs"


def test_the_reference_of_commands_is_current() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    command = "python -m tools.command_reference > docs/commands.md"
    assert page == command_reference.reference(), f"run {command}"


def test_the_reference_of_python_names_is_current() -> None:
    page = (DOCS / "python-api.md").read_text(encoding="utf-8")
    command = "python -m tools.python_reference > docs/python-api.md"
    assert page == python_reference.reference(), f"run {command}"


def test_the_reference_of_python_names_has_the_public_ones() -> None:
    assert python_reference.names("fake_server") == ["create_app", "FakeServer", "Fault"]
    page = (DOCS / "python-api.md").read_text(encoding="utf-8")
    for name in python_reference.names("fake_server.testing"):
        assert f"### `{name}`\n" in page
    for fixture in ("fake_server", "fake_world", "fake_intercept"):
        assert f"### `{fixture}` (fixture)\n" in page


def test_the_coverage_table_is_current() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("<!-- coverage -->\n")[2].partition("\n<!-- end -->")[0]
    assert table == coverage(), "README.md has what python -m tools.coverage_table prints"


def test_a_command_that_was_used_is_listed_once() -> None:
    context = click.Context(commands)
    assert commands.get_command(context, "records") is not None
    assert commands.list_commands(context).count("records") == 1
