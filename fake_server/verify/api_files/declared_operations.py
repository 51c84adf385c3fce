"""The operations of resources, as the OpenAPI document of an API declares them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fake_server.verify.api_files.listing import Listing

ACTIONS = ("list", "show", "graph")
"""The actions of operations that shared behaviours apply to."""

Document = Mapping[str, Any]
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeclaredParameter:
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
class DeclaredOperation:
    """A GET of a resource, as the document declares it.

    - `id`, `path`: as in the document; the parameters of the path are in braces.
    - `resource`, `action`, `parent`: its `x-resource`, `x-action` and `x-parent`.
    - `parameters`, `path_schemas`: those of the query and those of the path, by name.
    - `headers`: names of the headers that an answer of 200 declares, in lower case.
    - `item`: the schema of a row, or of the record; {} if the document has none.
    - `order`: the fields of its default order, `-` before those that descend; () if undeclared.
    - `member`: the member of the answer that is the record, its `x-member`; None: it is the answer.
    - `roles`: the roles of which a credential needs one, its `x-roles`; () if it needs none.
    - `document`: the whole document, in which references are looked up.
    """

    id: str
    path: str
    resource: str
    action: str
    parent: str | None
    parameters: Mapping[str, DeclaredParameter]
    path_schemas: Mapping[str, DeclaredParameter]
    headers: frozenset[str]
    item: Schema
    order: tuple[str, ...]
    document: Document
    listing: Listing
    member: str | None = None
    roles: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Its method and path, as `GET /v2/slots`."""
        return f"GET {self.path}"

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """The names in the path, from left to right."""
        return tuple(sorted(self.path_schemas, key=lambda name: self.path.index(f"{{{name}}}")))

    def query(self, name: str | None) -> DeclaredParameter | None:
        """Return a parameter of the query; None if there is none of that name."""
        return self.parameters.get(name) if name else None

    def property(self, name: str) -> Schema | None:
        """Return the schema of a property of a row; None if rows have none of that name."""
        declared = properties(self.document, self.item).get(name)
        return None if declared is None else resolve(self.document, declared)


def declared_operations(document: Document, listing: Listing) -> list[DeclaredOperation]:
    """Return the GET operations of resources in the document of an API, in its order."""
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
) -> DeclaredOperation:
    answer = resolve(document, operation.get("responses", {}).get("200", {}))
    action = operation["x-action"]
    body = _body_schema(document, answer)
    member = operation.get("x-member")
    if member is not None:
        body = resolve(document, properties(document, body).get(member, {}))
    return DeclaredOperation(
        id=operation["operationId"],
        path=path,
        resource=operation["x-resource"],
        action=action,
        parent=operation.get("x-parent"),
        parameters=_parameters(document, item, operation, "query"),
        path_schemas=_parameters(document, item, operation, "path"),
        headers=frozenset(name.lower() for name in answer.get("headers", {})),
        item=_row_schema(document, body, listing) if action == "list" else body,
        order=_order(operation.get("x-order", ())),
        document=document,
        listing=listing,
        member=member,
        roles=tuple(operation.get("x-roles", ())),
    )


def _parameters(
    document: Document, item: Mapping[str, Any], operation: Mapping[str, Any], where: str
) -> dict[str, DeclaredParameter]:
    declared = (*item.get("parameters", ()), *operation.get("parameters", ()))
    parameters = [
        raw
        for raw in (resolve(document, parameter) for parameter in declared)
        if raw["in"] == where
    ]
    return {
        raw["name"]: DeclaredParameter(
            raw["name"],
            resolve(document, raw.get("schema", {})),
            raw.get("x-filter"),
            raw.get("x-column", ""),
        )
        for raw in parameters
    }


def _body_schema(document: Document, answer: Mapping[str, Any]) -> Schema:
    for kind, content in answer.get("content", {}).items():
        if "json" in kind:
            return resolve(document, content.get("schema", {}))
    return {}


def _row_schema(document: Document, body: Schema, listing: Listing) -> Schema:
    members = properties(document, body)
    member = listing.rows_member(members)
    if member is not None:
        body = resolve(document, members.get(member, {}))
    return resolve(document, body.get("items", {}))


def _order(declared: Any) -> tuple[str, ...]:
    return tuple(declared.split(",")) if isinstance(declared, str) else tuple(declared)


def resolve(document: Document, node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a node, or the target of its `$ref` with the keys beside the `$ref`."""
    siblings: dict[str, Any] = {}
    while isinstance(node.get("$ref"), str):
        siblings = {**{key: value for key, value in node.items() if key != "$ref"}, **siblings}
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return {**node, **siblings} if siblings else node


def properties(document: Document, schema: Schema) -> Mapping[str, Schema]:
    """Return the properties of an object's schema, those of its `allOf` included, in order."""
    merged: dict[str, Schema] = {}
    for part in schema.get("allOf", ()):
        merged.update(properties(document, resolve(document, part)))
    return {**merged, **schema.get("properties", {})}


def with_references(document: Document, schema: Schema) -> Schema:
    """Return a schema with the components that its references need."""
    parts: dict[str, Any] = {}
    pending: list[Any] = [schema]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            reference = node.get("$ref")
            name = reference.split("/")[3] if isinstance(reference, str) else None
            if name is not None and name not in parts:
                parts[name] = document["components"]["schemas"][name]
                pending.append(parts[name])
            pending += node.values()
        elif isinstance(node, list):
            pending += node
    return {**schema, "components": {"schemas": parts}} if parts else schema


class SchemaIdentity:
    """A schema and its document, compared by identity: the key of a cache."""

    def __init__(self, schema: Schema, document: Document) -> None:
        self.schema = schema
        self.document = document

    def __hash__(self) -> int:
        """Return the identity of the schema."""
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        """Return whether the other has the same schema object."""
        return isinstance(other, SchemaIdentity) and other.schema is self.schema
