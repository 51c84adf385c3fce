"""The wheel: what it contains, and that it works with nothing but its dependencies beside it."""

import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from fake_server import __version__
from fake_server.data_files import registry
from tests.support.installing import ROOT, built_wheel, environment, installed_wheels, run


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this checkout."""
    return built_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a new environment, with its dependencies and no extra."""
    return installed_wheels([wheel], tmp_path_factory.mktemp("installed"))


@pytest.fixture(scope="module")
def with_pytest(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a new environment, and pytest beside it."""
    return installed_wheels([wheel], tmp_path_factory.mktemp("with-pytest"), "pytest", "requests")


def test_everything_is_inside_the_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].removesuffix(f"-{__version__}.dist-info") for name in names} == {
        "fake_server",
        "understudy",
    }
    assert not [name for name in names if "__pycache__" in name or "/tests/" in name]


def test_the_data_files_are_there(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("schemas", "fixtures", "fake_server"):
        kept = [path for path in (ROOT / folder).rglob("*") if _belongs(path)]
        inside = "" if folder == "fake_server" else "fake_server/"
        missing = {f"{inside}{path.relative_to(ROOT).as_posix()}" for path in kept} - names
        assert kept
        assert not missing


def test_it_says_that_it_is_typed(wheel: Path) -> None:
    assert "fake_server/py.typed" in zipfile.ZipFile(wheel).namelist()


def _belongs(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def test_the_metadata_names_command_licence_and_pythons(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (folder,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
    commands = archive.read(f"{folder}/entry_points.txt").decode()
    assert "fake-server = fake_server.cli:main" in commands
    assert "[pytest11]\nfake_server = fake_server.testing.plugin" in commands
    metadata = archive.read(f"{folder}/METADATA").decode()
    assert "Requires-Python: >=3.11" in metadata
    assert "License-Expression: MIT" in metadata
    assert f"{folder}/licenses/LICENSE" in archive.namelist()


def test_no_extra_is_installed(installed: Path) -> None:
    code = "import importlib.util as u, sys; print([n for n in sys.argv if u.find_spec(n)])"
    names = ("pytest", "requests", "responses", "httpx", "respx")
    assert run(str(installed / "python"), "-c", code, *names) == "[]\n"


def test_it_is_imported_from_where_it_was_installed(installed: Path, tmp_path: Path) -> None:
    code = "import fake_server; print(fake_server.__file__)"
    where = run(str(installed / "python"), "-c", code, cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)


def test_its_fixtures_are_there_without_a_word(with_pytest: Path, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "def test_it(fake_world):\n"
        "    assert fake_world.xurrent.session().get('/calendars').status_code == 200\n"
    )
    ran = run(str(with_pytest / "python"), "-m", "pytest", "-W", "error", cwd=tmp_path)
    assert "1 passed" in ran
    assert "understudy" in ran.partition("plugins:")[2].splitlines()[0]


@pytest.mark.parametrize("api", registry.names())
def test_the_documents_are_found(installed: Path, tmp_path: Path, api: str) -> None:
    document = json.loads(run(str(installed / "fake-server"), "openapi", api, cwd=tmp_path))
    assert document["paths"]


def test_the_datasets_are_found(installed: Path, tmp_path: Path) -> None:
    listed = run(str(installed / "fake-server"), "datasets", cwd=tmp_path)
    assert "demo" in listed
    assert "documented" in listed


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[str]:
    """Serve from the installed wheel; gives the base URL."""
    process = subprocess.Popen(
        [str(installed / "fake-server"), "serve", "--port", "0", "--dataset", "documented"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield process.stdout.readline().split()[-1]
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_it_serves(installed: Path, tmp_path: Path, served: str) -> None:
    assert "ready" in run(str(installed / "fake-server"), "wait", served, cwd=tmp_path)
    with urlopen(served) as response:
        assert json.load(response)["dataset"] == "documented"
    with urlopen(f"{served}/intra42/openapi.json") as response:
        assert json.load(response)["openapi"].startswith("3.1")
