"""An API of another distribution, installed beside the wheel: whatever ours have, it has."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.support.installing import ROOT, built_wheel, environment, installed_wheels, run

LIBRARY = ROOT / "examples" / "library-api"
MOST_LINES = 450


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install both wheels into a new environment; gives the folder of its programs."""
    wheels = [
        built_wheel(project, tmp_path_factory.mktemp(project.name)) for project in (ROOT, LIBRARY)
    ]
    more = ("pytest", "requests", "responses", "hypothesis", "schemathesis")
    return installed_wheels(wheels, tmp_path_factory.mktemp("both"), *more)


@pytest.fixture(scope="module")
def served(programs: Path) -> Iterator[str]:
    """Serve all APIs; gives the base URL."""
    with _served(programs) as url:
        yield url


@contextmanager
def _served(programs: Path, *options: str) -> Iterator[str]:
    process = subprocess.Popen(
        [str(programs / "fake-server"), "serve", "--port", "0", *options],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert process.returncode == 0


def _key(programs: Path, url: str) -> str:
    variables = run(str(programs / "fake-server"), "env", "--url", url)
    (line,) = [line for line in variables.splitlines() if "LIBRARY_API_KEY=" in line]
    return line.partition("=")[2].strip("'\"")


def test_it_is_small() -> None:
    package = LIBRARY / "library_api"
    files = [
        *package.glob("*.py"),
        *package.glob("resources/*.py"),
        *package.glob("mutants/*.py"),
        *package.glob("fixtures/*.yaml"),
        *package.glob("schemas/resources/*.yaml"),
        *(package / "schemas" / f"{name}.yaml" for name in ("frame", "behaviours", "target")),
        package / "schemas" / "live.frame.yaml",
        package / "api.yaml",
    ]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files) < MOST_LINES


def test_it_is_listed_and_documented(programs: Path, served: str) -> None:
    assert "library" in run(str(programs / "fake-server"), "datasets")
    document = json.loads(run(str(programs / "fake-server"), "openapi", "library"))
    assert "/library/v1/loans" in document["paths"]
    run(str(programs / "fake-server"), "openapi", "library", "--check")
    with urlopen(f"{served}/_fake/openapi/library.json") as response:
        assert json.load(response)["paths"].keys() == document["paths"].keys()
    with urlopen(Request(served, headers={"Accept": "text/html"})) as response:
        assert "Lending" in response.read().decode()


def test_it_is_served_and_journalled(programs: Path, served: str) -> None:
    key = _key(programs, served)
    url = f"{served}/library/v1/loans?per_page=2&sort=-id&colour=red"
    with urlopen(Request(url, headers={"X-Api-Key": key})) as response:
        loans = json.load(response)
        assert int(response.headers["X-Total-Count"]) > 2
        assert 'rel="next"' in response.headers["Link"]
    assert len(loans) == 2
    with pytest.raises(HTTPError) as raised:
        urlopen(f"{served}/library/v1/loans")
    assert (raised.value.code, json.load(raised.value)) == (401, {"error": "Unauthorized"})
    with urlopen(f"{served}/_fake/worlds/default/requests?path=/library/*") as response:
        text = response.read().decode()
    entry = json.loads(text)["requests"][0]
    assert (entry["operation"], entry["unread"]) == ("library.list_loans", ["colour"])
    assert key not in text


def test_it_has_faults_records_and_worlds(programs: Path, served: str) -> None:
    command = str(programs / "fake-server")
    key = _key(programs, served)
    run(command, "world", "create", "--name", "mine", "--url", served)
    run(
        command, "fail", "library.list_loans", "--status", "503", "--world", "mine", "--url", served
    )
    with pytest.raises(HTTPError) as raised:
        urlopen(Request(f"{served}/w/mine/library/v1/loans", headers={"X-Api-Key": key}))
    assert (raised.value.code, json.load(raised.value)) == (503, {"error": "Service Unavailable"})
    loans = run(command, "data", "list", "library", "loans", "--world", "mine", "--url", served)
    assert loans
    with urlopen(Request(f"{served}/library/v1/loans", headers={"X-Api-Key": key})) as response:
        assert response.status == 200


@pytest.mark.parametrize("profile", ["documented", pytest.param("live", marks=pytest.mark.slow)])
def test_it_is_verified(programs: Path, profile: str) -> None:
    said = run(str(programs / "fake-server"), "verify", "library", "--profile", profile)
    assert "broken" not in said
    assert "4 held" in said


@pytest.mark.slow
def test_its_mutants_are_caught(programs: Path) -> None:
    said = run(str(programs / "fake-server"), "mutants", "library", "--only", "*pages-overlap")
    assert "1 of 1 mutants caught" in said


def test_tests_have_it(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import requests\n"
        "from fake_server.testing import intercept\n\n\n"
        "def test_world(fake_world):\n"
        "    library = fake_world.library\n"
        "    url = f'{library.base_url}/loans'\n"
        "    assert requests.get(url, headers=library.headers).status_code == 200\n\n\n"
        "def test_host(fake_world):\n"
        "    with intercept(hosts={'library': 'https://books.example.org'}) as world:\n"
        "        url = 'https://books.example.org/library/v1/loans'\n"
        "        answer = requests.get(url, headers=world.library.headers)\n"
        "    assert answer.status_code == 200\n"
    )
    said = run(str(programs / "python"), "-m", "pytest", "-q", str(tmp_path), cwd=tmp_path)
    assert "2 passed" in said


def test_the_others_start_where_it_cannot_be_loaded(programs: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "broken_api").mkdir(parents=True)
    (site / "broken_api" / "__init__.py").write_text("")
    (site / "broken_api" / "api.yaml").write_text("name: broken\n")
    (site / "broken_api-1.dist-info").mkdir()
    (site / "broken_api-1.dist-info" / "entry_points.txt").write_text(
        "[understudy.apis]\nbroken = broken_api\n"
    )
    done = subprocess.run(
        [str(programs / "fake-server"), "datasets"],
        env={**environment(), "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "library" in done.stdout
    (line,) = [line for line in done.stderr.splitlines() if "broken" in line]
    assert "api.yaml" in line
    assert "is missing" in line
