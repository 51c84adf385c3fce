"""examples/: each runs as its README says, in a copy of its folder."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.measure import free_port
from fake_server.cli.cluster.configuration import cluster_configuration
from tests.support.commands import ROOT, environment
from tests.support.examples import EXAMPLES, example_copy
from tests.support.pages import samples
from tests.support.plugin import plugin_options
from tests.support.programs import require_program

ELSEWHERE = {"ci", "docker", "library-api"}
"""Those that have tests of their own."""

PROXIED = {"proxy-curl": "curl", "proxy-node": "node", "proxy-ruby": "ruby"}
"""Those of `serve --proxy`, and the program that each needs."""

PACKAGES = {"node": "nodejs"}

Example = Callable[[str], str]


@pytest.fixture
def example(tmp_path: Path) -> Example:
    """Run the command of an example's README to its end, and return what it prints."""
    tools = tmp_path / "bin"
    tools.mkdir()
    python = shlex.quote(sys.executable)
    for name, command in {
        "fake-server": f'{python} -m fake_server "$@"',
        "pytest": f'{python} -m pytest {" ".join(plugin_options())} "$@"',
        "python3": f'{python} "$@"',
    }.items():
        tools.joinpath(name).write_text(f"#!/bin/sh\nexec {command}\n")
        tools.joinpath(name).chmod(0o755)
    variables = environment(
        PATH=f"{tools}:{os.environ['PATH']}",
        FAKE_SERVER_URL=f"http://127.0.0.1:{free_port()}",
        PYTEST_ADDOPTS=" ".join(plugin_options()),
        LC_ALL="C.UTF-8",
    )

    def call(name: str) -> str:
        folder = example_copy(name, tmp_path)
        (command,) = samples(readme(name), "sh")
        ran = subprocess.run(
            ["bash", "-euc", command],
            cwd=folder,
            env=variables,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    return call


def readme(name: str) -> str:
    """Return the README of an example."""
    return (EXAMPLES / name / "README.md").read_text(encoding="utf-8")


def passed(output: str) -> int:
    """Return how many tests passed; all did."""
    match = re.search(r"\b(\d+) passed in ", output)
    assert match is not None, output
    return int(match[1])


def test_python_requests(example: Example) -> None:
    assert passed(example("python-requests")) == 5


def test_python_httpx_async(example: Example) -> None:
    assert passed(example("python-httpx-async")) == 2


def test_fabmanager_ics_python(example: Example) -> None:
    assert passed(example("fabmanager-ics-python")) == 2


def test_42_logtime_python(example: Example) -> None:
    assert passed(example("42-logtime-python")) == 9


@pytest.mark.slow
def test_parallel_suite(example: Example) -> None:
    assert passed(example("parallel-suite")) == 40


def test_node_fetch(example: Example) -> None:
    require_program("node", "nodejs")
    output = example("node-fetch")
    assert re.search(r"^(#|ℹ) pass 3$", output, re.MULTILINE), output


@pytest.mark.npm
def test_42_login_node(example: Example) -> None:
    require_program("node", "nodejs")
    output = example("42-login-node")
    assert re.search(r"^(#|ℹ) pass 6$", output, re.MULTILINE), output


def test_the_packages_of_the_login_are_those_that_are_tested() -> None:
    def dependencies(folder: Path) -> dict[str, str]:
        text = folder.joinpath("package.json").read_text(encoding="utf-8")
        return dict(json.loads(text)["dependencies"])

    needed = dependencies(EXAMPLES / "42-login-node")
    installed = dependencies(ROOT / "tools" / "npm")
    assert needed == {name: f"^{installed[name]}" for name in needed}


def test_ruby_oauth2(example: Example) -> None:
    require_program("ruby", "ruby-oauth2")
    (shown,) = samples(readme("ruby-oauth2"), "text")
    # From version 2 on the gem spells the keys of what it has parsed with underscores.
    assert example("ruby-oauth2").replace("_", "-").endswith(shown)


def test_shell_curl(example: Example) -> None:
    require_program("curl", "curl")
    assert "fired=1" in example("shell-curl")


def test_cluster(example: Example) -> None:
    require_program("nginx", "nginx")
    assert example("cluster").endswith("ok\n")


CLUSTER = EXAMPLES / "cluster"
NAMES = ["fake-1", "fake-2", "fake-3", "fake-4"]


def test_the_cluster_has_the_configuration_of_the_command() -> None:
    file = CLUSTER / "understudy.conf"
    servers = [f"{name}:8042" for name in NAMES]
    assert file.read_text() == cluster_configuration(["8042"], servers)
    assert re.findall(r"server (\S+) weight=16 max_fails=0;", file.read_text()) == servers
    assert "proxy_next_upstream off;" in file.read_text()


def test_the_compose_file_of_the_cluster_starts_what_nginx_names() -> None:
    services = yaml.safe_load((CLUSTER / "compose.yaml").read_text())["services"]
    assert {*services} == {*NAMES, "fake", "tests"}
    assert {*services["fake"]["depends_on"]} == {*NAMES}
    for name in NAMES:
        assert (CLUSTER / services[name]["build"] / "Dockerfile").is_file()
        assert services[name]["command"] == ["serve", "--host", "0.0.0.0", "--behind-proxy"]
        assert "FAKE_SERVER_CONTROL_TOKEN" in services[name]["environment"]
    for name in ("fake", "tests"):
        for volume in services[name]["volumes"]:
            assert (CLUSTER / volume.split(":")[0]).is_file()


def test_the_manifests_of_the_cluster_give_each_process_an_address() -> None:
    manifests = list(yaml.safe_load_all((CLUSTER / "kubernetes.yaml").read_text()))
    (fakes,) = (each["spec"] for each in manifests if each["kind"] == "StatefulSet")
    assert fakes["replicas"] == len(NAMES)
    (container,) = fakes["template"]["spec"]["containers"]
    assert "--behind-proxy" in container["args"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/_fake/health"
    pods = {
        each["metadata"]["name"]: each["spec"]["selector"]["statefulset.kubernetes.io/pod-name"]
        for each in manifests
        if each["metadata"]["name"] in NAMES
    }
    assert pods == {name: f"fake-{number}" for number, name in enumerate(NAMES)}


def test_envoy_hashes_the_names_that_nginx_hashes() -> None:
    envoy = yaml.safe_load((CLUSTER / "envoy.yaml").read_text())["static_resources"]
    (cluster,) = envoy["clusters"]
    endpoints = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"]
    assert [each["endpoint"]["hostname"] for each in endpoints] == NAMES
    (filters,) = envoy["listeners"][0]["filter_chains"][0]["filters"]
    (host,) = filters["typed_config"]["route_config"]["virtual_hosts"]
    expected = {
        ("/w/a/v1/calendars", None): "a",
        ("//w//a", None): "a",
        ("/_fake/worlds/a/clock", "a"): "a",
        ("/_fake/worlds", "a"): "a",
        ("/v1/calendars", "a"): "a",
        ("/v1/calendars?page=1", None): "default",
    }
    assert {case: hashed(host["routes"], *case) for case in expected} == expected


def hashed(routes: list[Any], target: str, header: str | None) -> str | None:
    """Return the text that the first route of Envoy for a request hashes."""
    for route in routes:
        match, (policy,) = route["match"], route["route"]["hash_policy"]
        path = match.get("safe_regex", {"regex": ".*"})["regex"]
        if not re.fullmatch(path, target.partition("?")[0]) or ("headers" in match and not header):
            continue
        rewrite = policy["header"].get("regex_rewrite")
        if rewrite is None:
            return header
        return re.sub(rewrite["pattern"]["regex"], rewrite["substitution"], target, count=1)
    return None


@pytest.mark.parametrize(("name", "program"), PROXIED.items())
def test_a_program_with_the_real_host_in_it(example: Example, name: str, program: str) -> None:
    require_program(program, PACKAGES.get(program, program))
    (shown,) = samples(readme(name), "text")
    assert example(name).endswith(shown)


def test_every_example_is_run() -> None:
    tested = {name for name in globals() if name.startswith("test_")}
    kept = {path.name for path in EXAMPLES.iterdir() if path.is_dir()} - ELSEWHERE
    assert {f"test_{name.replace('-', '_')}" for name in kept - {*PROXIED}} <= tested
    assert {*PROXIED} <= kept
