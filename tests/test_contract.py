"""The fake keeps its own ledgers: the contract tests run against it in both profiles."""

import subprocess
import sys

import pytest

from fake_server.data_files import registry


@pytest.mark.parametrize("profile", ["documented", pytest.param("live", marks=pytest.mark.slow)])
@pytest.mark.parametrize("api", registry.names())
def test_nothing_is_broken(api: str, profile: str) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "fake_server",
            "verify",
            api,
            f"--profile={profile}",
            f"--only={api}.*",
        ],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-1000:]
    assert " held" in ran.stdout
    assert "deviation gone" not in ran.stdout
