"""References within a document, and what they lead to."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fake_server.cli.scaffold.conversion import Node
from fake_server.errors import ScaffoldError


def with_contents(document: Node, node: Any) -> Any:
    """Return a node with contents in place of references to them, which some documents have."""
    if isinstance(node, list):
        return [with_contents(document, item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: with_contents(document, value) for key, value in node.items()}
    content = result.get("content")
    if isinstance(content, dict) and isinstance(content.get("$ref"), str):
        result["content"] = resolved(document, content)
    return result


def require_references(path: Path, document: Node) -> None:
    """Raise `UserError` for a reference that leads out of a document, or nowhere."""
    for reference in references(document):
        if not reference.startswith("#"):
            raise ScaffoldError(
                f"{path}: $ref: {reference} is another file: bring the document into one file"
                " first, for example by npx @redocly/cli bundle"
            )
        try:
            at(document, reference)
        except (KeyError, IndexError, TypeError, ValueError):
            raise ScaffoldError(f"{path}: $ref: {reference} leads nowhere") from None


def references(node: Any) -> Iterator[str]:
    """Yield the targets of the references within a node, at any depth; examples have none."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for key, value in node.items():
            if key not in {"example", "examples", "default", "enum", "const"}:
                yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def at(document: Node, reference: str) -> Any:
    """Return the target of a reference within a document; raises KeyError and its like."""
    node: Any = document
    for step in reference.removeprefix("#").split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
        node = node[int(name)] if isinstance(node, list) else node[name]
    return node


def resolved(document: Node, node: Any) -> Any:
    """Return a node, or what it refers to."""
    visited = set()
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        if node["$ref"] in visited:
            return {}
        visited.add(node["$ref"])
        node = at(document, node["$ref"])
    return node
