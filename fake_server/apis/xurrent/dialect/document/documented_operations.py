"""The OpenAPI operations of a resource, from its declaration."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fake_server.api.declare import Declaration, Field, Node, reference
from fake_server.apis.xurrent.dialect.document.body_schemas import shape_of
from fake_server.apis.xurrent.dialect.document.nouns import a, is_countable, noun, ordered

IDS = "ids"
"""An older name of the filter by `id`. It is the only name if the path has an `id`."""

_REFUSALS = {
    "304": "NotModified",
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "413": "TooLarge",
    "422": "ValidationFailed",
    "429": "TooManyRequests",
}

PlacedOperation = tuple[str, str, Node]
"""A path, a method in lower case, and the operation."""


class Nest(NamedTuple):
    """The path of a list: that of the account, or below a record of a parent."""

    resource: Declaration
    parent: Declaration | None = None

    @property
    def path(self) -> str:
        """The path of the list."""
        if self.parent is None:
            return f"/v1/{self.resource.name}"
        own = self.resource.parents[self.parent.name].get("path", self.resource.name)
        return f"/v1/{self.parent.name}/{{id}}/{own}"

    @property
    def argument(self) -> str:
        """The argument that names a record, in the path of a single one."""
        return f"{self.resource.singular.replace(' ', '_')}_id" if self.parent else "id"

    @property
    def ids(self) -> list[str]:
        """The parameter that names the parent's record, if there is one."""
        return [f"{self.parent.type_name}Id"] if self.parent else []

    @property
    def to(self) -> str:
        """A record of the parent."""
        return a(self.parent) if self.parent else "the account"

    def operation(
        self, action: str, operation_id: str, summary: str, description: str,
        success: tuple[str, str], parameters: Iterable[str], body: Node | None = None,
        **keys: object,
    ) -> Node:  # fmt: skip
        """Return an operation. `success` is the status and the component of a successful answer."""
        has_argument = self.parent is not None or action not in {"list", "create"}
        refusals = {
            status: reference("responses", name)
            for status, name in _REFUSALS.items()
            if (status != "304" or action in {"list", "show"})
            and (status != "404" or has_argument)
            and (status != "422" or body)
        }
        head: Node = {"x-resource": self.resource.name, "x-action": action}
        if self.parent:
            head["x-parent"] = self.parent.name
        return {
            "operationId": operation_id,
            **head,
            **keys,
            "tags": [self.resource.tag],
            "summary": summary,
            "description": description,
            "parameters": [reference("parameters", name) for name in parameters],
            **({"requestBody": body} if body else {}),
            "responses": {success[0]: reference("responses", success[1]), **refusals},
        }


def operations_of(
    resource: Declaration, parents: Iterable[Declaration]
) -> Iterator[PlacedOperation]:
    """Yield the operations of a resource: its own, and those under each of its parents."""
    account = Nest(resource)
    nests = [Nest(resource, parent) for parent in parents]
    if not resource.part_of:
        if "list" in resource.operations:
            yield from _lists(account)
        yield from _records(account)
    for nest in nests:
        yield from _lists(nest)
        if nest.parent and nest.parent.name == resource.part_of:
            yield from _records(nest)
        elif nest.parent and "links" in resource.parents[nest.parent.name]:
            yield from _links(nest)


def _lists(nest: Nest) -> Iterator[PlacedOperation]:
    resource = nest.resource
    of = f"_of_{noun(nest.parent)}" if nest.parent and not resource.part_of else ""
    for state in ("", *(resource.keys.get("predefined") or ())):
        words = [*(["the"] if nest.parent else []), *([state] if state else []), resource.plural]
        operation = nest.operation(
            "list",
            "_".join(filter(None, ["list", state, f"{resource.name}{of}"])),
            f"List {' '.join(words)}{f' of {nest.to}' if nest.parent else ''}",
            _list_description(nest, state),
            ("200", f"{resource.type_name}{'Nested' if nest.parent else ''}Page"),
            _list_parameters(nest, state),
            **({"x-predefined": state} if state else {}),
            **_order(resource),
        )
        yield "/".join(filter(None, [nest.path, state])), "get", operation


def _order(resource: Declaration) -> Node:
    """Return the declared order of a list, or nothing if it is by a field with ordered options.

    A reader of the document would sort weekdays by the alphabet.
    """
    properties = shape_of(resource)["properties"]
    if any("enum" in properties.get(key.field, {}) for key in resource.order):
        return {}
    return {"x-order": resource.keys["order"]}


def _list_description(nest: Nest, state: str) -> str:
    resource = nest.resource
    if nest.parent:
        description = str(resource.parents[nest.parent.name]["says"])
        return f"The {state} {description.removeprefix('The ')}" if state else description
    quantifier = f"The {state}" if state else "All"
    default = f"{quantifier} {resource.plural} of an account, by {ordered(resource)}."
    return default if state else resource.operations["list"] or default


def _list_parameters(nest: Nest, state: str) -> Iterator[str]:
    resource, name = nest.resource, nest.resource.type_name
    yield from nest.ids
    yield f"{name}Fields"
    if resource.sort:
        yield f"{name}Sort"
    for field, filter_field in resource.filter.items():
        if field == "id":
            yield from ([] if nest.parent else [filter_name("id", filter_field)])
            yield filter_name(IDS, filter_field)
        else:
            yield filter_name(field, filter_field)
    if resource.keys.get("predefined") and not state:
        yield f"{name}State"
    yield from ("NestedAfter", "NestedBefore") if nest.parent else ("SearchAfter", "SearchBefore")
    yield from ("PerPage", "PageNumber", "IfNoneMatch")


def filter_name(field: str, filter_field: Field) -> str:
    """Return the component of a filter, such as `FilterInstantCreatedAt`."""
    words = "".join(word[:1].upper() + word[1:] for word in field.split("_"))
    return f"Filter{filter_field.kind.capitalize()}{words}"


def _records(nest: Nest) -> Iterator[PlacedOperation]:
    yield from _collection_writes(nest)
    yield from _single_record(nest)


def _collection_writes(nest: Nest) -> Iterator[PlacedOperation]:
    """Yield the operations that add a record to a collection, and that empty it."""
    resource, descriptions = nest.resource, nest.resource.operations
    noun_phrase, of_parent = a(resource), f" of {nest.to}" if nest.parent else ""
    if "create" in descriptions:
        source = ["Source"] if "source" in resource.keys["writable"] else []
        yield (
            nest.path,
            "post",
            nest.operation(
                "create",
                f"create_{noun(resource)}",
                f"Add {noun_phrase} to {nest.to}" if nest.parent else f"Create {noun_phrase}",
                descriptions["create"] or f"Creates {noun_phrase}.",
                ("201", f"{resource.type_name}Created"),
                [*nest.ids, "Language", *source],
                _body(resource, "New"),
            ),
        )
    if "delete_all" in descriptions:
        yield (
            nest.path,
            "delete",
            nest.operation(
                "delete_all",
                f"delete_all_{resource.name}",
                f"Take all {resource.plural} from {nest.to}",
                descriptions["delete_all"] or f"Deletes all {resource.plural}{of_parent}.",
                ("204", "Deleted"),
                nest.ids,
            ),
        )


def _single_record(nest: Nest) -> Iterator[PlacedOperation]:
    """Yield the operations that show, change and delete one record."""
    resource, name, descriptions = nest.resource, nest.resource.type_name, nest.resource.operations
    noun_phrase, of_parent = a(resource), f" of {nest.to}" if nest.parent else ""
    ids, single = [*nest.ids, f"{name}Id"], f"{nest.path}/{{{nest.argument}}}"
    if "show" in descriptions:
        article = "a single" if is_countable(resource) else "single"
        yield (
            single,
            "get",
            nest.operation(
                "show",
                f"get_{noun(resource)}",
                f"Get {article} {resource.singular}",
                descriptions["show"] or f"Shows {noun_phrase} with all its fields.",
                ("200", name),
                [*ids, "IfNoneMatch"],
            ),
        )
    if "update" in descriptions:
        text = descriptions["update"] or "Changes the given attributes."
        for method, verb, description in (
            ("patch", "update", text),
            ("put", "replace", "The same as PATCH."),
        ):
            yield (
                single,
                method,
                nest.operation(
                    "update",
                    f"{verb}_{noun(resource)}",
                    f"Update {noun_phrase}",
                    description,
                    ("200", f"{name}Updated"),
                    [*ids, "Language"],
                    _body(resource, "Changes"),
                ),
            )
    if "delete" in descriptions:
        yield (
            single,
            "delete",
            nest.operation(
                "delete",
                f"delete_{noun(resource)}",
                f"Delete {noun_phrase}",
                descriptions["delete"] or f"Deletes {noun_phrase}{of_parent}.",
                ("204", "Deleted"),
                ids,
            ),
        )


def _body(resource: Declaration, kind: str) -> Node:
    possessive = "'s attributes" if is_countable(resource) else ""
    schema = reference("schemas", f"{resource.type_name}{kind}")
    return {
        "required": kind == "New",
        "description": f"The {resource.singular}{possessive}."
        if kind == "New"
        else "What changes.",
        "content": {"application/json": {"schema": schema}},
    }


def _links(nest: Nest) -> Iterator[PlacedOperation]:
    resource, noun_phrase, plural = nest.resource, a(nest.resource), nest.resource.plural
    single = f"{nest.path}/{{{nest.argument}}}"
    ids = [*nest.ids, f"Linked{resource.type_name}Id"]
    yield (
        single,
        "post",
        nest.operation(
            "link",
            f"link_{noun(resource)}",
            f"Link {noun_phrase} to {nest.to}",
            f"Links {noun_phrase} to {nest.to}; needs no body.",
            ("200", "Linked"),
            ids,
        ),
    )
    yield (
        single,
        "delete",
        nest.operation(
            "unlink",
            f"unlink_{noun(resource)}",
            f"Take {noun_phrase} from {nest.to}",
            f"Unlinks {noun_phrase} from {nest.to}.",
            ("204", "Deleted"),
            ids,
        ),
    )
    yield (
        nest.path,
        "delete",
        nest.operation(
            "unlink_all",
            f"unlink_all_{resource.name}",
            f"Take all {plural} from {nest.to}",
            f"Unlinks all {plural} from {nest.to}.",
            ("204", "Deleted"),
            nest.ids,
        ),
    )
