import pytest
import requests
from calendars import Calendars


@pytest.fixture
def calendars(fake_world):
    return Calendars(fake_world.xurrent.base_url, dict(fake_world.xurrent.headers))


def test_every_page_is_read(fake_world, calendars):
    names = list(calendars.names())
    assert len(names) == len(set(names)) == 12
    fake_world.requests.verify("xurrent.list_calendars", count=3)
    fake_world.requests.verify_all_read()


def test_it_tries_again_while_the_service_is_down(fake_world, calendars):
    fault = fake_world.faults.add("xurrent.list_calendars", status=503, times=2)
    assert len(list(calendars.names())) == 12
    assert fault.fired == 2


def test_it_gives_up_on_a_service_that_stays_down(fake_world, calendars):
    fake_world.faults.add("xurrent.*", status=503)
    with pytest.raises(requests.exceptions.RetryError):
        list(calendars.names())


def test_a_slow_service_times_out(fake_intercept):
    slow = Calendars(fake_intercept.xurrent.base_url, dict(fake_intercept.xurrent.headers))
    fake_intercept.faults.add("xurrent.list_calendars", latency=30)
    with pytest.raises(requests.ConnectionError, match="timed out"):
        list(slow.names())


@pytest.mark.fake_world(dataset="documented")
def test_the_minutes_of_a_month(calendars):
    assert calendars.minutes(42, "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z") == 31 * 24 * 60
