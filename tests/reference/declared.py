"""What an OpenAPI document declares of an operation, in the words of the reference tables.

The kind of a value is what its schema takes, so that the names of components do not matter.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from tests.support.openapi import normalised

_PAGING = frozenset({"page", "per_page", "search_after", "search_before", "format"})
_OTHERS = frozenset({"sort", "filter", "range", "fields", "state"})
_SAMPLES: Mapping[str, tuple[str, ...]] = {
    "text": ("abc", "a,b"),
    "instant": ("2017-11-22", "2017-11-20,2017-11-22"),
    "integer": ("5", "1,5"),
}
_FLAGS = frozenset({"true", "false"})
_KINDS = {"boolean": "flag", "local": "instant"}


class Declared(NamedTuple):
    """What a document declares of an operation; None is what it does not say.

    - `filter`, `range`: the kind of values by field; `values`: those of an enumeration.
    - `query`: other query parameters than those for fields, sorting and pages.
    - `pages`: `default` and `most` (None: no maximum); `order`: the default of `sort`.
    - `graph`: `fields`, `intervals`, and the defaults `field` and `interval`.
    """

    method: str
    path: str
    sort: list[str]
    filter: dict[str, str]
    range: dict[str, str]
    values: dict[str, list[str]]
    query: list[str]
    fields: list[str]
    predefined: list[str]
    order: str | None
    pages: dict[str, Any] | None
    graph: dict[str, Any] | None
    parent: str | None
    request: Mapping[str, Any]

    def body(self, name: str | None) -> dict[str, bool]:
        """Return the attributes of a JSON body, or of its object `name`, and which are required."""
        schema = self.request.get("application/json", {}).get("schema", {})
        if name is not None:
            schema = schema.get("properties", {}).get(name, {})
        required = schema.get("required", ())
        return {field: field in required for field in schema.get("properties", ())}


def declared(document: dict[str, Any]) -> list[Declared]:
    """Return the declarations of each operation in a document."""
    operations = normalised(document)["operations"]
    return [declared_by(name, operation) for name, operation in operations.items()]


def declared_by(name: str, operation: Mapping[str, Any]) -> Declared:
    """Return the declarations of an operation of a normalised document, called `GET /v2/x`."""
    method, _, path = name.partition(" ")
    parameters = operation["parameters"]
    query = {
        name.partition(":")[2]: parameter
        for name, parameter in parameters.items()
        if name.startswith("query:")
    }
    flat = {name: parameter for name, parameter in query.items() if name not in _PAGING | _OTHERS}
    graphs = "/graph" in path
    # Beside a column it says how the filter compares, and not what kind the field is of.
    fields = {
        name: parameter
        for name, parameter in flat.items()
        if parameter.get("x-filter") and "x-column" not in parameter
    }
    # The older name of the filter by id.
    fields.pop("ids", None)
    properties = _properties(query, "filter")
    if properties is None and fields:
        properties = {name: _with_kind(field) for name, field in fields.items()}
    if properties is None:
        # Beside `sort`, plain parameters name parents of records, and are no filters.
        named = {} if "sort" in query else flat
        properties = {
            name: parameter["schema"]
            for name, parameter in named.items()
            if parameter.get("x-filter") is not False
        }
    sort = query.get("sort", {}).get("schema", {})
    return Declared(
        method,
        path,
        sort=_unsigned(sort.get("items", {}).get("enum", [])),
        filter={name: kind(schema) for name, schema in properties.items()},
        range={name: kind(field) for name, field in (_properties(query, "range") or {}).items()},
        values={
            name: _enumerated(field) for name, field in properties.items() if _enumerated(field)
        },
        query=[name for name in flat if name not in {*fields, "ids", "field", "interval"}],
        fields=query.get("fields", {}).get("schema", {}).get("items", {}).get("enum", []),
        predefined=query.get("state", {}).get("schema", {}).get("enum", []),
        order=_order(sort),
        pages=_pages(query),
        graph=_graph(parameters) if graphs else None,
        parent=operation.get("x-parent"),
        request=operation.get("requestBody", {}).get("content", {}),
    )


def _properties(query: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    properties: dict[str, Any] | None = query.get(name, {}).get("schema", {}).get("properties")
    return properties


def _with_kind(parameter: Mapping[str, Any]) -> dict[str, Any]:
    return {**parameter["schema"], "x-filter": parameter["x-filter"]}


def _unsigned(names: list[str]) -> list[str]:
    return list(dict.fromkeys(name.removeprefix("-") for name in names))


def _order(sort: Mapping[str, Any]) -> str | None:
    default = sort.get("default")
    return ",".join(default) if isinstance(default, list) else default


def _enumerated(schema: Mapping[str, Any]) -> list[str]:
    values = [str(value) for value in schema.get("enum", ()) if value != ""]
    return [] if set(values) == _FLAGS else values


def _pages(query: Mapping[str, Any]) -> dict[str, Any] | None:
    if "page" not in query and "per_page" not in query:
        return None
    schema = query.get("per_page", {}).get("schema", {})
    most = schema.get("x-maximum", schema.get("maximum"))
    return {"default": schema.get("default"), "most": most}


def _graph(parameters: Mapping[str, Any]) -> dict[str, Any]:
    field, interval = (_schema(parameters, name) for name in ("field", "interval"))
    return {
        "fields": field.get("enum", []),
        "intervals": interval.get("enum", []),
        "field": field.get("default"),
        "interval": interval.get("default"),
    }


def _schema(parameters: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the schema of a parameter in the path or else in the query."""
    parameter = parameters.get(f"path:{name}") or parameters.get(f"query:{name}", {})
    schema: Mapping[str, Any] = parameter.get("schema", {})
    return schema


def kind(schema: Mapping[str, Any]) -> str:
    """Return the kind of a field's values: text, instant, integer, integers, flag or `any`."""
    if "x-filter" in schema:
        named = str(schema["x-filter"])
        return _KINDS.get(named, named)
    options = schema.get("enum")
    if options:
        return "flag" if set(options) == _FLAGS else "text"
    alternatives = [
        alternative for alternative in schema.get("anyOf", ()) if alternative.get("maxLength") != 0
    ]
    if alternatives:
        kinds = [kind(alternative) for alternative in alternatives]
        return "integers" if "integer" in kinds and len(kinds) > 1 else kinds[0]
    if schema.get("type") == "integer":
        return "integer"
    return _kind_by_pattern(schema["pattern"]) if "pattern" in schema else "any"


@cache
def _kind_by_pattern(pattern: str) -> str:
    for name, samples in _SAMPLES.items():
        if any(re.search(pattern, sample) for sample in samples):
            return name
    return "any"
