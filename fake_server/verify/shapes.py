"""The shape layer: what answers look like, without a single value of theirs."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from fake_server.verify.messages import Answer
from fake_server.verify.operations import field_names, operation_of

VERSION = 1
"""The version of a recording's form."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")


class ShapeRecorder:
    """Hears every answer and notes, per operation and status, how it was shaped.

    Noted are JSON paths (`$.availabilities[].id`) with how often they were there, of how often
    they could have been, and how often with which type; header names; status codes. Never a
    value: the keys of an object that serves as a map count as values, and are written `*`.
    """

    def __init__(self, api: str) -> None:
        self.api = api
        self._operations: dict[str, dict[str, Any]] = {}

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
        try:
            body = json.loads(answer.body)
        except ValueError:
            _count(noted, "$", "not JSON")
            return
        self._note(noted, "$", body)

    def _note(self, noted: dict[str, Any], path: str, value: Any) -> None:
        _count(noted, path, _type(value))
        if isinstance(value, list):
            for member in value:
                self._note(noted, f"{path}[]", member)
        elif isinstance(value, dict):
            is_map = not value.keys() & field_names(self.api)
            for key, member in value.items():
                named = not is_map and _NAME.fullmatch(key)
                self._note(noted, f"{path}.{key if named else '*'}", member)

    def recording(self, target: str) -> dict[str, Any]:
        """Return what was noted, as JSON values; `target` is written down with it."""
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


def _count(noted: dict[str, Any], path: str, kind: str) -> None:
    types = noted.setdefault(path, {})
    types[kind] = types.get(kind, 0) + 1


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    kinds = {dict: "object", list: "array", str: "string", int: "integer", float: "number"}
    return kinds.get(type(value), "null")
