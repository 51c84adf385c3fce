"""Makes the overlay of the live profile: the changes of a document by the quirks of declarations.

Overlays are those of OpenAPI Overlay 1.0.0. An update merges objects and appends to lists, so that
a list that changes is removed first. An action of the frame whose target begins with `$.paths.*.*`
stands for one action of each operation: readers of overlays need no more than plain member paths.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fake_server.data_files.package_files import yaml_file
from fake_server.data_files.yaml_values import read_yaml
from fake_server.rest.documents.document_making import Describe, Node, made_document
from fake_server.rest.documents.document_shapes import with_shapes

FRAME = "live.frame.yaml"
"""The file with the actions that a person writes; those of declarations are added to it."""

_EVERY_OPERATION = "$.paths.*.*"
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def made_overlay(folder: Path, describe: Describe | None, quirks: Iterable[str]) -> Node | None:
    """Return the overlay of the API whose data is in `folder`; None without a frame.

    `quirks` are those that the live profile switches on, named without their API. Raises as
    `made_document` does.
    """
    frame = folder / FRAME
    if not frame.is_file():
        return None
    overlay: Node = yaml_file(frame, read_yaml)
    documented = made_document(folder, describe)
    live = made_document(folder, describe, quirks)
    shapes, actions = with_shapes(overlay["actions"], folder)
    live["components"]["schemas"] = {**shapes, **live["components"]["schemas"]}
    said = [spread_action for action in actions for spread_action in _spread(action, documented)]
    overlay["actions"] = [*said, *_actions("$", documented, live)]
    return overlay


def _spread(action: Node, document: Mapping[str, Any]) -> Iterator[Node]:
    """Yield an action, or its expansion for each operation of a document."""
    target = str(action["target"])
    if not target.startswith(_EVERY_OPERATION):
        yield action
        return
    for path, item in document["paths"].items():
        for method in item:
            if method in _METHODS:
                operation = _below(_below("$.paths", path), method)
                yield {**action, "target": operation + target.removeprefix(_EVERY_OPERATION)}


def _actions(target: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Node]:
    update: Node = {}
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _actions(_below(target, name), old, new)
            continue
        if old is not None and (new is None or isinstance(old, list)):
            yield {"target": _below(target, name), "remove": True}
        if new is not None:
            update[name] = new
    if update:
        yield {"target": target, "update": update}


def _below(target: str, name: str) -> str:
    return f"{target}.{name}" if _NAME.fullmatch(name) else f"{target}['{name}']"
