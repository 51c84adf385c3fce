"""`fake-server wait`, `datasets` and `openapi`, and the progress of `serve`."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from fake_server import FakeServer
from fake_server.cli.dataset_progress import Reporter
from fake_server.data_files import registry
from tests.support.commands import CommandRunner, environment
from tests.support.echo import echo_app


def test_wait_returns_when_a_server_is_ready(run: CommandRunner) -> None:
    with FakeServer(dataset="empty") as server:
        done = run("wait", server.url)
        assert (done.returncode, done.stdout) == (0, f"{server.url}: ready\n")
        assert run("wait", f"{server.url}/").returncode == 0


def test_wait_gives_up_with_the_reason_in_one_line(run: CommandRunner) -> None:
    with FakeServer(dataset="empty") as server:
        gone = server.url
    done = run("wait", gone, "--timeout", "0.1")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{gone}: not ready after 0.1 s: Connection refused\n"


def test_wait_knows_a_server_that_is_none_of_ours(run: CommandRunner) -> None:
    with FakeServer(echo_app(404)) as server:
        done = run("wait", server.url, "--timeout", "0.1")
    assert done.returncode == 1
    assert "it answers 404 to /_fake/health" in done.stderr


@pytest.mark.parametrize("url", ["127.0.0.1:8042", "ftp://a", "http://", "http://a:x"])
def test_wait_needs_a_url(run: CommandRunner, url: str) -> None:
    done = run("wait", url)
    assert done.returncode == 2
    assert done.stderr == f"fake-server: {url}: expected a URL such as http://127.0.0.1:8042\n"


def test_datasets_lists_and_checks_the_bundled_ones(run: CommandRunner) -> None:
    done = run("datasets")
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert {"demo", "documented", "empty"} <= {line.split()[0] for line in lines}
    assert all("  ok  " in line for line in lines)


def test_datasets_checks_files(run: CommandRunner, tmp_path: Path) -> None:
    good, wrong, broken = (tmp_path / f"{name}.yaml" for name in ("good", "wrong", "broken"))
    good.write_text("description: Mine.\nseed: 3\n")
    wrong.write_text("seed: 3\n\nfrozen: perhaps\n")
    broken.write_text("seed: [\n")
    done = run("datasets", str(good), str(wrong), str(broken), "nonesuch")
    assert done.returncode == 1
    first, second, third, fourth = done.stdout.splitlines()
    assert first.split() == [str(good), "ok", "Mine."]
    assert second.startswith(f"{wrong}:3: frozen: ")
    assert third.startswith(f"{broken}:2: not YAML: ")
    assert fourth.startswith("nonesuch: no such dataset; ")


@pytest.mark.parametrize("api", registry.names())
def test_openapi_prints_one_whole_document(run: CommandRunner, api: str) -> None:
    document = json.loads(run("openapi", api).stdout)
    assert document["openapi"].startswith("3.1")
    assert all(reference.startswith("#/") for reference in _references(document))
    assert yaml.safe_load(run("openapi", api, "--yaml").stdout)["paths"].keys() == (
        document["paths"].keys()
    )


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [reference for value in node.values() for reference in _references(value)]
    if isinstance(node, list):
        return [reference for value in node for reference in _references(value)]
    return []


def test_openapi_of_the_live_profile_has_more_answers(run: CommandRunner) -> None:
    assert run("openapi", "fabmanager", "--profile", "live").stdout != (
        run("openapi", "fabmanager").stdout
    )


def test_openapi_knows_its_apis(run: CommandRunner) -> None:
    done = run("openapi", "nonesuch")
    assert done.returncode == 2
    assert done.stderr == (
        "fake-server: nonesuch: no such API; expected one of fabmanager, intra42, xurrent\n"
    )


def test_help_and_version(run: CommandRunner) -> None:
    assert run("--version").stdout.startswith("fake-server, version ")
    assert run("--help").returncode == 0
    assert run().returncode == 2


def test_help_lists_every_command(run: CommandRunner) -> None:
    _, _, listed = run("--help").stdout.partition("Commands:")
    named = [line.split()[0] for line in listed.splitlines() if line.startswith("  ")]
    commands = (
        "clock datasets drift env faults learn mutants new-api openapi records requests serve"
        " verify wait watch world"
    )
    assert named == commands.split()
    assert "Serve APIs until interrupted." in listed
    assert "Make, list, reset and delete worlds of a running server." in listed


SERVED_BY = {
    "blinker",
    "click",
    "flask",
    "httptools",
    "itsdangerous",
    "jinja2",
    "markupsafe",
    "orjson",
    "werkzeug",
}
"""The packages that `serve` may import before a request: each makes every start slower."""

MOST_OWN_MODULES = 185
MOST_MODULES = 600


def test_a_start_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from fake_server.cli import commands\n"
        "import fake_server.cli.banner, fake_server.cli.ready_file, fake_server.cli.serving\n"
        "import fake_server.edge.http_server\n"
        "from fake_server import create_app\n"
        "from fake_server.own_pages import summary\n"
        "app = create_app('demo')\n"
        "worlds = app.extensions['fake_server.worlds']\n"
        "summary(app.extensions['fake_server.apis'], worlds.default, 'http://127.0.0.1')\n"
        "print(*sorted(sys.modules))\n"
    )
    _, warm = (
        subprocess.run(
            [sys.executable, "-c", script],
            env=environment(FAKE_SERVER_CACHE=str(tmp_path)),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for _ in range(2)
    )
    packages = {module.partition(".")[0] for module in warm} - set(sys.stdlib_module_names)
    others = {name for name in packages if name[0] != "_" and name != "cython_runtime"}
    assert others <= {"fake_server", "sitecustomize", *SERVED_BY}
    unwanted = {
        "fake_server.cli.world_commands",
        "fake_server.testing.remote",
        "fake_server.world.datasets.check",
        "fake_server.world.image_making",
    }
    assert sorted(unwanted & set(warm)) == []
    own = [module for module in warm if module.partition(".")[0] == "fake_server"]
    assert (len(own) <= MOST_OWN_MODULES, len(warm) <= MOST_MODULES) == (True, True)


def test_progress_is_silent_at_first_and_then_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = time.monotonic()
    monkeypatch.setattr("fake_server.cli.dataset_progress.time.monotonic", lambda: at)
    with Reporter() as report:
        report("slots", 1, 1_000_000)
        at += 6
        report("slots", 250_000, 1_000_000)
        at += 1
        report("slots", 260_000, 1_000_000)
    assert capsys.readouterr().err == "slots: 250,000 of 1,000,000\n"


def test_a_full_disk_is_said_in_one_line(tmp_path: Path) -> None:
    """No file may be larger than 64 KiB here, which SQLite takes for a full disk.

    Neither the cache folder nor the temporary one, which is tried next, takes the records.
    """
    cache, temporary = tmp_path / "cache", tmp_path / "temporary"
    temporary.mkdir()
    command = "serve --port 0 --store disk"
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 64; exec '{sys.executable}' -m fake_server {command}"],
        env=environment(FAKE_SERVER_CACHE=str(cache), TMPDIR=str(temporary)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    line = f"fake-server: {temporary}/understudy-data-\\w+: cannot be written: disk I/O error\n"
    # A slow machine shows progress before.
    *_, last = done.stderr.splitlines(keepends=True)
    assert re.fullmatch(line, last)
    assert list(tmp_path.rglob("*.sqlite")) == []
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("command", ["datasets", "openapi xurrent"])
def test_output_that_cannot_be_written_is_said_in_one_line(command: str) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "fake_server", *command.split()],
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "fake-server: the output: No space left on device\n"


def test_a_reader_that_has_seen_enough_is_no_mistake() -> None:
    done = subprocess.run(
        ["bash", "-c", '"$0" -m fake_server openapi xurrent | head -n 1', sys.executable],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("{\n", "")
