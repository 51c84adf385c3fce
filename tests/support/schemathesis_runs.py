"""Schemathesis' own command line over a document and a server."""

import subprocess
import sys
from pathlib import Path


def expect_no_failure(settings: Path, document: Path, url: str, examples: int) -> None:
    """Assert that schemathesis finds nothing; `examples` is how many an operation has at most."""
    ran = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            f"--config-file={settings}",
            "run",
            str(document),
            f"--url={url}",
            f"--max-examples={examples}",
            "--continue-on-failure",
            "--suppress-health-check=all",
            "--no-color",
            "--warnings=off",
        ],
        capture_output=True,
        text=True,
        timeout=1200,
        cwd=settings.parent,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert "No issues found" in ran.stdout
