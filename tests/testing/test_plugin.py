"""The pytest plugin, in projects of its users."""

import pytest

from fake_server.testing.plugin_options import read_options
from fake_server.testing.variables import TOKEN_VARIABLE
from tests.support.commands import ROOT
from tests.support.plugin import PLUGIN, STRICT, plugin_options
from tests.support.plugin import PluginRun as Run


def test_each_test_has_a_world_of_its_own(run: Run) -> None:
    source = """
    def rename(world):
        session = world.xurrent.session()
        assert "calendar" not in [calendar["name"] for calendar in session.get("/calendars").json()]
        made = session.post("/calendars", json={"name": "calendar"})
        assert made.status_code in {200, 201}, made.text
        return [calendar["name"] for calendar in session.get("/calendars?per_page=100").json()]

    def test_one(fake_world):
        assert "calendar" in rename(fake_world)

    def test_other(fake_world):
        assert "calendar" in rename(fake_world)

    def test_it_is_deleted(fake_server):
        import requests
        worlds = requests.get(fake_server.url + "/_fake/worlds").json()["worlds"]
        assert [listed["name"] for listed in worlds] == ["default"]
    """
    run(source, ini=STRICT).assert_outcomes(passed=3)


def test_ready_settings_for_both_libraries(run: Run) -> None:
    source = """
    import asyncio
    import httpx
    import pytest
    import requests

    PATHS = [("xurrent", "calendars"), ("intra42", "slots"), ("fabmanager", "availabilities")]

    @pytest.mark.parametrize(("name", "path"), PATHS)
    def test_they_sign_in(fake_world, name, path):
        api = fake_world.apis[name]
        url = f"{api.base_url}/{path}"
        assert api.token in api.headers["Authorization"]
        assert requests.get(url).status_code == 401
        assert requests.get(url, headers=api.headers).status_code == 200
        assert requests.get(url, auth=api.auth).status_code == 200
        assert httpx.get(url, auth=api.auth).status_code == 200
        assert api.session().get(f"/{path}").status_code == 200
        assert api.session().get(url).status_code == 200
        with api.client(timeout=3) as client:
            assert client.get(path).status_code == 200

        async def ask():
            async with api.async_client() as client:
                return (await client.get(path)).status_code

        assert asyncio.run(ask()) == 200

    def test_a_misspelt_api_gets_one_line(fake_world):
        with pytest.raises(AttributeError, match="meant xurrent"):
            fake_world.xurent
    """
    run(source).assert_outcomes(passed=4)


def test_options_of_the_project(run: Run) -> None:
    source = """
    def test_them(fake_world):
        world = fake_world.describe()
        assert world["dataset"] == "documented"
        assert world["seed"] == 7
        assert world["clock"] == {"now": "2026-03-02T09:00:00Z", "frozen": True}
        assert "fabmanager.user-id-ignored" in world["quirks"]
        assert (world["profile"], world["auth"], world["limits"]) == ("live", "any", True)
    """
    ini = """
    fake_server_dataset = "documented"
    fake_server_seed = 7
    fake_server_now = "2026-03-02T09:00:00Z"
    fake_server_frozen = true
    fake_server_profile = "live"
    fake_server_quirks = ["fabmanager.user-id-ignored"]
    fake_server_auth = "any"
    fake_server_limits = true
    """
    run(source, ini=ini).assert_outcomes(passed=1)
    as_text = ini.replace("= 7", '= "7"').replace("= true", '= "yes"').replace("T09", " 09")
    run(source, ini=as_text).assert_outcomes(passed=1)


PROJECT = """
[tool.pytest.ini_options]
fake_server_seed = {seed}
fake_server_frozen = {frozen}
fake_server_limits = "on"
"""


@pytest.mark.parametrize("version", [(7, 4, 4), (8, 4, 2), (9, 0, 0), (9, 2, 0)])
def test_every_version_of_pytest_reads_the_project(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(pytest, "version_tuple", version)
    pytester.makepyprojecttoml(PROJECT.format(seed=7, frozen="true"))
    options = read_options(pytester.parseconfig(*plugin_options()))
    assert options == {"seed": 7, "frozen": True, "limits": True}
    for wrong in ({"seed": '"x"', "frozen": "true"}, {"seed": 7, "frozen": '"maybe"'}):
        pytester.makepyprojecttoml(PROJECT.format(**wrong))
        config = pytester.parseconfig(*plugin_options())
        name = "seed" if wrong["frozen"] == "true" else "frozen"
        with pytest.raises(pytest.UsageError, match=f"^fake_server_{name}: expected ") as raised:
            read_options(config)
        assert "\n" not in str(raised.value)


def test_the_command_line_rules_over_the_project(run: Run) -> None:
    source = """
    def test_it(fake_world):
        assert fake_world.describe()["dataset"] == "empty"
    """
    run(source, "--fake-server-dataset=empty", ini='fake_server_dataset = "demo"').assert_outcomes(
        passed=1
    )


def test_a_marker_says_what_the_world_is_made_of(run: Run, pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("lab.yaml").write_text(
        "start: 2026-03-02T00:00:00Z\nfabmanager: {availabilities: {count: 3}}\n"
    )
    source = """
    import datetime
    import pytest

    pytestmark = pytest.mark.fake_world(dataset="documented", seed=3)

    @pytest.mark.fake_world(now=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), frozen=True)
    def test_it(fake_world):
        world = fake_world.describe()
        assert (world["dataset"], world["seed"]) == ("documented", 3)
        assert fake_world.clock.now().year == 2026

    @pytest.mark.fake_world(dataset="lab.yaml", auth="off")
    def test_a_file(fake_world):
        assert len(fake_world.fabmanager.session().get("/availabilities").json()) == 1
        assert fake_world.describe()["clock"]["now"].startswith("2026-03-02")

    @pytest.mark.fake_world(dataset={"seed": 5, "xurrent": {"calendars": {"count": 2}}})
    def test_inline(fake_world):
        assert fake_world.describe()["dataset"] == "dataset"
        assert fake_world.xurrent.token == ""
    """
    run(source, ini=STRICT).assert_outcomes(passed=3)


def test_a_run_that_does_not_use_it_imports_no_server(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile("""
        import sys

        def test_it():
            heavy = {"flask", "sqlalchemy", "httptools", "yaml", "responses", "requests", "faker"}
            assert sorted(heavy & set(sys.modules)) == []
            assert "fake_server.app" not in sys.modules
    """)
    pytester.runpytest_subprocess("-p", PLUGIN).assert_outcomes(passed=1)


def test_a_failed_test_shows_the_last_requests_of_its_world(run: Run) -> None:
    source = """
    import requests

    def test_it(fake_world):
        api = fake_world.fabmanager
        for page in range(30):
            answer = requests.get(f"{api.base_url}/availabilities?pag={page}", auth=api.auth)
        assert answer.status_code == 404

    def test_another(fake_world):
        assert False

    def test_that_passes(fake_world):
        requests.get(f"{fake_world.fabmanager.base_url}/availabilities?passes=1")
    """
    result = run(source)
    result.assert_outcomes(failed=2, passed=1)
    result.stdout.fnmatch_lines(
        [
            "*- fake_world: last requests -*",
            "* GET    /open_api/v1/availabilities[?]pag=10 200 * ms unread: pag",
            "* GET    /open_api/v1/availabilities[?]pag=29 200 * ms unread: pag",
            "*- fake_world: last requests -*",
            "(none)",
        ]
    )
    for unwanted in ("*pag=9 *", "*passes*", "*7Yq3h*"):
        result.stdout.no_fnmatch_line(unwanted)


def test_toml_s_own_types(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    pytester.makepyprojecttoml("[tool.pytest]\nfake_server_seed = 7\nfake_server_frozen = true")
    config = pytester.parseconfig(*plugin_options())
    assert read_options(config) == {"seed": 7, "frozen": True}
