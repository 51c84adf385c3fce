"""Compares two recordings of shapes, and forgives what was accepted with a reason and a date."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from fake_server.verify.errors import CouldNotRunError
from fake_server.verify.layers.shapes import VERSION
from fake_server.yaml_classes import Loader

_ABSENT = "never"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two recordings show differently.

    `path` is a JSON path, `header <name>`, or `status`; `note` says why an acceptance no longer
    counts.
    """

    operation: str
    path: str
    left: str
    right: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A difference that is known and borne until a day. `*` stands for anything."""

    operation: str
    path: str
    reason: str
    expires: date

    def covers(self, difference: Difference) -> bool:
        """Return whether this is the difference that was accepted."""
        return _matches(self.operation, difference.operation) and _matches(
            self.path, difference.path
        )


def read_recording(path: Path) -> dict[str, Any]:
    """Return a recording; raises `CouldNotRunError` if the file holds none."""
    try:
        recording = json.loads(path.read_bytes())
        version = recording["version"]
    except OSError as error:
        raise CouldNotRunError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise CouldNotRunError(f"{path}: not a recording; make one by verify --record") from None
    if version != VERSION:
        raise CouldNotRunError(
            f"{path}: a recording of version {version}; expected {VERSION}: record it again"
        )
    return dict(recording)


def read_accepted(path: Path) -> list[Accepted]:
    """Return the accepted differences of a YAML file; raises `CouldNotRunError`."""
    try:
        raw = yaml.load(path.read_bytes(), Loader=Loader) or []
    except OSError as error:
        raise CouldNotRunError(f"{path}: {error.strerror}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise CouldNotRunError(f"{path}{line}: not YAML") from None
    except ValueError as error:
        raise CouldNotRunError(f"{path}: a day in it does not exist: {error}") from None
    if not isinstance(raw, list):
        raise CouldNotRunError(f"{path}: expected a list of accepted differences")
    return [_accepted(one, f"{path}: entry {place}") for place, one in enumerate(raw, 1)]


def _accepted(raw: Any, where: str) -> Accepted:
    wanted: Mapping[str, type] = {"operation": str, "path": str, "reason": str, "expires": date}
    if not isinstance(raw, dict) or set(raw) != set(wanted):
        raise CouldNotRunError(f"{where}: expected {', '.join(wanted)}, and nothing else")
    for key, kind in wanted.items():
        if not isinstance(raw[key], kind) or isinstance(raw[key], datetime) or not raw[key]:
            kinds = {str: "a text", date: "a day such as 2027-01-31"}
            raise CouldNotRunError(f"{where}: {key}: expected {kinds[kind]}")
    return Accepted(**raw)


def differences(
    left: Mapping[str, Any], right: Mapping[str, Any], accepted: list[Accepted], today: date
) -> list[Difference]:
    """Return the differences of two recordings that nobody accepts today.

    Raises `CouldNotRunError` if they are recordings of two APIs.
    """
    if left["api"] != right["api"]:
        raise CouldNotRunError(f"the recordings are of two APIs: {left['api']} and {right['api']}")
    return [
        one
        for found in _all_differences(left["operations"], right["operations"])
        if (one := _unaccepted(found, accepted, today)) is not None
    ]


def _unaccepted(found: Difference, accepted: list[Accepted], today: date) -> Difference | None:
    covering = [one for one in accepted if one.covers(found)]
    if not covering:
        return found
    latest = max(covering, key=lambda one: one.expires)
    if latest.expires >= today:
        return None
    note = f"accepted until {latest.expires}: {latest.reason}"
    return Difference(found.operation, found.path, found.left, found.right, note)


def _all_differences(left: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[Difference]:
    for operation in sorted({*left, *right}):
        if operation not in left or operation not in right:
            seen = {True: "asked", False: "not asked"}
            yield Difference(operation, "*", seen[operation in left], seen[operation in right])
            continue
        one, other = left[operation], right[operation]
        if set(one) != set(other):
            yield Difference(operation, "status", ", ".join(one), ", ".join(other))
        for status in sorted(set(one) & set(other)):
            yield from _of_answers(f"{operation} {status}", one[status], other[status])


def _of_answers(
    operation: str, left: Mapping[str, Any], right: Mapping[str, Any]
) -> Iterator[Difference]:
    for name in sorted({*left["headers"], *right["headers"]}):
        one = _frequency(left["headers"].get(name, 0), left["times"])
        other = _frequency(right["headers"].get(name, 0), right["times"])
        if one != other:
            yield Difference(operation, f"header {name}", one, other)
    for path in sorted({*left["body"], *right["body"]}):
        if _could_be(path, left["body"]) and _could_be(path, right["body"]):
            one, other = _described(path, left["body"]), _described(path, right["body"])
            if one != other:
                yield Difference(operation, path, one, other)


def _frequency(times: int, of: int) -> str:
    return _ABSENT if times == 0 else "always" if times >= of else "sometimes"


def _described(path: str, body: Mapping[str, Mapping[str, int]]) -> str:
    if path not in body:
        return _ABSENT
    types = " or ".join(sorted(body[path]))
    parent, kind = _parent(path)
    if path == "$" or kind != "object" or path.endswith(".*"):
        return types
    often = _frequency(sum(body[path].values()), body[parent]["object"])
    return types if often == "always" else f"{types}, {often}"


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
