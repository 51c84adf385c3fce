"""Asks every operation of an API that `new-api` wrote, and prints what is wrong with the answers.

Run as a program, `python -m tests.cli.driving NAME`, with the package on the path.
"""

import base64
import json
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from fake_server import create_app
from fake_server.data_files import registry
from fake_server.data_files.api_document import api_document
from fake_server.rest.schema.flattening import flattened
from fake_server.rest.standard.sketches import sketch
from fake_server.world.seeded_random import SeededRandom
from tests.support.client import JsonClient, JsonResponse

METHODS = ("get", "post", "put", "patch", "delete")
START = 1_767_225_600_000
NOBODY = ("0", "nobody-here", "9" * 23, "%20", "é")
_ARGUMENT = re.compile(r"\{([^{}]+)\}")


class Driver:
    """Requests of one API: those its document declares, and those nobody should send."""

    def __init__(self, api: str) -> None:
        self.document: Any = api_document(api, "documented")
        self.schemas = registry.package(api).schemas
        app = create_app("demo", apis=[api])
        self.client = JsonClient(app, app.response_class, use_cookies=False)
        self.forms = self._forms()
        self.rows: dict[str, tuple[str | None, Mapping[str, Any]]] = {}

    def mistakes(self) -> Iterator[str]:
        """Yield the mistakes, each as one line."""
        items = sorted(self.document["paths"].items(), key=lambda pair: pair[0].count("/"))
        for path, item in items:
            if "get" in item:
                yield from self._reads(path, item)
        for path, item in items:
            yield from self._refuses(path, item)
        for path, item in reversed(items):
            for method in ("post", "put", "patch"):
                if method in item:
                    yield from self._writes(method, path, item)
        for path, item in reversed(items):
            if "delete" in item:
                answer = self._ask("delete", self._filled(path)[0], item["delete"])
                yield from self._checked(f"DELETE {path}", item["delete"], answer)

    def _forms(self) -> list[Any]:
        target = yaml.safe_load((self.schemas / "target.yaml").read_text())
        return list(target["credentials"])

    def _carried(self, operation: Any) -> dict[str, Any]:
        """Return the options of a request that carry what an operation takes."""
        security = operation.get("security", self.document.get("security")) or [{}]
        supported = {name for form in self.forms for name in form["schemes"]}
        taken: dict[str, Any] = next((each for each in security if set(each) <= supported), {})
        carried: dict[str, Any] = {"headers": {}, "query_string": {}}
        for form in self.forms:
            if not taken.keys() & set(form["schemes"]):
                continue
            for name, template in form.get("headers", {}).items():
                text = template.format(**form["fake"])
                pair = re.fullmatch(r"Basic base64\((.*)\)", text)
                encoded = base64.b64encode(pair[1].encode()).decode() if pair else ""
                carried["headers"][name] = f"Basic {encoded}" if pair else text
            for name, template in form.get("cookies", {}).items():
                carried["headers"]["Cookie"] = f"{name}={template.format(**form['fake'])}"
            for name, template in form.get("query", {}).items():
                carried["query_string"][name] = template.format(**form["fake"])
        return carried

    def _ask(self, method: str, path: str, operation: Any = None, **options: Any) -> JsonResponse:
        carried = self._carried(operation or {})
        return self.client.open(path, method=method.upper(), **carried, **options)

    def _filled(self, path: str) -> tuple[str, bool]:
        """Return a path with keys of records there are, and whether all of them are."""
        exists, parts = True, [""]
        for segment in path.split("/")[1:]:
            key, row = self.rows.get("/".join(parts), (None, {}))
            if _ARGUMENT.search(segment):
                exists = exists and key in row
                segment = _ARGUMENT.sub(str(row.get(key or "", "1")), segment)
            parts.append(segment)
        return "/".join(parts), exists

    def _key(self, resource: str) -> str | None:
        declared = yaml.safe_load((self.schemas / "resources" / f"{resource}.yaml").read_text())
        if "shape" not in declared:
            return None
        shape = json.loads((self.schemas / declared["shape"]).read_text())
        column = declared.get("key", "id")
        named = shape["properties"].items()
        return next((name for name, about in named if about.get("x-column", name) == column), None)

    def _reads(self, path: str, item: Any) -> Iterator[str]:
        filled, exists = self._filled(path)
        operation = item["get"]
        answer = self._ask("get", filled, operation)
        yield from self._checked(f"GET {filled}", operation, answer)
        if answer.status_code == 404 and exists:
            yield f"GET {filled}: 404"
        rows = _rows(answer.get_json(silent=True))
        if operation["x-action"] == "list" and rows:
            self.rows[filled] = self._key(operation["x-resource"]), rows[0]
        for nobody in NOBODY if "{" in path else ():
            wrong = self._ask("get", _ARGUMENT.sub(nobody, path), operation)
            yield from self._checked(f"GET {path} of {nobody}", operation, wrong)

    def _refuses(self, path: str, item: Any) -> Iterator[str]:
        shape = _ARGUMENT.sub("{}", path)
        alike = [
            other
            for template, other in self.document["paths"].items()
            if _ARGUMENT.sub("{}", template) == shape
        ]
        for method in METHODS:
            if not any(method in other for other in alike):
                answer = self._ask(method, self._filled(path)[0])
                if answer.status_code != 405 or not answer.headers.get("Allow"):
                    yield f"{method.upper()} {path}: {answer.status}, not 405 with Allow"

    def _writes(self, method: str, path: str, item: Any) -> Iterator[str]:
        filled, exists = self._filled(path)
        operation = item[method]
        body = self._resolved(operation.get("requestBody") or {})
        for kind, content in (body.get("content") or {"": {}}).items():
            schema = flattened(self._whole(content.get("schema") or {}))
            for number, sent in enumerate(_bodies(schema)):
                options = {"json": sent} if "json" in kind else {"data": b"", "content_type": kind}
                answer = self._ask(method, filled, operation, **options)
                where = f"{method.upper()} {filled} {json.dumps(sent)[:200]}"
                yield from self._checked(where, operation, answer)
                # A good body may give the record another key.
                if answer.status_code == 404 and exists and not number:
                    yield f"{where}: 404"

    def _checked(self, where: str, operation: Any, answer: JsonResponse) -> Iterator[str]:
        declared = {str(status): about for status, about in operation["responses"].items()}
        about = self._resolved(declared.get(str(answer.status_code), declared.get("default", {})))
        if answer.status_code >= 500 or answer.status_code == 401:
            yield f"{where}: {answer.status}"
        elif not about and answer.status_code < 400:
            yield f"{where}: {answer.status} is not declared"
        content = (about.get("content") or {}).get(answer.mimetype, {})
        if answer.is_json and "schema" in content:
            schema = {**content["schema"], "components": self.document.get("components", {})}
            checker = Draft202012Validator(schema, format_checker=FormatChecker())
            for error in checker.iter_errors(answer.json):
                yield f"{where}: {answer.status}: {error.json_path}: {error.message}"

    def _resolved(self, node: Any) -> Any:
        while "$ref" in node:
            target = self.document
            for step in node["$ref"][2:].split("/"):
                target = target[step]
            node = target
        return node

    def _whole(self, node: Any, around: frozenset[str] = frozenset()) -> Any:
        if isinstance(node, list):
            return [self._whole(item, around) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            name = node["$ref"]
            return {} if name in around else self._whole(self._resolved(node), around | {name})
        return {key: self._whole(value, around) for key, value in node.items()}


def _rows(body: Any) -> list[Any]:
    lists = [body, *(body.values() if isinstance(body, dict) else ())]
    return next(
        (row for row in lists if isinstance(row, list) and row and row[0] != str(row[0])), []
    )


def _bodies(schema: Any) -> Iterator[Any]:
    """Yield a good body, the least one, and some that no service would take."""
    whole = sketch(schema, SeededRandom(1, "body", 1), START)
    yield whole
    if isinstance(whole, dict):
        yield {name: whole[name] for name in schema.get("required", ())}
        odd: Any
        for odd in (None, [{"a": 1}], 2**70, {}):
            yield dict.fromkeys(whole, odd)
    yield [1]


if __name__ == "__main__":
    print(*dict.fromkeys(Driver(sys.argv[1]).mistakes()), sep="\n")
