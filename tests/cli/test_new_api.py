"""`fake-server new-api`: a package out of an OpenAPI document, which serves at once."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.commands import environment

SURFACE = ("declare", "serve", "records", "invent")
MUSEUM = Path(__file__).with_name("museum.yaml")


def _run(*arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = str(Path(sys.executable).with_name("fake-server"))
    variables = environment()
    if path is not None:
        variables["PYTHONPATH"] = str(path)
    return subprocess.run(
        [command, *arguments], env=variables, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the package of the museum's API; gives the folder that has it, as if installed."""
    folder = tmp_path_factory.mktemp("museum")
    done = _run("new-api", "museum", "--from", str(MUSEUM), "--into", str(folder / "museum-api"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "What is left to do:" in done.stdout
    info = folder / "museum-api" / "museum_api-1.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[understudy.apis]\nmuseum = museum_api.data\n")
    return folder / "museum-api"


def test_the_made_document_has_what_the_original_has(site: Path) -> None:
    done = _run("openapi", "museum", "--check", path=site)
    assert (done.returncode, done.stderr) == (0, "")
    made = yaml.safe_load((site / "museum_api/data/schemas/openapi.yaml").read_text())
    original = yaml.safe_load(MUSEUM.read_text())
    operations = {
        (path.removeprefix("/v1"), method, operation["operationId"].replace("_", "").lower())
        for path, item in made["paths"].items()
        for method, operation in item.items()
        if method in {"get", "post", "delete"}
    }
    assert operations == {
        (path, method, operation["operationId"].lower())
        for path, item in original["paths"].items()
        for method, operation in item.items()
        if method in {"get", "post", "delete"}
    }


def test_what_was_written_imports_the_surface_alone(site: Path) -> None:
    modules = {
        node.module or ""
        for file in (site / "museum_api").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom)
    }
    used = {module for module in modules if module.startswith("fake_server")}
    assert used <= {"fake_server.contract", *(f"fake_server.api.{name}" for name in SURFACE)}
    assert used


def test_what_was_written_serves_and_is_verified(site: Path) -> None:
    done = _run("verify", "museum", path=site)
    assert "broken" not in done.stdout, done.stdout
    assert done.returncode == 0, done.stderr
    assert "5 held" in done.stdout


def test_records_are_listed_and_made(site: Path) -> None:
    code = (
        "from fake_server import create_app\n"
        "client = create_app('demo', apis=['museum']).test_client()\n"
        "headers = {'X-Museum-Key': 'museum-api-key'}\n"
        "events = client.get('/v1/events?kind=tour', headers=headers).json\n"
        "assert events and all(event['kind'] == 'tour' for event in events)\n"
        "body = {'name': 'Night', 'kind': 'talk', 'price': 3, 'dates': []}\n"
        "made = client.post('/v1/events', json=body, headers=headers)\n"
        "assert made.status_code == 201, made.text\n"
        "shown = client.get(f\"/v1/events/{made.json['eventId']}\", headers=headers)\n"
        "assert shown.json['name'] == 'Night'\n"
        "assert client.get('/v1/events').status_code == 401\n"
    )
    variables = {**environment(), "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["museum", "--from", "nowhere.yaml"], "nowhere.yaml"),
        (["Mu-seum", "--from", str(MUSEUM)], "no name of an API"),
    ],
)
def test_a_mistake_gets_one_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = _run("new-api", *arguments, "--into", str(tmp_path / "made"))
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "made").exists()


def test_a_folder_that_is_there_is_left_alone(site: Path) -> None:
    done = _run("new-api", "museum", "--from", str(MUSEUM), "--into", str(site))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
