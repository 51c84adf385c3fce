from datetime import UTC, datetime, timedelta

import pytest

from fake_server.world import rate_counters
from fake_server.world.rate_counters import RateCounters, RecentRequests

NOON = datetime(2017, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_requests_are_counted_until_the_limit_is_exceeded() -> None:
    counters = RateCounters()
    usages = [counters.count("app", 2, MINUTE, NOON).remaining for _ in range(2)]
    assert usages == [1, 0]
    assert not counters.peek("app", 2, MINUTE, NOON).exceeded
    third = counters.count("app", 2, MINUTE, NOON)
    assert third.exceeded
    assert third.remaining == 0


def test_a_window_closes_after_its_length_and_a_new_one_opens() -> None:
    counters = RateCounters()
    first = counters.count("app", 5, MINUTE, NOON)
    assert first.closes == NOON + MINUTE
    late = NOON + MINUTE - timedelta(microseconds=1)
    assert counters.count("app", 5, MINUTE, late).used == 2
    assert counters.count("app", 5, MINUTE, NOON + MINUTE).used == 1


def test_a_clock_put_back_opens_a_new_window() -> None:
    counters = RateCounters()
    counters.count("app", 5, MINUTE, NOON)
    assert counters.count("app", 5, MINUTE, NOON - timedelta(days=1)).used == 1


def test_keys_and_lengths_are_counted_apart() -> None:
    counters = RateCounters()
    counters.count("app", 5, MINUTE, NOON)
    assert counters.count("other", 5, MINUTE, NOON).used == 1
    assert counters.count("app", 5, timedelta(hours=1), NOON).used == 1
    assert counters.count("app", 5, MINUTE, NOON).used == 2


def test_peeking_does_not_count() -> None:
    counters = RateCounters()
    assert counters.peek("app", 5, MINUTE, NOON).used == 0
    counters.count("app", 5, MINUTE, NOON)
    assert counters.peek("app", 5, MINUTE, NOON).used == 1
    assert counters.peek("app", 5, MINUTE, NOON + MINUTE).remaining == 5


def test_closed_windows_are_forgotten() -> None:
    counters = RateCounters()
    for number in range(100):
        at = NOON + number * MINUTE
        counters.count(f"app {number}", 5, MINUTE, at)
        counters.count(f"app {number}", 5, timedelta(hours=1), at)
    assert len(counters) == 1 + 60
    assert counters.count("app 99", 5, MINUTE, NOON + 99 * MINUTE).used == 2
    assert counters.count("app 40", 5, timedelta(hours=1), NOON + 99 * MINUTE).used == 2


def test_a_window_that_opens_again_is_the_last_to_be_forgotten() -> None:
    counters = RateCounters()
    counters.count("first", 5, 3 * MINUTE, NOON)
    counters.count("second", 5, 3 * MINUTE, NOON + MINUTE)
    counters.count("first", 5, 3 * MINUTE, NOON + 3 * MINUTE)
    counters.count("third", 5, 3 * MINUTE, NOON + 4 * MINUTE)
    assert len(counters) == 2
    assert counters.count("first", 5, 3 * MINUTE, NOON + 4 * MINUTE).used == 2


def test_open_windows_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_counters, "MOST_WINDOWS", 10)
    counters = RateCounters()
    for number in range(50):
        counters.count(f"app {number}", 5, MINUTE, NOON)
        counters.count(f"app {number}", 5, timedelta(hours=1), NOON)
    assert len(counters) == 20
    assert counters.count("app 40", 5, MINUTE, NOON).used == 2
    assert counters.count("app 39", 5, MINUTE, NOON).used == 1


def test_windows_of_a_time_the_clock_left_behind_are_forgotten() -> None:
    counters = RateCounters()
    for number in range(5):
        counters.count(f"late {number}", 5, MINUTE, NOON)
    counters.count("early", 5, MINUTE, NOON - timedelta(days=1))
    assert len(counters) == 1


def test_a_moving_limit_counts_the_last_span_alone() -> None:
    recent = RecentRequests()
    assert recent.count("app", 2, MINUTE, NOON) is None
    assert recent.count("app", 2, MINUTE, NOON + timedelta(seconds=59)) is None
    assert recent.count("other", 2, MINUTE, NOON + timedelta(seconds=59)) is None
    for _ in range(3):
        wait = recent.count("app", 2, MINUTE, NOON + timedelta(seconds=59))
        assert wait == timedelta(seconds=1)
    assert recent.count("app", 2, MINUTE, NOON + MINUTE) is None
    assert recent.count("app", 2, MINUTE, NOON + MINUTE) == timedelta(seconds=59)


def test_a_moving_limit_forgets_when_the_clock_is_put_back() -> None:
    recent = RecentRequests()
    assert recent.count("app", 1, MINUTE, NOON) is None
    assert recent.count("app", 1, MINUTE, NOON - timedelta(days=1)) is None
    assert recent.count("app", 1, MINUTE, NOON - timedelta(days=1)) == MINUTE


def test_a_moving_limit_remembers_no_more_keys_than_windows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_counters, "MOST_WINDOWS", 2)
    recent = RecentRequests()
    for key in ("a", "b", "a", "c"):
        recent.count(key, 9, MINUTE, NOON)
    assert len(recent) == 2
    assert recent.count("a", 2, MINUTE, NOON) == MINUTE
