"""The record that a test of writes changes, and the values that it writes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fake_server.verify.api_files.creations import creation_at
from fake_server.verify.api_files.declared_operations import DeclaredOperation
from fake_server.verify.api_files.row_values import as_time, is_plain
from fake_server.verify.api_files.updates import DeclaredUpdate
from fake_server.verify.outcome_errors import NotShownError
from fake_server.verify.server.raw_messages import Answer
from fake_server.verify.target.operation_under_test import OperationUnderTest, Row
from fake_server.verify.target.shape import accepts

_TRIED_VALUES = 4
"""How many values of an attribute are written until the service takes one."""


@dataclass(frozen=True)
class WrittenRecord:
    """A record that a run may change: any of a fake's world, else one that the run created.

    - `path`: its path. `list_path`: that of the list in which it stands.
    - `kept`: the attribute that holds the mark of a created record, which keeps its value.
    """

    operation: OperationUnderTest
    path: str
    list_path: str
    kept: str = ""

    @classmethod
    def of(cls, operation: OperationUnderTest) -> "WrittenRecord":
        """Return a record at the path of an operation.

        Raises `NotShownError` if the target is live and no record can be created there.
        """
        list_path = operation.path.rpartition("/")[0]
        if "data" in operation.target.capabilities:
            return cls(operation, operation.path, list_path)
        creation = creation_at(operation.target.api.creations, list_path)
        if creation is None or creation.mark is None or creation.obstacle:
            raise NotShownError(f"a record of the run's own at {list_path}", "capability")
        answer = operation.target.post(list_path, json=operation.target.marked(list_path, "record"))
        if answer.status not in {200, 201}:
            raise NotShownError(f"what a new record at {list_path} needs", "capability")
        path = creation.path_of(list_path, answer.json[creation.id])
        return cls(operation, path, list_path, creation.mark.field.partition(".")[0])

    def read(self) -> Answer:
        """Return the answer to a GET of the record, which must be 200."""
        return self.operation.target.get(self.path).expect_status(200)

    def attributes(self, update: DeclaredUpdate) -> list[str]:
        """Return the names of the attributes that may be written."""
        return [name for name in update.attributes if name != self.kept]

    def rows(self) -> list[Row]:
        """Return the rows of the list around the record; [] if the document declares no list."""
        # The rows that other tests remember are those before the write.
        self.operation.target.forget()
        return [dict(row) for row in self.operation.paths.rows_of(self.list_path)]

    def listed_row(self) -> Row | None:
        """Return the row of the record in the list around it; None without one."""
        key, id_ = self.operation.key, self.path.rpartition("/")[2]
        return next((row for row in self.rows() if str(row.get(key)) == id_), None)

    def body(
        self, update: DeclaredUpdate, record: Mapping[str, Any], name: str, value: Any
    ) -> dict[str, Any]:
        """Return the body that writes one attribute; a PUT holds the others as they are."""
        if update.is_partial:
            return {name: value}
        others = {key: record[key] for key in update.attributes if is_plain(record.get(key))}
        return {**others, name: value}


def values_to_write(
    operation: DeclaredOperation,
    update: DeclaredUpdate,
    record: WrittenRecord,
    before: Mapping[str, Any],
    name: str,
) -> Iterator[Any]:
    """Yield a few values of an attribute that the document accepts and the record does not have.

    They are those that the document lists, neighbours of its own, and those of other records.
    """
    schema, own = update.attributes[name], before.get(name)
    rows = (row.get(name) for row in record.rows()) if own is None else ()
    tried = 0
    for value in [*schema.get("enum", ()), *_neighbours(own), *filter(is_plain, rows)]:
        is_other = value != own and type(value) is not type(None)
        if is_other and tried < _TRIED_VALUES and accepts(operation, schema, str(value), value):
            tried += 1
            yield value


def _neighbours(value: Any) -> list[Any]:
    """Return values of the same kind as one."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value - 1]
    if not isinstance(value, str):
        return []
    moment = as_time(value)
    if moment == value:
        return [f"{value} 2", f"{value}2"]
    return [
        value.replace(moment.date().isoformat(), (moment + step).date().isoformat())
        if hasattr(moment, "date")
        else (moment + step).isoformat()
        for step in (timedelta(days=-1), timedelta(days=1))
    ]
