"""Several APIs at a time, and what is left of a run that the user interrupts."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

VERIFY = [sys.executable, "-u", "-m", "fake_server", "verify"]
FEW = ("--only", "fabmanager.pages.*", "--only", "xurrent.auth.*")


def verify(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*VERIFY, *arguments], capture_output=True, text=True, timeout=300, check=False
    )


def test_several_at_a_time(tmp_path: Path) -> None:
    report, shapes = tmp_path / "report.json", tmp_path / "shapes"
    ran = verify("xurrent", "fabmanager", *FEW, "--report", str(report), "--record", str(shapes))
    assert ran.returncode == 0, ran.stderr
    told = json.loads(report.read_bytes())["apis"]
    assert list(told) == ["xurrent", "fabmanager"]
    assert all(api["counts"]["behaviour"]["held"] for api in told.values())
    assert sorted(path.name for path in shapes.iterdir()) == ["fabmanager.json", "xurrent.json"]
    assert "xurrent behaviours" in ran.stderr
    assert "fabmanager behaviours" in ran.stderr


def test_a_mistake_in_one_of_several_is_one_line() -> None:
    ran = verify("xurrent", "fabmanager", "--dataset", "nothing")
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-1].startswith("fake-server: nothing: no such dataset")
    assert "Traceback" not in ran.stderr


def interrupted(apis: list[str], at: str, report: Path) -> dict[str, Any]:
    """Interrupt a run when it tells of `at`, and return what it reports."""
    process = subprocess.Popen(
        [*VERIFY, *apis, "--report", str(report)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=os.setpgrp,
    )
    assert process.stderr is not None
    on_answer = []
    for line in process.stderr:
        on_answer.append(line)
        if line.startswith(at):
            process.send_signal(signal.SIGINT)
            break
    rest = process.communicate(timeout=300)[1]
    assert "Traceback" not in rest, rest
    assert process.returncode in {0, 2}, "".join(on_answer) + rest
    reported: dict[str, Any] = json.loads(report.read_bytes())["apis"]
    return reported


@pytest.mark.parametrize(
    ("apis", "at"),
    [
        (["xurrent"], "xurrent behaviours: 25"),
        (["xurrent", "fabmanager"], "xurrent behaviours: 25"),
        (["xurrent"], "xurrent schema: 25"),
    ],
)
def test_the_report_tells_what_was_done(apis: list[str], at: str, tmp_path: Path) -> None:
    told = interrupted(apis, at, tmp_path / "report.json")["xurrent"]
    assert told["interrupted"]
    assert told["failed"] is None
    counts = told["counts"]
    assert counts["behaviour"]["held"] > 5
    if "schema" in at:
        assert counts["behaviour"]["not shown"] == 0
        assert counts["schema"]["held"] > 0
    else:
        assert counts["behaviour"]["not shown"] > 0
