"""Prism's mock server over a document, and a request to each of its operations."""

import re
import socket
import subprocess
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

import httpx

_CREDENTIALS = {
    "http bearer": ("Authorization", "Bearer X"),
    "http basic": ("Authorization", "Basic eDp5"),
    "oauth2": ("Authorization", "Bearer X"),
}
_METHODS = ("get", "put", "post", "delete", "patch")
_STARTING_SECONDS = 60


class Asked(NamedTuple):
    """A request that a document allows; `responses` are the statuses that it declares."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes | None
    responses: Collection[str]


class Prism:
    """A mock server that runs while its context lasts; it says on its log what it thinks."""

    def __init__(self, program: Path, document: Path, log: Path) -> None:
        self._command = [str(program), "mock", str(document)]
        self._log = log

    def __enter__(self) -> Self:
        """Start the server and wait until it listens."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [*self._command, "--port", str(port)], stdout=log, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + _STARTING_SECONDS
        while "Prism is listening" not in self._said():
            assert self._process.poll() is None, self._said()
            assert time.monotonic() < until, self._said()
            time.sleep(0.2)
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self._client.close()
        self._process.terminate()
        self._process.wait()

    def _said(self) -> str:
        return self._log.read_text(encoding="utf-8")

    @property
    def operations(self) -> int:
        """How many operations the server has read."""
        return len(re.findall(rf"info +({'|'.join(_METHODS).upper()}|HEAD) +http", self._said()))

    def complaints(self) -> list[str]:
        """Return the lines of warnings and errors."""
        return [line for line in self._said().splitlines() if re.search(r"\b(warn|error)", line)]

    def ask(self, request: Asked) -> httpx.Response:
        """Send a request."""
        return self._client.request(
            request.method, request.target, headers=request.headers, content=request.body
        )


def asked_of_a_mock(document: dict[str, Any]) -> Iterator[Asked]:
    """Yield a request for each operation of a bundled document, made of its examples."""
    reader = _RequestMaker(document)
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item and not reader.is_file(item[method]):
                yield reader.asked(path, method, item)


class _RequestMaker:
    """Makes requests of one document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def asked(self, path: str, method: str, item: dict[str, Any]) -> Asked:
        operation = item[method]
        parameters = [
            self._resolved(each)
            for each in [*item.get("parameters", []), *operation.get("parameters", [])]
        ]
        values: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
        for each in parameters:
            if each.get("required"):
                values[each["in"]][each["name"]] = str(self._value(each))
        headers = {**values["header"], **self._credential(operation)}
        body = None
        if "requestBody" in operation:
            content = self._resolved(operation["requestBody"])["content"]
            kind, media = next(iter(content.items()))
            value = self._value(media)
            headers["Content-Type"] = kind
            body = httpx.Request("POST", "http://x", json=value).content
            if "json" not in kind:
                body = urlencode(value).encode()
        query = f"?{urlencode(values['query'])}" if values["query"] else ""
        target = re.sub(r"\{(\w+)\}", lambda match: values["path"][match[1]], path) + query
        return Asked(method.upper(), target, headers, body, list(operation["responses"]))

    def is_file(self, operation: dict[str, Any]) -> bool:
        """Return whether success has a content, such as PDF, that Prism knows no way to write."""
        content = self._resolved(operation["responses"].get("200", {})).get("content", {})
        return bool(content) and not any("json" in kind or "text" in kind for kind in content)

    def _credential(self, operation: dict[str, Any]) -> dict[str, str]:
        """Return the header of the first scheme that the operation asks for."""
        required = operation.get("security", self._document.get("security", []))
        for name in (name for choice in required for name in choice):
            scheme = self._document["components"]["securitySchemes"][name]
            if scheme["type"] == "apiKey":
                return {scheme["name"]: "Token X"} if scheme["in"] == "header" else {}
            kind = " ".join([scheme["type"], scheme.get("scheme", "")]).strip()
            return dict([_CREDENTIALS[kind]])
        return {}

    def _value(self, node: dict[str, Any]) -> Any:
        """Return an example of a parameter, a body or a schema."""
        node = self._resolved(node)
        if "example" in node:
            return node["example"]
        if node.get("examples"):
            examples = node["examples"]
            return examples[0] if isinstance(examples, list) else self._named(examples)
        if "schema" in node:
            return self._value(node["schema"])
        if "enum" in node:
            return node["enum"][0]
        if "anyOf" in node:
            return self._value(node["anyOf"][0])
        if "properties" in node:
            return {
                name: self._value(node["properties"][name]) for name in node.get("required", ())
            }
        if node.get("format") == "date-time":
            return "2026-03-02T09:00:00Z"
        kind = node["type"] if isinstance(node["type"], str) else node["type"][0]
        return {"integer": 1, "string": "x", "boolean": True, "object": {}, "array": []}[kind]

    def _named(self, examples: dict[str, Any]) -> Any:
        return self._resolved(next(iter(examples.values())))["value"]

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = self._document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            node = target
        return node
