"""A learned dataset: put together, and without the values that no dataset holds."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from fake_server.errors import DatasetError, RecordError
from fake_server.world.datasets.check import check_section
from fake_server.world.export import dataset_text
from fake_server.world.image_inputs import DatasetPath
from fake_server.world.records.kinds import RecordKind

Document = dict[str, Any]

_MOST_TRIALS = 200
_MISTAKE = re.compile(r"(\w+)\.([^:\s]+): (.*)", re.DOTALL)


def fitted(api: str, section: Document, kinds: Mapping[str, RecordKind], notes: list[str]) -> None:
    """Remove from a section what its schema refuses, record by record; `notes` says what."""
    for name, kind in kinds.items():
        owner = section
        for step in kind.path[:-1]:
            owner = owner.get(step, {})
        records = owner.get(kind.path[-1])
        if records is None or "credentials" in kind.path:
            continue
        owner[kind.path[-1]] = [
            record for record in records if _fits(api, kind, record, name, notes)
        ]


def _fits(api: str, kind: RecordKind, record: Any, name: str, notes: list[str]) -> bool:
    """Return whether a record is valid, after the removal of the attributes that are not."""
    while True:
        try:
            check_section(api, kind.in_section([record]))
        except RecordError as error:
            inner = error.path[len(kind.path) + 1 :]
            attribute = inner[0] if inner else None
            removable = attribute in record and attribute != kind.key
            key = record.get(kind.key)
            notes.append(
                f"{api}.{name} {key}: {attribute if removable else 'left out'}: {error.message}"
            )
            if not removable:
                return False
            del record[attribute]
        else:
            return True


def tried(
    document: Document, file: Path, begin: Callable[[Path], Flask], notes: list[str]
) -> Flask:
    """Write a dataset into a file and begin a fake with it; return its application.

    A value with a mistake that no schema refuses, such as an end before its begin, is removed, and
    its record if it needs the value. Raises `DatasetError` for a mistake of another kind.
    """
    for _ in range(_MOST_TRIALS):
        file.write_text(dataset_text(document), encoding="utf-8")
        try:
            return begin(file)
        except DatasetError as error:
            match = _MISTAKE.match(error.message)
            path = _path(match[2]) if match else ()
            if match is None or not _is_removed(document.get(match[1]), path):
                raise
            notes.append(f"{match[1]}.{match[2]}: left out: {match[3]}")
    raise DatasetError(f"more than {_MOST_TRIALS} values fit no dataset: the last is {notes[-1]}")


def _are_partial_removed(records: Any) -> bool:
    """Remove the records that lack an attribute which another one has, or all, if none does."""
    if not isinstance(records, list) or not records:
        return False
    most = max(map(len, records))
    whole = [record for record in records if len(record) == most]
    records[:] = whole if len(whole) < len(records) else []
    return True


def _path(text: str) -> DatasetPath:
    return tuple(int(step) if step.isdecimal() else step for step in text.split("."))


def _is_removed(section: Any, path: DatasetPath) -> bool:
    """Remove the attribute that a path leads to, or else the record; return whether it is gone.

    A path to a kind is that of records which cannot be invented where they are not pinned whole.
    """
    records = section
    if len(path) == 1 and isinstance(section, dict) and isinstance(section.get(path[0]), dict):
        return _are_partial_removed(section[path[0]].get("records"))
    for depth, step in enumerate(path):
        if isinstance(step, int) and isinstance(records, list) and step < len(records):
            record, inner = records[step], path[depth + 1 :]
            if inner and isinstance(record, dict) and inner[0] in record and inner[0] != "id":
                del record[inner[0]]
            else:
                del records[step]
            return True
        if not isinstance(records, dict) or step not in records:
            return False
        records = records[step]
    return False
