"""What a list is asked for, read by the parameters that its operation has in the document.

- `page`, `per_page`: whole numbers; `default`, `minimum` and `maximum` are those of the schema.
- `sort`: fields between commas, `-` before one that descends; `enum` of the schema, or of its
  items, says which. Without an `enum`, all columns.
- any other parameter of a query keeps the records whose column has its value. One that is called
  `<field>_before` or `<field>_after` keeps those whose column is smaller or larger; the column may
  be called `<field>_at` or `<field>_on` as well. `x-filter` names the column where that is not
  enough; false says that the parameter is no filter.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from flask import request
from sqlalchemy import ColumnElement, Integer, Table

from fake_server.rest.bodies import with_references
from fake_server.rest.context import DECLARATION
from fake_server.rest.parameters import Parameters, query_parameters
from fake_server.rest.schema_values import InvalidValueError, Mistake, Schema, mistake_of, read_text
from fake_server.rest.sorting import SortKey, order_by, parse_sort
from fake_server.rest.spec import spec
from fake_server.world.instants import instant_of

PAGE = "page"
PER_PAGE = "per_page"
SORT = "sort"

_DEFAULT_SIZE = 20
_LARGEST_SIZE = 1000
_LARGEST_PAGE = 10**12
_COMPARED: Mapping[str, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    "_before": lambda column, value: column < value,
    "_after": lambda column, value: column > value,
}
_ENDINGS = ("", "_at", "_on")


class ListQuery(NamedTuple):
    """What a list is asked for."""

    page: int
    """The number of the page, from 1."""

    per_page: int
    """How many records a page has."""

    order: list[ColumnElement[Any]]
    """What to order by; ends with the id, so that it is a total order."""

    conditions: list[ColumnElement[bool]]
    """What the records must meet."""


class FilterPlan(NamedTuple):
    """A parameter that filters: the column it goes by, and how it is compared."""

    column: str
    compare: Callable[[ColumnElement[Any], Any], ColumnElement[bool]]


def read_list_query(
    operation: str, table: Table, default_order: Iterable[SortKey] = ()
) -> ListQuery:
    """Return what the current request asks a list for; `table` has the records.

    `operation` is the operation's id, without the API's name. Raises the API's error, all mistakes
    told at once, and `MalformedParametersError`. A parameter that the document does not list is not
    read.
    """
    api = request.environ[DECLARATION]
    reading = _Reading(query_parameters(request), query_schemas(api.name, operation))
    number = reading.number(PAGE, 1, _LARGEST_PAGE)
    size = reading.number(PER_PAGE, _DEFAULT_SIZE, _LARGEST_SIZE)
    keys = reading.sort_keys(table) or list(default_order)
    conditions = reading.conditions(table)
    if reading.mistakes:
        raise api.dialect.invalid_query(reading.mistakes)
    columns = {str(column.name): column for column in table.c}
    order = order_by(keys, columns)
    if "id" in columns and all(key.field != "id" for key in keys):
        order.append(columns["id"].asc())
    return ListQuery(number, size, order, conditions)


class _Reading:
    """The parameters of one request, while their mistakes are gathered."""

    def __init__(self, given: Parameters, schemas: Mapping[str, Schema]) -> None:
        self._given = given
        self._schemas = schemas
        self.mistakes: list[Mistake] = []

    def _value(self, name: str, schema: Schema) -> Any:
        """Return a parameter's value; None if it is not given or does not fit."""
        if name not in self._given:
            return schema.get("default")
        given = self._given[name]
        try:
            if isinstance(given, list):
                if "array" not in schema.get("type", ()):
                    # Of a value that stands several times, the last one counts.
                    return read_text(schema, given[-1])
                given = ",".join(given)
            return read_text(schema, given)
        except InvalidValueError as error:
            self.mistakes.append(mistake_of(name, error))
            return None

    def number(self, name: str, default: int, largest: int) -> int:
        """Return a whole number, at least 1."""
        if name not in self._schemas:
            return default
        own = {"type": "integer", "minimum": 1, "maximum": largest, **self._schemas[name]}
        return self._value(name, own) or default

    def sort_keys(self, table: Table) -> list[SortKey]:
        """Return the keys to sort by, as the request or the schema's default has them."""
        if SORT not in self._schemas:
            return []
        schema = self._schemas[SORT]
        text = self._given[SORT] if SORT in self._given else schema.get("default", "")
        keys = parse_sort(",".join(text) if isinstance(text, list) else str(text))
        options = schema.get("items", schema).get("enum") or [str(one.name) for one in table.c]
        fields = list(dict.fromkeys(str(option).removeprefix("-") for option in options))
        if any(key.field not in fields for key in keys):
            self.mistakes.append(Mistake(SORT, "options", {"options": ", ".join(fields)}))
            return []
        return keys

    def conditions(self, table: Table) -> list[ColumnElement[bool]]:
        """Return what the filters ask for."""
        found = []
        for name, schema in self._schemas.items():
            plan = None if name in {PAGE, PER_PAGE, SORT} else filter_plan(name, schema, table)
            if plan is not None:
                value = self._value(name, schema)
                if value is not None:
                    column = table.c[plan.column]
                    found.append(plan.compare(column, _for_column(column, schema, value)))
        return found


def _for_column(column: ColumnElement[Any], schema: Schema, value: Any) -> Any:
    if schema.get("format") == "date" and isinstance(column.type, Integer):
        return instant_of(value)
    return value


def _equal(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    same: ColumnElement[bool] = column.in_(value) if isinstance(value, list) else column == value
    return same


def filter_plan(name: str, schema: Schema, table: Table) -> FilterPlan | None:
    """Return how a parameter filters; None if it does not.

    Raises `ValueError` for one that names no column and does not say that it is no filter.
    """
    named = schema.get("x-filter")
    if named is False:
        return None
    for ending, compare in _COMPARED.items():
        if name.endswith(ending) and name not in table.c:
            field = str(named or name.removesuffix(ending))
            for more in _ENDINGS:
                if f"{field}{more}" in table.c:
                    return FilterPlan(f"{field}{more}", compare)
    column = str(named or name)
    if column in table.c:
        return FilterPlan(column, _equal)
    raise ValueError(
        f"{name}: {table.name} has no column {column!r}; name one with x-filter, or say"
        " x-filter: false and read the parameter in the view"
    )


@cache
def query_schemas(api: str, operation: str) -> dict[str, Schema]:
    """Return the schemas of an operation's query parameters by name; `x-filter` is in them."""
    found: dict[str, Schema] = {}
    document = spec(api).document
    for name, parameter in spec(api).operation(operation).parameters.items():
        if parameter.get("in") == "query":
            schema = with_references(api, parameter["schema"], document)
            more = {key: parameter[key] for key in ("x-filter",) if key in parameter}
            found[name] = {**schema, **more}
    return found
