"""The pytest plugin, in projects of its users."""

import pytest

from fake_server import FakeServer
from fake_server.testing.plugin_options import read_options
from fake_server.testing.variables import TOKEN_VARIABLE
from tests.support.commands import ROOT
from tests.support.plugin import PLUGIN, plugin_options
from tests.support.plugin import PluginRun as Run

STRICT = 'addopts = "--strict-markers --strict-config"\nfilterwarnings = ["error"]\n'


def test_each_test_has_a_world_of_its_own(run: Run) -> None:
    source = """
    def rename(world):
        session = world.xurrent.session()
        assert "calendar" not in [one["name"] for one in session.get("/calendars").json()]
        made = session.post("/calendars", json={"name": "calendar"})
        assert made.status_code in {200, 201}, made.text
        return [one["name"] for one in session.get("/calendars?per_page=100").json()]

    def test_one(fake_world):
        assert "calendar" in rename(fake_world)

    def test_other(fake_world):
        assert "calendar" in rename(fake_world)

    def test_it_is_deleted(fake_server):
        import requests
        worlds = requests.get(fake_server.url + "/_fake/worlds").json()["worlds"]
        assert [one["name"] for one in worlds] == ["default"]
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
        found = fake_world.describe()
        assert found["dataset"] == "documented"
        assert found["seed"] == 7
        assert found["clock"] == {"now": "2026-03-02T09:00:00Z", "frozen": True}
        assert "fabmanager.user-id-ignored" in found["quirks"]
        assert (found["profile"], found["auth"], found["limits"]) == ("live", "any", True)
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
        found = fake_world.describe()
        assert (found["dataset"], found["seed"]) == ("documented", 3)
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


MISTAKEN_MARKERS = {
    "datset='demo'": "@pytest.mark.fake_world: no 'datset'; meant dataset?",
    "'demo'": "@pytest.mark.fake_world: 'demo' has no name; *",
    "dataset='nonesuch'": "dataset: there is none called 'nonesuch'; *",
    "dataset='nonesuch.yaml'": "*/nonesuch.yaml: no such dataset file",
    "dataset='wrong.yaml'": "*/wrong.yaml:1: *",
    "now='yesterday'": "now: expected a time such as *",
    "quirks=['fabmanager.nonesuch']": "fabmanager.nonesuch: no such quirk*",
}


def test_a_mistake_in_a_marker_gets_one_line(run: Run, pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("wrong.yaml").write_text("fabmanagr: {}\n")
    source = "import pytest\n" + "".join(
        f"@pytest.mark.fake_world({marker})\ndef test_{number}(fake_world): pass\n"
        for number, marker in enumerate(MISTAKEN_MARKERS)
    )
    result = run(source)
    result.assert_outcomes(errors=len(MISTAKEN_MARKERS))
    for number, line in enumerate(MISTAKEN_MARKERS.values()):
        result.stdout.fnmatch_lines(
            [f"*ERROR at setup of test_{number} *", line, "*"], consecutive=True
        )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*During handling*")


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ("seed=x", "--fake-server-seed: expected a whole number, found 'x'"),
        ("now=noon", "--fake-server-now: expected a time such as .*, found 'noon'"),
        ("now=2026-01-01T00:00:00", "--fake-server-now: expected a time such as"),
        ("frozen=maybe", "--fake-server-frozen: expected true or false, found 'maybe'"),
        ("profile=real", "--fake-server-profile: expected one of documented, live, found"),
        ("url=localhost", "--fake-server-url: expected a URL such as .*, found 'localhost'"),
        ("limits=x", "--fake-server-limits: expected true or false, found"),
        ("dataset=no.yaml", "--fake-server-dataset: expected a dataset's name, or a file below"),
    ],
)
def test_a_mistake_in_an_option_gets_one_line(
    pytester: pytest.Pytester, option: str, line: str
) -> None:
    config = pytester.parseconfig(*plugin_options(), f"--fake-server-{option}")
    with pytest.raises(pytest.UsageError, match=line) as raised:
        read_options(config)
    assert "\n" not in str(raised.value)


def test_a_mistake_in_an_option_stops_the_run(run: Run) -> None:
    result = run("def test_it(): pass", "--fake-server-seed=x")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --fake-server-seed: expected a whole number, found 'x'"])
    assert len(result.stderr.lines) <= 2


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ('auth = "none"', "fake_server_auth: expected one of dataset, any, off, found 'none'"),
        ('seed = "x"', "fake_server_seed: expected a whole number, found 'x'"),
        ('frozen = "maybe"', "fake_server_frozen: expected true or false, found 'maybe'"),
        ('limits = "both"', "fake_server_limits: expected true or false, found 'both'"),
    ],
)
def test_a_mistake_in_the_project_names_its_option(run: Run, setting: str, line: str) -> None:
    result = run("def test_it(): pass", ini=f"fake_server_{setting}")
    result.stderr.fnmatch_lines([f"ERROR: {line}"])
    assert len(result.stderr.lines) <= 2


@pytest.mark.parametrize(
    ("table", "argument", "line"),
    [
        ("pytest.ini_options", "-ofake_server_frozen=perhaps", "fake_server_frozen: expected true"),
        ("pytest.ini_options", "-ofake_server_seed=x", "fake_server_seed: expected a whole number"),
        ("pytest", "-ofake_server_frozen=perhaps", "fake_server_frozen: expected true or false"),
        ("pytest", "-ofake_server_seed=x", "fake_server_seed: expected a whole number, found 'x'"),
    ],
)
def test_a_mistake_in_an_override_gets_one_line(
    pytester: pytest.Pytester, table: str, argument: str, line: str
) -> None:
    pytester.makepyprojecttoml(f"[tool.{table}]\n")
    config = pytester.parseconfig(*plugin_options(), argument)
    with pytest.raises(pytest.UsageError, match=line) as raised:
        read_options(config)
    assert "invalid" not in str(raised.value)


UNKNOWN_NAMES = {
    "--fake-server-dataset=dema": "--fake-server-dataset: dema: no such dataset; meant demo? *",
    "--fake-server-dataset=wrong.yaml": "--fake-server-dataset: */wrong.yaml:1: *",
    "--fake-server-quirks=nope": "--fake-server-quirks: nope: *",
    "--fake-server-quirks=fabmanager.nope=off": "--fake-server-quirks: fabmanager.nope: no such*",
    "--fake-server-quirks=fabmanager.user-id-ignored=x": "--fake-server-quirks: *: a quirk is *",
    "--fake-server-apis=xurent": "--fake-server-apis: xurent: no such API; meant xurrent?",
    "-ofake_server_dataset=dema": "fake_server_dataset: dema: no such dataset; meant demo? *",
}


@pytest.mark.parametrize("option", UNKNOWN_NAMES)
def test_an_unknown_name_stops_a_run_that_uses_it(
    run: Run, pytester: pytest.Pytester, option: str
) -> None:
    pytester.path.joinpath("wrong.yaml").write_text("fabmanagr: {}\n")
    result = run("def test_it(fake_world): pass\ndef test_other(fake_world): pass", option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {UNKNOWN_NAMES[option]}"])
    assert len(result.stderr.lines) <= 2
    result.stdout.no_fnmatch_line("*Traceback*")
    run("def test_it(): pass", option).assert_outcomes(passed=1)
    assert run("def test_it(fake_world): pass", option, "--collect-only").ret == 0


@pytest.mark.parametrize(
    ("source", "options"),
    [
        ("def test_it(fake_world): pass", ["-n", "1"]),
        ("def test_it(request): request.getfixturevalue('fake_world')", []),
    ],
)
def test_an_unknown_name_that_shows_late_gets_one_line(
    run: Run, source: str, options: list[str]
) -> None:
    result = run(source, "--fake-server-dataset=dema", *options)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["dema: no such dataset; meant demo? *"])
    result.stdout.no_fnmatch_line("*Traceback*")


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


def test_a_server_that_is_not_there_gets_one_line(run: Run) -> None:
    with FakeServer(dataset="empty") as server:
        url = server.url
    result = run("def test_it(fake_world): pass", f"--fake-server-url={url}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"{url}: Connection refused; start one with fake-server serve"])


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


@pytest.mark.parametrize("workers", ["0", pytest.param("2", marks=pytest.mark.slow)])
def test_it_works_in_parallel_processes(run: Run, workers: str) -> None:
    source = """
    import pytest

    @pytest.mark.parametrize("number", range(6))
    def test_it(fake_world, number):
        session = fake_world.xurrent.session()
        assert session.post("/calendars", json={"name": "mine"}).ok
        assert [one["name"] for one in session.get("/calendars?per_page=100").json()].count("mine")
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


def test_it_works_with_freezegun(run: Run) -> None:
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


def test_interception_needs_a_world_of_this_process(run: Run) -> None:
    with FakeServer(dataset="empty") as server:
        result = run("def test_it(fake_intercept): pass", f"--fake-server-url={server.url}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["http://*/w/world-*: interception answers in this process; *"])


def test_toml_s_own_types(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    pytester.makepyprojecttoml("[tool.pytest]\nfake_server_seed = 7\nfake_server_frozen = true")
    config = pytester.parseconfig(*plugin_options())
    assert read_options(config) == {"seed": 7, "frozen": True}
