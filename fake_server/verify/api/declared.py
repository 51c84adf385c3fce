"""What an API's OpenAPI document declares of each operation that belongs to a resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fake_server.verify.api.listing import Listing

ACTIONS = ("list", "show", "graph")
"""The actions whose operations shared behaviours speak of."""

Document = Mapping[str, Any]
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `schema` has its references resolved at the top.

    `filter` and `column` are its `x-filter` and `x-column`.
    """

    name: str
    schema: Schema
    filter: Any = None
    column: str = ""

    @property
    def options(self) -> tuple[Any, ...]:
        """The values that the parameter, or an item of it, may have; () if none are listed."""
        return tuple(self.schema.get("items", self.schema).get("enum", ()))


@dataclass(frozen=True, eq=False)
class Operation:
    """A GET that belongs to a resource.

    - `id`, `path`: as in the document; the parameters of the path are in braces.
    - `resource`, `action`, `parent`: its `x-resource`, `x-action` and `x-parent`.
    - `parameters`, `inside`: those of the query and those in the path, by name.
    - `headers`: names of the headers that an answer of 200 declares, in lower case.
    - `item`: the schema of a row, or of the record; {} if the document has none.
    - `order`: the fields of its default order, `-` before those that descend; () if it says none.
    - `member`: the member of the answer that is the record, its `x-member`; None: it is the answer.
    - `document`: the whole document, in which references are looked up.
    """

    id: str
    path: str
    resource: str
    action: str
    parent: str | None
    parameters: Mapping[str, Parameter]
    inside: Mapping[str, Parameter]
    headers: frozenset[str]
    item: Schema
    order: tuple[str, ...]
    document: Document
    listing: Listing
    member: str | None = None

    @property
    def label(self) -> str:
        """Its method and path, as `GET /v2/slots`."""
        return f"GET {self.path}"

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """The names in the path, from left to right."""
        return tuple(sorted(self.inside, key=lambda name: self.path.index(f"{{{name}}}")))

    def query(self, name: str | None) -> Parameter | None:
        """Return a parameter of the query; None if there is none of that name."""
        return self.parameters.get(name) if name else None

    def property(self, name: str) -> Schema | None:
        """Return the schema of a property of a row; None if rows have none of that name."""
        declared = properties(self.document, self.item).get(name)
        return None if declared is None else resolved(self.document, declared)


def declared(document: Document, listing: Listing) -> list[Operation]:
    """Return the GET operations of resources that a bundled document declares, in its order."""
    return [
        _operation(document, path, item, item["get"], listing)
        for path, item in document["paths"].items()
        if item.get("get", {}).get("x-action") in ACTIONS and "x-resource" in item["get"]
    ]


def _operation(
    document: Document,
    path: str,
    item: Mapping[str, Any],
    operation: Mapping[str, Any],
    listing: Listing,
) -> Operation:
    answer = resolved(document, operation.get("responses", {}).get("200", {}))
    action = operation["x-action"]
    body = _body(document, answer)
    member = operation.get("x-member")
    if member is not None:
        body = resolved(document, properties(document, body).get(member, {}))
    return Operation(
        id=operation["operationId"],
        path=path,
        resource=operation["x-resource"],
        action=action,
        parent=operation.get("x-parent"),
        parameters=_parameters(document, item, operation, "query"),
        inside=_parameters(document, item, operation, "path"),
        headers=frozenset(name.lower() for name in answer.get("headers", {})),
        item=_items(document, body, listing) if action == "list" else body,
        order=_order(operation.get("x-order", ())),
        document=document,
        listing=listing,
        member=member,
    )


def _parameters(
    document: Document, item: Mapping[str, Any], operation: Mapping[str, Any], where: str
) -> dict[str, Parameter]:
    both = (*item.get("parameters", ()), *operation.get("parameters", ()))
    there = [raw for raw in (resolved(document, one) for one in both) if raw["in"] == where]
    return {
        raw["name"]: Parameter(
            raw["name"],
            resolved(document, raw.get("schema", {})),
            raw.get("x-filter"),
            raw.get("x-column", ""),
        )
        for raw in there
    }


def _body(document: Document, answer: Mapping[str, Any]) -> Schema:
    for kind, content in answer.get("content", {}).items():
        if "json" in kind:
            return resolved(document, content.get("schema", {}))
    return {}


def _items(document: Document, body: Schema, listing: Listing) -> Schema:
    members = properties(document, body)
    member = listing.member_of(members)
    if member is not None:
        body = resolved(document, members.get(member, {}))
    return resolved(document, body.get("items", {}))


def _order(said: Any) -> tuple[str, ...]:
    return tuple(said.split(",")) if isinstance(said, str) else tuple(said)


def resolved(document: Document, node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a node, or what it refers to; what stands beside a `$ref` is kept."""
    beside: dict[str, Any] = {}
    while isinstance(node.get("$ref"), str):
        beside = {**{key: value for key, value in node.items() if key != "$ref"}, **beside}
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return {**node, **beside} if beside else node


def properties(document: Document, schema: Schema) -> Mapping[str, Schema]:
    """Return the properties of an object's schema, those of its `allOf` included, in order."""
    merged: dict[str, Schema] = {}
    for part in schema.get("allOf", ()):
        merged.update(properties(document, resolved(document, part)))
    return {**merged, **schema.get("properties", {})}


def closed(document: Document, schema: Schema) -> Schema:
    """Return a schema with those parts of its document that its references lead into."""
    parts: dict[str, Any] = {}
    waiting: list[Any] = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            reference = node.get("$ref")
            name = reference.split("/")[3] if isinstance(reference, str) else None
            if name is not None and name not in parts:
                parts[name] = document["components"]["schemas"][name]
                waiting.append(parts[name])
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return {**schema, "components": {"schemas": parts}} if parts else schema


class Identified:
    """A schema within its document, told from others by identity: what a cache goes by."""

    def __init__(self, schema: Schema, document: Document) -> None:
        self.schema = schema
        self.document = document

    def __hash__(self) -> int:
        """Return the same for the same schema."""
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        """Return whether the other holds the very same schema."""
        return isinstance(other, Identified) and other.schema is self.schema
