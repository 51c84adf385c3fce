"""What `new-api` writes of unlike documents: it serves, and its answers are as they say.

- `anchors`: YAML's anchors, a base path of variables, path items by reference, a key that is
  optional, references that may not be null.
- `classes`: uuids and slugs for keys, no operationId, hyphens and dots in arguments, names that
  are words of Python, `no` and `null`, a schema within itself, a credential in the query.
- `envelopes`: JSON; lists and records in members, cursors, parents that are named by text.
- `harbour`: several files, answers in XML, times with a pattern, or in another form in bodies.
- `kennel`: OpenAPI 3.2; answers that their own schemas refuse, successes that nobody declares, keys
  with an example, cursors in a member, properties that are only written, a schema within itself,
  errors in words of the document alone, paths of which one is nearer.
- `lockers`: operations that take different security schemes, one of several, or several together.
- `posts`: nothing but POST, doubled operationIds, forms and files, a resource called `nothing`.
- `titles`: schemas of one title, and names that differ in case alone.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.commands import ROOT, environment
from tests.support.forking import fork_server

DOCUMENTS = sorted(path for path in Path(__file__).with_name("foreign").iterdir() if path.is_file())
_VERIFIED_NAMES = {"anchors", "envelopes", "harbour", "kennel", "lockers"}
VERIFIED = [document for document in DOCUMENTS if document.stem in _VERIFIED_NAMES]


class Written:
    """The package of an API, as if it were installed."""

    def __init__(self, document: Path, folder: Path) -> None:
        self.api = document.stem
        self.site = folder / "site"
        done = self.run("new-api", self.api, "--from", str(document), "--into", str(self.site))
        assert (done.returncode, done.stderr) == (0, "")
        self.printed = done.stdout
        info = self.site / f"{self.api}_api-1.dist-info"
        info.mkdir()
        entry = f"[understudy.apis]\n{self.api} = {self.api}_api.data\n"
        (info / "entry_points.txt").write_text(entry)

    def run(self, *arguments: str, module: str = "fake_server") -> subprocess.CompletedProcess[str]:
        """Run a module of this checkout, which finds the package."""
        path = f"{ROOT}{os.pathsep}{self.site}"
        return fork_server().run(
            "-m", module, *arguments, env=environment(PYTHONPATH=path), timeout=120
        )


_WRITTEN: dict[Path, Written] = {}


@pytest.fixture
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    document: Path = request.param
    if document not in _WRITTEN:
        _WRITTEN[document] = Written(document, tmp_path_factory.mktemp(document.stem))
    return _WRITTEN[document]


def _each(documents: list[Path]) -> pytest.MarkDecorator:
    ids = [document.stem for document in documents]
    return pytest.mark.parametrize("written", documents, ids=ids, indirect=True)


@_each(DOCUMENTS)
def test_the_made_files_are_current(written: Written) -> None:
    done = written.run("openapi", written.api, "--check")
    assert (done.returncode, done.stderr) == (0, "")


@_each(DOCUMENTS)
def test_every_operation_answers_as_its_document_says(written: Written) -> None:
    done = written.run(written.api, module="tests.cli.driving")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


@pytest.mark.slow
@_each(VERIFIED)
def test_it_is_verified(written: Written) -> None:
    done = written.run("verify", written.api)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_cannot_be_served_is_told(tmp_path: Path) -> None:
    document = next(path for path in DOCUMENTS if path.stem == "classes")
    printed = Written(document, tmp_path).printed
    assert "Its servers have several base paths: /api/v3 is served, /eu/v3 not." in printed


def test_what_a_document_says_against_itself_is_mended_and_told(tmp_path: Path) -> None:
    document = next(path for path in DOCUMENTS if path.stem == "kennel")
    written = Written(document, tmp_path)
    for line in (
        "It is read as OpenAPI 3.1: what only OpenAPI 3.2 has is not served.",
        "A oneOf whose alternatives one value fits together became anyOf: Wrong.",
        "A pattern between slashes lost them: phone, password.",
        "A discriminator beside no alternatives is not read; records are of the schema that has it:"
        " Dog.",
        "A default that its own schema refuses is gone: tricks.",
        "What is only written is no longer required of answers: owner, Dog.",
        "What a schema requires and admits not is no longer required: ",
        "A list may be empty: what asked for more records is gone: get_rest_toys.",
        "Security schemes that one header would carry together are alternatives: key, token.",
        "Operations that declare no success answer 200 without content: post_rest_dogs,",
    ):
        assert f"\n- {line}" in written.printed
    schemas = written.site / "kennel_api" / "data" / "schemas"
    openapi = yaml.safe_load((schemas / "openapi.yaml").read_text())
    body = openapi["paths"]["/rest/dogs"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"]["allOf"][1] == {"type": "object", "required": ["chip"]}


def test_what_answers_in_xml_alone_is_not_served_and_told(tmp_path: Path) -> None:
    document = next(path for path in DOCUMENTS if path.stem == "harbour")
    written = Written(document, tmp_path)
    unserved = ["GET /api/ships/{shipId}/manifest", "POST /api/tides"]
    told = "Operations that answer in XML alone are not served; not_served.yaml lists them:"
    assert f"\n- {told} {', '.join(unserved)}.\n" in written.printed
    schemas = written.site / "harbour_api" / "data" / "schemas"
    (group,) = yaml.safe_load((schemas / "not_served.yaml").read_text())
    assert group["operations"] == unserved
    paths = yaml.safe_load((schemas / "openapi.yaml").read_text())["paths"]
    assert set(paths["/api/tides"]) == {"get"}
    assert "/api/ships/{shipId}/manifest" not in paths


def test_files_come_into_one_piece_with_their_names(tmp_path: Path) -> None:
    document = next(path for path in DOCUMENTS if path.stem == "harbour")
    written = Written(document, tmp_path)
    schemas = written.site / "harbour_api" / "data" / "schemas"
    components = yaml.safe_load((schemas / "frame.yaml").read_text())["components"]["schemas"]
    assert set(components) == {"Ship", "Problem", "berth", "note"}
    assert components["berth"]["properties"]["tug"] == {"$ref": "#/components/schemas/Ship"}
    assert components["Ship"]["properties"]["description"]["$ref"] == "#/components/schemas/note"


def test_a_time_is_kept_in_the_spelling_that_its_pattern_asks_for(tmp_path: Path) -> None:
    document = next(path for path in DOCUMENTS if path.stem == "harbour")
    written = Written(document, tmp_path)
    code = (
        "from fake_server import create_app\n"
        "client = create_app('demo', apis=['harbour']).test_client()\n"
        "times = {'seen': '2026-03-01T10:00:00Z', 'left': '2026-03-01T11:00:00Z'}\n"
        "body = {'name': 'Ada', 'berth': {'pier': 1}, **times}\n"
        "made = client.post('/api/ships', json=body)\n"
        "print(made.status_code, made.json.get('seen'), made.json.get('left'))\n"
        "print(client.post('/api/ships', json={**body, 'left': 'soon'}).status_code)\n"
    )
    path = f"{ROOT}{os.pathsep}{written.site}"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(PYTHONPATH=path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "201 2026-03-01T10:00:00.000Z 2026-03-01T11:00:00Z\n422\n", done.stderr


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        ("/a: {$ref: parts.yaml}", "parts.yaml: there is no such file"),
        ("/a: {$ref: 'other.yaml#/paths/nothing'}", "$ref: #/paths/nothing leads nowhere"),
        ("/a: {$ref: 'https://example.com/a.yaml'}", "is on another server: bring the document"),
        ("/a: {$ref: 'other.yaml#/again'}", "leads back to itself"),
        (
            "/a: {get: {responses: {'200': {description: ok, content: {text/xml: {}}}}}}",
            "there is no operation to serve: all answer in XML",
        ),
    ],
)
def test_references_and_answers_that_cannot_be_had_get_one_line(
    tmp_path: Path, paths: str, message: str
) -> None:
    file = tmp_path / "document.yaml"
    file.write_text(f"openapi: 3.1.0\ninfo: {{title: A, version: '1'}}\npaths:\n  {paths}\n")
    (tmp_path / "other.yaml").write_text("again: {$ref: '#/again'}\n")
    arguments = ["new-api", "other", "--from", str(file), "--into", str(tmp_path / "made")]
    done = fork_server().run("-m", "fake_server", *arguments, env=environment(), timeout=60)
    assert done.returncode != 0
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("swagger: '2.0'\npaths: {}\n", "Swagger 2.0 is not read"),
        ("openapi: 4.0.0\npaths: {}\n", "expected 3.0, 3.1 or 3.2"),
        ("openapi: 3.1.0\npaths: {}\n", "there is no operation to serve"),
        ("[1, 2]\n", "no OpenAPI document"),
        ("a: [\n", "neither YAML nor JSON"),
    ],
)
def test_a_document_that_is_not_read_gets_one_line(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "given.yaml"
    file.write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "fake_server", "new-api", "other", "--from", str(file)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode != 0
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
