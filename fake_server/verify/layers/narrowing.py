"""Narrows a document for the schema layer: fewer requests that still cover each parameter."""

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
    """Return the document with each parameter in one operation, and the ids of the rest.

    Operations of one API share parameters and bodies. The operation with the most of them keeps
    them; others keep required parameters, and those that no operation had before. The ids are
    those of operations whose parameters and bodies others cover.
    """
    covered: set[str] = set()
    kept_parameters: dict[str, list[Any]] = {}
    without_inputs = []
    for operation in sorted(_operations(document), key=lambda operation: -len(_inputs(operation))):
        inputs = _inputs(operation)
        name = operation["operationId"]
        if inputs <= covered:
            without_inputs.append(name)
        kept_parameters[name] = [
            parameter for parameter in operation["parameters"] if _is_kept(parameter, covered)
        ]
        covered |= inputs
    paths = {path: _narrowed(item, kept_parameters) for path, item in document["paths"].items()}
    return {**document, "paths": paths}, without_inputs


def _is_kept(parameter: Mapping[str, Any], covered: set[str]) -> bool:
    required = parameter.get("required") or parameter["in"] == "path"
    return bool(required) or repr(parameter) not in covered


def _narrowed(
    item: Mapping[str, Any], kept_parameters: Mapping[str, list[Any]]
) -> Mapping[str, Any]:
    methods = {
        method: {**item[method], "parameters": kept_parameters[item[method]["operationId"]]}
        for method in item.keys() & METHODS
    }
    return {**{key: value for key, value in item.items() if key != "parameters"}, **methods}


def _operations(document: Document) -> Iterator[Mapping[str, Any]]:
    for item in document["paths"].values():
        for method in sorted(item.keys() & METHODS):
            parameters = [*item.get("parameters", []), *item[method].get("parameters", [])]
            yield {
                **item[method],
                "parameters": [_parameter(document, parameter) for parameter in parameters],
            }


def _parameter(document: Document, declared: Mapping[str, Any]) -> Mapping[str, Any]:
    name = declared.get("$ref", "").removeprefix("#/components/parameters/")
    parameter: Mapping[str, Any] = document["components"]["parameters"][name] if name else declared
    return parameter


def _inputs(operation: Mapping[str, Any]) -> set[str]:
    inputs = {repr(parameter) for parameter in operation["parameters"] if parameter["in"] != "path"}
    return inputs | {repr(operation["requestBody"])} if "requestBody" in operation else inputs
