"""docs/testing.md: its samples run, its tests pass, its options are those there are."""

import re
from pathlib import Path

import pytest

from fake_server.testing.plugin_options import OPTIONS
from tests.support.pages import run_sample, samples
from tests.support.plugin import PluginRun as Run
from tests.support.plugin import plugin_options, run

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
PYTHON = samples(PAGE, "python")
NAMED = {re.match(r"# (test_\w+\.py)\n", text): text for text in PYTHON}
TESTS = {match[1]: text for match, text in NAMED.items() if match}
SAMPLES = [text for text in PYTHON if text not in TESTS.values()]
TOML = samples(PAGE, "toml")

__all__ = ["run"]


def test_the_tests_of_the_page_pass(run: Run, pytester: pytest.Pytester) -> None:
    for name, text in TESTS.items():
        pytester.path.joinpath(name).write_text(text)
    result = run("def test_nothing(): pass", "-W", "error")
    expected = sum(len(re.findall("^def test_", text, re.MULTILINE)) for text in TESTS.values())
    assert len(TESTS) == 9
    result.assert_outcomes(passed=expected + 1)


@pytest.mark.parametrize("sample", SAMPLES, ids=range(len(SAMPLES)))
def test_samples_run(sample: str) -> None:
    run_sample(sample, "docs/testing.md")


def test_the_project_s_options_are_taken(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        def test_it(fake_world):
            world = fake_world.describe()
            assert world["dataset"] == "documented"
            assert world["clock"]["frozen"]
            assert world["quirks"] == ["fabmanager.user-id-ignored"]
    """)
    pytester.makepyprojecttoml(TOML[0])
    pytester.runpytest_subprocess(*plugin_options()).assert_outcomes(passed=1)


def test_every_option_is_on_the_page() -> None:
    assert len(TOML) == 1
    table = PAGE.partition("| option | says |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(fake_server_\w+)`", table)) == {option.ini for option in OPTIONS}
