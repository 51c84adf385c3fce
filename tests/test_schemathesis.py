"""A first Schemathesis run of each API against the fake: no failure."""

import subprocess
import sys
from pathlib import Path

import pytest

from fake_server import FakeServer, resources

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
CREDENTIALS = {
    "intra42": "Authorization: Bearer YOUR_ACCESS_TOKEN",
    "fabmanager": "Authorization: Token 7Yq3hKc9WnB5tRf2XvM8sZdE",
    "xurrent": "Authorization: Basic YXBpLXRva2VuOng=",
}


@pytest.mark.parametrize("api", CREDENTIALS)
def test_schemathesis_finds_nothing(api: str, tmp_path: Path) -> None:
    with FakeServer(dataset="demo") as server:
        ran = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                f"--config-file={CONFIGURATION}",
                "run",
                str(resources.schemas() / api / "openapi.yaml"),
                f"--url={server.url}",
                f"--header={CREDENTIALS[api]}",
                "--max-examples=15",
                "--continue-on-failure",
                "--suppress-health-check=all",
                "--no-color",
                "--warnings=off",
            ],
            capture_output=True,
            text=True,
            timeout=300,
            cwd=tmp_path,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert "No issues found" in ran.stdout
