"""Compares two recordings of shapes, without the differences that a file accepts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from fake_server.errors import VerificationError
from fake_server.verify.layers.shape_layer import VERSION
from fake_server.verify.texts import read_json
from fake_server.yaml_classes import Loader

_ABSENT = "never"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two recordings.

    - `path`: a JSON path, `header <name>`, or `status`.
    - `note`: why an acceptance no longer counts.
    """

    operation: str
    path: str
    left: str
    right: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A difference that is accepted until a day. `*` stands for any text."""

    operation: str
    path: str
    reason: str
    expires: date

    def covers(self, difference: Difference) -> bool:
        """Return whether this acceptance covers a difference."""
        return _matches(self.operation, difference.operation) and _matches(
            self.path, difference.path
        )


def read_recording(path: Path) -> dict[str, Any]:
    """Return the recording in a file; raises `VerificationError` without one."""
    try:
        recording = read_json(path.read_bytes())
        version = recording["version"]
    except OSError as error:
        raise VerificationError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise VerificationError(f"{path}: not a recording; make one by verify --record") from None
    if version != VERSION:
        raise VerificationError(
            f"{path}: a recording of version {version}; expected {VERSION}: record it again"
        )
    return dict(recording)


def read_accepted(path: Path) -> list[Accepted]:
    """Return the accepted differences of a YAML file; raises `VerificationError`."""
    try:
        raw = yaml.load(path.read_bytes(), Loader=Loader) or []
    except OSError as error:
        raise VerificationError(f"{path}: {error.strerror}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise VerificationError(f"{path}{line}: not YAML") from None
    except ValueError as error:
        raise VerificationError(f"{path}: a day in it does not exist: {error}") from None
    if not isinstance(raw, list):
        raise VerificationError(f"{path}: expected a list of accepted differences")
    return [
        _accepted(raw_entry, f"{path}: entry {number}") for number, raw_entry in enumerate(raw, 1)
    ]


def _accepted(raw: Any, where: str) -> Accepted:
    expected: Mapping[str, type] = {"operation": str, "path": str, "reason": str, "expires": date}
    if not isinstance(raw, dict) or set(raw) != set(expected):
        raise VerificationError(f"{where}: expected {', '.join(expected)}, and nothing else")
    for key, kind in expected.items():
        if not isinstance(raw[key], kind) or isinstance(raw[key], datetime) or not raw[key]:
            kinds = {str: "a text", date: "a day such as 2027-01-31"}
            raise VerificationError(f"{where}: {key}: expected {kinds[kind]}")
    return Accepted(**raw)


def differences(
    left: Mapping[str, Any], right: Mapping[str, Any], accepted: list[Accepted], today: date
) -> list[Difference]:
    """Return the differences of two recordings that are not accepted today.

    Raises `VerificationError` if they are recordings of two APIs.
    """
    if left["api"] != right["api"]:
        raise VerificationError(f"the recordings are of two APIs: {left['api']} and {right['api']}")
    return [
        remaining
        for difference in _all_differences(left["operations"], right["operations"])
        if (remaining := _unaccepted(difference, accepted, today)) is not None
    ]


def _unaccepted(difference: Difference, accepted: list[Accepted], today: date) -> Difference | None:
    covering = [acceptance for acceptance in accepted if acceptance.covers(difference)]
    if not covering:
        return difference
    latest = max(covering, key=lambda acceptance: acceptance.expires)
    if latest.expires >= today:
        return None
    note = f"accepted until {latest.expires}: {latest.reason}"
    return Difference(
        difference.operation, difference.path, difference.left, difference.right, note
    )


def _all_differences(left: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[Difference]:
    for operation in sorted({*left, *right}):
        if operation not in left or operation not in right:
            asked_text = {True: "asked", False: "not asked"}
            yield Difference(
                operation, "*", asked_text[operation in left], asked_text[operation in right]
            )
            continue
        left_answers, right_answers = left[operation], right[operation]
        if set(left_answers) != set(right_answers):
            yield Difference(operation, "status", ", ".join(left_answers), ", ".join(right_answers))
        for status in sorted(set(left_answers) & set(right_answers)):
            yield from _answer_differences(
                f"{operation} {status}", left_answers[status], right_answers[status]
            )


def _answer_differences(
    operation: str, left: Mapping[str, Any], right: Mapping[str, Any]
) -> Iterator[Difference]:
    for name in sorted({*left["headers"], *right["headers"]}):
        left_text = _frequency(left["headers"].get(name, 0), left["times"])
        right_text = _frequency(right["headers"].get(name, 0), right["times"])
        if left_text != right_text:
            yield Difference(operation, f"header {name}", left_text, right_text)
    for path in sorted({*left["body"], *right["body"]}):
        if _could_be(path, left["body"]) and _could_be(path, right["body"]):
            left_text, right_text = (
                _described_types(path, left["body"]),
                _described_types(path, right["body"]),
            )
            if left_text != right_text:
                yield Difference(operation, path, left_text, right_text)


def _frequency(times: int, total: int) -> str:
    return _ABSENT if times == 0 else "always" if times >= total else "sometimes"


def _described_types(path: str, body: Mapping[str, Mapping[str, int]]) -> str:
    if path not in body:
        return _ABSENT
    types = " or ".join(sorted(body[path]))
    parent, kind = _parent(path)
    if path == "$" or kind != "object" or path.endswith(".*"):
        return types
    frequency = _frequency(sum(body[path].values()), body[parent]["object"])
    return types if frequency == "always" else f"{types}, {frequency}"


def _could_be(path: str, body: Mapping[str, Mapping[str, int]]) -> bool:
    parent, kind = _parent(path)
    if path == "$":
        return "$" in body
    if kind == "array" or path.endswith(".*"):
        return path in body
    return kind in body.get(parent, {})


def _parent(path: str) -> tuple[str, str]:
    if path.endswith("[]"):
        return path[:-2], "array"
    return path.rpartition(".")[0], "object"


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None
