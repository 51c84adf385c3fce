"""The workflows in examples/ci: their commands run, but for `pip install`."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.measure import free_port
from fake_server import FakeServer
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
                timeout=300,
                check=False,
            )
            assert done.returncode == 0, (script, done.stdout, done.stderr)
            output += done.stdout
        return output

    yield call
    for pid in pids.read_text().split() if pids.exists() else []:
        os.kill(int(pid), signal.SIGTERM)


def _exported(file: Path) -> dict[str, str]:
    lines = file.read_text().splitlines() if file.exists() else []
    return dict(line.split("=", 1) for line in lines)


def example(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def test_the_steps_for_github_actions_run(steps: Steps) -> None:
    workflow = example("github-actions.yml")
    (job,) = workflow["jobs"].values()
    # YAML 1.1 takes `on` for a boolean.
    assert workflow[True] == ["push", "pull_request"]
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


@pytest.mark.slow
def test_the_nightly_steps_run(steps: Steps, tmp_path: Path) -> None:
    (job,) = example("nightly-contract.yml")["jobs"].values()
    install, verify, drift = [step for step in job["steps"] if "run" in step]
    assert install["run"] == "pip install 'understudy[verify]'"
    assert verify["env"] == {"LAB_TOKEN": "${{ secrets.LAB_TOKEN }}"}
    with FakeServer(dataset="documented", apis=["fabmanager"]) as server:
        with server.create_world() as world:
            token = world.fabmanager.token
        tmp_path.joinpath("targets.toml").write_text(
            f'[lab]\nurl = "{server.url}"\napi = "fabmanager"\n'
            'credentials = {token = "$LAB_TOKEN"}\n'
        )
        steps([f"export LAB_TOKEN={token}\n{verify['run']}"])
    shutil.copy(tmp_path / "tonight.json", tmp_path / "baseline.json")
    tmp_path.joinpath("accepted.yaml").write_text("[]")
    assert steps([drift["run"]]).strip() == "no differences"
    kept = job["steps"][-1]["with"]["path"].split()
    assert [name for name in kept if not (tmp_path / name).stat().st_size] == []


def test_whoever_starts_a_fake_waits_for_it() -> None:
    for file in sorted(FOLDER.iterdir()):
        text = file.read_text(encoding="utf-8")
        assert "sleep " not in text
        assert ("fake-server serve" in text) == ("fake-server wait" in text)
