"""The `target.yaml` of a new API: its access and its lists, for contract tests."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.credential_forms import Access
from fake_server.cli.scaffold.form import METHODS
from fake_server.cli.scaffold.guessed_resources import OperationGuess, ResourceGuess
from fake_server.cli.scaffold.references import resolved
from fake_server.cli.scaffold.source import Source
from fake_server.rest.standard.list_query import ROLES

_UNLISTED = "Some operations do not list the answers to requests that are refused."
_BOUNDED = (
    "Bodies are read as JSON; pages below 1, numbers beyond 64 bits and keys that are taken are"
    " refused, whether or not the document says so."
)
_UNREAD = "Views that answer what the document shows do not read all that they are sent."


def target(
    title: str, source: Source, access: Access, resources: list[ResourceGuess], probe: str | None
) -> Node:
    """Return the `target.yaml`."""
    return {
        "title": title,
        "probe": probe,
        "hosts": list(dict.fromkeys(source.hosts)),
        "rate": 2,
        "credentials": access.forms,
        "list": _listing(source.document, resources),
        "schema": {"disabled": _disabled(source.document, access)},
    }


def probe(resources: list[ResourceGuess]) -> str | None:
    """Return the path of a GET whose answer is 200 and JSON, preferably of a list; else None."""
    plain = [
        operation
        for resource in resources
        for operation in resource.operations
        if operation.method == "get"
        and not operation.arguments
        and not _has_required_parameter(operation)
    ]
    lists = [
        operation for operation in plain if operation.action == "list" and operation.is_standard
    ]
    return next(
        (operation.path for operation in [*lists, *plain] if _answers_json(operation)), None
    )


def _answers_json(operation: OperationGuess) -> bool:
    response = (operation.node.get("responses") or {}).get("200") or {}
    return "$ref" in response or any("json" in kind for kind in response.get("content") or {})


def _has_required_parameter(operation: OperationGuess) -> bool:
    return any(parameter.get("required") for parameter in operation.parameters)


def _listing(document: Node, resources: list[ResourceGuess]) -> Node:
    lists = [
        operation
        for resource in resources
        for operation in resource.operations
        if operation.action == "list" and operation.is_standard
    ]
    members = dict.fromkeys(operation.member for operation in lists)
    member_names = [name for name in members if name is not None]
    items: Any = next(iter(members), None) if len(members) < 2 else member_names
    keys = {
        "items": items,
        "total": _most_common(_totals(document, lists)) or "X-Total-Count",
        "page": _most_common(_parameter_names(lists, ROLES["number"])),
        "size": _most_common(_parameter_names(lists, ROLES["size"])),
    }
    sort = _most_common(_parameter_names(lists, ROLES["sort"]))
    return {**keys, **({"sort": sort} if sort else {})}


def _most_common(names: Iterable[str]) -> str | None:
    ranked = Counter(names).most_common(1)
    return ranked[0][0] if ranked else None


def _parameter_names(lists: Iterable[OperationGuess], names: tuple[str, ...]) -> Iterator[str]:
    for operation in lists:
        for parameter in operation.parameters:
            schema = parameter.get("schema") or {}
            from_zero = 0 in (schema.get("minimum"), schema.get("default"))
            is_page = parameter.get("name") in ROLES["number"]
            if parameter.get("name") in names and not (is_page and from_zero):
                yield str(parameter["name"])


def _totals(document: Node, lists: Iterable[OperationGuess]) -> Iterator[str]:
    for operation in lists:
        response = resolved(document, (operation.node.get("responses") or {}).get("200") or {})
        for name in response.get("headers") or {}:
            if name.lower().removeprefix("x-") in {"total", "total-count", "count"}:
                yield name


def _disabled(document: Node, access: Access) -> list[Node]:
    """Return the checks of the schema layer that a document alone cannot pass."""
    operations = [
        item[method] for item in document["paths"].values() for method in METHODS if method in item
    ]
    checks = [
        {"check": "negative_data_rejection", "evidence": _UNREAD},
        {"check": "positive_data_acceptance", "evidence": _BOUNDED},
    ]
    if access.notes:
        checks.append({"check": "ignored_auth", "evidence": " ".join(access.notes)})
    if any(
        not {"default", "4XX"} & set(operation.get("responses") or {}) for operation in operations
    ):
        checks.append({"check": "status_code_conformance", "evidence": _UNLISTED})
    return checks
