"""The shapes that a document refers to by their files, as components of it."""

import json
from pathlib import Path
from typing import Any

from fake_server.rest.documents.document_shapes import with_shapes
from fake_server.rest.schema.spec import resolved

SHAPES: dict[str, Any] = {
    "goods": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "array",
        "items": {"$ref": "good.json"},
    },
    "good": {
        "type": "object",
        "properties": {
            "name": {"$ref": "#/$defs/name"},
            "parts": {"$ref": "goods.json"},
            "self": {"$ref": "#"},
            "colour": {"$ref": "colours.json#/$defs/colour"},
        },
        "$defs": {"name": {"type": "string"}},
    },
    "colours": {"$defs": {"colour": {"enum": ["red", "blue"]}}},
    "unused": {"type": "integer"},
}
DOCUMENT = {
    "paths": {"/goods": {"get": {"schema": {"$ref": "goods.json"}}}},
    "components": {"schemas": {"size": {"$ref": "#/components/schemas/large"}, "large": {}}},
}


def test_shapes_are_components_that_refer_to_each_other(tmp_path: Path) -> None:
    for name, shape in SHAPES.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(shape))
    shapes, document = with_shapes(DOCUMENT, tmp_path)
    assert list(shapes) == ["goods", "good", "colours"]
    assert "$schema" not in shapes["goods"]
    assert shapes["good"]["properties"] == {
        "name": {"$ref": "#/components/schemas/good/$defs/name"},
        "parts": {"$ref": "#/components/schemas/goods"},
        "self": {"$ref": "#/components/schemas/good"},
        "colour": {"$ref": "#/components/schemas/colours/$defs/colour"},
    }
    assert document["paths"]["/goods"]["get"]["schema"] == {"$ref": "#/components/schemas/goods"}
    document["components"]["schemas"].update(shapes)
    for reference in _references(document):
        assert resolved(document, {"$ref": reference}) is not None


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if "$ref" in node else set()
        return own.union(*map(_references, node.values()))
    return set().union(*map(_references, node)) if isinstance(node, list) else set()
