"""Validation of the parts of an OpenAPI document that the other modules rely on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fake_server.cli.scaffold.conversion import Node
from fake_server.errors import ScaffoldError

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_MAPPINGS = (
    "schemas",
    "parameters",
    "responses",
    "headers",
    "requestBodies",
    "securitySchemes",
    "pathItems",
)


def require_form(path: Path, document: Node) -> None:
    """Raise `UserError` for the first node of a document that has the wrong type."""
    for node_path, node, kind in _nodes(document):
        if not isinstance(node, kind):
            expected = "a mapping" if kind is dict else "a list"
            actual = "nothing" if node is None else type(node).__name__
            raise ScaffoldError(f"{path}: {node_path}: expected {expected}, found {actual}")


def _nodes(document: Node) -> Iterator[tuple[str, Any, type]]:
    """Yield the path, the value and the expected type of nodes, outer nodes first."""
    for name in ("info", "components"):
        if document.get(name) is not None:
            yield name, document[name], dict
    for name in ("servers", "security"):
        if document.get(name) is not None:
            yield name, document[name], list
    components = document.get("components") or {}
    for name in _MAPPINGS:
        for key, node in (components.get(name) or {}).items():
            yield f"components.{name}.{key}", node, dict
    for name, item in document["paths"].items():
        yield f"paths.{name}", item, dict
        yield from _parameters(f"paths.{name}", item)
        for method in METHODS:
            if method in item:
                yield from _operation(f"{method.upper()} {name}", item[method])


def _operation(node_path: str, operation: Any) -> Iterator[tuple[str, Any, type]]:
    yield node_path, operation, dict
    yield from _parameters(node_path, operation)
    if operation.get("requestBody") is not None:
        yield f"{node_path}: requestBody", operation["requestBody"], dict
        yield from _content(f"{node_path}: requestBody", operation["requestBody"])
    responses = operation.get("responses")
    if responses is not None:
        yield f"{node_path}: responses", responses, dict
        for status, answer in responses.items():
            yield f"{node_path}: responses.{status}", answer, dict
            yield from _content(f"{node_path}: responses.{status}", answer)


def _parameters(node_path: str, node: Node) -> Iterator[tuple[str, Any, type]]:
    if node.get("parameters") is not None:
        yield f"{node_path}: parameters", node["parameters"], list
        for parameter in node["parameters"]:
            yield f"{node_path}: parameters", parameter, dict


def _content(node_path: str, node: Node) -> Iterator[tuple[str, Any, type]]:
    if node.get("content") is not None:
        yield f"{node_path}: content", node["content"], dict
        for kind, media in node["content"].items():
            yield f"{node_path}: content.{kind}", media, dict
