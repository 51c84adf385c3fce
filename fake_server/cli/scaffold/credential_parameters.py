"""Parameters that carry credentials, or that OpenAPI ignores: no operation declares them."""

from typing import Any

from fake_server.cli.scaffold.conversion import Node
from fake_server.cli.scaffold.credential_forms import Access
from fake_server.cli.scaffold.form import METHODS
from fake_server.cli.scaffold.references import resolved

_IGNORED = {("header", "accept"), ("header", "authorization"), ("header", "content-type")}
"""Parameters that no operation may declare (OpenAPI 3.1, section 4.8.12.2.1)."""

_LOCATIONS = {"headers": "header", "query": "query", "cookies": "cookie"}


def without_credentials(document: Node, access: Access) -> tuple[Node, list[str]]:
    """Return a document without such parameters, and which were there, as one line."""
    carriers = _IGNORED | {
        (location, _folded(location, name))
        for form in access.forms
        for key, location in _LOCATIONS.items()
        for name in form.get(key, ())
    }
    names: dict[str, None] = {}

    def kept(node: Node) -> Node:
        parameters = node.get("parameters")
        if not parameters:
            return node
        others: list[Any] = []
        for parameter in parameters:
            declared = resolved(document, parameter)
            location, name = str(declared.get("in")), str(declared.get("name"))
            if (location, _folded(location, name)) in carriers:
                names[name] = None
            else:
                others.append(parameter)
        return {**node, "parameters": others}

    paths = {
        path: {key: kept(value) if key in METHODS else value for key, value in kept(item).items()}
        for path, item in document["paths"].items()
    }
    if not names:
        return document, []
    told = ", ".join(names)
    note = f"Parameters that security schemes declare, or that OpenAPI ignores, are gone: {told}."
    return {**document, "paths": paths}, [note]


def _folded(location: str, name: str) -> str:
    return name.lower() if location == "header" else name
