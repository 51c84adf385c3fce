"""Guesses the resources of a document from its operations."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.form import METHODS
from fake_server.cli.scaffold.references import resolved
from fake_server.cli.scaffold.shapes import (
    expanded,
    is_record,
    key_property,
    plain_type,
    properties_of,
)
from fake_server.cli.scaffold.source import snake
from fake_server.rest.standard.cursors import is_cursor
from fake_server.rest.standard.list_query import ROLES
from fake_server.rest.standard.pages import items_member

_ARGUMENT = re.compile(r"\{([^{}]+)\}")
_PAGING = {name for names in ROLES.values() for name in names}
_RESERVED = {"credentials", "resource", "base"}


@dataclass(slots=True)
class OperationGuess:
    """One operation, with its guessed action.

    - `action`: list, show, create, update, delete, or a name of its own.
    - `member`: the member of an answer or of a list that holds the record or the records.
    - `is_standard`: whether a standard view answers it; the document's example answers any other.
    """

    id: str
    method: str
    path: str
    node: Node
    parameters: list[Node]
    action: str = ""
    parent: str = ""
    member: str | None = None
    is_standard: bool = False

    @property
    def arguments(self) -> list[str]:
        """The arguments of its path."""
        return _ARGUMENT.findall(self.path)

    @property
    def names_record(self) -> bool:
        """Whether the path ends in an argument and nothing else in its last segment."""
        return _ARGUMENT.fullmatch(self.path.rstrip("/").rpartition("/")[2]) is not None

    @property
    def collection(self) -> str:
        """The path of the list of the operation's resource."""
        path = self.path.rstrip("/")
        return path.rpartition("/")[0] if self.names_record else path


@dataclass(slots=True)
class ResourceGuess:
    """One resource: its operations, and the flat schemas of its record and its list item.

    - `paths`: the paths of its lists, the shortest first.
    - `record`: None if its operations have no records.
    - `key`: the property by which paths name a record.
    - `parents`: the resources above its lists in paths, each with the property that refers to a
      record of it; None: no property does.
    """

    name: str
    singular: str
    paths: list[str]
    record: Node | None = None
    item: Node | None = None
    key: str | None = None
    parents: dict[str, str | None] = field(default_factory=dict)
    operations: list[OperationGuess] = field(default_factory=list)

    def unread(self) -> list[str]:
        """Return the parameters of lists that filter nothing and have no standard role."""
        read_names = {str(name) for name in (self.record or {}).get("properties", ())} | _PAGING
        return [
            f"{parameter['name']} of {operation.id}"
            for operation in self.operations
            if operation.action == "list" and operation.is_standard
            for parameter in operation.parameters
            if parameter.get("in") == "query"
            and parameter.get("name") not in read_names
            and not is_cursor(str(parameter.get("name")), parameter.get("schema") or {})
        ]


def singular_of(name: str) -> str:
    """Return the singular of an English plural, by its ending."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("s", "")):
        if name.endswith(ending) and not name.endswith(("ss", "us", "is", "news", "series")):
            return name.removesuffix(ending) + instead
    return name


def guessed(document: Node) -> list[ResourceGuess]:
    """Return the resources of a document, parents before their children.

    Each operation has exactly one resource, and all operations of a path have the same one.
    """
    operations = [*_operations(document)]
    guesses = _Guesses(document, operations)
    return guesses.all()


def _operations(document: Node) -> Iterator[OperationGuess]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                node = item[method]
                declared = [*(item.get("parameters") or ()), *(node.get("parameters") or ())]
                parameters = [resolved(document, parameter) for parameter in declared]
                yield OperationGuess(node["operationId"], method, path, node, parameters)


def _reading_order(operation: OperationGuess) -> tuple[int, bool, str]:
    """Return a sort key: outer paths before inner ones, records before lists beside them."""
    return operation.path.count("/"), not operation.names_record, operation.path


class _Guesses:
    """The resources of a document, while they are guessed."""

    def __init__(self, document: Node, operations: list[OperationGuess]) -> None:
        self._document = document
        self._operations = operations
        self._by_path: dict[str, ResourceGuess] = {}
        self._resources: dict[str, ResourceGuess] = {}

    def all(self) -> list[ResourceGuess]:
        """Return all resources, parents before their children."""
        reads = [operation for operation in self._operations if operation.method == "get"]
        for operation in sorted(reads, key=_reading_order):
            self._add_read(operation)
        for resource in self._resources.values():
            self._choose_record(resource)
        for operation in self._operations:
            self._assign(operation)
        ordered: list[ResourceGuess] = []
        for resource in self._resources.values():
            self._after_parents(resource, ordered, ())
        return [resource for resource in ordered if resource.operations]

    def _after_parents(
        self, resource: ResourceGuess, ordered: list[ResourceGuess], path: tuple[str, ...]
    ) -> None:
        if resource in ordered or resource.name in path:
            return
        for parent in resource.parents:
            self._after_parents(self._resources[parent], ordered, (*path, resource.name))
        ordered.append(resource)

    # The resources

    def _add_read(self, operation: OperationGuess) -> None:
        schema = self.answer(operation)
        if schema is None:
            return
        if operation.names_record:
            record, member = self._record_in(schema)
        else:
            record, member = self._items_in(schema)
        if record is None:
            return
        resource = self._resource_at(operation.collection, record)
        operation.member = member
        if operation.names_record and resource.record is None:
            resource.record = record
        elif not operation.names_record and resource.item is None:
            resource.item = record

    def _resource_at(self, path: str, record: Node) -> ResourceGuess:
        if path in self._by_path:
            return self._by_path[path]
        parent = self._by_path.get(path.rpartition("/")[0])
        if parent is not None and _has_record(parent, record):
            # A list next to the record's path, such as /pet/findByStatus, has the same records.
            parent.paths.append(path)
            self._by_path[path] = parent
            return parent
        literals = [snake(part) for part in path.split("/") if part and "{" not in part]
        name = _valid_name(literals[-1] if literals else "records")
        resource = self._resources.get(name)
        if resource is not None and not _has_similar_record(resource, record):
            parent_names = [singular_of(part) for part in literals[:-1]][-1:]
            name = _unique_name(_valid_name("_".join([*parent_names, name])), self._resources)
            resource = None
        if resource is None:
            resource = self._resources[name] = ResourceGuess(name, singular_of(name), [])
        resource.paths.append(path)
        self._by_path[path] = resource
        return resource

    def _choose_record(self, resource: ResourceGuess) -> None:
        """Set the schema of a resource's record, and the property that names a record."""
        if resource.record is None:
            resource.record = resource.item
        assert resource.record is not None
        if resource.item is not None and not (
            properties_of(resource.item) <= properties_of(resource.record)
        ):
            resource.item = None
        arguments = [
            operation.arguments[-1]
            for operation in self._operations
            if operation.names_record and operation.collection in resource.paths
        ]
        argument = arguments[0] if arguments else "id"
        resource.key = key_property(resource.record, argument, resource.singular)

    # The actions of operations

    def _assign(self, operation: OperationGuess) -> None:
        resource = self._by_path.get(operation.collection) or self._enclosing_resource(operation)
        operation.action = self._action(resource, operation)
        operation.is_standard = bool(operation.action)
        if not operation.is_standard:
            operation.action = _custom_action(operation, resource)
        if operation.is_standard and operation.action in {
            "list",
            "create",
            "show",
            "update",
            "delete",
        }:
            self._nest(resource, operation)
        resource.operations.append(operation)

    def _enclosing_resource(self, operation: OperationGuess) -> ResourceGuess:
        """Return the resource above an operation's path, or a new group without records."""
        path = operation.path.rstrip("/")
        while path:
            path = path.rpartition("/")[0]
            if path in self._by_path:
                return self._by_path[path]
        literals = [part for part in operation.path.split("/") if part and "{" not in part]
        base = 1 if len(literals) > 1 and re.fullmatch(r"v\d.*|api|rest", literals[0]) else 0
        while base + 1 < len(literals) and re.fullmatch(r"v\d.*|api|rest", literals[base]):
            base += 1
        name = _valid_name(snake(literals[base]) if literals else "root")
        if name in self._resources and self._resources[name].record is not None:
            return self._resources[name]
        return self._resources.setdefault(name, ResourceGuess(name, singular_of(name), []))

    def _action(self, resource: ResourceGuess, operation: OperationGuess) -> str:
        """Return the standard action of an operation; empty if no standard view fits."""
        if resource.record is None or operation.collection not in resource.paths:
            return ""
        method = operation.method
        if method == "get":
            schema = self.answer(operation)
            if operation.names_record:
                fits, operation.member = self._shows(resource, schema)
                return "show" if fits else ""
            record, operation.member = self._items_in(schema or {})
            shown = resource.item or resource.record
            fits = record is not None and properties_of(record) == properties_of(shown)
            return "list" if fits else ""
        if method == "delete" and operation.names_record:
            schema = self.answer(operation)
            fits, operation.member = self._shows(resource, schema)
            return "delete" if schema is None or fits else ""
        needs_record = {"post": False, "put": True, "patch": True}.get(method)
        if (
            needs_record is None
            or operation.names_record is not needs_record
            or not self._has_body(operation)
        ):
            return ""
        schema = self.answer(operation)
        fits, operation.member = self._shows(resource, schema)
        return ("update" if needs_record else "create") if fits or schema is None else ""

    def _shows(self, resource: ResourceGuess, schema: Node | None) -> tuple[bool, str | None]:
        record, member = self._record_in(schema or {})
        resource_record = resource.record
        assert resource_record is not None
        return record is not None and properties_of(record) == properties_of(
            resource_record
        ), member

    def _has_body(self, operation: OperationGuess) -> bool:
        body = resolved(self._document, operation.node.get("requestBody") or {})
        for kind, content in (body.get("content") or {}).items():
            if kind.partition(";")[0].endswith("json"):
                return is_record(expanded(self._document, content.get("schema") or {}))
        return False

    def _nest(self, resource: ResourceGuess, operation: OperationGuess) -> None:
        path = operation.collection.rpartition("/")[0]
        if not _ARGUMENT.fullmatch(path.rpartition("/")[2]):
            return
        parent = self._by_path.get(path.rpartition("/")[0])
        if parent is None or parent is resource or parent.record is None:
            return
        if resource.name in self._ancestors(parent):
            return
        operation.parent = parent.name
        argument = operation.arguments[-2 if operation.names_record else -1]
        resource.parents.setdefault(parent.name, self._reference_to(resource, parent, argument))

    def _ancestors(self, resource: ResourceGuess) -> set[str]:
        names = {resource.name}
        for parent in resource.parents:
            names |= self._ancestors(self._resources[parent])
        return names

    def _reference_to(
        self, resource: ResourceGuess, parent: ResourceGuess, argument: str
    ) -> str | None:
        """Return the property of a record that has the key of its parent; None if none has."""
        assert resource.record is not None
        assert parent.record is not None
        key = parent.record["properties"].get(parent.key or "", {})
        kind = plain_type(key)
        if kind not in {"integer", "string"}:
            return None
        likely = {snake(argument), f"{parent.singular}_id"} - {"id"}
        for name, property_schema in resource.record["properties"].items():
            if snake(name) in likely and plain_type(property_schema) == kind:
                return str(name) if name != resource.key else None
        return None

    # Answers

    def answer(self, operation: OperationGuess) -> Node | None:
        """Return the flat schema of a successful answer in JSON; None for one without content."""
        answers = {
            str(status): response
            for status, response in (operation.node.get("responses") or {}).items()
        }
        success = [status for status in sorted(answers) if re.fullmatch(r"2\d\d", status)]
        if not success:
            return (
                {}
                if any(status.upper() == "2XX" or status == "default" for status in answers)
                else None
            )
        response = resolved(self._document, answers[success[0]])
        content = response.get("content") or {}
        for kind, media in content.items():
            if kind.partition(";")[0].endswith("json"):
                schema = expanded(self._document, media.get("schema") or {})
                return schema if isinstance(schema, dict) else {}
        return {} if content else None

    def _record_in(self, schema: Node) -> tuple[Node | None, str | None]:
        """Return the schema of the record in an answer, and the member that holds it."""
        if not is_record(schema):
            return None, None
        objects = [
            name
            for name, property_schema in schema["properties"].items()
            if is_record(property_schema)
        ]
        other_names = properties_of(schema) - set(objects)
        if len(objects) == 1 and not other_names:
            return schema["properties"][objects[0]], objects[0]
        return schema, None

    def _items_in(self, schema: Node) -> tuple[Node | None, str | None]:
        """Return the schema of the records in a list, and the member that holds them."""
        if schema.get("type") == "array" or ("items" in schema and "properties" not in schema):
            item = schema.get("items")
            return (item, None) if is_record(item) else (None, None)
        if not is_record(schema) or "id" in schema["properties"]:
            return None, None
        member = items_member(schema)
        if member is None or len(properties_of(schema)) > 12:
            return None, None
        item = schema["properties"][member].get("items")
        return (item, member) if is_record(item) else (None, None)


def _has_record(resource: ResourceGuess, record: Node) -> bool:
    schemas = [schema for schema in (resource.record, resource.item) if schema is not None]
    return any(properties_of(schema) == properties_of(record) for schema in schemas)


def _has_similar_record(resource: ResourceGuess, record: Node) -> bool:
    schemas = [schema for schema in (resource.record, resource.item) if schema is not None]
    return any(
        properties_of(schema) <= properties_of(record)
        or properties_of(record) <= properties_of(schema)
        for schema in schemas
    )


def _valid_name(name: str) -> str:
    if not name or not name[0].isalpha():
        name = f"r_{name}".rstrip("_")
    return f"{name}_" if iskeyword(name) or name in _RESERVED else name


def _unique_name(name: str, names: Mapping[str, Any]) -> str:
    unique, number = name, 2
    while unique in names:
        unique, number = f"{name}_{number}", number + 1
    return unique


def _custom_action(operation: OperationGuess, resource: ResourceGuess) -> str:
    """Return an unused name for an action of one operation of a resource."""
    name = _valid_name(snake(operation.id))
    actions = {other.action for other in resource.operations} | {
        "list",
        "show",
        "create",
        "update",
        "delete",
    }
    return _unique_name(name, dict.fromkeys(actions))
