"""Writes: what one of them changes, and what it leaves alone."""

from collections.abc import Mapping
from typing import Any

from fake_server.verify import Answer, OperationUnderTest, behaviour, expect, expect_that, need
from fake_server.verify.api_files.updates import DeclaredUpdate, update_of
from fake_server.verify.target.operation_under_test import Row
from fake_server.verify.target.written_records import WrittenRecord, values_to_write

_REFUSED = {400, 409, 422}
"""A value may be refused for reasons that no schema says."""


@behaviour("*.records.written", needs=("writes",))
def test_a_write_changes_one_attribute(operation: OperationUnderTest) -> None:
    update = update_of(operation.declared)
    need(update, "an update")
    assert update is not None
    record = WrittenRecord.of(operation)
    shown: list[str] = []
    hidden: list[str] = []
    names = operation.turns(record.attributes(update))
    # The first one is written again: what a write resets shows when it has another value.
    for name in [*names, *names[:1]]:
        before, changed = record.read(), None
        for value in values_to_write(operation.declared, update, record, before.json, name):
            answer = operation.target.request(
                update.method, record.path, json=record.body(update, before.json, name, value)
            )
            if answer.status not in _REFUSED:
                answer.expect_status(200, 201, 204)
                changed = value
                break
        if changed is None:
            hidden.append(name)
            continue
        expect_changed(record, update, before, name, changed)
        shown.append(name)
    operation.require_shown(shown, hidden, "a second value that it may have")


def expect_changed(
    record: WrittenRecord, update: DeclaredUpdate, before: Answer, name: str, value: Any
) -> None:
    """Assert what a write of an attribute changed: it, in the record and its row, and the ETag."""
    after = record.read()
    old, new = before.json, after.json
    expect(f"{name} after it was written", value, new.get(name))
    # The service sets what nobody can write, such as the time of the last change.
    others = {key: old[key] for key in update.attributes if key in old and key != name}
    expect(
        f"the other attributes after {name} was written", others, {k: new.get(k) for k in others}
    )
    etag = before.headers.get("ETag")
    if etag is not None:
        expect_that("the ETag after a write", etag != after.headers.get("ETag"), "another", etag)
        again = record.operation.target.get(record.path, headers={"If-None-Match": etag})
        again.expect_status(200)
    row = record.listed_row()
    if row is not None:
        expect(f"the row of {record.path} in its list", *shown_by_both(row, new))


def shown_by_both(row: Row, record: Mapping[str, Any]) -> tuple[Row, Row]:
    """Return the attributes of a record and of its row that both have."""
    names = [name for name in record if name in row]
    return {name: record[name] for name in names}, {name: row[name] for name in names}
