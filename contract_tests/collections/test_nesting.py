"""Lists and graphs below a record."""

from fake_server.verify import OperationUnderTest, behaviour, expect, need
from fake_server.verify.api_files.row_values import HIDDEN, value_of
from fake_server.verify.target.operation_under_test import keys_of


@behaviour("*.collections.nesting")
def test_a_nested_list_holds_the_rows_of_its_parent(operation: OperationUnderTest) -> None:
    sample = operation.require_rows()
    shown = [
        names_its_parent(operation),
        is_part_of_the_whole(operation),
        is_unlike_others(operation),
    ]
    expect_the_same_by_query(operation)
    need(any(shown), f"rows below another record than that of {operation.path}")
    expect("whether there are rows", True, bool(sample.rows))


def names_its_parent(operation: OperationUnderTest) -> bool:
    """Assert that rows which name their parent name this one, and that none of these is lost."""
    fields, parent = operation.parent
    rows = operation.sample().rows
    named = [
        value
        for field in fields
        for value in (value_of(operation.declared, row, field) for row in rows)
        if value is not HIDDEN
    ]
    if not named:
        return False
    expect("the parents that rows name", {parent}, {str(value) for value in named})
    whole = operation.whole_list()
    if whole is not None and whole.sample().complete:
        expected = [
            row
            for row in whole.sample().rows
            if any(str(value_of(whole.declared, row, field)) == parent for field in fields)
        ]
        expect("how many rows name this parent", len(expected), len(rows))
    return True


def expect_the_same_by_query(operation: OperationUnderTest) -> None:
    """Assert that the list of all has the same rows where its query names this parent."""
    whole = operation.whole_list()
    name, parent = operation.paths.parent_of(operation.declared)
    query = None if whole is None else whole.declared.query(name)
    # In a query, `id` is that of a row.
    names_parent = name != "id" and len(operation.declared.path_parameters) == 1
    if whole is None or query is None or not names_parent:
        return
    parent_query = {query.name: parent}
    total = operation.total(operation.widest_params)
    total_by_query = whole.total({**whole.widest_params, **parent_query})
    expect(f"the total with {query.name}={parent}", total, total_by_query)
    if operation.sample().complete:
        expected, seen = keys_of(operation.sample().rows), keys_of(whole.sample(parent_query).rows)
        what = f"the rows of {whole.path} with {query.name}={parent}"
        expect(what, sorted(map(repr, expected)), sorted(map(repr, seen)))


def is_part_of_the_whole(operation: OperationUnderTest) -> bool:
    """Assert that the list of all records has these rows, and return whether it has others."""
    whole = operation.whole_list()
    if whole is None:
        return False
    rows = operation.sample().rows[:40]
    narrowing = whole.params_for_rows(rows)
    if narrowing is not None:
        seen = keys_of(whole.sample(narrowing).rows)
        expect(
            "the rows in the list of all", sorted(map(repr, keys_of(rows))), sorted(map(repr, seen))
        )
    elif whole.sample().complete:
        lost = set(map(repr, keys_of(rows))) - set(map(repr, keys_of(whole.sample().rows)))
        expect("the rows that the list of all lacks", [], sorted(lost))
    total, part = whole.total(whole.widest_params), operation.total(operation.widest_params)
    return total is not None and part is not None and part < total


def is_unlike_others(operation: OperationUnderTest) -> bool:
    """Return whether the list below another record holds other rows."""
    own = set(map(repr, keys_of(operation.sample().rows)))
    for rows in operation.rows_of_other_parents():
        others = set(map(repr, keys_of(rows)))
        if others and others != own:
            return True
    return False


@behaviour("*.collections.names")
def test_a_parent_goes_by_its_other_names(operation: OperationUnderTest) -> None:
    sample = operation.require_rows()
    paths = operation.paths_by_name
    need(paths, "another name of the record above")
    for path in paths:
        answer = operation.target.get(path, params=operation.widest_params).expect_status(200)
        seen = keys_of(operation.target.records(answer))
        expect(
            f"the rows of {path}", sorted(map(repr, keys_of(sample.rows))), sorted(map(repr, seen))
        )


@behaviour("*.collections.unknown_parent")
@behaviour("*.graphs.unknown_parent")
def test_an_unknown_parent_is_not_found(operation: OperationUnderTest) -> None:
    need(operation.get().body, f"an answer at {operation.path}")
    operation.target.get(operation.unknown_path).expect_status(404)
