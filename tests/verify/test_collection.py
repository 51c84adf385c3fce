"""Tests and ledger must fit each other, whatever project surrounds them."""

import subprocess
import sys
from pathlib import Path

import pytest

from fake_server.verify.run.run_report import status_of
from tests.verify.conftest import TESTS, RunSuite, verdicts


def failure_of(run: RunSuite, tests: str) -> str:
    report = run(tests=tests)
    assert status_of([report]) == 2
    assert report.failed is not None
    return report.failed


def test_an_entry_without_a_test(run: RunSuite) -> None:
    tests = TESTS.replace('@behaviour("fabmanager.order")', '@behaviour("fabmanager.total")')
    assert failure_of(run, tests) == "no contract test shows fabmanager.order"


def test_a_live_sentence_without_a_test(run: RunSuite) -> None:
    tests = TESTS.replace(", live=True", "")
    assert failure_of(run, tests) == "no contract test shows fabmanager.total (live)"


def test_a_ledger_without_any_test(run: RunSuite) -> None:
    expected = "no contract test shows fabmanager.order, fabmanager.total, fabmanager.total (live)"
    assert failure_of(run, "") == expected


def test_a_ledger_without_a_folder_of_tests(run: RunSuite) -> None:
    report = run(suite="elsewhere")
    assert status_of([report]) == 2
    assert report.behaviours == []
    assert report.failed is not None
    assert report.failed.startswith("no contract test shows fabmanager.order, ")


def test_only_what_is_asked_for_needs_a_test(run: RunSuite) -> None:
    tests = TESTS.replace('@behaviour("fabmanager.order")', '@behaviour("fabmanager.total")')
    assert verdicts(run(tests=tests, only=("fabmanager.total",))) == {"fabmanager.total": "held"}


def test_an_unknown_id(run: RunSuite) -> None:
    tests = TESTS.replace("fabmanager.order", "fabmanager.other")
    assert "fabmanager.other is in no ledger" in failure_of(run, tests)


def test_a_live_test_of_a_sentence_that_is_none(run: RunSuite) -> None:
    tests = TESTS.replace('("fabmanager.order")', '("fabmanager.order", live=True)')
    assert "has no live sentence" in failure_of(run, tests)


def test_a_test_of_nothing(run: RunSuite) -> None:
    tests = TESTS + "\n    def test_other():\n        pass\n"
    assert "test_other: marked with no behaviour" in failure_of(run, tests)


def test_a_module_that_cannot_be_imported(run: RunSuite) -> None:
    assert "nowhere" in failure_of(run, "import nowhere")


def test_hostile_options_around_it_have_no_effect(
    run: RunSuite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = --nonsense -x -k nothing\npython_functions = never_*\n"
    )
    (tmp_path / "conftest.py").write_text("raise RuntimeError('the project around it')")
    (tmp_path / "setup.cfg").write_text("[tool:pytest]\naddopts = --nonsense\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only --nonsense")
    monkeypatch.setenv("PYTEST_PLUGINS", "nowhere")
    assert set(verdicts(run()).values()) == {"held"}
    assert not (tmp_path / ".pytest_cache").exists()


def test_two_runs_in_one_process_are_two(run: RunSuite) -> None:
    run()
    changed = TESTS.replace("descending=True", "descending=False")
    assert verdicts(run(tests=changed))["fabmanager.order"] == "broken"


def test_the_suite_knows_no_more_than_it_may() -> None:
    code = (
        "import sys; import fake_server.verify.run.suite,"
        " fake_server.verify.layers.contract_plugin, fake_server.verify.layers.schema_layer;"
        "print([m for m in sys.modules if m.startswith(('fake_server.apis', 'fake_server.world',"
        " 'fake_server.rest', 'fake_server.app'))])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
