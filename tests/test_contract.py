"""The fake keeps its own ledgers: the contract tests run against it in both profiles.

The API with the most operations is asked in turns: one operation and field of each resource a
run. `make campaigns` asks it of all.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fake_server.data_files import registry


def _in_turns(api: str, profile: str) -> list[str]:
    return ["--seed=1"] if (api, profile) == ("intra42", "documented") else []


@pytest.mark.parametrize("profile", ["documented", pytest.param("live", marks=pytest.mark.slow)])
@pytest.mark.parametrize("api", registry.names())
def test_nothing_is_broken(api: str, profile: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    _expect_nothing_is_broken(api, profile, *_in_turns(api, profile), report=report)


@pytest.mark.slow
def test_nothing_is_broken_wherever_it_is_asked(tmp_path: Path) -> None:
    _expect_nothing_is_broken("intra42", "documented", report=tmp_path / "report.json")


def _expect_nothing_is_broken(api: str, profile: str, *options: str, report: Path) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "fake_server",
            "verify",
            api,
            f"--profile={profile}",
            f"--only={api}.*",
            f"--report={report}",
            *options,
        ],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-1000:]
    counts = json.loads(report.read_bytes())["apis"][api]["counts"]["behaviour"]
    assert counts["held"] > 50
    if profile == "documented":
        assert (counts["not shown"], counts["known deviation"]) == (0, 0)
    assert "deviation gone" not in ran.stdout
