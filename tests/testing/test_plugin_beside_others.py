"""The plugin beside other servers, processes and plugins."""

import pytest

from fake_server import FakeServer
from fake_server.testing.variables import TOKEN_VARIABLE
from tests.support.plugin import STRICT
from tests.support.plugin import PluginRun as Run


def test_a_server_elsewhere_is_used_through_its_control_plane(run: Run) -> None:
    source = """
    import pytest

    def test_it(fake_world, fake_server):
        assert fake_world.url.startswith(fake_server.url)
        assert fake_world.describe()["dataset"] == "documented"
        fake_world.clock.freeze("2026-01-01T00:00:00Z")
        fake_world.clock.advance(hours=2)
        assert fake_world.clock.frozen
        assert fake_world.clock.now().isoformat() == "2026-01-01T02:00:00+00:00"
        fake_world.clock.run()
        assert not fake_world.clock.frozen
        fake_world.reset()
        assert fake_world.clock.now().year == 2017
        assert fake_world.xurrent.session().get("/calendars").status_code == 200

    def test_nothing_of_the_server_is_imported_here(fake_world):
        with pytest.raises(Exception, match="cannot reach a world of a server elsewhere"):
            from fake_server.testing import intercept
            with intercept(fake_world):
                pass
    """
    with FakeServer(dataset="demo") as server:
        result = run(source, f"--fake-server-url={server.url}", "--fake-server-dataset=documented")
        result.assert_outcomes(passed=2)
        assert [listed.name for listed in server.app.extensions["fake_server.worlds"].all()] == [
            "default"
        ]


@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_server_elsewhere_is_given_its_token(
    run: Run, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    with FakeServer(dataset="documented", host="0.0.0.0") as server:
        assert server.control_token is not None
        options = [f"--fake-server-url={server.url}"]
        if by == "option":
            options.append(f"--fake-server-token={server.control_token}")
        else:
            monkeypatch.setenv(TOKEN_VARIABLE, server.control_token)
        source = """
        def test_it(fake_world):
            assert fake_world.xurrent.session().get("/calendars").ok
        """
        run(source, *options).assert_outcomes(passed=1)


def test_a_process_behind_a_proxy_takes_the_name_that_the_plugin_draws(run: Run) -> None:
    with FakeServer(dataset="documented", behind_proxy=True) as server:
        source = """
        def test_it(fake_world):
            assert fake_world.xurrent.session().get("/calendars").ok
        """
        options = [f"--fake-server-url={server.url}", f"--fake-server-token={server.control_token}"]
        run(source, *options).assert_outcomes(passed=1)
        assert [each.name for each in server.app.extensions["fake_server.worlds"].all()] == [
            "default"
        ]


@pytest.mark.parametrize("workers", ["0", pytest.param("2", marks=pytest.mark.slow)])
def test_parallel_processes_have_worlds_of_their_own(run: Run, workers: str) -> None:
    source = """
    import pytest

    @pytest.mark.parametrize("number", range(6))
    def test_it(fake_world, number):
        session = fake_world.xurrent.session()
        assert session.post("/calendars", json={"name": "mine"}).ok
        calendars = session.get("/calendars?per_page=100").json()
        assert "mine" in {calendar["name"] for calendar in calendars}
    """
    run(source, "-n", workers).assert_outcomes(passed=6)


FROZEN = """
import datetime

import pytest
import requests
from freezegun import freeze_time


@pytest.fixture
def before():
    with freeze_time("2020-02-02"):
        yield


def test_a_time_frozen_before(before, fake_world):
    assert fake_world.clock.now().isoformat() == "2020-02-02T00:00:00+00:00"
    assert requests.get(f"{fake_world.url}/", timeout=5).json()["now"] == "2020-02-02T00:00:00Z"


def test_a_time_frozen_after(fake_world):
    with freeze_time("2020-02-02"):
        assert fake_world.clock.now().isoformat() == "2020-02-02T00:00:00+00:00"
        assert fake_world.intra42.session().get("/slots", timeout=5).ok
    assert fake_world.clock.now().year > 2020


@freeze_time("2020-02-02", tick=True)
def test_a_time_that_ticks(fake_world):
    first = fake_world.clock.now()
    assert datetime.timedelta(0) < fake_world.clock.now() - first < datetime.timedelta(seconds=5)


def test_a_slow_answer(fake_world):
    fake_world.fail("intra42.*", latency=0.05)
    with freeze_time("2020-02-02"):
        assert fake_world.intra42.session().get("/slots", timeout=5).ok


def test_a_world_with_a_clock_of_its_own(fake_world):
    fake_world.clock.freeze("2026-01-01T00:00:00Z")
    with freeze_time("2020-02-02"):
        assert fake_world.clock.now().year == 2026


def test_interception(fake_intercept):
    with freeze_time("2020-02-02"):
        answer = requests.get("https://api.4me.com/v1/calendars", auth=fake_intercept.xurrent.auth)
        assert answer.headers["Date"] == "Sun, 02 Feb 2020 00:00:00 GMT"
"""


def test_freezegun_freezes_the_clock_of_a_world(run: Run) -> None:
    run(FROZEN, ini=STRICT).assert_outcomes(passed=6)


def test_interception_as_a_decorator_leaves_fixtures_alone(run: Run) -> None:
    source = """
    import pytest
    import requests
    from fake_server.testing import intercept

    @pytest.mark.parametrize("path", ["calendars", "holidays"])
    @intercept(auth="off")
    def test_it(tmp_path, path):
        assert tmp_path.is_dir()
        assert requests.get(f"https://api.4me.com/v1/{path}").ok

    @intercept
    def test_bare(fake_world):
        assert requests.get("https://api.4me.com/v1/calendars").status_code == 401
    """
    run(source, ini=STRICT).assert_outcomes(passed=3)


def test_interception_as_a_decorator_under_a_fixture(run: Run) -> None:
    source = """
    import pytest
    import requests
    from fake_server.testing import intercept

    URL = "https://api.4me.com/v1/calendars"

    @pytest.fixture
    @intercept(auth="off")
    def service(tmp_path):
        assert tmp_path.is_dir()
        yield requests.get(URL).status_code

    @pytest.fixture
    @intercept(auth="off")
    def asked():
        return requests.get(URL).status_code

    def test_one_that_yields(service):
        assert (service, requests.get(URL).status_code) == (200, 200)

    def test_one_that_returns(asked, monkeypatch):
        def connected(*_, **__):
            raise OSError("not intercepted")

        monkeypatch.setattr("urllib3.util.connection.create_connection", connected)
        assert asked == 200
        with pytest.raises(requests.ConnectionError, match="not intercepted"):
            requests.get(URL)
    """
    run(source, ini=STRICT).assert_outcomes(passed=2)
