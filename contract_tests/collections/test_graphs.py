"""Graphs: which rows they count, and in which periods."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import cycle, islice
from typing import Any

from fake_server.verify import OperationUnderTest, behaviour, expect, need
from fake_server.verify.api_files.declared_conditions import conditions
from fake_server.verify.api_files.row_values import HIDDEN, as_time, value_of
from fake_server.verify.target.narrowings import narrowing_of
from fake_server.verify.target.operation_under_test import Row, Sample

from .periods import expected_counts

_FIELD, _INTERVAL = "field", "interval"
_CONDITIONS = 4
"""How many conditions a graph is asked with."""
_COUNTED = 40
"""How many rows are counted of a list that has more than one page."""


@behaviour("*.graphs.periods")
def test_a_graph_counts_the_rows_of_its_conditions(operation: OperationUnderTest) -> None:
    counted = operation.counted_list()
    need(counted, f"a list that {operation.declared.path} counts")
    assert counted is not None
    rows = counted.require_rows(2).rows
    forms = [shown_form(operation, form, rows) for form in operation.choose(forms_of(operation))]
    requests: list[tuple[dict[str, str], dict[str, str]]] = [(form, {}) for form in forms]
    narrowings = islice(narrowing_params(operation, counted, rows), _CONDITIONS)
    requests += zip(cycle(forms), narrowings, strict=False)
    counts = {
        count
        for form, params in requests
        if (count := counts_rows(operation, counted, form, params)) is not None
    }
    need(len(counts) > 1, "conditions that keep different numbers of rows")


def options_of(operation: OperationUnderTest) -> dict[str, Sequence[Any]]:
    """Return the fields and the intervals of a graph, as the document lists them."""
    declared = operation.declared
    return {
        name: (declared.path_schemas.get(name) or declared.parameters[name]).options
        for name in (_FIELD, _INTERVAL)
        if name in declared.path_schemas or name in declared.parameters
    }


def shown_form(
    operation: OperationUnderTest, form: dict[str, str], rows: Sequence[Row]
) -> dict[str, str]:
    """Return a pair of field and interval; the field is one in which rows have times, if any is."""

    def has_times(field: object) -> bool:
        values = [value_of(operation.declared, row, str(field)) for row in rows]
        return any(isinstance(as_time(value), datetime) for value in values)

    fields = [form[_FIELD], *options_of(operation)[_FIELD]] if _FIELD in form else []
    shown = [str(field) for field in fields if has_times(field)]
    return {**form, _FIELD: shown[0]} if shown else form


def forms_of(operation: OperationUnderTest) -> list[dict[str, str]]:
    """Return pairs of a field and an interval, as the document lists them: each once or more."""
    options = options_of(operation)
    return [
        {name: str(values[number % len(values)]) for name, values in options.items() if values}
        for number in range(max(1, *map(len, options.values()), 1))
    ]


def narrowing_params(
    operation: OperationUnderTest, counted: OperationUnderTest, rows: Any
) -> Iterator[dict[str, str]]:
    """Yield the parameters of conditions that keep some rows of the list and not others."""
    keys = {condition.key for condition in conditions(operation.declared)}
    declared = [condition for condition in conditions(counted.declared) if condition.key in keys]
    step = max(1, len(declared) // _CONDITIONS) if operation.rotation.whole else 1
    for condition in operation.rotation.turns(operation.declared.id, declared)[::step]:
        narrowing = narrowing_of(counted, condition, rows)
        if narrowing is not None:
            yield narrowing.params


def counts_rows(
    operation: OperationUnderTest,
    counted: OperationUnderTest,
    form: Mapping[str, str],
    params: Mapping[str, str],
) -> int | None:
    """Assert what a graph counts; return how many rows, None if no page holds them all."""
    whole = counted.sample(params)
    if not whole.complete:
        ids = counted.params_for_rows(counted.sample().rows[:_COUNTED])
        if ids is None or ids.keys() & params.keys():
            return None
        params = {**params, **ids}
        whole = counted.sample(params)
    graph = graph_of(operation, counted, form, params)
    what = f"{operation.declared.path} {' '.join(form.values())} with {dict(params)}"
    expect_counts(what, operation, graph, form, whole)
    return len(whole.rows)


def graph_of(
    operation: OperationUnderTest,
    counted: OperationUnderTest,
    form: Mapping[str, str],
    params: Mapping[str, str],
) -> dict[str, int]:
    """Return a graph of the list, which the document may name by its path or in the query."""
    path = counted.path + operation.declared.path[len(counted.declared.path) :]
    query = dict(params)
    for name, value in form.items():
        if name in operation.declared.path_schemas:
            path = path.replace(f"{{{name}}}", value)
        else:
            query[name] = value
    answer = operation.target.get(path, params=query).expect_status(200)
    graph: dict[str, int] = answer.json
    return graph


def expect_counts(
    what: str,
    operation: OperationUnderTest,
    graph: Mapping[str, int],
    form: Mapping[str, str],
    whole: Sample,
) -> None:
    """Assert the sum of a graph, and its periods where rows show the field."""
    values = [value_of(operation.declared, row, form.get(_FIELD, "")) for row in whole.rows]
    if HIDDEN in values:
        if form.get(_FIELD) in {None, "created_at", "updated_at"}:
            expect(f"the sum of {what}", len(whole.rows), sum(graph.values()))
        return
    moments = [moment for value in values if isinstance(moment := as_time(value), datetime)]
    expect(f"the sum of {what}", len(moments), sum(graph.values()))
    interval = form.get(_INTERVAL, "")
    expected = expected_counts(interval, moments, [*graph])
    if expected is not None:
        expect(what, [*expected.items()], [*graph.items()])
    if interval == "week" and graph:
        day = date.fromisoformat(next(iter(graph))).isoweekday()
        first = operation.target.remember("the first day of weeks", lambda: day)
        expect(f"the day on which the weeks of {what} begin", first, day)
