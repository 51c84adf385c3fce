"""The pytest plugin in runs of pytest within a test."""

from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points

import pytest

# A run within this process forgets what it imported first; the parts of PyYAML and of SQLAlchemy
# in C stay, and would not know the classes of a second import.
import sqlalchemy as sqlalchemy
import yaml as yaml

from fake_server import create_app
from fake_server.data_files import registry
from tests.support.commands import environment

PluginRun = Callable[..., pytest.RunResult]

PLUGIN = "fake_server.testing.plugin"

STRICT = 'addopts = "--strict-markers --strict-config"\nfilterwarnings = ["error"]\n'


def plugin_options() -> list[str]:
    """Return the options that load the plugin where the installation has no entry point for it."""
    installed = any(plugin.value == PLUGIN for plugin in entry_points(group="pytest11"))
    return [] if installed else ["-p", PLUGIN]


@cache
def _load_apis() -> None:
    """Load all resources, so that no run loads, and forgets, those of an API that stays loaded."""
    world = create_app("empty").extensions["fake_server.worlds"].default
    for api in registry.names():
        world.store(api)


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> PluginRun:
    """Run tests with options: `run("def test_it(fake_world): ...", "-v")`."""
    _load_apis()
    for name, value in environment().items():
        monkeypatch.setenv(name, value)

    def call(source: str, *options: str, ini: str = "") -> pytest.RunResult:
        pytester.makepyprojecttoml(f"[tool.pytest.ini_options]\n{ini}")
        pytester.makepyfile(source)
        return pytester.runpytest_inprocess(*plugin_options(), *options)

    return call
