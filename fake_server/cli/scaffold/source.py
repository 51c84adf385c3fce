"""Reads an OpenAPI document for a new API: OpenAPI 3.0 to 3.2, YAML or JSON, in several files."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from fake_server.cli.scaffold.bundling import in_one_piece
from fake_server.cli.scaffold.conversion import Node, converted, plain_keys
from fake_server.cli.scaffold.form import METHODS, require_form
from fake_server.cli.scaffold.references import (
    references,
    require_references,
    resolved,
    with_contents,
)
from fake_server.errors import ScaffoldError

_ARGUMENT = re.compile(r"\{([^{}]+)\}")
_NOT_PLAIN = re.compile(r"[^\w-]")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Source(NamedTuple):
    """An OpenAPI document, prepared for the fake.

    - `document`: the document in OpenAPI 3.1. Each operation has an id, and each path `base`.
    - `base`: the path before the path of each operation; may be empty.
    - `prefixes`: the paths above all other paths.
    - `hosts`: the hosts of its servers.
    - `notes`: the changes, and the parts that are not supported, each as one line.
    """

    document: Node
    base: str
    prefixes: tuple[str, ...]
    hosts: tuple[str, ...]
    notes: tuple[str, ...]


def snake(text: str) -> str:
    """Return a text as a name of Python, maybe empty: `petId` and `pet-id` become `pet_id`."""
    return _NO_WORD.sub("_", _HUMP.sub("_", text).lower()).strip("_")


def read_source(path: Path, api: str) -> Source:
    """Return the document in a file; raises `UserError` for an unusable document."""
    document = in_one_piece(path, _checked_document(path, _content(path)), _content)
    _require_operations(path, document.get("paths"))
    notes: list[str] = []
    version = str(document["openapi"])
    if version.startswith("3.0"):
        document = converted(document)
    elif version.startswith("3.2"):
        notes.append("It is read as OpenAPI 3.1: what only OpenAPI 3.2 has is not served.")
    document["openapi"] = "3.1.0"
    require_references(path, document)
    document = with_contents(document, document)
    (document.get("components") or {}).pop("mediaTypes", None)
    require_form(path, document)
    _resolve_items(document)
    _name_arguments(document)
    base = _base(document, notes)
    if not base and any(
        re.fullmatch(r"/(\{.*)?", item.rstrip("/") + "/"[: item == "/"])
        for item in document["paths"]
    ):
        base = f"/{api}"
        notes.append(f"Its paths have no first segment of their own: all of them lie below {base}.")
    _prefix_paths(document, base)
    _name_operations(document, notes)
    prefixes = (base,) if base else tuple(_first_segments(document))
    return Source(document, base, prefixes, tuple(_hosts(document)), tuple(notes))


def _content(path: Path) -> Any:
    """Return the content of a file, without texts that stand in other files."""
    return _without_external_texts(plain_keys(_parsed(path)))


def _parsed(path: Path) -> Any:
    import yaml

    from fake_server.data_files.yaml_values import read_yaml

    try:
        return read_yaml(path.read_bytes())
    except FileNotFoundError:
        raise ScaffoldError(f"{path}: there is no such file") from None
    except OSError as error:
        raise ScaffoldError(f"{path}: cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise ScaffoldError(
            f"{path}: neither YAML nor JSON: {' '.join(str(error).split())}"
        ) from None


def _checked_document(path: Path, document: Any) -> Node:
    if not isinstance(document, dict):
        raise ScaffoldError(f"{path}: no OpenAPI document: expected a mapping with the key openapi")
    if "swagger" in document:
        raise ScaffoldError(
            f"{path}: Swagger {document['swagger']} is not read: convert it to OpenAPI 3 first,"
            f" for example by npx swagger2openapi {path} --outfile openapi.json"
        )
    version = str(document.get("openapi", ""))
    if not version.startswith(("3.0", "3.1", "3.2")):
        raise ScaffoldError(
            f"{path}: openapi: expected 3.0, 3.1 or 3.2, found {version or 'nothing'}"
        )
    return document


def _require_operations(path: Path, paths: Any) -> None:
    if not isinstance(paths, dict) or not any(
        method in item for item in paths.values() if isinstance(item, dict) for method in METHODS
    ):
        raise ScaffoldError(f"{path}: paths: there is no operation to serve")


def _without_external_texts(node: Any) -> Any:
    """Return a node without descriptions and extensions that stand in other files."""
    if isinstance(node, list):
        return [_without_external_texts(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: ""
        if key == "description" and _is_external_text(value)
        else _without_external_texts(value)
        for key, value in node.items()
        if not (key.startswith("x-") and _refers_to_file(value))
    }


def _is_external_text(node: Any) -> bool:
    """Return whether a node is a reference to a file of text, such as `intro.md`."""
    reference = node.get("$ref") if isinstance(node, dict) else None
    is_file = isinstance(reference, str) and not reference.startswith("#")
    return is_file and not re.search(r"\.(json|ya?ml)(#|$)", str(reference))


def _refers_to_file(node: Any) -> bool:
    """Return whether a node refers to another file, at any depth."""
    return any(not reference.startswith("#") for reference in references(node))


def _resolve_items(document: Node) -> None:
    paths = document["paths"]
    for name in list(paths):
        if not name.startswith("/"):
            del paths[name]
            continue
        item = paths[name] or {}
        if "$ref" in item:
            item = {**resolved(document, item), **{k: v for k, v in item.items() if k != "$ref"}}
        paths[name] = item


def _name_arguments(document: Node) -> None:
    """Rename arguments of paths for all tools: `import.no` becomes `import_no`."""
    paths = {}
    for path, item in document["paths"].items():
        names = {
            name: _NOT_PLAIN.sub("_", name)
            for name in _ARGUMENT.findall(path)
            if _NOT_PLAIN.search(name)
        }
        for name, plain in names.items():
            path = path.replace(f"{{{name}}}", f"{{{plain}}}")
        paths[path] = _with_arguments(document, item, names) if names else item
    document["paths"] = paths


def _with_arguments(document: Node, item: Node, names: Mapping[str, str]) -> Node:
    """Return a path's item, or an operation of it, with new names of arguments."""

    def named(parameter: Node) -> Node:
        target = resolved(document, parameter)
        if target.get("in") == "path" and target.get("name") in names:
            return {**target, "name": names[target["name"]]}
        return parameter

    result = dict(item)
    if "parameters" in item:
        result["parameters"] = [named(declared) for declared in item["parameters"]]
    for method in METHODS:
        if method in item:
            result[method] = _with_arguments(document, item[method], names)
    return result


def _base(document: Node, notes: list[str]) -> str:
    """Return the base path of the first server; servers with another base path are removed."""
    servers = [
        parameter for parameter in document.get("servers") or () if isinstance(parameter, dict)
    ]
    paths = [_server_path(server) for server in servers]
    base = paths[0] if paths else ""
    if len(set(paths)) > 1:
        others = ", ".join(dict.fromkeys(path or "/" for path in paths[1:] if path != base))
        notes.append(f"Its servers have several base paths: {base or '/'} is served, {others} not.")
    document["servers"] = [
        _without_path(server, base)
        for server, path in zip(servers, paths, strict=True)
        if path == base and urlsplit(str(server["url"])).netloc
    ]
    return base


def _server_path(server: Node) -> str:
    url = str(server.get("url", ""))
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    path = urlsplit(url).path if "://" in url else url
    base = path.rstrip("/")
    return base if re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", base) else ""


def _without_path(server: Node, base: str) -> Node:
    url = str(server["url"]).rstrip("/")
    parts = urlsplit(url)
    if base and parts.path.endswith(base):
        return {**server, "url": url.removesuffix(base)}
    root = f"{parts.scheme}://{parts.netloc}"
    used_variables = {
        name: parameter
        for name, parameter in (server.get("variables") or {}).items()
        if name in root
    }
    other_keys = {key: value for key, value in server.items() if key not in {"url", "variables"}}
    return {"url": root, **other_keys, **({"variables": used_variables} if used_variables else {})}


def _prefix_paths(document: Node, base: str) -> None:
    document["paths"] = {
        (base + path.rstrip("/") if path == "/" else base + path): item
        for path, item in document["paths"].items()
    }


def _first_segments(document: Node) -> list[str]:
    return list(dict.fromkeys(f"/{path.split('/')[1]}" for path in document["paths"]))


def _hosts(document: Node) -> Iterator[str]:
    for server in document["servers"]:
        url = str(server["url"])
        for name, variable in (server.get("variables") or {}).items():
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
        host = urlsplit(url).hostname or ""
        if "." in host and "{" not in host and not _is_address(host):
            yield host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _name_operations(document: Node, notes: list[str]) -> None:
    """Give each operation a unique id."""
    names: set[str] = set()
    new_names: list[str] = []
    for path, item in document["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            declared_id = item[method].get("operationId")
            name = str(declared_id) if declared_id else _invented_id(method, path)
            unique, number = name, 2
            while unique in names:
                unique, number = f"{name}_{number}", number + 1
            if unique != declared_id:
                new_names.append(unique)
                item[method] = {**item[method], "operationId": unique}
            names.add(unique)
    if new_names:
        notes.append(
            f"{len(new_names)} of its operations had no operationId of their own, and got one:"
            f" {', '.join(new_names[:3])}{' …' if len(new_names) > 3 else ''}."
        )


def _invented_id(method: str, path: str) -> str:
    words = []
    for segment in path.split("/"):
        name = snake(segment)
        words += [f"by_{name}" if segment.startswith("{") else name] if name else []
    return "_".join([method, *words])
