"""References to shapes: declarations name their files, a document has them among its components."""

from pathlib import Path
from typing import Any


def with_local_references(node: Any, shape: str = "") -> Any:
    """Return a node whose references to files are references to components of a document.

    - `shape`: the name of the shape that the node is, to which `#` refers; empty if it is none.
    """
    if isinstance(node, dict):
        return {
            key: _local(value, shape)
            if key == "$ref" and isinstance(value, str)
            else with_local_references(value, shape)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [with_local_references(item, shape) for item in node]
    return node


def _local(reference: str, shape: str) -> str:
    file, _, pointer = reference.partition("#")
    name = Path(file).stem or shape
    return f"#/components/schemas/{name}{pointer}" if name else reference
