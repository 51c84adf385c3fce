"""The examples for GitHub Actions and GitLab CI: their commands run, but for `pip install`."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.measure import free_port
from tests.support.commands import environment
from tests.support.programs import require_program

FOLDER = Path(__file__).parent.parent / "examples" / "ci"
INSTALL = "pip install understudy"
Steps = Callable[[list[str]], str]


@pytest.fixture
def steps(tmp_path: Path) -> Iterator[Steps]:
    """Run shell scripts one after the other, as steps of a job, on a free port."""
    require_program("curl", "curl")
    port = free_port()
    pids = tmp_path / "pids"
    command = tmp_path / "bin" / "fake-server"
    command.parent.mkdir()
    python = shlex.quote(sys.executable)
    command.write_text(
        "#!/bin/sh\n"
        f'if [ "$1" = serve ]; then echo $$ >> {shlex.quote(str(pids))};'
        f' exec {python} -m fake_server "$@" --port {port}; fi\n'
        f'exec {python} -m fake_server "$@"\n'
    )
    command.chmod(0o755)
    variables = environment(
        PATH=f"{command.parent}:{os.environ['PATH']}",
        FAKE_SERVER_URL=f"http://127.0.0.1:{port}",
        GITHUB_ENV=str(tmp_path / "github.env"),
    )

    def call(scripts: list[str]) -> str:
        output = ""
        for script in scripts:
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
                cwd=tmp_path,
                env=variables | _exported(tmp_path / "github.env"),
                capture_output=True,
                text=True,
                timeout=90,
                check=False,
            )
            assert done.returncode == 0, (script, done.stdout, done.stderr)
            output += done.stdout
        return output

    yield call
    for pid in pids.read_text().split():
        os.kill(int(pid), signal.SIGTERM)


def _exported(file: Path) -> dict[str, str]:
    lines = file.read_text().splitlines() if file.exists() else []
    return dict(line.split("=", 1) for line in lines)


def example(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def test_the_steps_for_github_actions_run(steps: Steps) -> None:
    found = example("github-actions.yml")
    (job,) = found["jobs"].values()
    # YAML 1.1 takes `on` for a boolean.
    assert found[True] == ["push", "pull_request"]
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    scripts = [step["run"] for step in job["steps"] if "run" in step]
    assert scripts.pop(0) == INSTALL
    assert '"name":' in steps(scripts)


def test_the_steps_for_gitlab_run(steps: Steps) -> None:
    job = example("gitlab-ci.yml")["tests"]
    before, script = job["before_script"], job["script"]
    assert all(isinstance(line, str) for line in [*before, *script])
    assert before.pop(0) == INSTALL
    assert '"name":' in steps(["\n".join([*before, *script])])


def test_nobody_sleeps() -> None:
    for file in sorted(FOLDER.iterdir()):
        assert "sleep " not in file.read_text()
        assert "fake-server wait" in file.read_text()
