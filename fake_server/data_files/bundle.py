"""An OpenAPI document as one self-contained file, with the live profile's overlay if asked."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from fake_server.data_files import registry
from fake_server.data_files.package_files import json_file, yaml_file
from fake_server.data_files.yaml_values import read_yaml

Profile = Literal["documented", "live"]

_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\['([^']*)'\]")


def bundled(api: str, profile: Profile = "documented") -> dict[str, Any]:
    """Return the OpenAPI document of an API with its shape files under `components.schemas`.

    `control` is the control plane. Raises `UserError` for an unknown API.

    For the profile `live`, the actions of `live.overlay.yaml` (OpenAPI Overlay 1.0.0) are
    applied; their targets are plain member paths such as `$.paths['/x'].get.responses`.
    """
    document: dict[str, Any] = json.loads(_bundled(registry.schemas_of(api), profile))
    return document


@cache
def _bundled(folder: Path, profile: Profile) -> str:
    document = yaml_file(folder / "openapi.yaml", read_yaml)
    overlay = folder / "live.overlay.yaml"
    if profile == "live" and overlay.is_file():
        for action in yaml_file(overlay, read_yaml)["actions"]:
            _apply(document, action)
    shapes, whole = with_shapes(document, folder)
    whole.setdefault("components", {}).setdefault("schemas", {}).update(shapes)
    return json.dumps(whole)


def with_shapes(document: Any, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the shapes that a document of a folder refers to, and the document.

    The shapes have the names that bundling gives them, and the document refers to those names.
    """
    shapes: dict[str, Any] = {}
    whole: dict[str, Any] = _with_references(document, _collector(folder, shapes))
    return shapes, whole


def _collector(folder: Path, shapes: dict[str, Any]) -> Callable[[str], str]:
    def collect(reference: str) -> str:
        if reference.startswith("#"):
            return reference
        file, _, rest = reference.partition("#")
        name = Path(file).stem
        if name not in shapes:
            shape = json_file(folder / file)
            shapes[name] = {}
            shapes[name] = _with_references(shape, _local(name, collect))
        return f"#/components/schemas/{name}{rest}"

    return collect


def _local(name: str, collect: Callable[[str], str]) -> Callable[[str], str]:
    def relocate(reference: str) -> str:
        if reference.startswith("#"):
            return f"#/components/schemas/{name}{reference[1:]}"
        return collect(reference)

    return relocate


def _with_references(node: Any, relocate: Callable[[str], str]) -> Any:
    if isinstance(node, dict):
        return {
            key: relocate(value)
            if key == "$ref" and isinstance(value, str)
            else _with_references(value, relocate)
            for key, value in node.items()
            if key != "$schema"
        }
    if isinstance(node, list):
        return [_with_references(item, relocate) for item in node]
    return node


def _apply(document: Any, action: dict[str, Any]) -> None:
    if action.get("remove"):
        *_, last = _STEP.finditer(action["target"].removeprefix("$"))
        parent = action["target"].removesuffix(last[0])
        del _target(document, parent)[last[1] or last[2]]
    else:
        _update(_target(document, action["target"]), action["update"])


def _target(document: Any, path: str) -> Any:
    node = document
    for match in _STEP.finditer(path.removeprefix("$")):
        node = node[match[1] or match[2]]
    return node


def _update(node: Any, update: Any) -> None:
    for key, value in update.items():
        if isinstance(value, dict) and isinstance(node.get(key), dict):
            _update(node[key], value)
        elif isinstance(value, list) and isinstance(node.get(key), list):
            node[key] = [*node[key], *value]
        else:
            node[key] = value
