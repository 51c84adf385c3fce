"""The coverage table of README.md: `python -m tools.coverage_table` prints it.

A row is a resource with its operations, as the declarations in `schemas/<api>/resources` list
them. The evidence counts the entries of the API's ledgers that speak of the resource: those that
its id names, by the resource or by a segment of its paths, and those that apply to its
operations. All others, such as those of credentials and errors, are of the API as a whole. A test
holds the page to this.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.rest.resources.operation_index import Operation, index
from fake_server.verify.api_files.api_under_test import api_under_test
from fake_server.verify.api_files.applicability import operations_of
from fake_server.verify.api_files.declared_operations import declared_operations
from fake_server.verify.api_files.ledger import Entry, entries

EVIDENCE = ("documented", "observed", "inferred")
_WHOLE = ""
_ACTIONS = ("list", "show", "graph", "create", "update", "delete", "delete_all")


def coverage() -> str:
    """Return a table of resources, operations and evidence in Markdown."""
    head = [
        "| API | resource | operations | " + " | ".join(EVIDENCE) + " |",
        "|---|---|---|--:|--:|--:|",
    ]
    return "\n".join([*head, *(row for api in registry.names() for row in _rows(api))])


def _rows(api: str) -> Iterator[str]:
    by_resource: dict[str, list[Operation]] = {}
    for operation in index(api).operations.values():
        by_resource.setdefault(operation.resource or _WHOLE, []).append(operation)
    counts = _evidence(api, by_resource)
    for resource in sorted(by_resource, key=lambda name: (name == _WHOLE, name)):
        name = f"`{resource}`" if resource else "as a whole"
        evidence = " | ".join(str(counts[resource, kind]) for kind in EVIDENCE)
        yield f"| `{api}` | {name} | {_served(by_resource[resource])} | {evidence} |"
    if _WHOLE not in by_resource:
        evidence = " | ".join(str(counts[_WHOLE, kind]) for kind in EVIDENCE)
        yield f"| `{api}` | as a whole | | {evidence} |"


def _served(operations: Sequence[Operation]) -> str:
    """Return operations by their actions; those of no resource, by method and path."""
    if not operations[0].resource:
        return ", ".join(f"`{operation.method} {operation.path}`" for operation in operations)
    counts = Counter(action for action, _ in {(each.action, each.path) for each in operations})
    listed = [action for action in _ACTIONS if action in counts]
    actions = [*listed, *sorted(set(counts) - set(_ACTIONS))]
    return ", ".join(
        action.replace("_", " ") + (f" ({counts[action]} paths)" if counts[action] > 1 else "")
        for action in actions
    )


def _evidence(api: str, by_resource: Mapping[str, Sequence[Operation]]) -> Counter[tuple[str, str]]:
    """Return how many entries speak of each resource, by resource and kind of evidence."""
    counts: Counter[tuple[str, str]] = Counter()
    operations = declared_operations(api_document(api), api_under_test(api).listing)
    resources = {
        operation.id: resource for resource, members in by_resource.items() for operation in members
    }
    for entry in entries(api).values():
        if entry.applies_to:
            spoken_of = {resources[each.id] for each in operations_of(entry, operations)}
        else:
            spoken_of = {_resource_of(entry, by_resource)}
        counts.update((resource, entry.documented.evidence) for resource in spoken_of)
    return counts


def _resource_of(entry: Entry, by_resource: Mapping[str, Sequence[Operation]]) -> str:
    subject = entry.id.split(".")[1]
    if subject in by_resource:
        return subject
    for resource in by_resource:
        if resource.endswith(f"_{subject}"):
            return resource
    for resource, operations in by_resource.items():
        if any(subject in operation.path.split("/") for operation in operations):
            return resource
    return _WHOLE


if __name__ == "__main__":
    print(coverage())
