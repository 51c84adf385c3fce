"""The shape layer: it records the types and names in answers, and no values."""

import re
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from fake_server.verify.api_files.operations_by_path import field_names, operation_of
from fake_server.verify.server.raw_messages import Answer
from fake_server.verify.texts import read_json

VERSION = 1
"""The version of a recording's form."""

_CACHED_BODIES = 100
"""How many bodies are cached with their shapes: a suite often gets the same body again."""

_MOST_LEVELS = 100
"""How deep a recording goes: no document nests so deep, but any body may."""

_TYPES = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")


class ShapeRecorder:
    """Records the shape of every answer, by operation and status.

    A shape counts JSON paths (`$.availabilities[].id`) by type, header names, and answers. It has
    no values. The keys of an object that serves as a map count as values: they are written `*`.
    """

    def __init__(self, api: str) -> None:
        self.api = api
        self._property_names = field_names(api)
        self._operations: dict[str, dict[str, Any]] = {}
        self._paths_by_body: dict[bytes, Counter[tuple[str, str]]] = {}

    def on_answer(self, answer: Answer) -> None:
        """Record the shape of an answer."""
        operation = operation_of(self.api, answer.request.method, answer.request.target)
        if operation is None:
            return
        answers = self._operations.setdefault(operation, {})
        shape = answers.setdefault(str(answer.status), {"times": 0, "headers": {}, "body": {}})
        shape["times"] += 1
        for name in {name.lower() for name, _ in answer.headers}:
            shape["headers"][name] = shape["headers"].get(name, 0) + 1
        if answer.body and "json" in answer.headers.get("Content-Type", ""):
            self._note_body(answer, shape["body"])

    def _note_body(self, answer: Answer, types_by_path: dict[str, Any]) -> None:
        if answer.body not in self._paths_by_body:
            if len(self._paths_by_body) == _CACHED_BODIES:
                self._paths_by_body.pop(next(iter(self._paths_by_body)))
            self._paths_by_body[answer.body] = self._paths_of(answer.body)
        for (path, kind), times in self._paths_by_body[answer.body].items():
            types = types_by_path.setdefault(path, {})
            types[kind] = types.get(kind, 0) + times

    def _paths_of(self, body: bytes) -> Counter[tuple[str, str]]:
        """Return how often each path of a body has each type."""
        counts: Counter[tuple[str, str]] = Counter()
        try:
            self._count_types(counts, "$", read_json(body))
        except ValueError:
            counts["$", "not JSON"] = 1
        return counts

    def _count_types(self, counts: Counter[tuple[str, str]], path: str, value: Any) -> None:
        counts[path, _TYPES.get(type(value), "null")] += 1
        if path.count(".") + path.count("[]") >= _MOST_LEVELS:
            return
        if isinstance(value, list):
            for member in value:
                self._count_types(counts, f"{path}[]", member)
        elif isinstance(value, dict):
            is_map = self._property_names.isdisjoint(value)
            for key, member in value.items():
                is_property = not is_map and _is_name(key)
                self._count_types(counts, f"{path}.{key}" if is_property else f"{path}.*", member)

    def recording(self, target: str) -> dict[str, Any]:
        """Return the recording as JSON values, with the name of the `target`."""
        return {
            "version": VERSION,
            "api": self.api,
            "target": target,
            "recorded_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "operations": {
                operation: {status: answers[status] for status in sorted(answers)}
                for operation, answers in sorted(self._operations.items())
            },
        }


@lru_cache(4096)
def _is_name(key: str) -> bool:
    return _NAME.fullmatch(key) is not None
