"""What of an OpenAPI document the schema layer asks for: fewer requests, no parameter left out."""

from collections.abc import Iterator, Mapping
from typing import Any

METHODS = frozenset({"get", "post", "put", "patch", "delete"})

Document = Mapping[str, Any]


def read_only(document: Document) -> Document:
    """Return the document with its GETs alone."""
    paths = {
        path: {key: value for key, value in item.items() if key not in METHODS - {"get"}}
        for path, item in document["paths"].items()
    }
    return {**document, "paths": {path: item for path, item in paths.items() if "get" in item}}


def each_input_once(document: Document) -> tuple[Document, list[str]]:
    """Return the document with each parameter in one operation, and the operations without any.

    Operations of one API share parameters and bodies: the one that has the most keeps them, the
    others only what they must have and what nobody had before. Those left with nothing but
    parameters of the path, or a body that another operation takes, too, are the second part.
    """
    covered: set[str] = set()
    kept: dict[str, list[Any]] = {}
    without = []
    for operation in sorted(_operations(document), key=lambda one: -len(_inputs(one))):
        inputs = _inputs(operation)
        name = operation["operationId"]
        if inputs <= covered:
            without.append(name)
        kept[name] = [one for one in operation["parameters"] if _is_kept(one, covered)]
        covered |= inputs
    paths = {path: _narrowed(item, kept) for path, item in document["paths"].items()}
    return {**document, "paths": paths}, without


def _is_kept(parameter: Mapping[str, Any], covered: set[str]) -> bool:
    required = parameter.get("required") or parameter["in"] == "path"
    return bool(required) or repr(parameter) not in covered


def _narrowed(item: Mapping[str, Any], kept: Mapping[str, list[Any]]) -> Mapping[str, Any]:
    methods = {
        method: {**item[method], "parameters": kept[item[method]["operationId"]]}
        for method in item.keys() & METHODS
    }
    return {**{key: value for key, value in item.items() if key != "parameters"}, **methods}


def _operations(document: Document) -> Iterator[Mapping[str, Any]]:
    for item in document["paths"].values():
        for method in sorted(item.keys() & METHODS):
            both = [*item.get("parameters", []), *item[method].get("parameters", [])]
            yield {**item[method], "parameters": [_parameter(document, one) for one in both]}


def _parameter(document: Document, declared: Mapping[str, Any]) -> Mapping[str, Any]:
    name = declared.get("$ref", "").removeprefix("#/components/parameters/")
    found: Mapping[str, Any] = document["components"]["parameters"][name] if name else declared
    return found


def _inputs(operation: Mapping[str, Any]) -> set[str]:
    inputs = {repr(one) for one in operation["parameters"] if one["in"] != "path"}
    return inputs | {repr(operation["requestBody"])} if "requestBody" in operation else inputs
