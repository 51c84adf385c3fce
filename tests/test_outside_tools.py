"""Tools of others load the documents as they are, and lose nothing of them.

`make test` runs what is in Python. `make tools` runs the tests marked `npm`, after it has installed
the tools of `tools/npm/package.json` in `.npm/`.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.world.profile import PROFILES, Profile
from tests.support.prism import Prism, asked_of_a_mock

ROOT = Path(__file__).parents[1]
NPM_TOOLS = ROOT / ".npm" / "node_modules" / ".bin"
DOCUMENTS = [(api, profile) for api in registry.names() for profile in PROFILES]
DOCUMENTS.append(("control", "documented"))
METHODS = ("get", "put", "post", "delete", "head", "patch")
ENVIRONMENT = {
    **os.environ,
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    "NO_COLOR": "1",
}

# Imports every module of a package, and prints the names of the modules that make requests, and
# the values of each enum.
_IMPORT_ALL = """
import enum, importlib, json, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [each.name for each in pkgutil.walk_packages(package.__path__, sys.argv[1] + ".")]
modules = [importlib.import_module(name) for name in names]
asking = [each for each in modules if hasattr(each, "sync_detailed")]
operations = [each.__name__.rpartition(".")[2] for each in asking]
enums = {
    each
    for module in modules
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, enum.Enum) and len(each)
    and each.__module__.startswith(package.__name__)
}
print(json.dumps([operations, [sorted(str(member.value) for member in each) for each in enums]]))
"""


def _schemas(node: Any, *, names: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the nodes of a document, but no examples; `names`: the keys are names it chose."""
    if isinstance(node, list):
        for item in node:
            yield from _schemas(item)
    elif isinstance(node, dict):
        if not names:
            yield node
        for name, inner in node.items():
            if names or name not in ("example", "examples", "default", "const", "enum"):
                chosen = not names and name in ("properties", "patternProperties", "schemas")
                yield from _schemas(inner, names=chosen)


def _operations(document: dict[str, Any]) -> list[str]:
    return [
        operation["operationId"]
        for item in document["paths"].values()
        for method, operation in item.items()
        if method in METHODS
    ]


def _members(schema: dict[str, Any]) -> list[str]:
    """Return a generator's names of the members of an enum: their words, in upper case."""
    values = [value for value in schema["enum"] if value is not None]
    names = schema.get("x-enum-varnames", values)
    assert len(names) == len(values)
    return [
        re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
        if name[:1].isalpha()
        else f"VALUE_{number}"
        for number, name in enumerate(map(str, names))
    ]


@pytest.mark.parametrize(("api", "profile"), DOCUMENTS)
def test_no_two_schemas_have_one_title(api: str, profile: Profile) -> None:
    titles = [
        re.sub(r"[^a-z0-9]", "", schema["title"].lower())
        for schema in _schemas(api_document(api, profile).get("components", {}).get("schemas", {}))
        if isinstance(schema.get("title"), str)
    ]
    assert len(titles) > 3
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.parametrize(("api", "profile"), DOCUMENTS)
def test_a_constant_and_an_enum_have_a_type(api: str, profile: Profile) -> None:
    for schema in _schemas(api_document(api, profile)):
        if "const" in schema or "enum" in schema:
            assert "type" in schema, schema
            assert not isinstance(schema.get("const"), dict | list), schema


@pytest.mark.parametrize(("api", "profile"), DOCUMENTS)
def test_no_two_members_of_an_enum_have_one_name(api: str, profile: Profile) -> None:
    enums = [schema for schema in _schemas(api_document(api, profile)) if "enum" in schema]
    assert enums or profile == "live"
    for schema in enums:
        names = _members(schema)
        assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("api", "profile"), DOCUMENTS)
def test_a_header_has_a_true_example(api: str, profile: Profile) -> None:
    for name, header in api_document(api, profile).get("components", {}).get("headers", {}).items():
        if "const" not in header["schema"]:
            assert "example" in header, name
            validator = Draft202012Validator(header["schema"], format_checker=FormatChecker())
            assert [each.message for each in validator.iter_errors(header["example"])] == [], name


@pytest.mark.parametrize(
    ("api", "profile"),
    [
        pytest.param(*each, marks=pytest.mark.slow if each[0] == "intra42" else ())
        for each in DOCUMENTS
    ],
)
def test_openapi_python_client_makes_a_package_of_everything(
    api: str, profile: Profile, tmp_path: Path
) -> None:
    document = api_document(api, profile)
    path = _file(api, profile, tmp_path)
    folder = tmp_path / "made"
    folder.mkdir()
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    # The generator knows no PDF: its settings say what to make of one.
    settings = tmp_path / "settings.yaml"
    settings.write_text("content_type_overrides: {application/pdf: application/octet-stream}\n")
    command += ["--config", str(settings)]
    said = _run([*command, "--fail-on-warning", "--path", str(path)], folder)
    (package,) = folder.iterdir()
    assert said == f"Generating {package}"
    assert package.name.isidentifier()

    printed = _run([sys.executable, "-W", "error", "-c", _IMPORT_ALL, package.name], folder)
    operations, enums = json.loads(printed)
    assert _plain(operations) == _plain(_operations(document))
    declared = [
        sorted(str(value) for value in schema["enum"] if value is not None)
        for schema in _schemas(document)
        if "enum" in schema
    ]
    assert [values for values in declared if values not in enums] == []


def _plain(names: list[str]) -> list[str]:
    return sorted(name.replace("_", "").lower() for name in names)


def _run(command: list[str], folder: Path) -> str:
    """Return the output of a command; it must end well, and complain of nothing."""
    ran = subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    assert ran.stderr == ""
    return ran.stdout.strip()


def _file(api: str, profile: Profile, folder: Path) -> Path:
    """Return the file of a document: the committed one, or that of the live profile."""
    if profile == "documented":
        return registry.schemas_of(api) / "openapi.yaml"
    path = folder / "live.json"
    path.write_text(json.dumps(api_document(api, profile)), encoding="utf-8")
    return path


@pytest.mark.npm
@pytest.mark.parametrize(("api", "profile"), DOCUMENTS)
def test_openapi_typescript_makes_types_that_compile(
    api: str, profile: Profile, tmp_path: Path
) -> None:
    path = _file(api, profile, tmp_path)
    declarations = [tmp_path / "types.ts", tmp_path / "enums.ts"]
    for declaration, options in zip(declarations, ([], ["--enum"]), strict=True):
        command = [str(NPM_TOOLS / "openapi-typescript"), str(path), "-o", str(declaration)]
        said = _run_in_npm([*command, *options])
        assert re.fullmatch(r"✨ openapi-typescript [\d.]+\n🚀 .*", said)
    assert (
        _run_in_npm([str(NPM_TOOLS / "tsc"), "--noEmit", "--strict", *map(str, declarations)]) == ""
    )


def _run_in_npm(command: list[str]) -> str:
    # openapi-typescript looks for its settings in the folder where it starts.
    return _run(command, ROOT / ".npm")


@pytest.mark.npm
@pytest.mark.parametrize(("api", "profile"), DOCUMENTS)
def test_prism_mocks_every_operation(api: str, profile: Profile, tmp_path: Path) -> None:
    document = api_document(api, profile)
    path = _file(api, profile, tmp_path)
    with Prism(NPM_TOOLS / "prism", path, tmp_path / "prism.log") as prism:
        assert prism.operations == len(_operations(document))
        assert prism.complaints() == []
        for request in asked_of_a_mock(document):
            answer = prism.ask(request)
            assert str(answer.status_code) in request.responses, answer.text
            assert answer.is_success, answer.text
            assert answer.headers.get("sl-violations", "") == ""
