"""Dockerfile and compose example, as far as they go without a Docker daemon: no image is built."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from fake_server import FakeServer
from tests.support.commands import CommandRunner, Serving, environment, run, serve

__all__ = ["run", "serve"]

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "docker"
PORT = "8042"


def instructions(name: str) -> list[str]:
    """Return the arguments of an instruction, in the file's order."""
    lines = re.sub(r"^#.*\n", "", TEXT, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [line.partition(" ")[2].strip() for line in lines if line.split(" ")[0] == name]


def command(name: str) -> list[str]:
    """Return the words of an instruction in its JSON form."""
    (text,) = instructions(name)
    words: list[str] = json.loads(text[text.index("[") :])
    return words


def ignored(source: str) -> bool:
    """Return whether `.dockerignore` keeps a file or folder of the root out of the context."""
    result = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if line and not line.startswith("#") and fnmatch(source, line.removeprefix("!")):
            result = not line.startswith("!")
    return result


def test_every_line_is_an_instruction() -> None:
    known = "FROM|WORKDIR|COPY|RUN|ENV|USER|EXPOSE|HEALTHCHECK|ENTRYPOINT|CMD"
    for line in TEXT.splitlines():
        assert re.match(rf"#|$|({known}) \S", line), line
    assert TEXT.count("\nFROM ") == 2


def test_what_is_copied_is_there_and_in_the_context() -> None:
    sources = {
        word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]
    }
    assert {source for source in sources if not (ROOT / source).exists()} == set()
    assert {source for source in sources if ignored(source)} == set()
    assert ignored(".git")
    assert ignored("tests")


def test_all_that_a_wheel_is_made_of_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    hatch = project["tool"]["hatch"]
    wheel = hatch["build"]["targets"]["wheel"]
    hook = hatch["metadata"]["hooks"]["custom"]["path"]
    needed = {*wheel["packages"], *wheel["force-include"], hook, "README.md"}
    copied = {word for line in instructions("COPY") for word in line.split()}
    assert needed | {*project["project"]["license-files"]} <= copied
    (extras,) = re.findall(r"'\.\[(\w+)\]'", TEXT)
    assert extras in project["project"]["optional-dependencies"]


def test_it_is_run_by_nobody_in_particular() -> None:
    (user,) = instructions("USER")
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    (owned,) = [line for line in instructions("COPY") if "--chown" in line]
    assert f"--chown={user} " in owned
    (cache,) = set(re.findall(r"FAKE_SERVER_CACHE=(\S+)", TEXT))
    assert owned.endswith(cache)
    assert instructions("EXPOSE") == [PORT]


@pytest.fixture
def served(serve: Callable[..., Serving], monkeypatch: pytest.MonkeyPatch) -> Serving:
    """Serve as the container does, but for the port."""
    assert command("ENTRYPOINT") == ["fake-server"]
    assert command("CMD")[0] == "serve"
    monkeypatch.setenv("FAKE_SERVER_CONTROL_TOKEN", "s3cret")
    return serve(*command("CMD")[1:])


def test_its_health_check_finds_it_ready(served: Serving, run: CommandRunner) -> None:
    program, *check = command("HEALTHCHECK")
    assert program == "fake-server"
    assert run(*check, FAKE_SERVER_URL=served.url).returncode == 0
    assert served.end() == (0, "")
    assert run(*check, FAKE_SERVER_URL=served.url).returncode == 1


def seconds(option: str) -> float:
    """Return the value of an option of the health check."""
    (check,) = instructions("HEALTHCHECK")
    number, unit = re.findall(rf"--{option}=(\d+)(ms|s)\b", check)[0]
    return int(number) / (1000 if unit == "ms" else 1)


def test_its_health_check_comes_within_a_second_and_then_seldom() -> None:
    assert 0 < seconds("start-interval") <= 0.5
    assert 5 <= seconds("interval") <= 60
    assert seconds("start-period") >= 10
    waits = command("HEALTHCHECK")
    assert float(waits[waits.index("--timeout") + 1]) < seconds("timeout")


def compose() -> dict[str, Any]:
    project: dict[str, Any] = yaml.safe_load((EXAMPLE / "compose.yaml").read_text())
    services: dict[str, Any] = project["services"]
    return services


def test_the_compose_example_waits_for_the_health_check() -> None:
    fake, tests = compose()["fake"], compose()["tests"]
    assert (EXAMPLE / fake["build"] / "Dockerfile").resolve() == ROOT / "Dockerfile"
    assert tests["depends_on"] == {"fake": {"condition": "service_healthy"}}
    assert fake["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    name = "FAKE_SERVER_CONTROL_TOKEN"
    assert fake["environment"][name] == tests["environment"][name] == f"${{{name}:?choose one}}"
    (mounted,) = (volume.split(":") for volume in tests["volumes"])
    assert (EXAMPLE / mounted[0]).is_file()
    assert tests["command"] == ["python", mounted[1]]


@pytest.fixture
def exposed() -> Iterator[FakeServer]:
    with FakeServer(dataset="demo", host="0.0.0.0", control_token="s3cret") as server:
        yield server


def test_the_tests_of_the_compose_example_pass(exposed: FakeServer) -> None:
    variables = {"FAKE_SERVER_URL": exposed.url, "FAKE_SERVER_CONTROL_TOKEN": "s3cret"}
    done = subprocess.run(
        [sys.executable, str(EXAMPLE / "tests.py")],
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stderr
    assert len(exposed.app.extensions["fake_server.worlds"].all()) == 1


def test_the_commands_that_build_it_are_commands() -> None:
    for line in instructions("RUN"):
        words = shlex.split(line)
        assert words, line
    assert shlex.split(instructions("RUN")[-1])[-1] == "datasets"
