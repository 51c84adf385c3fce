"""The coverage table of README.md: `python -m tools.coverage_table` prints it.

A row is a resource with its operations, as the declarations in `schemas/<api>/resources` list
them. The evidence counts the entries of the API's ledger. A test holds the page to this.
"""

from collections import Counter

from fake_server.data_files import registry
from fake_server.rest.resources.index import index
from fake_server.verify.api.ledger import entries

_EVIDENCE = ("documented", "observed", "inferred")


def coverage() -> str:
    """Return the table of resources and operations in Markdown, and the evidence of each API."""
    lines = ["| API | resource | operations |", "|---|---|---|"]
    for api in registry.names():
        lines += _rows(api)
    lines += [
        "",
        "| API | behaviours | documented | observed | inferred |",
        "|---|---|---|---|---|",
    ]
    for api in registry.names():
        counts = Counter(entry.documented.evidence for entry in entries(api).values())
        evidence = " | ".join(str(counts[kind]) for kind in _EVIDENCE)
        lines.append(f"| `{api}` | {counts.total()} | {evidence} |")
    return "\n".join(lines)


def _rows(api: str) -> list[str]:
    by_resource: dict[str, list[str]] = {}
    for operation in index(api).operations.values():
        resource = operation.resource or "the API itself"
        by_resource.setdefault(resource, []).append(operation.method)
    return [
        f"| `{api}` | {resource} | {_counted(methods)} |"
        for resource, methods in sorted(by_resource.items())
    ]


def _counted(methods: list[str]) -> str:
    counts = Counter(methods)
    return ", ".join(f"{count} {method}" for method, count in sorted(counts.items()))


if __name__ == "__main__":
    print(coverage())
