"""The benchmarks still run: what they measure is no matter of tests."""

from pathlib import Path

import pytest

from bench.load import milliseconds, requests_per_second
from bench.long_run import growth_mb
from bench.many_worlds import peak_mb
from bench.measure import served
from bench.others import Measured, table
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


def test_a_load_on_one_connection_and_on_several_is_answered(tmp_path: Path) -> None:
    request = b"GET /v1/calendars HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with served("--dataset", "empty", "--auth", "off", cache=tmp_path) as server:
        times = milliseconds(server.port, request, 5)
        assert times == sorted(times)
        assert len(times) == 5
        assert requests_per_second(server.port, request, 3, 0.2) > 0


def test_an_answer_that_is_no_200_ends_a_load(tmp_path: Path) -> None:
    request = b"GET /v1/calendars HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with (
        served("--dataset", "empty", cache=tmp_path) as server,
        pytest.raises(RuntimeError, match="401"),
    ):
        milliseconds(server.port, request, 1)


def test_the_table_has_the_medians_of_the_rounds() -> None:
    rounds = [Measured(100, 200, 90, 0.5, 2, 1000, 0.25, 50, reset) for reset in (1, 2, 9)]
    stateless = [Measured(up, 20, 9, 5, 20, 10000, 0.1, 5, None) for up in (10, 30)]
    assert table({"ours": rounds, "theirs": stateless})[2:] == [
        "| ours | 100 | 200 | 90 | 0.50 | 2.00 | 1,000 | 0.25 | 50 | 2.00 |",
        "| theirs | 20 | 20 | 9 | 5.00 | 20.00 | 10,000 | 0.10 | 5 | a restart |",
    ]
