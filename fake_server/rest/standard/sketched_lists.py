"""Lists as a document has them: each member that it requires, and null only where it may stand."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from fake_server.rest.answers import json_answer
from fake_server.rest.standard.cursors import cursors_of
from fake_server.rest.standard.operation_reading import Success
from fake_server.rest.standard.pages import ListAnswer, ListPart, items_member
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
    holder = items_member(schema)
    whole = {}
    for name, about in members.items():
        is_empty = name != holder and body.get(name) == [] and about.get("minItems")
        if is_empty:
            if name in required:
                whole[name] = _sketched(name, about)
            continue
        if name in cursors:
            if cursors[name] is not None or (name in required and not _may_be_null(about)):
                whole[name] = cursors[name] or ""
            elif _may_be_null(about):
                whole[name] = None
            continue
        value = _fitting(about, body.get(name), cursors)
        if value is None and not _may_be_null(about):
            if name in required:
                whole[name] = _sketched(name, about)
        elif name in body or name in required:
            whole[name] = value
    return {**whole, **{name: None for name in required if name not in members}}


def _sketched(name: str, schema: Mapping[str, Any]) -> Any:
    return sketch(schema, SeededRandom(1, "list", name), 0, name)


def _may_be_null(schema: Mapping[str, Any]) -> bool:
    options = [schema, *(schema.get("anyOf") or ()), *(schema.get("oneOf") or ())]
    kinds = [option.get("type") for option in options if isinstance(option, Mapping)]
    return any(kind == "null" or (isinstance(kind, list) and "null" in kind) for kind in kinds)
