"""Mutants of declarations: an operation of a document with one thing more, less or of another kind.

The contract tests cannot see them, because they read the same document. The reference tables do.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from tests.reference.declared import kind

Operation = dict[str, Any]

_NEW = "mutant"
_NOT_FILTERS = frozenset({"page", "per_page", "search_after", "search_before", "ids"})
_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "integer": {"type": "string", "pattern": "^[0-9]+(?:,[0-9]+)?$"},
    "text": {"type": "string", "pattern": "^[a-z]+(?:,[a-z]+)?$"},
}


class DeclarationMutant(NamedTuple):
    """A mutant of an operation; `fact` is what a row must know for its table to see it.

    A fact is a key of a row, or `kinds.status` for one field's kind.
    """

    says: str
    fact: str
    operation: Operation


def mutants(operation: Operation) -> Iterator[DeclarationMutant]:
    """Yield the mutants of an operation of a normalised document."""
    for name, parameter in operation["parameters"].items():
        where, _, short = name.partition(":")
        schema = parameter["schema"]
        if short == "sort":
            yield from _names(operation, name, "sort", schema["items"]["enum"], ("items", "enum"))
            if "default" in schema:
                yield _changed(operation, name, "order", ("default",), f"-{_NEW}")
        elif short == "fields":
            yield from _taken(operation, name, "fields", schema["items"]["enum"])
        elif short == "state":
            yield from _names(operation, name, "predefined", schema["enum"], ("enum",))
        elif short in {"filter", "range"} and "properties" in schema:
            yield from _properties(operation, name)
        elif short in {"field", "interval"}:
            yield from _names(operation, name, "graph", schema["enum"], ("enum",))
            others = [value for value in schema["enum"] if value != schema.get("default")]
            if "default" in schema and others:
                yield _changed(operation, name, "graph", ("default",), others[0])
        elif short == "per_page":
            if "default" in schema:
                yield _changed(operation, name, "pages", ("default",), schema["default"] + 1)
            limit = next((key for key in ("maximum", "x-maximum") if key in schema), "maximum")
            yield _changed(operation, name, "pages", (limit,), 7)
        elif where == "query" and short not in _NOT_FILTERS:
            yield from _flat(operation, name)
    yield from _whole(operation)


def _mutant(
    operation: Operation, says: str, fact: str, name: str, parameter: Any
) -> DeclarationMutant:
    """Return an operation of which one parameter is another one, or None: gone."""
    parameters = {**operation["parameters"], name: parameter}
    if parameter is None:
        del parameters[name]
    return DeclarationMutant(says, fact, {**operation, "parameters": parameters})


def _changed(
    operation: Operation, name: str, fact: str, steps: tuple[str, ...], value: Any
) -> DeclarationMutant:
    parameter = deepcopy(operation["parameters"][name])
    node = parameter["schema"]
    for step in steps[:-1]:
        node = node[step]
    node[steps[-1]] = value
    return _mutant(operation, f"{name} has another {steps[-1]}", fact, name, parameter)


def _names(
    operation: Operation, name: str, fact: str, names: list[str], steps: tuple[str, ...]
) -> Iterator[DeclarationMutant]:
    """Yield an enumeration without each of its names, and with one more."""
    for gone in names:
        if not gone.startswith("-"):
            rest = [name_kept for name_kept in names if name_kept.removeprefix("-") != gone]
            yield _changed(operation, name, fact, steps, rest)._replace(says=f"{name} lacks {gone}")
    more = _changed(operation, name, fact, steps, [*names, _NEW])
    yield more._replace(says=f"{name} has {_NEW}")


def _taken(
    operation: Operation, name: str, fact: str, names: list[str]
) -> Iterator[DeclarationMutant]:
    for gone in names:
        rest = [name_kept for name_kept in names if name_kept != gone]
        mutant = _changed(operation, name, f"{fact}.{gone}", ("items", "enum"), rest)
        yield mutant._replace(says=f"{name} lacks {gone}")


def _properties(operation: Operation, name: str) -> Iterator[DeclarationMutant]:
    """Yield a filter or range without each of its fields, with one more, with fields retyped."""
    fact = name.partition(":")[2]
    fields = operation["parameters"][name]["schema"]["properties"]
    steps = ("properties",)
    for field, schema in fields.items():
        rest = {key: value for key, value in fields.items() if key != field}
        lacking = _changed(operation, name, fact, steps, rest)
        yield lacking._replace(says=f"{name} lacks {field}")
        for says, about, other in _retyped(field, schema):
            mutant = _changed(operation, name, about, steps, {**fields, field: other})
            yield mutant._replace(says=f"{name}: {says}")
    more = _changed(operation, name, fact, steps, {**fields, _NEW: _SCHEMAS["text"]})
    yield more._replace(says=f"{name} has {_NEW}")


def _retyped(field: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the declaration, the fact, and the other schema of a field."""
    known = kind(schema)
    values = [value for value in schema.get("enum", ()) if value]
    if known == "text" and len(values) > 1:
        fewer = {**schema, "enum": values[:-1]}
        yield f"{field} lacks {values[-1]}", f"values.{field}", fewer
        yield f"{field} has {_NEW}", f"values.{field}", {**schema, "enum": [*values, _NEW]}
    if known != "any":
        other = "text" if known != "text" else "integer"
        yield f"{field} is {other}", f"kinds.{field}", _SCHEMAS[other]


def _flat(operation: Operation, name: str) -> Iterator[DeclarationMutant]:
    """Yield an operation without a filter that is a parameter of its own, and with it retyped."""
    parameter = operation["parameters"][name]
    short = name.partition(":")[2]
    # Beside a column it says how the filter compares; then the schema tells its kind.
    filters = bool(parameter.get("x-filter")) and "x-column" not in parameter
    # Beside `sort`, a plain parameter names a parent.
    plain = "query" if "query:sort" in operation["parameters"] else "filter or query"
    fact = "filter" if filters else plain
    if "query:filter" in operation["parameters"]:
        fact = "query"
    yield _mutant(operation, f"{name} is gone", fact, name, None)
    more = {**parameter, "name": _NEW}
    yield _mutant(operation, f"{_NEW} is there beside {name}", fact, f"query:{_NEW}", more)
    if filters:
        other = "text" if parameter["x-filter"] != "text" else "integer"
        retyped = {**parameter, "x-filter": other}
        yield _mutant(operation, f"{name} is {other}", f"kinds.{short}", name, retyped)
        return
    retypes = () if fact == "query" else _retyped(short, parameter["schema"])
    for says, about, schema in retypes:
        yield _mutant(operation, says, about, name, {**parameter, "schema": schema})


def _whole(operation: Operation) -> Iterator[DeclarationMutant]:
    """Yield the mistakes of no parameter: pages, parent, attributes of a body."""
    parameters = operation["parameters"]
    paged = {name: parameter for name, parameter in parameters.items() if name.endswith("page")}
    if paged:
        rest = {name: parameter for name, parameter in parameters.items() if name not in paged}
        changed = {**operation, "parameters": rest}
        yield DeclarationMutant("it has no pages", "pages", changed)
    else:
        schema = {"type": "integer", "default": 20}
        page_size = {"in": "query", "name": "per_page", "schema": schema}
        changed = {**operation, "parameters": {**parameters, "query:per_page": page_size}}
        yield DeclarationMutant("it has pages", "pages", changed)
    if "x-parent" in operation:
        yield DeclarationMutant("its parent is another", "parent", {**operation, "x-parent": _NEW})
    media = operation.get("requestBody", {}).get("content", {}).get("application/json")
    for field in _attributes(media["schema"]).get("properties", ()) if media else ():
        changed = deepcopy(operation)
        body = _attributes(changed["requestBody"]["content"]["application/json"]["schema"])
        del body["properties"][field]
        yield DeclarationMutant(f"its body lacks {field}", "body", changed)
        changed = deepcopy(operation)
        body = _attributes(changed["requestBody"]["content"]["application/json"]["schema"])
        body["required"] = sorted({field} ^ {*body.get("required", ())})
        yield DeclarationMutant(f"its {field} is (not) required", "body", changed)


def _attributes(body: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a body's attributes, which may stand under one name."""
    properties = list(body.get("properties", {}).values())
    return properties[0] if len(properties) == 1 and "properties" in properties[0] else body
