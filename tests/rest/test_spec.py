from pathlib import Path

import pytest

from fake_server import data_files
from fake_server.data_files import api_document as api_document_module
from fake_server.data_files.api_document import api_document
from fake_server.data_files.yaml_values import read_yaml
from fake_server.errors import DeclarationError
from fake_server.rest.schema.spec import Spec, resolved
from tests.world.shop import API

OPENAPI = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /goods:
    parameters:
    - $ref: "#/components/parameters/fields"
    get:
      operationId: list_goods
      parameters:
      - name: sort
        in: query
        schema: {type: array, items: {type: string, enum: [id, -id, name, -name]}}
      - name: filter
        in: query
        style: deepObject
        schema:
          type: object
          properties:
            id: {type: string}
            colour: {type: string, enum: [red, blue]}
      - name: per_page
        in: query
        schema: {$ref: "#/components/schemas/size"}
      responses:
        200:
          description: Goods.
          content: {application/json: {schema: {$ref: "#/components/schemas/goods"}}}
    post:
      operationId: add_goods
      responses:
        '201':
          description: Added.
          content: {application/json: {schema: {$ref: "#/components/schemas/goods/items"}}}
components:
  parameters:
    fields: {name: fields, in: query, schema: {type: string}}
  schemas:
    size: {type: integer, default: 30, maximum: 100, examples: [2017-11-22]}
    goods: {type: array, items: {type: object}}
"""
OVERLAY = """
overlay: 1.0.0
info: {title: Live, version: "1"}
actions:
- target: $.paths['/goods'].get.responses
  update:
    '500': {description: Broken.}
- target: $.info
  update: {title: Shop as it is}
- target: $.paths['/goods'].get
  update: {parameters: [{name: extra, in: query, schema: {type: string}}]}
"""


@pytest.fixture(autouse=True)
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "openapi.yaml").write_text(OPENAPI)
    (folder / "live.overlay.yaml").write_text(OVERLAY)
    (folder / "api.yaml").write_text(API)
    monkeypatch.setattr(data_files, "schemas", lambda: tmp_path)
    monkeypatch.setenv("FAKE_SERVER_CACHE", str(tmp_path / "cache"))


def test_an_operation_says_what_its_parameters_take() -> None:
    goods = Spec("shop").operation("list_goods")
    assert (goods.method, goods.path) == ("GET", "/goods")
    assert goods.fields("filter") == ("id", "colour")
    assert goods.fields("absent") == ()
    assert goods.options("filter", "colour") == ("red", "blue")
    assert goods.options("filter", "id") == ()
    assert goods.options("sort") == ("id", "-id", "name", "-name")
    assert goods.sortable() == ("id", "name")
    assert goods.default("per_page") == 30
    assert goods.default("sort") is None
    assert goods.schema("per_page")["maximum"] == 100


def test_parameters_of_a_path_belong_to_each_of_its_operations() -> None:
    spec = Spec("shop")
    assert {"fields"} == set(spec.operation("add_goods").parameters)
    assert "fields" in spec.operation("list_goods").parameters
    assert spec.operation("add_goods").sortable() == ()
    with pytest.raises(KeyError):
        spec.operation("absent")


def test_references_within_a_document_are_followed() -> None:
    document = {"a/b": {"~": {"x": 1}}, "one": {"$ref": "#/a~1b/~0"}}
    assert resolved(document, {"$ref": "#/one"}) == {"x": 1}
    assert resolved(document, {"$ref": "file.json"}) == {"$ref": "file.json"}


def test_dates_stay_text() -> None:
    assert read_yaml(b"a: 2017-11-22\nb: 2017-11-22T14:00:00Z\nc: 1\nd: true") == {
        "a": "2017-11-22",
        "b": "2017-11-22T14:00:00Z",
        "c": 1,
        "d": True,
    }


def test_a_specification_is_kept_and_a_damaged_one_read_anew(tmp_path: Path) -> None:
    expected = Spec("shop").document
    (kept,) = (tmp_path / "cache").glob("spec-*")
    assert Spec("shop").document == expected
    kept.write_bytes(kept.read_bytes()[:-10])
    assert Spec("shop").document == expected
    kept.write_bytes(b"null")
    assert Spec("shop").document == expected


def test_a_document_that_refers_to_a_file_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "shop" / "openapi.yaml"
    file.write_text(OPENAPI.replace("#/components/schemas/goods/items", "good.json"))
    line = OPENAPI.splitlines().index("    post:") + 6
    for read in (api_document, Spec):
        with pytest.raises(DeclarationError) as raised:
            read("shop")
        assert str(raised.value) == (
            f"{file}:{line}: $ref: good.json is outside of the document; put it under components"
        )
    (file.parent / "frame.yaml").touch()
    with pytest.raises(DeclarationError, match="run fake-server openapi --write"):
        Spec("shop")


def test_the_overlay_is_merged_for_the_live_profile_alone() -> None:
    live, documented = api_document("shop", "live"), api_document("shop")
    get = live["paths"]["/goods"]["get"]
    assert set(get["responses"]) == {"200", "500"}
    assert live["info"] == {"title": "Shop as it is", "version": "1"}
    assert [each.get("name") for each in get["parameters"]][-1] == "extra"
    assert documented["info"]["title"] == "Shop"


def test_a_document_is_the_callers_own() -> None:
    api_document("shop")["info"]["title"] = "changed"
    assert api_document("shop")["info"]["title"] == "Shop"


def test_a_document_without_an_overlay_is_the_same_in_both_profiles(tmp_path: Path) -> None:
    (tmp_path / "shop" / "live.overlay.yaml").unlink()
    api_document_module._document_text.cache_clear()
    assert api_document("shop", "live") == api_document("shop")
