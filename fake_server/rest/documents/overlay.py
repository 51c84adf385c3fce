"""Makes the overlay of the live profile: what the quirks of declarations change of a document.

Overlays are those of OpenAPI Overlay 1.0.0. An update merges objects and appends to lists, so that
a list that changes is removed first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fake_server.rest.documents.making import Describe, Node, made_document
from fake_server.rest.schema.spec import read_yaml

FRAME = "live.frame.yaml"
"""The file with the actions that a person writes; those of declarations are added to it."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def made_overlay(folder: Path, describe: Describe, quirks: Iterable[str]) -> Node | None:
    """Return the overlay of the API whose data is in `folder`; None without a frame.

    `quirks` are those that the live profile switches on, named without their API. Raises as
    `made_document` does.
    """
    frame = folder / FRAME
    if not frame.is_file():
        return None
    overlay: Node = read_yaml(frame.read_bytes())
    documented = made_document(folder, describe)
    live = made_document(folder, describe, quirks)
    overlay["actions"] = [*overlay["actions"], *_actions("$", documented, live)]
    return overlay


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
