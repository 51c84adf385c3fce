"""The command as a user has it: in process, over HTTP, installed, in somebody else's project."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
from click.testing import CliRunner

from fake_server import FakeServer
from fake_server.cli.verify.command import verify

ROOT = Path(__file__).resolve().parents[2]
CALL = """
import sys
from fake_server.cli.verify.command import verify
sys.exit(verify(standalone_mode=False))
"""


def run(*arguments: str) -> tuple[int, str]:
    """Return the status and output of the command."""
    done = CliRunner().invoke(verify, arguments, standalone_mode=False)
    if isinstance(done.exception, click.ClickException):
        return 2, done.exception.format_message()
    if done.exception is not None:
        raise done.exception
    return done.return_value, done.output


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["documented", "live"])
def test_nothing_is_broken_in_process(profile: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    status, output = run("fabmanager", "--profile", profile, "--report", str(report))
    told = json.loads(report.read_bytes())["apis"]["fabmanager"]
    assert (status, told["counts"]["behaviour"]["broken"]) == (0, 0), output
    assert told["counts"]["behaviour"]["not shown"] == 0
    deviating = sum(behaviour["live"] is not None for behaviour in told["behaviours"])
    expected = deviating if profile == "live" else 0
    assert told["counts"]["behaviour"]["known deviation"] == expected


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["documented", "live"])
def test_an_empty_dataset_breaks_nothing(profile: str, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    options = ("--dataset", "empty", "--profile", profile)
    status, output = run("fabmanager", *options, "--report", str(report))
    assert status == 0, output
    suite = ElementTree.parse(report).getroot()[0]
    assert (suite.get("name"), suite.get("failures")) == ("fabmanager.behaviour", "0")
    assert int(suite.get("skipped", "0")) > 5


def test_a_fake_over_http(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.json"
    page = tmp_path / "report.html"
    with FakeServer(dataset="demo") as server:
        status, output = run(
            *("fabmanager", "--target", server.url, "--profile", "documented", "--rate", "0"),
            *("--only", "fabmanager.availabilities.*", "--max-requests", "2000"),
            *("--record", str(shapes), "--report", str(page)),
        )
    assert status == 0, output
    assert "Retry" not in output
    assert "GET /open_api/v1/availabilities" in json.loads(shapes.read_bytes())["operations"]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("other",), "no such API"),
        (("fabmanager", "--target", "lab"), "expected a URL"),
        (("fabmanager", "--report", "report.txt"), "named .json, .xml or .html"),
        (("fabmanager", "--report", "/nowhere/report.json"), "no such folder"),
        (("fabmanager", "--target", "http://example.org"), "in the clear"),
        (("fabmanager", "--credential", "toke=canary"), "expected name=value"),
        (("fabmanager", "--dataset", "other"), "no such dataset"),
        (("fabmanager", "--only", "xurrent.*"), "no behaviour of fabmanager is called so"),
    ],
)
def test_mistakes_are_one_line(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, output = run(*arguments)
    assert status == 2
    assert said in output
    assert "\n" not in output.strip()
    assert "canary" not in output


def test_installed_in_a_hostile_project(tmp_path: Path) -> None:
    """The wheel is unpacked as it would be installed, where nothing may be written."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    folder, project = tmp_path / "installed", tmp_path / "project"
    zipfile.ZipFile(wheel).extractall(folder)
    before = sorted(folder.rglob("*"))
    project.mkdir()
    (project / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n")
    (project / "conftest.py").write_text("raise RuntimeError('the project around it')")
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_ADDOPTS": "--nonsense",
        "FAKE_SERVER_CACHE": str(tmp_path / "cache"),
    }
    for path in (*before, folder):
        path.chmod(0o555)
    ran = subprocess.run(
        [sys.executable, "-c", CALL, "fabmanager", "--seed", "1"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    for path in (folder, *before):
        path.chmod(0o755)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    assert " 0 broken" not in ran.stdout
    assert "held" in ran.stdout
    assert sorted(folder.rglob("*")) == before
    assert sorted(path.name for path in project.iterdir()) == ["conftest.py", "pytest.ini"]


def test_without_the_extra_it_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "schemathesis", None)
    status, output = run("fabmanager")
    assert status == 2
    assert (
        output == "schemathesis is missing: install understudy with its extra, understudy[verify]"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fabmanager", "--credential", "token=nobodys"), "answers 401: check the credentials"),
        (("xurrent", "--credential", "bearer_token=nobodys"), "answers 401: check the credentials"),
        (("intra42", "--credential", "token=nobodys"), "answers 401: check the credentials"),
        (
            ("intra42", "--credential", "client_id=a", "--credential", "client_secret=nobodys"),
            "gives no token (401): check client_id and client_secret",
        ),
    ],
)
def test_wrong_credentials_are_told_before_all_else(arguments: tuple[str, ...], said: str) -> None:
    status, output = run(*arguments)
    assert status == 2
    assert said in output
    assert "nobodys" not in output
    assert "broken" not in output
