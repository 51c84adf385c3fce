"""The OpenAPI document of an API, with the live profile's overlay if asked."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

from fake_server.data_files import registry
from fake_server.data_files.package_files import openapi_file, yaml_file
from fake_server.data_files.yaml_values import read_yaml

Profile = Literal["documented", "live"]

_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\['([^']*)'\]")


def api_document(api: str, profile: Profile = "documented") -> dict[str, Any]:
    """Return the OpenAPI document of an API.

    `control` is the control plane. Raises `UserError` for an unknown API.

    For the profile `live`, the actions of `live.overlay.yaml` (OpenAPI Overlay 1.0.0) are
    applied; their targets are plain member paths such as `$.paths['/x'].get.responses`.
    """
    document: dict[str, Any] = json.loads(_document_text(registry.schemas_of(api), profile))
    return document


@cache
def _document_text(folder: Path, profile: Profile) -> str:
    document = openapi_file(folder)
    overlay = folder / "live.overlay.yaml"
    if profile == "live" and overlay.is_file():
        for action in yaml_file(overlay, read_yaml)["actions"]:
            _apply(document, action)
    return json.dumps(document)


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
