"""Makes the OpenAPI document of an API: its frame, and what its dialect says of each resource."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from fake_server.rest.documents.document_shapes import with_shapes
from fake_server.rest.resources.declaration import Declaration
from fake_server.rest.resources.declaration_files import read_declarations, read_frame

Node = dict[str, Any]
"""An object of an OpenAPI document or of a JSON Schema."""

_MOST_LINES = 9
_NO_LETTER = re.compile(r"[^a-z0-9]")


class DocumentPart(NamedTuple):
    """The part of a document that one resource adds.

    - `operations`: each with its path, its method in lower case and its declaration in OpenAPI.
    - `components`: by kind (`parameters`, `responses` …) and name; those of several resources
      with one name must be equal.
    - `section`: the JSON Schema of its section in a dataset; None if that follows from its shape.
    """

    operations: Iterable[tuple[str, str, Node]]
    components: Mapping[str, Mapping[str, Node]]
    section: Node | None = None


Describe = Callable[[Declaration, Mapping[str, Declaration]], DocumentPart]
"""Returns the part of a resource in the document; gets all declarations of its API as well."""


def made_document(folder: Path, describe: Describe | None, quirks: Iterable[str] = ()) -> Node:
    """Return the document of the API whose data is in `folder`, as it is while quirks are on.

    `x-resources` of the frame names resources that come first; the others follow by name. Shapes
    are components, under the names of their files. Raises `ValueError` for two components of one
    name that differ, and for two operations at one place.

    - `describe`: returns the part of a resource; None for an API without declarations.
    """
    document = _with_resources(folder, describe, quirks)
    shapes, whole = with_shapes(document, folder)
    schemas: Node = whole["components"].setdefault("schemas", {})
    for name in shapes:
        if name in schemas:
            raise ValueError(
                f"{name}.json: components.schemas has a {name} too; rename one of them"
            )
    schemas.update(shapes)
    made: Node = whole
    return made


def _with_resources(folder: Path, describe: Describe | None, quirks: Iterable[str]) -> Node:
    """Return the frame with the operations and the components of the resources."""
    document: Node = read_frame(folder)
    declarations = {
        name: Declaration(folder.name, name, keys).under(quirks)
        for name, keys in (read_declarations(folder) if describe else {}).items()
    }
    paths: Node = {}
    for name in dict.fromkeys([*document.pop("x-resources", ()), *sorted(declarations)]):
        assert describe is not None
        part = describe(declarations[name], declarations)
        operations = list(part.operations)
        if operations:
            _add_tag(document, declarations[name])
        for path, method, operation in operations:
            _add(paths.setdefault(path, {}), method, operation, path)
        for kind, components in part.components.items():
            for component, node in components.items():
                known = document["components"].setdefault(kind, {})
                if known.setdefault(component, node) != node:
                    raise ValueError(f"{kind}: {component}: two resources declare it differently")
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _add(paths.setdefault(path, {}), method, operation, path)
    document["paths"] = paths
    return document


def require_single_titles(document: Node, folder: Path) -> None:
    """Raise `ValueError` for two schemas of one title.

    Generated code calls a class after a title, without regard to case and punctuation.
    """
    titles: dict[str, str] = {}
    for name, schema in document["components"]["schemas"].items():
        if isinstance(schema, Mapping) and isinstance(schema.get("title"), str):
            is_shape = (folder / f"{name}.json").is_file()
            where = f"{name}.json" if is_shape else f"components.schemas.{name}"
            first = titles.setdefault(plain_title(schema["title"]), where)
            if first != where:
                title = schema["title"]
                raise ValueError(f"{where}: {first} has the title {title} too; change one of them")


def plain_title(title: str) -> str:
    """Return the letters and digits of a title in lower case, by which titles are compared."""
    return _NO_LETTER.sub("", title.lower())


def _add(item: Node, method: str, operation: Node, path: str) -> None:
    if method in item:
        raise ValueError(f"{method.upper()} {path}: two resources declare it")
    item[method] = operation


def _add_tag(document: Node, resource: Declaration) -> None:
    """Add the tag of a resource's operations, unless the frame has it."""
    tags = document.setdefault("tags", [])
    if all(tag["name"] != resource.tag for tag in tags):
        tags.append({"name": resource.tag, "description": resource.keys["says"]})


def reference(kind: str, name: str) -> Node:
    """Return a reference to a component, such as `reference("parameters", "Page")`."""
    return {"$ref": f"#/components/{kind}/{name}"}


def written(document: Node, header: str) -> str:
    """Return a document as YAML that a person can read; `header` is a comment for its first line.

    References and lists of plain values stand on one line, many references together on a few.
    """
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes small nodes in one line, and no aliases."""

        def ignore_aliases(self, data: Any) -> bool:
            """Say that nothing is written as a reference to an earlier node."""
            return True

    def mapping(dumper: Any, node: Node) -> Any:
        inline = set(node) == {"$ref"} or not node
        return dumper.represent_mapping("tag:yaml.org,2002:map", node, flow_style=inline)

    def sequence(dumper: Any, node: list[Any]) -> Any:
        inline = all(not isinstance(item, dict | list) for item in node) or _is_long(node)
        return dumper.represent_sequence("tag:yaml.org,2002:seq", node, flow_style=inline)

    Dumper.add_representer(dict, mapping)
    Dumper.add_representer(list, sequence)
    body = yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
    return f"# {header}\n{body}"


def _is_long(node: list[Any]) -> bool:
    """Return whether a list holds so many references that each has no line of its own."""
    return len(node) > _MOST_LINES and all(
        isinstance(item, dict) and set(item) == {"$ref"} for item in node
    )
