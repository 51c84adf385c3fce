"""OpenAPI documents in a form that can be compared: references resolved, spelling left out.

A normalised document has `info`, `servers`, `tags`, `securitySchemes` and `operations`, which maps
`GET /v2/slots` to the operation. Its parameters are a map by `query:sort`. Titles and the names of
components are left out.
"""

from collections.abc import Collection
from typing import Any

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_MAPS_OF_NAMES = frozenset(
    {"properties", "patternProperties", "$defs", "dependentSchemas", "headers", "responses"}
    | {"content", "examples", "variables", "securitySchemes", "encoding", "links", "callbacks"}
)
_DATA = frozenset({"example", "default", "const", "enum", "value"})
_SETS = frozenset({"required", "tags"})


def normalised(document: dict[str, Any], new_keys: Collection[str] = ()) -> dict[str, Any]:
    """Return an OpenAPI document in the form of this module."""
    reader = _ReferenceResolver(document, frozenset(new_keys))
    operations = {
        f"{method.upper()} {path}": reader.operation(item, item[method])
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    }
    top: dict[str, Any] = {
        name: reader.read(document[name])
        for name in ("info", "servers", "tags")
        if name in document
    }
    schemes = document.get("components", {}).get("securitySchemes", {})
    return {**top, "securitySchemes": reader.read_names(schemes), "operations": operations}


class _ReferenceResolver:
    """Resolves the references of one document."""

    def __init__(self, document: dict[str, Any], new_keys: frozenset[str]) -> None:
        self._document = document
        self._dropped = new_keys | {"title", "$schema"}

    def operation(self, item: dict[str, Any], declared: dict[str, Any]) -> dict[str, Any]:
        """Return an operation with the parameters of its path and the security it inherits."""
        parameters = [
            self.read(parameter)
            for parameter in [*item.get("parameters", []), *declared.get("parameters", [])]
        ]
        rest = {name: node for name, node in declared.items() if name != "parameters"}
        return {
            "security": self._document.get("security", []),
            **self.read(rest),
            "parameters": {
                f"{parameter['in']}:{parameter['name']}": parameter for parameter in parameters
            },
        }

    def read(self, node: Any, above: tuple[str, ...] = ()) -> Any:
        """Return a node with what it refers to; a circle ends in how far it goes back."""
        if isinstance(node, list):
            return [self.read(item, above) for item in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str):
            if reference in above:
                return {"$ref": f"back by {len(above) - above.index(reference)}"}
            target = self.read(self._target(reference), (*above, reference))
            besides = {name: value for name, value in node.items() if name != "$ref"}
            return {**target, **self.read(besides, above)}
        return {
            name: self._member(name, value, above)
            for name, value in node.items()
            if name not in self._dropped
        }

    def read_names(self, node: dict[str, Any], above: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return a map whose keys are names that the document chose."""
        return {name: self.read(value, above) for name, value in node.items()}

    def _member(self, name: str, value: Any, above: tuple[str, ...]) -> Any:
        if name in _DATA or (name == "examples" and isinstance(value, list)):
            return value
        if name in _SETS and isinstance(value, list):
            return sorted(value, key=str)
        if name in _MAPS_OF_NAMES and isinstance(value, dict):
            return self.read_names(value, above)
        return self.read(value, above)

    def _target(self, reference: str) -> Any:
        node: Any = self._document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step.replace("~1", "/").replace("~0", "~")]
        return node
