"""Writes the tables that the declarations are held to: `tests/reference/<api>.json`.

    python tools/reference_tables.py REFERENCE DOCUMENTS

- REFERENCE: a folder with `intra42-parameters.yaml` and `xurrent-parameters.yaml`.
- DOCUMENTS: a folder with the documents `000*.txt` to `002*.txt` of the 42 API. Where they speak of
  a resource, they rule over the reference.

What neither can tell a program stands in `tools/by_hand/`. A table has one operation of the real
service a line. What a row does not have is not known; an empty list says that there is nothing.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

_ROOT = Path(__file__).parents[1]
_BY_HAND = Path(__file__).parent / "by_hand"
_KEYS = (
    "method",
    "path",
    "resource",
    "kind",
    "parent",
    "sort",
    "filter",
    "range",
    "kinds",
    "values",
)
_MORE_KEYS = ("order", "fields", "predefined", "query", "graph", "pages", "body_key", "body")
_LAST_KEYS = ("needs", "trust", "source")
_KINDS = {"string": "text", "string_ci": "text", "timestamp": "instant", "boolean": "flag"}
_FLAGS = (["true", "false"], "true or false (inferred)")

Row = dict[str, Any]


def intra42(reference: Path, documents: Path) -> Iterator[Row]:
    """Yield the rows of the 42 API."""
    source = yaml.safe_load((reference / "intra42-parameters.yaml").read_bytes())
    by_hand = yaml.safe_load((_BY_HAND / "intra42.yaml").read_bytes())
    ruling = _rulings(documents)
    kinds = {name: kind for kind, names in by_hand["kinds"].items() for name in names}
    parents = _query_parents(source["operations"])
    for operation in source["operations"]:
        for path in (operation["path"], *operation.get("also", ())):
            row = _intra42_row(operation, path, source, kinds)
            if row["kind"] in {"list", "graph"} and not row["parent"]:
                row["query"] = parents[row["resource"]]
            rule = ruling.get(row["resource"])
            if rule and row["kind"] in {"list", "graph"}:
                _apply(rule, row, by_hand["lists"].get(row["resource"]))
            yield row
    yield from by_hand["operations"]


def _intra42_row(
    operation: Mapping[str, Any], path: str, source: Mapping[str, Any], kinds: Mapping[str, str]
) -> Row:
    sets = source["value_sets"]
    row: Row = {name: operation[name] for name in ("method", "resource", "kind", "needs", "trust")}
    row |= {"path": _template(path), "source": "intra42-parameters.yaml"}
    row["parent"] = _parent(path)
    if operation["kind"] == "write":
        attributes = dict.fromkeys(operation["required"], True)
        attributes |= dict.fromkeys(operation["optional"], False)
        name = operation["body_key"]
        if name and not attributes:
            # An array of records stands under the name.
            return row | {"body": {name: True}, "body_key": None}
        return row | {"body": attributes, "body_key": name}
    row |= {name: operation[name] for name in ("sort", "filter", "range")}
    row["kinds"], row["values"] = {}, {}
    for name in operation["filter"]:
        special = operation["special"].get(name)
        kind = "flag" if special in _FLAGS else None if special else _kind(name, kinds)
        if kind:
            row["kinds"][name] = kind
        elif isinstance(special, list) or special in sets:
            row["values"][name] = [str(value) for value in sets.get(str(special), special)]
    if operation["default_sort"]:
        row["order"] = operation["default_sort"]
    if "query" in operation:
        row["query"] = operation["query"]
    common = source["common"]
    pages = {"default": common["per_page_default"], "most": common["per_page_max"]}
    row["pages"] = pages if operation["paginated"] else None
    if operation["kind"] == "graph":
        row["graph"] = {
            "fields": operation["graph_fields"],
            "intervals": sets[operation["intervals"]],
            "field": None if ":field" in path else operation["default_field"],
            "interval": None if ":interval" in path else operation["default_interval"],
        }
    return row


def _query_parents(operations: list[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the parents that a flat list of a resource takes in the query: those it nests under.

    That a nested list takes its other parents is not said.
    """
    parents: dict[str, dict[str, None]] = {}
    for operation in operations:
        if operation["kind"] in {"list", "graph"}:
            names = re.findall(r":(\w+_id)/", operation["path"])
            parents.setdefault(operation["resource"], {}).update(dict.fromkeys(names))
    return {resource: list(names) for resource, names in parents.items()}


def _kind(name: str, kinds: Mapping[str, str]) -> str | None:
    if name == "id" or name.endswith("_id"):
        return "integer"
    return "instant" if name.endswith("_at") else kinds.get(name)


def _parent(path: str) -> str | None:
    """Return the resource whose record a path names before its last part that is a name."""
    match = re.search(r".*/(\w+)/:\w+_id/", path)
    return match[1] if match else None


def _template(path: str) -> str:
    return re.sub(r":(\w+)", r"{\1}", path)


def _rulings(documents: Path) -> dict[str, Row]:
    """Return the graphs of a resource in the documents; of two, the longer lists."""
    rules: dict[str, Row] = {}
    for file in sorted(documents.glob("00[012]*.txt")):
        text = file.read_text()
        match = re.search(r"GET /v2/(\w+)/graph", text)
        if match is None:
            raise SystemExit(f"{file}: expected a graph of the 42 API, found none")
        rule: Row = {
            name: _listed(text, rf"^{name} optional \. Must be one of: (.+)\.$")
            for name in ("sort", "filter", "range", "field", "interval")
        }
        rule["values"] = {
            name: values.rstrip(".").split(", ")
            for name, values in re.findall(r"• (\w+) :.*Can be one of: (.+)$", text, re.M)
        }
        rule["source"] = file.name[:3]
        known = rules.setdefault(match[1], rule)
        if known is not rule:
            known["source"] += f", {rule['source']}"
            known["values"] = {
                name: max(known["values"][name], values, key=len)
                for name, values in rule["values"].items()
            }
    return rules


def _listed(text: str, pattern: str) -> list[str]:
    match = re.search(pattern, text, re.M)
    return match[1].split(", ") if match else []


def _apply(rule: Row, row: Row, lists: Row | None) -> None:
    """Let a row say what the documents say."""
    for name in ("sort", "filter", "range"):
        row[name] = rule[name]
    flags = [name for name, values in rule["values"].items() if values == ["true", "false"]]
    row["kinds"] = {name: kind for name, kind in row["kinds"].items() if name in row["filter"]}
    row["kinds"] |= dict.fromkeys(flags, "flag")
    row["values"] = {name: values for name, values in rule["values"].items() if name not in flags}
    row["source"] += f"; {rule['source']}"
    if "graph" in row:
        row["graph"] |= {"fields": rule["field"], "intervals": rule["interval"]}
    if lists and row["kind"] == "list":
        row |= {**lists, "source": f"{row['source']}; {lists['source']}"}


def fabmanager() -> Iterator[Row]:
    """Yield the rows of the Fab-manager Open API."""
    by_hand = yaml.safe_load((_BY_HAND / "fabmanager.yaml").read_bytes())
    for row in by_hand["operations"]:
        fields = row.pop("filter", None)
        if fields is not None:
            row["filter"] = list(fields)
            row["kinds"] = {name: kind for name, kind in fields.items() if kind != "any"}
        yield row


def xurrent(reference: Path) -> Iterator[Row]:
    """Yield the rows of the Xurrent REST API."""
    parsed = yaml.safe_load((reference / "xurrent-parameters.yaml").read_bytes())
    by_hand = yaml.safe_load((_BY_HAND / "xurrent.yaml").read_bytes())
    collections = parsed["collections"] | by_hand["collections"]
    for name, collection in collections.items():
        yield from _collection(name, collection)
    for path, nested in (parsed["nested"] | by_hand["nested"]).items():
        if not path.startswith("*"):
            yield from _nested(path, nested)
    for name in ("me", "attachments_storage"):
        service = parsed["services"][name]
        yield {
            "method": "GET",
            "path": f"/v1{service['path']}",
            "resource": name,
            "kind": "own",
            "trust": service["trust"],
            "source": "xurrent-parameters.yaml",
        }
    yield from by_hand["operations"]


def _collection(name: str, collection: Mapping[str, Any]) -> Iterator[Row]:
    path = f"/v1{collection['path']}"
    about = _about(name, collection)
    if collection.get("single"):
        yield {"method": "GET", "path": path, "kind": "single", **about}
        return
    listed = _listing(collection) | about
    predefined = collection["predefined_filters"]
    yield {"method": "GET", "path": path, "kind": "list", "predefined": predefined, **listed}
    for predefined_name in predefined:
        yield {"method": "GET", "path": f"{path}/{predefined_name}", "kind": "list", **listed}
    single = f"{path}/{{id}}"
    yield {"method": "GET", "path": single, "kind": "single", "pages": None, **about}
    if collection["writable"]:
        body = _body(collection["writable"])
        yield {"method": "POST", "path": path, "kind": "write", "body": body, **about}
        changes = dict.fromkeys(body, False)
        for method in ("PATCH", "PUT"):
            row = {"method": method, "path": single, "kind": "write", "body": changes}
            yield row | about


def _about(name: str, collection: Mapping[str, Any]) -> Row:
    about = {"resource": name, "source": collection.get("source", "xurrent-parameters.yaml")}
    return about | {key: collection[key] for key in ("trust",) if key in collection}


def _listing(collection: Mapping[str, Any]) -> Row:
    """Return the lists of a collection."""
    row: Row = {"pages": {"default": 20, "most": 100}}
    if collection.get("filter") is not None:
        row["filter"] = list(collection["filter"])
        row["kinds"] = {name: _KINDS.get(kind, kind) for name, kind in collection["filter"].items()}
    if collection.get("sort") is not None:
        row["sort"] = collection["sort"]
    if collection.get("fields_default") and not collection.get("fields_incomplete"):
        row["fields"] = collection["fields_default"]
    if collection.get("default_sort"):
        row["order"] = collection["default_sort"]
    return row


def _body(writable: Mapping[str, Any]) -> dict[str, bool]:
    return {
        attribute.get("write_as", name): bool(attribute["required"])
        for name, attribute in writable.items()
    }


def _nested(path: str, nested: Mapping[str, Any]) -> Iterator[Row]:
    below = _template(f"/v1/{path}")
    about = {**_about(nested["of"], nested), "parent": path.partition("/")[0]}
    listed = _listing(nested) | about
    for route in nested["methods"]:
        method, _, item = route.partition(" ")
        target = f"{below}/{_template(item)}" if item else below
        if method == "GET" and not item:
            yield {"method": "GET", "path": target, "kind": "list", **listed}
        elif method == "GET":
            yield {"method": "GET", "path": target, "kind": "single", "pages": None, **about}
        else:
            yield from _nested_writes(method, target, nested.get("writable"), about)
    for name in nested.get("predefined_filters", ()):
        yield {"method": "GET", "path": f"{below}/{name}", "kind": "list", **listed}


def _nested_writes(
    method: str, target: str, writable: Mapping[str, Any] | None, about: Row
) -> Iterator[Row]:
    row: Row = {"method": method, "path": target, "kind": "write", **about}
    if writable and method != "DELETE":
        body = _body(writable)
        row["body"] = body if method == "POST" else dict.fromkeys(body, False)
    yield row
    if method == "PATCH":
        yield row | {"method": "PUT"}


def write(api: str, rows: Iterator[Row]) -> None:
    """Write the table of an API."""
    ordered = [
        json.dumps(
            {key: row[key] for key in (*_KEYS, *_MORE_KEYS, *_LAST_KEYS) if key in row},
            ensure_ascii=False,
        )
        for row in rows
    ]
    text = ",\n".join(ordered)
    file = _ROOT / "tests" / "reference" / f"{api}.json"
    file.write_text(f'{{"operations": [\n{text}\n]}}\n', encoding="utf-8")
    print(f"{file.name}: {len(ordered)} operations, {file.stat().st_size:,} bytes")


def main() -> None:
    """Write all tables."""
    if len(sys.argv) != 3:
        raise SystemExit("usage: python tools/reference_tables.py REFERENCE DOCUMENTS")
    reference, documents = (Path(argument) for argument in sys.argv[1:])
    write("intra42", intra42(reference, documents))
    write("fabmanager", fabmanager())
    write("xurrent", xurrent(reference))


if __name__ == "__main__":
    main()
