"""The benchmarks still run: what they measure is no matter of tests."""

from pathlib import Path

import pytest

from bench.long_run import growth_mb
from bench.many_worlds import peak_mb
from bench.measure import served
from bench.processes import figures
from tests.support.programs import require_program


def test_worlds_are_made_and_used() -> None:
    assert peak_mb(12) > 0


def test_requests_are_sent_and_counted(tmp_path: Path) -> None:
    with served("--dataset", "empty", "--auth", "off", cache=tmp_path) as server:
        assert growth_mb(server, 1_203) < 100


@pytest.mark.parametrize("count", [1, 2])
def test_processes_are_measured(count: int) -> None:
    require_program("nginx", "nginx")
    measured = figures(count, 16)
    assert min(measured.made, measured.listed, measured.deleted) > 0
    assert count > 1 or measured.nginx_share == 0
