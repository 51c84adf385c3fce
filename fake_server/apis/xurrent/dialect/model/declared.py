"""The attributes, fields and table that a resource's declaration and shape give."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, MetaData

from fake_server.api.declare import (
    ColumnPlan,
    Declaration,
    Reference,
    Resource,
    Values,
    column_plans,
    declaration,
)
from fake_server.apis.xurrent.dialect.attributes.attribute_kinds import (
    DEFAULTED,
    KINDS,
    Attribute,
    InvalidError,
    attributes_of,
)
from fake_server.apis.xurrent.dialect.model.linking import Links, id_column, links_between
from fake_server.apis.xurrent.dialect.values.parsing import folded
from fake_server.apis.xurrent.resources import API, RESOURCES

metadata = MetaData()

FOLDED = "_folded"
"""The suffix of a column that holds a folded text, for comparisons without regard to case."""

LAST = ("account", "nodeID")
"""The properties at the end of every record, beside those of its own."""


_STATES: Mapping[str, Mapping[str, Any]] = {
    "enabled": {"disabled": False},
    "disabled": {"disabled": True},
}


class DeclaredResource(Resource):
    """A resource of the API, made from its declaration and its shape.

    `states` has, by name, the functions that make the conditions of predefined filters on more than
    the values of columns.

    The declaration has these keys of this API's own:

    - `node`: the class of its records in nodeIDs, such as `Calendar`.
    - `fields`: the default fields of the items of its lists.
    - `writable`: the attributes that a request may write, see `Attribute`.
    - `predefined`: its predefined filters by name, each with values of columns, or a list of names.
    - `parents`: the key `links` is the name of the table of links to the parent's records. The key
      `path` is the name of the records in the path of a parent.
    """

    api = API
    tables = metadata
    resources = RESOURCES
    table_options: ClassVar[Mapping[str, Any]] = {"sqlite_autoincrement": True}
    states: ClassVar[Mapping[str, Callable[[], ColumnElement[bool]]]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.node: str = self.declaration.keys["node"]
        self.filters = tuple(
            plan.name
            for plan in self.columns
            if plan.kind in {"text", "boolean"} and not plan.name.endswith(FOLDED)
        )
        self.links = dict(self._links())

    @cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes that a request may write."""
        return attributes_of(self.declaration)

    @cached_property
    def properties(self) -> Mapping[str, Any]:
        """The properties of a single record by name, without those at the end of every record."""
        shape = self.shape(self.declaration.shape)
        return {name: node for name, node in shape["properties"].items() if name not in LAST}

    @cached_property
    def default_fields(self) -> tuple[str, ...]:
        """The fields of a list's items if the request does not name any."""
        return tuple(self.declaration.keys["fields"])

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """All fields that an item of a list can show, in their order."""
        return tuple(dict.fromkeys([*self.default_fields, *self.properties, *LAST]))

    @cached_property
    def predefined(self) -> Mapping[str, Mapping[str, Any]]:
        """The values of columns that each predefined filter requires, by its name."""
        return _predefined(self.declaration)

    def declared_columns(
        self, declared: Declaration
    ) -> Iterator[tuple[tuple[str | int, ...], str, bool]]:
        """See `Resource`; what may be written, and what predefined filters require."""
        yield from super().declared_columns(declared)
        names = {name for plan in self.columns for name in (plan.name, plan.shown)}
        for attribute in attributes_of(declared):
            yield ("writable", attribute.name), attribute.name, attribute.name in names
            if attribute.unique:
                yield ("writable", attribute.name), attribute.name, attribute.name in self._folded
        for parent, keys in declared.parents.items():
            if "links" not in keys:
                column = keys.get("column", id_column(parent))
                yield ("parents", parent), column, column in names
        for name, values in _predefined(declared).items():
            if not values:
                yield ("predefined",), name, name in self.states
            for column in values:
                yield ("predefined",), column, column in names

    def misdeclared(self, declared: Declaration) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """See `Resource`; attributes that no column can hold, or whose default none can."""
        plans = {plan.name: plan for plan in self.columns}
        for attribute in attributes_of(declared):
            if attribute.name in plans:
                problem = _problem(attribute, plans[attribute.name], str(declared.shape))
                if problem:
                    yield ("writable", attribute.name), problem

    # The table

    @cached_property
    def columns(self) -> tuple[ColumnPlan, ...]:
        """The columns of the shape, the hidden columns, the scope, and the folded texts."""
        kinds = {attribute.name: KINDS[attribute.kind].column for attribute in self.attributes}
        own = column_plans(
            {"properties": self.properties}, self.declaration.columns, self.shape, kinds
        )
        filters = self.declaration.filter.items()
        compared = {
            *(name for name, field in filters if field.kind == "text"),
            *(attribute.name for attribute in self.attributes if attribute.unique),
            *self.declaration.sort,
        }
        exact = {
            attribute.name for attribute in self.attributes if attribute.kind in {"date", "decimal"}
        }
        texts = (
            ColumnPlan(f"{plan.name}{FOLDED}", "text", False, "", None, {}, plan.name == "name")
            for plan in own
            if plan.kind == "text"
            and plan.name in compared
            and "enum" not in plan.schema
            and plan.name not in exact
        )
        return (*own, self.scope, *texts)

    @cached_property
    def scope(self) -> ColumnPlan:
        """The column of the record's owner: its account, or the record that it is a part of."""
        parent = self.declaration.part_of
        if not parent:
            return ColumnPlan("account", "text", False, "", None, {})
        return ColumnPlan(id_column(parent), "integer", False, "", Reference(parent), {})

    def column_of(self, field: str) -> ColumnPlan:
        """Return the column of a field.

        Raises `StopIteration` if there is none.
        """
        return next(plan for plan in self.columns if field in (plan.shown, plan.name))

    def compared(self, field: str) -> ColumnElement[Any]:
        """Return the sort expression of a field. The case of a text does not matter."""
        name = self.column_of(field).name
        column: ColumnElement[Any] = self.table.c[name + FOLDED if name in self._folded else name]
        return column

    @cached_property
    def _folded(self) -> tuple[str, ...]:
        names = (plan.name for plan in self.columns)
        return tuple(name.removesuffix(FOLDED) for name in names if name.endswith(FOLDED))

    def folding(self, values: Mapping[str, Any]) -> Values:
        """Return the folded texts of some columns' values."""
        return {name + FOLDED: folded(values[name]) for name in self._folded if name in values}

    def completed(self, values: Values, scope: int | str, created_at: int) -> Values:
        """Return a whole row. A missing column is empty, and a missing time is `created_at`.

        `scope` is the account, or the id of the record that the row is a part of.
        """
        row: Values = {
            plan.name: False if self._is_off(plan) else None
            for plan in self.columns
            if plan.name != "id"
        }
        times = {"created_at": created_at, "updated_at": values.get("created_at", created_at)}
        row |= {name: instant for name, instant in times.items() if name in row}
        row |= {self.scope.name: scope, **values}
        row |= {name: value for name, value in self._defaults.items() if row[name] is None}
        return row | self.folding(row)

    @cached_property
    def _defaults(self) -> Values:
        """The defaults of attributes by column; a record that gives one false keeps it."""
        return {
            attribute.name: attribute.read_default()
            for attribute in self.attributes
            if attribute.default is not None
        }

    def _is_off(self, plan: ColumnPlan) -> bool:
        """Return whether a column is false in a record that is made without a value of it."""
        return plan.kind == "boolean" and plan.name not in self._defaults

    # Links to other resources' records

    def _links(self) -> Iterator[tuple[str, Links]]:
        """Yield the links to other resources' records, by the name of the other resource."""
        for name in RESOURCES.names:
            for parent, parent_keys in declaration(API, name).parents.items():
                if "links" in parent_keys and self.name in (name, parent):
                    linked = parent if self.name == name else name
                    yield linked, links_between(metadata, (name, parent), parent_keys["links"])


def _predefined(declared: Declaration) -> Mapping[str, Mapping[str, Any]]:
    filters = declared.keys.get("predefined") or ()
    named = filters if isinstance(filters, Mapping) else {name: {} for name in filters}
    return {name: values or _STATES.get(name, {}) for name, values in named.items()}


def _problem(attribute: Attribute, plan: ColumnPlan, shape: str) -> str:
    """Return why a column cannot hold an attribute as it is declared; empty if it can."""
    if attribute.kind == "reference" and plan.reference is None:
        return f"a reference to no resource; {attribute.property_name} in {shape} needs x-reference"
    if attribute.default is not None:
        if attribute.kind not in DEFAULTED:
            return f"default: an attribute of the kind {attribute.kind} has none"
        try:
            attribute.read_default()
        except InvalidError:
            return f"default: {attribute.default!r} is no value of the kind {attribute.kind}"
    if not (attribute.may_be_blank and not plan.nullable):
        return ""
    return (
        f"may be blank, and its column may not be null: give it required: true or a default, or let"
        f" {attribute.property_name} in {shape} be null"
    )
