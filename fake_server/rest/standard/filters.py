"""The filters of a list: which column each goes by, and how it compares."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Integer, Table

from fake_server.errors import DeclarationError, expected_one_of
from fake_server.rest.resources.columns import ColumnPlan
from fake_server.rest.schema.schema_values import Schema
from fake_server.rest.standard.operation_reading import Parameter
from fake_server.world.instants import instant_of

Comparison = Callable[[ColumnElement[Any], Any], ColumnElement[bool]]

COMPARISONS: Mapping[str, Comparison] = {
    "equals": lambda column, value: (
        column.in_(value) if isinstance(value, list) else column == value
    ),
    "before": lambda column, value: column < value,
    "after": lambda column, value: column > value,
    "min": lambda column, value: column >= value,
    "max": lambda column, value: column <= value,
    "contains": lambda column, value: column.icontains(value, autoescape=True),
}
"""What `x-filter` of a parameter may say: how the column `x-column` compares with its value."""

_TYPES = {"text": "string", "instant": "string"}


class Filter(NamedTuple):
    """A parameter that keeps some of the records; `schema` is that of its value."""

    name: str
    schema: Schema
    condition: Callable[[Any], ColumnElement[bool]]


class FilteredResource(Protocol):
    """The part of a `StandardResource` that its filters are made from."""

    @property
    def api(self) -> str:
        """The name of its API."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def table(self) -> Table:
        """Its table."""

    @property
    def columns(self) -> Sequence[ColumnPlan]:
        """The plans of its columns."""

    @property
    def conditions(self) -> Mapping[str, Callable[[Any, Any], ColumnElement[bool]]]:
        """The filters that are no plain column, by the name of the parameter."""

    def column_of(self, name: str) -> str:
        """Return the column that a property is shown from."""

    def referring_to(self, plan: ColumnPlan, value: Any) -> ColumnElement[bool]:
        """Return the condition that a row refers to a record, or to one of several, by key."""


def filter_of(resource: FilteredResource, parameter: Parameter) -> Filter | None:
    """Return the filter that a parameter of a query is; None if it is none.

    It is one if the resource has a condition of its name, if it says so by `x-filter`, or if it is
    called like a column. Raises `UserError` for an `x-filter` or `x-column` that cannot be.
    """
    own = resource.conditions.get(parameter.name)
    if own is not None:
        return Filter(parameter.name, parameter.schema, lambda value: own(resource, value))
    table = resource.table
    name = resource.column_of(parameter.column or parameter.name)
    if parameter.filter is False or (
        parameter.filter is None and not parameter.column and name not in table.c
    ):
        return None
    where = f"{resource.api}: {resource.name}: the parameter {parameter.name}"
    if name not in table.c:
        raise DeclarationError(
            f"{where}: x-column: there is no column {name};"
            f" {expected_one_of(name, [str(column.name) for column in table.c])}"
        )
    word = "equals" if parameter.filter is None else str(parameter.filter)
    if word not in COMPARISONS:
        raise DeclarationError(
            f"{where}: x-filter: {expected_one_of(word, list(COMPARISONS))}, not {word}"
        )
    column, compare = table.c[name], COMPARISONS[word]
    plan = next((column_plan for column_plan in resource.columns if column_plan.name == name), None)
    if plan is not None and plan.reference and plan.reference.function == "keys_by_id":
        keys = {"type": plan.schema.get("type", "string"), **parameter.schema}
        return Filter(parameter.name, keys, lambda value: resource.referring_to(plan, value))
    schema = _typed(plan, parameter.schema)
    return Filter(
        parameter.name, schema, lambda value: compare(column, _for_column(column, schema, value))
    )


def _typed(plan: ColumnPlan | None, schema: Schema) -> Schema:
    """Return a schema with the type of a column where it has none of its own."""
    if plan is None or {"type", "anyOf", "oneOf", "enum"} & schema.keys():
        return schema
    form = {"format": "date-time"} if plan.kind == "instant" else {}
    return {"type": _TYPES.get(plan.kind, plan.kind), **form, **schema}


def _for_column(column: ColumnElement[Any], schema: Schema, value: Any) -> Any:
    if schema.get("format") == "date" and isinstance(column.type, Integer):
        return instant_of(value)
    return value
