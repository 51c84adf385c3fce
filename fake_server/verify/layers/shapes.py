"""The shape layer: what answers look like, without a single value of theirs."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from fake_server.verify.api.operations import field_names, operation_of
from fake_server.verify.server.messages import Answer

VERSION = 1
"""The version of a recording's form."""

_REMEMBERED = 100
"""Bodies whose shape is known without looking again: a suite often gets the same one."""

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
    """Hears every answer and notes, per operation and status, how it was shaped.

    Noted are JSON paths (`$.availabilities[].id`) with how often they were there, of how often
    they could have been, and how often with which type; header names; status codes. Never a
    value: the keys of an object that serves as a map count as values, and are written `*`.
    """

    def __init__(self, api: str) -> None:
        self.api = api
        self._names = field_names(api)
        self._operations: dict[str, dict[str, Any]] = {}
        self._known: dict[bytes, Counter[tuple[str, str]]] = {}

    def heard(self, answer: Answer) -> None:
        """Note the shape of an answer."""
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

    def _note_body(self, answer: Answer, noted: dict[str, Any]) -> None:
        if answer.body not in self._known:
            if len(self._known) == _REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[answer.body] = self._paths_of(answer.body)
        for (path, kind), times in self._known[answer.body].items():
            types = noted.setdefault(path, {})
            types[kind] = types.get(kind, 0) + times

    def _paths_of(self, body: bytes) -> Counter[tuple[str, str]]:
        """Return how often each path of a body has each type."""
        found: Counter[tuple[str, str]] = Counter()
        try:
            self._note(found, "$", json.loads(body))
        except ValueError:
            found["$", "not JSON"] = 1
        return found

    def _note(self, found: Counter[tuple[str, str]], path: str, value: Any) -> None:
        found[path, _TYPES.get(type(value), "null")] += 1
        if isinstance(value, list):
            for member in value:
                self._note(found, f"{path}[]", member)
        elif isinstance(value, dict):
            is_map = self._names.isdisjoint(value)
            for key, member in value.items():
                named = not is_map and _is_name(key)
                self._note(found, f"{path}.{key}" if named else f"{path}.*", member)

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
