"""Lists as a document has them: each member that it requires, and null only where it may stand."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from fake_server.rest.answers import json_answer
from fake_server.rest.standard.cursors import cursors_of
from fake_server.rest.standard.operation_reading import Success
from fake_server.rest.standard.pages import ListAnswer, ListPart
from fake_server.rest.standard.sketches import sketch
from fake_server.world.seeded_random import SeededRandom


class SketchedListAnswer(ListAnswer):
    """A list whose body has all members that its schema requires, and null only where it may."""

    def __init__(self, success: Success, schema: Mapping[str, Any]) -> None:
        super().__init__(success, schema)
        self._schema = schema

    def of(self, part: ListPart) -> Response:
        """Return the answer, its body completed by what the schema requires."""
        response = super().of(part)
        if not self._schema.get("properties"):
            return response
        body = _fitting(self._schema, response.get_json(), cursors_of(part))
        return json_answer(body, response.status_code, dict(response.headers))


def _fitting(schema: Mapping[str, Any], body: Any, cursors: Mapping[str, Any]) -> Any:
    members: Mapping[str, Any] = schema.get("properties") or {}
    if not members or not isinstance(body, dict):
        return body
    required = set(schema.get("required") or ())
    whole = {}
    for name, about in members.items():
        if name in cursors:
            if cursors[name] is not None or (name in required and not _may_be_null(about)):
                whole[name] = cursors[name] or ""
            elif _may_be_null(about):
                whole[name] = None
            continue
        value = _fitting(about, body.get(name), cursors)
        if value is None and not _may_be_null(about):
            if name in required:
                whole[name] = sketch(about, SeededRandom(1, "list", name), 0, name)
        elif name in body or name in required:
            whole[name] = value
    return whole


def _may_be_null(schema: Mapping[str, Any]) -> bool:
    options = [schema, *(schema.get("anyOf") or ()), *(schema.get("oneOf") or ())]
    kinds = [each.get("type") for each in options if isinstance(each, Mapping)]
    return any(kind == "null" or (isinstance(kind, list) and "null" in kind) for kind in kinds)
