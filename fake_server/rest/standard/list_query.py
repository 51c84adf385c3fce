"""The query of a list, read by the parameters of its operation in the document.

- The number of a page and its size, or the offset of its first record and their number. Pages count
  from 1, from 0 where the schema admits it.
- `sort`: fields between commas, `-` before one that descends; `enum` of the schema, or of its
  items, says which. Without an `enum`, all columns.
- Filters; see `filters.py`.

Any other parameter is not read.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from fake_server.errors import DeclarationError, expected_one_of
from fake_server.rest.context import DECLARATION, current_request
from fake_server.rest.pages import order_by
from fake_server.rest.parameters import Parameters, query_parameters
from fake_server.rest.schema.schema_values import (
    InvalidValueError,
    Mistake,
    Schema,
    mistake_of,
    read_text,
)
from fake_server.rest.sorting import SortKey, parse_sort
from fake_server.rest.standard.filters import Filter, FilteredResource, filter_of
from fake_server.rest.standard.operation_reading import Parameter

ROLES: Mapping[str, tuple[str, ...]] = {
    "number": ("page", "page_number", "pageNumber"),
    "size": ("per_page", "perPage", "page_size", "pageSize", "limit", "size"),
    "offset": ("offset", "skip"),
    "sort": ("sort", "sort_by", "sortBy", "order_by", "orderBy"),
    "direction": ("direction", "order", "sort_order", "sortOrder", "sort_direction"),
}
"""What parameters are called that say which records of a list are wanted, in which order."""

_DIRECTIONS = {"asc", "desc"}
_DEFAULT_SIZE = 20
_LARGEST_SIZE = 1000
_LARGEST_PAGE = 10**12


class ListQuery(NamedTuple):
    """The query of a list.

    - `offset`: the position, from 0, of the first record.
    - `size`: how many records at most; None for all there are.
    - `order`: what to order by; it ends with the id, so that no two records are equal.
    - `conditions`: what the records must meet.
    """

    offset: int
    size: int | None
    order: list[ColumnElement[Any]]
    conditions: list[ColumnElement[bool]]


class ListParameters:
    """The parameters of a list, by what they mean."""

    def __init__(self, resource: FilteredResource, parameters: Iterable[Parameter]) -> None:
        self._resource = resource
        by_name = {parameter.name: parameter for parameter in parameters}
        self._roles: dict[str, Parameter] = {}
        for role, names in ROLES.items():
            name = next((name for name in names if self._is(role, by_name.get(name))), None)
            if name is not None:
                self._roles[role] = by_name.pop(name)
        filters = (filter_of(resource, parameter) for parameter in by_name.values())
        self._filters: list[Filter] = [filter_ for filter_ in filters if filter_ is not None]

    def _is(self, role: str, parameter: Parameter | None) -> bool:
        """Return whether a parameter has a role, which its name alone does not say."""
        if parameter is None or parameter.filter or parameter.name in self._resource.table.c:
            return False
        options = {str(option).lower() for option in parameter.schema.get("enum", ())}
        return role != "direction" or (bool(options) and options <= _DIRECTIONS)

    def name_of(self, role: str) -> str:
        """Return the name of the parameter that is `number` or `offset`; empty if there is none."""
        return self._roles[role].name if role in self._roles else ""

    def require_sortable(self) -> None:
        """Raise `DeclarationError` for a field to sort by that is no column."""
        resource = self._resource
        columns = [str(column.name) for column in resource.table.c]
        for field in self._sortable():
            if resource.column_of(field) not in columns:
                raise DeclarationError(
                    f"{resource.api}: {resource.name}: the parameter {self._roles['sort'].name}:"
                    f" enum: there is no column {field}; {expected_one_of(field, columns)}"
                )

    def _sortable(self) -> list[str]:
        """Return the fields that `sort` takes: those that its schema lists, or else all columns."""
        if "sort" not in self._roles:
            return []
        schema = self._roles["sort"].schema
        columns = [str(column.name) for column in self._resource.table.c]
        options = schema.get("items", schema).get("enum") or columns
        return list(dict.fromkeys(str(option).removeprefix("-") for option in options))

    @property
    def first(self) -> int:
        """The number of the first page: 1, unless the document admits 0."""
        schema = self._roles["number"].schema if "number" in self._roles else {}
        return 0 if 0 in (schema.get("minimum"), schema.get("default")) else 1

    def read(self, default_order: Iterable[SortKey]) -> ListQuery:
        """Return the query of the current request.

        Raises the API's error, all mistakes reported at once, and `MalformedParametersError`.
        """
        request = current_request()
        reading = _QueryReader(query_parameters(request))
        size = self._size(reading)
        offset = self._number(reading, "offset", 0, 0)
        number = self._number(reading, "number", self.first, self.first)
        keys = self._sort_keys(reading) or list(default_order)
        conditions = [
            filter_.condition(value)
            for filter_ in self._filters
            if (value := reading.value(filter_.name, filter_.schema)) is not None
        ]
        if reading.mistakes:
            raise request.environ[DECLARATION].dialect.invalid_query(reading.mistakes)
        position = offset + (number - self.first) * (size or 0)
        return ListQuery(position, size, self._order(keys), conditions)

    def _size(self, reading: "_QueryReader") -> int | None:
        if not self._roles.keys() & {"size", "number", "offset"}:
            return None
        return self._number(reading, "size", _DEFAULT_SIZE, 1, _LARGEST_SIZE)

    def _number(
        self,
        reading: "_QueryReader",
        role: str,
        default: int,
        least: int,
        most: int = _LARGEST_PAGE,
    ) -> int:
        if role not in self._roles:
            return default
        name, schema = self._roles[role].name, self._roles[role].schema
        own = {"type": "integer", "minimum": least, "maximum": most, **schema}
        value = reading.value(name, own)
        cut = schema.get("x-maximum", most)
        return default if value is None else min(int(value), cut)

    def _sort_keys(self, reading: "_QueryReader") -> list[SortKey]:
        if "sort" not in self._roles:
            return []
        name, schema = self._roles["sort"].name, self._roles["sort"].schema
        fields = self._sortable()
        text = reading.text(name, "")
        keys = parse_sort(text or str(schema.get("default", "")))
        if not text and any(key.field not in fields for key in keys):
            # A default of the document that names no field is an order of the service's own.
            return []
        if any(key.field not in fields for key in keys):
            reading.mistakes.append(Mistake(name, "options", {"options": ", ".join(fields)}))
            return []
        if "direction" in self._roles:
            direction = self._roles["direction"]
            descends = reading.value(direction.name, direction.schema) in {"desc", "DESC"}
            return [SortKey(key.field, descends != key.descending) for key in keys]
        return keys

    def _order(self, keys: list[SortKey]) -> list[ColumnElement[Any]]:
        columns = {str(column.name): column for column in self._resource.table.c}
        named = (SortKey(self._resource.column_of(key.field), key.descending) for key in keys)
        # A sketched resource may be sorted by a property without a column: it then has no order.
        known = [key for key in named if key.field in columns]
        order = order_by(known, columns)
        if all(key.field != "id" for key in known):
            order.append(columns["id"].asc())
        return order


class _QueryReader:
    """The parameters of one request, while their mistakes are gathered."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self.mistakes: list[Mistake] = []

    def text(self, name: str, default: object) -> str:
        """Return a parameter as text; values of one that stands several times between commas."""
        value = self._parameters.get(name, default)
        return ",".join(map(str, value)) if isinstance(value, list) else str(value)

    def value(self, name: str, schema: Schema) -> Any:
        """Return a parameter's value, its default if it is not given; None if it does not fit."""
        if name not in self._parameters:
            return schema.get("default")
        value = self._parameters[name]
        try:
            if isinstance(value, list):
                # Of a value that stands several times where one may, the last one counts.
                value = ",".join(value) if "array" in schema.get("type", ()) else value[-1]
            return read_text(schema, value)
        except InvalidValueError as error:
            self.mistakes.append(mistake_of(name, error))
            return None
