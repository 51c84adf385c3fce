from datetime import UTC, datetime, timedelta, timezone

import pytest
from freezegun import freeze_time

from fake_server.world.clock import Clock

NOON = datetime(2017, 11, 22, 12, tzinfo=UTC)


def test_a_clock_runs_with_the_machine() -> None:
    with freeze_time(NOON) as machine:
        clock = Clock()
        assert clock.now() == NOON
        machine.tick(timedelta(seconds=5))
        assert clock.now() == NOON + timedelta(seconds=5)
        assert not clock.frozen


def test_a_clock_set_to_a_time_runs_on_from_there() -> None:
    with freeze_time(NOON) as machine:
        clock = Clock(datetime(2030, 1, 1, tzinfo=UTC))
        machine.tick(timedelta(minutes=1))
        assert clock.now() == datetime(2030, 1, 1, 0, 1, tzinfo=UTC)


def test_a_frozen_clock_stands_still_until_it_runs_on() -> None:
    with freeze_time(NOON) as machine:
        clock = Clock(frozen=True)
        machine.tick(timedelta(hours=1))
        assert clock.frozen
        assert clock.now() == NOON
        clock.run()
        assert not clock.frozen
        machine.tick(timedelta(hours=1))
        assert clock.now() == NOON + timedelta(hours=1)


def test_a_frozen_clock_that_is_set_stays_frozen() -> None:
    clock = Clock(NOON, frozen=True)
    clock.set(NOON + timedelta(days=1))
    assert clock.frozen
    assert clock.now() == NOON + timedelta(days=1)


def test_freezing_at_a_time_moves_the_clock_there() -> None:
    clock = Clock()
    clock.freeze(NOON)
    assert clock.now() == NOON


def test_a_running_clock_that_is_told_to_run_keeps_its_time() -> None:
    with freeze_time(NOON):
        clock = Clock(datetime(2030, 1, 1, tzinfo=UTC))
        clock.run()
        assert clock.now() == datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("frozen", [True, False])
def test_advancing_moves_forward_and_back(frozen: bool) -> None:
    with freeze_time(NOON):
        clock = Clock(NOON, frozen=frozen)
        clock.advance(timedelta(hours=2))
        assert clock.now() == NOON + timedelta(hours=2)
        clock.advance(timedelta(hours=-3))
        assert clock.now() == NOON - timedelta(hours=1)
        assert clock.frozen is frozen


def test_now_is_in_utc_whatever_zone_the_clock_was_set_in() -> None:
    clock = Clock(datetime(2017, 11, 22, 5, tzinfo=timezone(timedelta(hours=-7))), frozen=True)
    assert clock.now() == NOON
    assert clock.now().utcoffset() == timedelta(0)
