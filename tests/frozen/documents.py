"""OpenAPI documents in a form that can be compared: references resolved, spelling left out.

A normalised document has `info`, `servers`, `tags`, `securitySchemes` and `operations`, which maps
`GET /v2/slots` to the operation. Its parameters are a map by `query:sort`. Titles, the names of
components and the extension keys that are new (`differences.yaml`) are left out.
"""

import json
import lzma
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from fake_server.rest.bundle import bundled
from fake_server.world.profile import Profile

FILE = Path(__file__).parent / "documents.json.xz"
APIS = ("intra42", "fabmanager", "xurrent")
PROFILES: tuple[Profile, ...] = ("documented", "live")

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_MAPS_OF_NAMES = frozenset(
    {"properties", "patternProperties", "$defs", "dependentSchemas", "headers", "responses"}
    | {"content", "examples", "variables", "securitySchemes", "encoding", "links", "callbacks"}
)
_DATA = frozenset({"example", "default", "const", "enum", "value"})
_SETS = frozenset({"required", "tags"})


class Difference(NamedTuple):
    """Where two documents differ; `what` is `added`, `removed` or `changed`."""

    where: str
    what: str
    frozen: Any
    present: Any

    def __str__(self) -> str:
        """Return one line."""
        values = f"{_shown(self.frozen)} -> {_shown(self.present)}"
        return f"{self.what} {self.where}: {values}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."


def present_documents(new_keys: Collection[str]) -> dict[str, Any]:
    """Return the normalised documents of today by `intra42 documented`."""
    return {
        f"{api} {profile}": normalised(bundled(api, profile), new_keys)
        for api in APIS
        for profile in PROFILES
    }


def frozen_documents() -> dict[str, Any]:
    """Return the frozen documents by `intra42 documented`."""
    documents: dict[str, Any] = json.loads(lzma.decompress(FILE.read_bytes()))
    return documents


def write(documents: dict[str, Any]) -> None:
    """Write documents as the frozen ones."""
    text = json.dumps(documents, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    FILE.write_bytes(lzma.compress(text.encode(), preset=9))


def normalised(document: dict[str, Any], new_keys: Collection[str] = ()) -> dict[str, Any]:
    """Return an OpenAPI document in the form of this module."""
    reader = _Reader(document, frozenset(new_keys))
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


class _Reader:
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
            "parameters": {f"{one['in']}:{one['name']}": one for one in parameters},
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


def differences(frozen: dict[str, Any], present: dict[str, Any]) -> Iterator[Difference]:
    """Yield where the present documents differ from the frozen ones.

    `where` is such as `intra42 live GET /v2/slots: parameters.query:sort.schema.items.enum`.
    """
    for name in sorted({*frozen, *present}):
        before, now = dict(frozen.get(name, {})), dict(present.get(name, {}))
        operations = before.pop("operations", {}), now.pop("operations", {})
        yield from _compared(f"{name}:", before, now)
        for operation in sorted({*operations[0], *operations[1]}):
            where = f"{name} {operation}"
            if operation not in operations[1]:
                yield Difference(where, "removed", "...", None)
            elif operation not in operations[0]:
                yield Difference(where, "added", None, "...")
            else:
                one, other = (side[operation] for side in operations)
                yield from _compared(f"{where}:", one, other)


def _compared(where: str, frozen: Any, present: Any) -> Iterator[Difference]:
    if isinstance(frozen, dict) and isinstance(present, dict):
        for name in sorted({*frozen, *present}):
            below = f"{where} {name}" if where.endswith(":") else f"{where}.{name}"
            if name not in present:
                yield Difference(below, "removed", frozen[name], None)
            elif name not in frozen:
                yield Difference(below, "added", None, present[name])
            else:
                yield from _compared(below, frozen[name], present[name])
    elif _exact(frozen) != _exact(present):
        yield Difference(where, "changed", frozen, present)


def _exact(value: Any) -> Any:
    """Return a value that is equal to those alone that JSON writes alike: 1 is not true."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
