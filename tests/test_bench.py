"""The benchmarks still run: what they measure is no matter of tests."""

from pathlib import Path

from bench.long_run import growth_mb
from bench.many_worlds import peak_mb
from bench.measure import served


def test_worlds_are_made_and_used() -> None:
    assert peak_mb(12) > 0


def test_requests_are_sent_and_counted(tmp_path: Path) -> None:
    with served("--dataset", "empty", "--auth", "off", cache=tmp_path) as server:
        assert growth_mb(server, 1_203) < 100
