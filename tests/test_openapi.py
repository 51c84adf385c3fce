"""The OpenAPI documents and their shapes: valid, strict, and true of their own examples."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from openapi_spec_validator.readers import read_from_filename
from referencing import Registry, Resource

from fake_server import data_files
from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.data_files.yaml_values import read_yaml
from fake_server.rest.resources.operation_index import declaration
from fake_server.rest.schema.spec import spec
from fake_server.world.profile import PROFILES, Profile

SCHEMAS = data_files.schemas()
SHAPES = sorted(SCHEMAS.rglob("*.json"))
DOCUMENTS = [(api, profile) for api in registry.names() for profile in PROFILES]


def _name(path: Path) -> str:
    return str(path.relative_to(SCHEMAS))


@cache
def _registry() -> Registry[Any]:
    """Return all shapes by the URI of their file, so that file-relative references work."""
    return Registry().with_resources(
        (path.as_uri(), Resource.from_contents(json.loads(path.read_bytes()))) for path in SHAPES
    )


@cache
def _inputs() -> set[Path]:
    """Return the shapes of request bodies: a service may ignore what else they hold."""
    files = set()
    for api in registry.names():
        document = read_yaml((SCHEMAS / api / "openapi.yaml").read_bytes())
        bodies = [
            operation["requestBody"]
            for item in document["paths"].values()
            for operation in item.values()
            if "requestBody" in operation
        ] + list(document.get("components", {}).get("requestBodies", {}).values())
        for name in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(bodies)):
            files.add(SCHEMAS / api / f"{name}.json")
    return files


def _schemas(node: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema within a schema, and where it stands."""
    if not isinstance(node, dict):
        return
    yield pointer, node
    for keyword in ("properties", "patternProperties", "$defs"):
        for name, inner in node.get(keyword, {}).items():
            yield from _schemas(inner, f"{pointer}/{keyword}/{name}")
    for keyword in ("items", "not", "if", "then", "else", "additionalProperties", "contains"):
        yield from _schemas(node.get(keyword), f"{pointer}/{keyword}")
    for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        for number, inner in enumerate(node.get(keyword, [])):
            yield from _schemas(inner, f"{pointer}/{keyword}/{number}")


@pytest.mark.parametrize("api", registry.names())
def test_a_document_is_valid_as_it_stands_in_its_file(api: str) -> None:
    document, _ = read_from_filename(str(SCHEMAS / api / "openapi.yaml"))
    validate(document)
    assert document == api_document(api)


@pytest.mark.parametrize(("api", "profile"), DOCUMENTS)
def test_a_document_is_valid_and_stands_alone(api: str, profile: Profile) -> None:
    document = api_document(api, profile)
    validate(document)
    references = re.findall(r'"\$ref": "([^"]*)"', json.dumps(document))
    assert len(references) > 50
    assert [each for each in references if not each.startswith("#/components/")] == []


@pytest.mark.parametrize("api", registry.names())
def test_an_overlay_changes_places_that_are_there(api: str) -> None:
    path = SCHEMAS / api / "live.overlay.yaml"
    overlay = read_yaml(path.read_bytes())
    assert overlay["overlay"] == "1.0.0"
    assert set(overlay) == {"overlay", "info", "actions"}
    for action in overlay["actions"]:
        assert set(action) <= {"target", "description", "update", "remove"}
        assert ("update" in action) is not action.get("remove", False)
        assert re.fullmatch(r"\$(\.[A-Za-z_][\w-]*|\['[^']*'\])*", action["target"])
    assert api_document(api, "live") != api_document(api)


@pytest.mark.parametrize("path", SHAPES, ids=_name)
def test_a_shape_is_a_valid_schema_with_true_examples(path: Path) -> None:
    shape = json.loads(path.read_bytes())
    assert shape["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert shape["title"]
    assert shape["description"]
    Draft202012Validator.check_schema(shape)
    _check_examples(shape, path.as_uri(), shape)


def _check_examples(shape: dict[str, Any], uri: str, root: dict[str, Any]) -> None:
    for pointer, schema in _schemas(shape):
        for example in schema.get("examples", ()):
            assert _mistakes({"$ref": f"{uri}#{pointer}"}, example) == [], pointer


def _mistakes(schema: dict[str, Any], value: Any) -> list[str]:
    validator = Draft202012Validator(schema, registry=_registry(), format_checker=FormatChecker())
    return [f"{list(each.absolute_path)}: {each.message}" for each in validator.iter_errors(value)]


@pytest.mark.parametrize("path", SHAPES, ids=_name)
def test_a_shape_lets_nothing_undeclared_through(path: Path) -> None:
    for pointer, schema in _schemas(json.loads(path.read_bytes())):
        if "properties" in schema and not pointer.endswith(("/if", "/then", "/else", "/not")):
            open_input = path in _inputs() and "ignored" in schema.get("description", "")
            assert "additionalProperties" in schema or "/anyOf/" in pointer or open_input, pointer
            assert schema.get("additionalProperties") is not True, pointer
            assert set(schema.get("required", ())) <= set(schema["properties"]), pointer


@pytest.mark.parametrize("path", SHAPES, ids=_name)
def test_every_property_of_a_shape_is_described(path: Path) -> None:
    registry = _registry()
    for pointer, schema in _schemas(json.loads(path.read_bytes())):
        for name, inner in schema.get("properties", {}).items():
            described = inner
            while "description" not in described and "$ref" in described:
                described = registry.resolver(path.as_uri()).lookup(described["$ref"]).contents
            if "description" not in described:
                raise AssertionError(f"{pointer}/properties/{name} has no description")


@pytest.mark.parametrize(("api", "profile"), DOCUMENTS)
def test_documented_examples_are_true(api: str, profile: Profile) -> None:
    document = api_document(api, profile)
    checked = 0
    for pointer, node in _media(document):
        values = [_example(document, each) for each in node.get("examples", {}).values()]
        for value in [*values, *([node["example"]] if "example" in node else [])]:
            schema = {**node["schema"], "components": document["components"]}
            validator = Draft202012Validator(schema, format_checker=FormatChecker())
            assert [each.message for each in validator.iter_errors(value)] == [], pointer
            checked += 1
    assert checked > 0


def _example(document: dict[str, Any], example: dict[str, Any]) -> Any:
    name = example.get("$ref", "").removeprefix("#/components/examples/")
    return (document["components"]["examples"][name] if name else example)["value"]


def _resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        _, kind, name = node["$ref"].rsplit("/", 2)
        node = document["components"][kind][name]
    return node


def test_every_shape_of_the_intra_has_an_example() -> None:
    shapes = [path for path in SHAPES if path.parent.name == "intra42"]
    assert len(shapes) > 15
    for path in shapes:
        assert path.name.startswith("dataset.") or json.loads(path.read_bytes())["examples"], path


def test_every_list_of_the_intra_has_an_example() -> None:
    document = api_document("intra42")
    for path, operations in document["paths"].items():
        if "get" in operations:
            response = _resolved(document, operations["get"]["responses"]["200"])
            if path == "/oauth/authorize":
                assert response["content"].keys() == {"text/html"}
                continue
            assert response["content"]["application/json"].get("examples"), path


def test_an_example_of_work_agrees_with_itself() -> None:
    responses = api_document("intra42")["components"]["responses"]
    body = responses["ProjectsUserPage"]["content"]["application/json"]
    (work,) = body["examples"]["page"]["value"]
    (team,) = work["teams"]
    (member,) = team["users"]
    user, project = work["user"], work["project"]
    assert team["id"] == work["current_team_id"]
    assert (team["project_id"], member["projects_user_id"]) == (project["id"], work["id"])
    assert {name: member[name] for name in ("id", "login", "url")} == {
        name: user[name] for name in ("id", "login", "url")
    }
    for name in ("final_mark", "status", "validated?", "created_at", "updated_at"):
        assert team[name] == work[name]
    assert member["occurrence"] == work["occurrence"]
    assert work["marked"] is (work["marked_at"] is not None)
    dates = [user["created_at"], work["created_at"], work["marked_at"], work["retriable_at"]]
    assert dates == sorted(dates)
    assert user["created_at"] < f"{user['pool_year']}-07-01" < work["created_at"]


def test_a_graph_refuses_a_field_with_the_fields_of_its_own() -> None:
    document = api_document("intra42")
    for path, operations in document["paths"].items():
        if "/graph" not in path:
            continue
        reference = operations["get"]["responses"]["422"]["$ref"].rsplit("/", 1)[1]
        body = document["components"]["responses"][reference]["content"]["application/json"]
        message = body["examples"]["field"]["value"]["message"]
        fields = re.split(", and |, | and ", message.partition(" are: ")[2])
        assert tuple(fields) == declaration("intra42", operations["get"]["x-resource"]).graph, path


def _media(node: Any, pointer: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the nodes with a schema and examples: media types, parameters, headers."""
    if isinstance(node, dict):
        if "schema" in node and ({"example", "examples"} & set(node)):
            yield pointer, node
        for key, inner in node.items():
            yield from _media(inner, f"{pointer}/{key}")
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from _media(inner, f"{pointer}/{number}")


@pytest.mark.parametrize("api", registry.names())
def test_every_operation_says_what_it_is_and_what_it_takes(api: str) -> None:
    document = api_document(api)
    for operation in spec(api).operations.values():
        declared = document["paths"][operation.path][operation.method.lower()]
        assert re.fullmatch(r"[a-z][a-z0-9_]*", operation.operation_id)
        assert declared["summary"]
        assert declared["tags"]
        assert set(re.findall(r"\{(\w+)\}", operation.path)) <= set(operation.parameters)
        for name, parameter in operation.parameters.items():
            assert parameter["description"], (operation.operation_id, name)


@pytest.mark.parametrize("api", registry.names())
def test_every_route_is_declared_and_every_operation_routed(api: str) -> None:
    from fake_server import create_app

    app = create_app("empty")
    routed = {
        (method, re.sub(r"<(?:[^:<>]*:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{api}.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    declared = {(each.method, each.path) for each in spec(api).operations.values()}
    spellings = {(method, path) for method, path in routed if re.search(r"\.\{\w+\}$", path)}
    assert _nameless(routed - spellings) - _BESIDES_THE_API == _nameless(declared)


_BESIDES_THE_API = {("GET", "/uploads/{}/{}/{}")}
"""The pictures of Fab-manager, which its web server has: no document of the API tells of them."""


def _nameless(operations: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in operations}
