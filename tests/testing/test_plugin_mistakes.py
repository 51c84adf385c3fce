"""Mistakes in markers, options and names get one line, with the place where they are."""

import pytest

from fake_server import FakeServer
from fake_server.testing.plugin_options import read_options
from tests.support.plugin import PluginRun as Run
from tests.support.plugin import plugin_options

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


def test_a_server_that_is_not_there_gets_one_line(run: Run) -> None:
    with FakeServer(dataset="empty") as server:
        url = server.url
    result = run("def test_it(fake_world): pass", f"--fake-server-url={url}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"{url}: Connection refused; start one with fake-server serve"])


def test_interception_needs_a_world_of_this_process(run: Run) -> None:
    with FakeServer(dataset="empty") as server:
        result = run("def test_it(fake_intercept): pass", f"--fake-server-url={server.url}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["http://*/w/world-*: interception answers in this process; *"])
