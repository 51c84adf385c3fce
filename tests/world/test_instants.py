from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_server.world.instants import milliseconds, moment


@pytest.mark.parametrize(
    ("at", "instant"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), -1000),
        (datetime(1900, 1, 1, tzinfo=UTC), -2208988800000),
        (datetime(2017, 11, 24, 20, 15, tzinfo=UTC), 1511554500000),
        (datetime(1970, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))), 0),
    ],
)
def test_instants_count_milliseconds_since_1970(at: datetime, instant: int) -> None:
    assert milliseconds(at) == instant
    assert moment(instant) == at


def test_microseconds_are_cut_off_not_rounded() -> None:
    assert milliseconds(datetime(2020, 1, 1, 0, 0, 0, 123999, tzinfo=UTC)) % 1000 == 123
    assert milliseconds(datetime(1960, 1, 1, 0, 0, 0, 123999, tzinfo=UTC)) % 1000 == 123


@given(st.integers(-2208988800000, 32503680000000))
def test_every_instant_is_a_moment(instant: int) -> None:
    assert milliseconds(moment(instant)) == instant
    assert moment(instant).utcoffset() == timedelta(0)
