"""An API that another distribution brings is found and served like ours."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from fake_server import FakeServer, create_app
from fake_server.errors import UserError
from fake_server.testing import intercept
from fake_server.testing.shared import shared_app
from tests.foreign.toy import TOKEN, install_toy
from tests.support.commands import environment
from tests.support.forking import fork_server

KEY = {"X-Api-Key": TOKEN}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install the distribution, for this process too; return its package."""
    site = install_toy(tmp_path / "site")
    monkeypatch.syspath_prepend(str(site.parent))
    yield site
    for name in [name for name in sys.modules if name.partition(".")[0] == "toy_api"]:
        del sys.modules[name]


@pytest.fixture
def app(package: Path) -> Flask:
    return create_app("demo")


@pytest.fixture
def run(package: Path) -> Run:
    """Run `fake-server` where the distribution is installed."""

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(package.parent), str(Path(__file__).parents[2])])
        return fork_server().run(
            "-m", "fake_server", *arguments, env=environment(PYTHONPATH=path), timeout=120
        )

    return call


def _get(app: Flask, path: str, **headers: str) -> Any:
    return app.test_client().get(path, headers={**KEY, **headers})


def test_it_is_served_beside_another_api_of_the_same_segment(app: Flask) -> None:
    toys = [{"id": 1, "name": "Bear"}, {"id": 2, "name": "Ball"}, {"id": 3, "name": "Kite"}]
    assert _get(app, "/v2/toys").json == toys
    assert _get(app, "/v2/toys/2").json == toys[1]
    assert _get(app, "/v2/toys/9").json == {"error": "Not Found"}
    assert _get(app, "/v2/toys", **{"X-Api-Key": "nobody's"}).status_code == 401
    school = {"Authorization": "Bearer YOUR_ACCESS_TOKEN"}
    assert len(_get(app, "/v2/cursus", **school).json) == 30
    assert "X-Request-Id" in _get(app, "/v2/nothing", **school).headers
    assert _get(app, "/v2/toys.json").json != toys


def test_it_is_on_the_index_with_its_document(app: Flask) -> None:
    entry = _get(app, "/").json["apis"]["toy"]
    assert entry["title"] == "Toys"
    assert entry["credentials"] == [f"keys: {TOKEN}"]
    assert f"X-Api-Key: {TOKEN}" in entry["curl"]
    document = _get(app, "/_fake/openapi/toy.json").json
    assert set(document["paths"]) == {"/v2/toys", "/v2/toys/{id}"}
    assert entry["openapi"] == "http://localhost/_fake/openapi/toy.json"


def test_its_requests_are_noted_and_fail_on_demand(app: Flask) -> None:
    with FakeServer(app) as server, server.create_world() as world:
        world.fail("toy.list_toys", status=503, times=1)
        session = world.toy.session()
        assert [session.get("/toys").status_code for _ in range(2)] == [503, 200]
        world.requests.verify("toy.list_toys", count=2)
        assert world.environ["TOY_TOKEN"] == TOKEN


def test_it_is_answered_at_a_host_of_its_own(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared_app.cache_clear()
    try:
        with intercept() as world:
            assert world.toy.base_url == "https://toy.example/v2"
            assert len(world.toy.session().get("/toys").json()) == 3
        with intercept(hosts={"toy": "https://shop.test"}) as world:
            assert requests.get("https://shop.test/v2/toys/1", headers=KEY).json()["name"] == "Bear"
            assert requests.get("https://shop.test/v2/cursus", headers=KEY).status_code == 404
    finally:
        shared_app.cache_clear()


def test_a_dataset_of_ones_own_may_have_its_section(package: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("toy: {toys: [Train], credentials: {keys: [mine]}}\n")
    assert _get(create_app(str(own)), "/v2/toys", **{"X-Api-Key": "mine"}).json == [
        {"id": 1, "name": "Train"}
    ]


def test_a_bundled_dataset_without_its_section_is_empty_there(package: Path) -> None:
    assert _get(create_app("empty", auth="any"), "/v2/toys").json == []
    assert _get(create_app("empty"), "/v2/toys").status_code == 401


def test_a_mistake_in_its_section_names_its_file(package: Path) -> None:
    section = package / "data" / "fixtures" / "demo.yaml"
    section.write_text("toys: []\ntoy: [Bear]\n")
    with pytest.raises(UserError) as raised:
        create_app("demo", apis=["toy"])
    assert str(raised.value) == f"{section}:2: toy.toy: no such key; meant toys?"
    create_app("demo", apis=["xurrent"])


def test_the_commands_know_it(run: Run) -> None:
    listed = run("datasets")
    assert listed.returncode == 0, listed.stdout
    assert "(fabmanager, intra42, toy, xurrent)" in listed.stdout
    assert "### `toy`" in run("datasets", "--keys").stdout
    assert set(json.loads(run("openapi", "toy").stdout)["paths"]) == {"/v2/toys", "/v2/toys/{id}"}


def test_it_is_verified(run: Run) -> None:
    ran = run("verify", "toy")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "behaviours: 1 held" in ran.stdout
    assert "operations: 2 held" in ran.stdout


def test_its_mutants_are_seen(run: Run) -> None:
    ran = run("mutants", "toy", "--jobs", "1")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 of 1 mutants caught" in ran.stdout


@pytest.mark.parametrize(
    ("file", "text", "mistake"),
    [
        (
            "server.py",
            "import nothing_of_this_name\n",
            "server: toy_api.server:api cannot be loaded",
        ),
        ("server.py", "api = 3\n", "server: toy_api.server:api: expected an Api called 'toy'"),
        ("data/api.yaml", "name: toy\n", "title is missing: expected text"),
    ],
    ids=["import", "no api", "no title"],
)
def test_one_that_cannot_load_is_one_line_and_the_others_start(
    run: Run, package: Path, file: str, text: str, mistake: str
) -> None:
    (package / file).write_text(text)
    listed = run("datasets", "demo")
    assert listed.returncode == 0
    assert listed.stdout.startswith("demo  ok  ")
    line = f"{package / 'data' / 'api.yaml'}: {mistake}"
    assert listed.stderr.startswith(line)
    assert listed.stderr.count("\n") == 1
    for command in (("serve", "--api", "toy", "--port", "0"), ("verify", "toy")):
        named = run(*command)
        assert named.returncode == 2
        assert f"fake-server: {line}" in named.stderr.splitlines()[-1]
        assert "Traceback" not in named.stderr
