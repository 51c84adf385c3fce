"""Single records."""

from fake_server.verify import OperationUnderTest, behaviour, expect, need


@behaviour("*.records.found")
def test_a_record_is_found_by_its_id(operation: OperationUnderTest) -> None:
    record = operation.record
    row = operation.listed_row
    need(row is not None, f"a row in the list that {operation.path} stands in")
    shown = {key: value for key, value in record.items() if key in (row or {})}
    expect("what the list shows of it", {key: (row or {})[key] for key in shown}, shown)
    expect(
        f"the {operation.key} of the record", operation.id_in_path, str(record.get(operation.key))
    )


@behaviour("*.records.unknown")
def test_an_unknown_id_is_not_found(operation: OperationUnderTest) -> None:
    need(operation.get().body, f"an answer at {operation.path}")
    operation.target.get(operation.unknown_path).expect_status(404)
