"""The benchmarks still run: what they measure is no matter of tests."""

from bench.many_worlds import peak_mb


def test_worlds_are_made_and_used() -> None:
    assert peak_mb(12) > 0
