"""The filters and ranges that an operation declares, and the rows that they match."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from fake_server.verify.api_files.declared_operations import (
    DeclaredOperation,
    DeclaredParameter,
    Schema,
    resolve,
)
from fake_server.verify.api_files.row_values import are_equal, as_time, compare, text_of

_SIGNS = {"equals": "=", "before": "<", "after": ">", "min": ">=", "max": "<="}
"""The comparison of a row's value with that of the query, by the word in `x-filter`."""

_UNSUPPORTED = frozenset({"contains"})
"""Comparisons that the shared tests do not support."""


@dataclass(frozen=True, slots=True)
class FilterCondition:
    """A condition with one value.

    - `key`: the name of the parameter. `field`: the name of the field in rows.
    - `schema`: the schema of the value in a query.
    - `sign`: `=`, `<`, `<=`, `>` or `>=`.
    """

    key: str
    field: str
    schema: Schema
    sign: str = "="

    def matches(self, row_value: Any, value: Any) -> bool:
        """Return whether a row with `row_value` in the field satisfies the filter for `value`."""
        if row_value is None:
            return False
        return (
            are_equal(row_value, value)
            if self.sign == "="
            else compare(self.sign, row_value, value)
        )

    def query_value(self, value: Any) -> Any:
        """Return the value of the query that matches the rows with `value` in the field.

        A row shows an instant in milliseconds, and a server may store it in microseconds. So the
        value of a last instant is a millisecond later: otherwise the query would miss that row.
        """
        moment = as_time(value)
        if self.sign != "<=" or not isinstance(moment, datetime):
            return value
        return (moment + timedelta(milliseconds=1)).isoformat(timespec="milliseconds")

    @property
    def options(self) -> tuple[Any, ...]:
        """The values that the filter may have; () if none are listed."""
        return tuple(self.schema.get("enum", ()))

    @property
    def parts(self) -> bool:
        """Whether it takes true and false, and nothing else: the two part a list."""
        return {text_of(value) for value in self.options} == {"true", "false"}


@dataclass(frozen=True, slots=True)
class RangeCondition:
    """A condition with two values, both included."""

    key: str
    field: str

    def matches(self, row_value: Any, low: Any, high: Any) -> bool:
        """Return whether a row with `row_value` in the field lies between two values."""
        if row_value is None:
            return False
        return compare(">=", row_value, low) and compare("<=", row_value, high)


@lru_cache(maxsize=64)
def filters(operation: DeclaredOperation) -> list[FilterCondition]:
    """Return the filters of an operation whose meaning the document declares.

    They are the members of the parameter for filters, parameters with `x-filter` (unless it is
    false), and parameters with the name of a property of a row.
    """
    listing = operation.listing
    conditions = []
    members = operation.query(listing.filter)
    if members is not None:
        for name, schema in members.schema.get("properties", {}).items():
            resolved_schema = resolve(operation.document, schema)
            conditions.append(FilterCondition(f"{members.name}[{name}]", name, resolved_schema))
    other_parameters = {
        listing.page,
        listing.size,
        listing.sort,
        listing.fields,
        listing.range,
        listing.filter,
    }
    for parameter in operation.parameters.values():
        if parameter.name not in other_parameters:
            conditions += _plain_filter(operation, parameter)
    return conditions


def _plain_filter(
    operation: DeclaredOperation, parameter: DeclaredParameter
) -> Iterator[FilterCondition]:
    comparison, field = parameter.filter, parameter.column or parameter.name
    if comparison is None and (parameter.column or operation.property(field) is not None):
        yield FilterCondition(parameter.name, field, parameter.schema)
    elif isinstance(comparison, str) and comparison in _SIGNS:
        yield FilterCondition(parameter.name, field, parameter.schema, _SIGNS[comparison])
    elif isinstance(comparison, str) and comparison not in _UNSUPPORTED:
        # A filter for several ids is often named in the plural.
        singular = field.removesuffix("s")
        plural = operation.property(field) is None and operation.property(singular)
        yield FilterCondition(parameter.name, singular if plural else field, parameter.schema)


@lru_cache(maxsize=64)
def ranges(operation: DeclaredOperation) -> list[RangeCondition]:
    """Return the ranges that an operation declares."""
    listing = operation.listing
    members = operation.query(listing.range)
    if members is not None:
        names = members.schema.get("properties", {})
        return [RangeCondition(f"{members.name}[{name}]", name) for name in names]
    plain = {parameter.name: parameter.filter for parameter in operation.parameters.values()}
    return [
        RangeCondition(condition.key, condition.field)
        for condition in filters(operation)
        if condition.key in plain and plain[condition.key] in listing.ranged
    ]


@lru_cache(maxsize=64)
def parting(operation: DeclaredOperation) -> list[FilterCondition | RangeCondition]:
    """Return the conditions that part a list: ranges that meet, and true and false."""
    return [*ranges(operation), *(condition for condition in filters(operation) if condition.parts)]


@lru_cache(maxsize=64)
def conditions(operation: DeclaredOperation) -> list[FilterCondition | RangeCondition]:
    """Return the filters and ranges of an operation."""
    return [*filters(operation), *ranges(operation)]


@lru_cache(maxsize=64)
def several(operation: DeclaredOperation) -> list[FilterCondition]:
    """Return the filters of an operation that take several numbers in one text."""
    text = operation.listing.several_values((1, 2))
    return [
        condition
        for condition in filters(operation)
        if condition.sign == "=" and _has_pattern_for(operation, condition.schema, text)
    ]


def _has_pattern_for(operation: DeclaredOperation, schema: Schema, text: str) -> bool:
    members = [schema, *schema.get("anyOf", ())]
    patterns = [resolve(operation.document, member).get("pattern") for member in members]
    return any(pattern is not None and re.search(pattern, text) for pattern in patterns)


@lru_cache(maxsize=64)
def switches(operation: DeclaredOperation) -> list[str]:
    """Return the parameters that are true or false and no condition on a field of rows."""
    known = {condition.key for condition in conditions(operation)}
    return [
        parameter.name
        for parameter in operation.parameters.values()
        if parameter.name not in known
        and parameter.filter in {None, False}
        and any(
            resolve(operation.document, schema).get("type") == "boolean"
            for schema in (parameter.schema, *parameter.schema.get("anyOf", ()))
        )
    ]


@lru_cache(maxsize=64)
def sortable(operation: DeclaredOperation) -> list[str]:
    """Return the fields that an operation can sort by, in the order of its document."""
    parameter = operation.query(operation.listing.sort)
    if parameter is None:
        return []
    options = [str(option) for option in parameter.options]
    descending = {operation.listing.descending.format(field=option) for option in options}
    return [option for option in options if option not in descending]


def is_instant(operation: DeclaredOperation, condition: FilterCondition | RangeCondition) -> bool:
    """Return whether the field of a condition holds instants, by the document."""
    declared = operation.property(condition.field) or {}
    return declared.get("format") in {"date-time", "instant"}


@lru_cache(maxsize=64)
def timed(operation: DeclaredOperation) -> list[FilterCondition | RangeCondition]:
    """Return the conditions of an operation on instants."""
    return [condition for condition in conditions(operation) if is_instant(operation, condition)]
