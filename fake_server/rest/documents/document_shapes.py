"""The shapes that a document refers to by their files, as components of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fake_server.data_files.package_files import json_file
from fake_server.rest.schema.shape_references import with_local_references


def with_shapes(document: Any, folder: Path) -> tuple[dict[str, Any], Any]:
    """Return the shapes in a folder that a document refers to, by name, and the document.

    Both refer to `#/components/schemas/`, where a shape has the name of its file. Raises
    `DeclarationError` for a file that cannot be read.
    """
    shapes: dict[str, Any] = {}
    _collect(document, folder, shapes)
    return shapes, with_local_references(document)


def _collect(node: Any, folder: Path, shapes: dict[str, Any]) -> None:
    for file in _files(node):
        name = Path(file).stem
        if name not in shapes:
            shape = json_file(folder / file)
            shape.pop("$schema", None)
            shapes[name] = with_local_references(shape, name)
            _collect(shape, folder, shapes)


def _files(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                if file := value.partition("#")[0]:
                    yield file
            else:
                yield from _files(value)
    elif isinstance(node, list):
        for item in node:
            yield from _files(item)
