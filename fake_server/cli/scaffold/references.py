"""References within a document, and their targets."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fake_server.cli.scaffold.conversion import DATA_KEYS, NAMED_KEYS, Node
from fake_server.errors import ScaffoldError


def with_contents(document: Node, node: Any) -> Any:
    """Return a node with targets in place of references for a `content`, or for a media type."""
    if isinstance(node, list):
        return [with_contents(document, item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: with_contents(document, value) for key, value in node.items()}
    content = result.get("content")
    if isinstance(content, dict) and isinstance(content.get("$ref"), str):
        content = resolved(document, content)
    if isinstance(content, dict):
        result["content"] = {
            kind: resolved(document, media) if isinstance(media, dict) else media
            for kind, media in content.items()
        }
    return result


def require_references(path: Path, document: Node) -> None:
    """Raise `UserError` for a reference to a missing node."""
    for reference in references(document):
        try:
            at(document, reference)
        except (KeyError, IndexError, TypeError, ValueError):
            raise ScaffoldError(f"{path}: $ref: {reference} leads nowhere") from None


def references(node: Any, *, names: bool = False) -> Iterator[str]:
    """Yield the references within a node, at any depth, except in examples.

    `names`: the node is a mapping by names, such as that of responses, which may have `default`.
    """
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for key, value in node.items():
            if names or key not in DATA_KEYS:
                yield from references(value, names=key in NAMED_KEYS and not names)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def at(document: Node, reference: str) -> Any:
    """Return the target of a reference; raises KeyError, IndexError, TypeError or ValueError."""
    node: Any = document
    for step in reference.removeprefix("#").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
        node = node[int(name)] if isinstance(node, list) else node[name]
    return node


def resolved(document: Node, node: Any) -> Any:
    """Return a node, or the target of its references."""
    visited = set()
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        if node["$ref"] in visited:
            return {}
        visited.add(node["$ref"])
        node = at(document, node["$ref"])
    return node
