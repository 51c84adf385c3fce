"""Operations that a new API cannot serve."""

from collections.abc import Iterator, Mapping
from typing import Any

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.form import METHODS
from fake_server.cli.scaffold.references import resolved
from fake_server.rest.standard.documented import is_json

_REASON = "It answers in XML alone."


def without_xml(document: Node) -> tuple[Node, list[str]]:
    """Return a document without the operations that answer in XML alone, and these.

    Each of these has its method and path, such as `GET /v2/offers/{id}`.
    """
    removed: list[str] = []
    paths: Node = {}
    for path, item in document["paths"].items():
        kept = {
            key: value
            for key, value in item.items()
            if key not in METHODS or not _is_xml(document, value)
        }
        removed += [f"{key.upper()} {path}" for key in item if key not in kept]
        if any(method in kept for method in METHODS):
            paths[path] = kept
    return {**document, "paths": paths}, removed


def not_served_file(operations: list[str]) -> list[Node]:
    """Return the content of `not_served.yaml`."""
    return [{"reason": _REASON, "operations": operations}]


def _is_xml(document: Node, operation: Mapping[str, Any]) -> bool:
    kinds = list(_kinds(document, operation))
    return any(_names_xml(kind) for kind in kinds) and not any(map(_is_readable, kinds))


def _kinds(document: Node, operation: Mapping[str, Any]) -> Iterator[str]:
    """Yield the media types of the answers to good requests."""
    responses = operation.get("responses") or {}
    good = [status for status in responses if str(status).startswith("2")]
    for status in good or [status for status in responses if str(status) == "default"]:
        yield from resolved(document, responses[status]).get("content") or {}


def _names_xml(kind: str) -> bool:
    return kind.partition(";")[0].strip().lower().endswith("xml")


def _is_readable(kind: str) -> bool:
    return is_json(kind) or not _names_xml(kind)
