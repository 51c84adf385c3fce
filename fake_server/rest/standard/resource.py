"""What all resources of an API without a dialect of its own have in common."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, select

from fake_server.rest.api_errors import ApiError
from fake_server.rest.attribute_reader import AttributeReader, with_references
from fake_server.rest.context import DECLARATION, current_request, now, store
from fake_server.rest.http_text import phrase_of
from fake_server.rest.resources.columns import ColumnPlan
from fake_server.rest.resources.declaration import Field
from fake_server.rest.resources.operation_index import Operation, index
from fake_server.rest.resources.resource import Resource, Values
from fake_server.rest.resources.resource_routes import Call
from fake_server.rest.schema.shape_references import with_local_references
from fake_server.rest.schema.spec import spec
from fake_server.rest.standard.list_query import ListParameters
from fake_server.rest.standard.operation_reading import Facts, facts_of
from fake_server.rest.standard.pages import ListAnswer
from fake_server.world.instants import SECOND, milliseconds, moment, rfc3339
from fake_server.world.records.tables import Seeding
from fake_server.world.storage.store import Row

ConditionMaker = Callable[["StandardResource", Any], ColumnElement[bool]]
"""Makes the condition of a filter that is no plain column, of the parameter's value."""

_BLANK: Mapping[str, Any] = {"integer": 0, "number": 0.0, "boolean": False, "text": ""}


def instant_text(instant: int) -> str:
    """Return milliseconds since 1970 in the form of RFC 3339: `2026-03-02T09:00:00Z`.

    A fraction of a second is shown where there is one.
    """
    text = rfc3339(moment(instant))
    return f"{text[:-4]}Z" if "." in text else text


class StandardResource(Resource):
    """A resource that the standard views serve.

    A plain one has only its `name`, and `invented`, which makes its records. What is not plain,
    it overrides.

    - `conditions`: filters that are no plain column, by the name of the parameter.
    """

    conditions: ClassVar[Mapping[str, ConditionMaker]] = {}

    def __init__(self) -> None:
        super().__init__()
        self._facts: dict[tuple[int, str], Facts] = {}
        self._lists: dict[int, tuple[Facts, ListParameters, ListAnswer]] = {}

    # What the document says

    def facts(self, operation: Operation) -> Facts:
        """Return the facts of an operation in the world of the current request."""
        declared = self.declared()
        key = id(declared), operation.id
        if key not in self._facts:
            self._facts[key] = facts_of(declared, operation)
        return self._facts[key]

    def listing(self, operation: Operation) -> tuple[ListParameters, ListAnswer]:
        """Return how a list is asked for and answered in the world of the current request.

        Raises `DeclarationError` for a filter, or a field to sort by, that cannot be.
        """
        facts = self.facts(operation)
        if id(facts) not in self._lists:
            self._lists[id(facts)] = (facts, *self._listing(facts))
        _, parameters, answer = self._lists[id(facts)]
        return parameters, answer

    def _listing(self, facts: Facts) -> tuple[ListParameters, ListAnswer]:
        schema = with_references(facts.success.schema, spec(self.api).document)
        parameters = ListParameters(self, facts.query)
        parameters.require_sortable()
        return parameters, ListAnswer(facts.success, schema)

    def seed(self, tables: Seeding) -> None:
        """Fill the table with the records of a dataset.

        Raises `RecordError`, and `UserError` where a declared filter cannot be: at the start
        rather than at the first request.
        """
        for operation in index(self.api).operations.values():
            if (operation.resource, operation.action) == (self.name, "list"):
                self._listing(facts_of(self.declaration, operation))
        super().seed(tables)

    def has_filter(self, name: str, field: Field) -> bool:
        """Return whether a filter is answered: by `conditions`, or as by any resource."""
        return name in self.conditions or super().has_filter(name, field)

    def column_of(self, name: str) -> str:
        """Return the column that a property is shown from."""
        return next((plan.name for plan in self.columns if plan.shown == name), name)

    # JSON

    def instants(self) -> Callable[[int], str]:
        """Return the function that spells milliseconds: UTC, such as `2026-03-02T09:00:00Z`."""
        return instant_text

    # Records that a path names

    def missing(self) -> ApiError:
        """Return the error for a record that does not exist."""
        error: ApiError = current_request().environ[DECLARATION].dialect.error(404, phrase_of(404))
        return error

    def nest(self, call: Call, arguments: list[str]) -> Values:
        """Return the columns that some arguments of a path choose, with their values.

        The last one names a record of the resource's parent, if the operation has one. Raises the
        API's 404 for a parent that does not exist.
        """
        columns: Values = {}
        parent = call.operation.parent
        for argument in arguments:
            text = call.path[argument]
            if parent and argument == arguments[-1]:
                other = self.resources[parent]
                assert isinstance(other, StandardResource)
                columns[self._parent_column(parent, argument)] = other.row_of(argument, text).id
            else:
                columns[self.argument_column(call.operation, argument)] = text
        return {name: value for name, value in columns.items() if name in self.table.c}

    def _parent_column(self, parent: str, argument: str) -> str:
        own = (self.declaration.parents.get(parent) or {}).get("column")
        referring = next((plan.name for plan in self.referring(parent)), argument)
        return str(own) if own else referring

    def record_member(self, operation: str, schema: Mapping[str, Any]) -> str | None:
        """Return the member of an answer that is the record; None where the answer is the record.

        `schema` is that of the operation's answer.
        """
        members = (schema.get("properties") or {}).items()
        own = with_local_references({"$ref": self.declaration.shape or ""})["$ref"]
        return next((name for name, about in members if own and about.get("$ref") == own), None)

    def argument_column(self, operation: Operation, argument: str) -> str:
        """Return the column that an argument of an operation's path goes by."""
        parameter = self.facts(operation).path_parameter(argument)
        return (parameter.column if parameter else "") or argument

    def named(self, call: Call) -> Row:
        """Return the row of the record that a path names; raises the API's 404."""
        *outer, own = call.operation.arguments
        row = self.row_of(self.argument_column(call.operation, own), call.path[own])
        for name, value in self.nest(call, outer).items():
            if str(getattr(row, name)) != str(value):
                raise self.missing()
        return row

    def row_of(self, argument: str, text: str) -> Row:
        """Return the row of the record that an argument names; raises the API's 404.

        It goes by the column of the argument's name, if that is text, or else by the id.
        """
        plan = next((column for column in self.columns if column.name == argument), None)
        if plan is not None and plan.kind == "text":
            row = store().row(select(self.table).where(self.table.c[argument] == text))
        else:
            row = self._row(self.key_of(text))
        if row is None:
            raise self.missing()
        return row

    def _row(self, key: Any) -> Row | None:
        return store().row(select(self.table).where(self.table.c.id == key))

    # Records that a property refers to

    @property
    def key_column(self) -> str:
        """The column by which paths and properties name a record."""
        return "id"

    def keys_by_id(self, ids: Iterable[int]) -> Mapping[int, Any]:
        """Return the keys of records by id, which `x-reference: members.keys_by_id` shows."""
        column = self.table.c[self.key_column]
        chosen = select(self.table.c.id, column).where(self.table.c.id.in_(sorted(ids)))
        return {row[0]: row[1] for row in store().rows(chosen)}

    def referred(self, plan: ColumnPlan, value: Any) -> int | None:
        """Return the id of the record that a value of a property names; None if there is none."""
        assert plan.reference is not None
        column = self._referred_column(plan)
        row = store().row(select(column.table.c.id).where(column == value))
        return None if row is None else int(row[0])

    def referring_to(self, plan: ColumnPlan, value: Any) -> ColumnElement[bool]:
        """Return the condition that a row refers to a record, or to one of several, by key."""
        column = self._referred_column(plan)
        chosen = column.in_(value if isinstance(value, list) else [value])
        return self.table.c[plan.name].in_(select(column.table.c.id).where(chosen))

    def _referred_column(self, plan: ColumnPlan) -> Any:
        assert plan.reference is not None
        other = self.resources[plan.reference.resource]
        assert isinstance(other, StandardResource)
        key = other.key_column if plan.reference.function == "keys_by_id" else "id"
        return other.table.c[key]

    def unnamed(self, values: Values) -> Iterable[ColumnPlan]:
        """Return the references that a record to be created with some values would lack."""
        return [
            plan
            for plan in self.columns
            if plan.reference and not plan.nullable and values.get(plan.name) is None
        ]

    # Records that a request writes

    def check_body(self, body: AttributeReader, row: Row | None) -> None:
        """Refuse what no schema can refuse of a body; `row` is the record that changes."""

    def new_row(self, values: Values) -> Values:
        """Return the row of a record that is created with some values.

        `created_at` and `updated_at` are the world's time. Another column is null where it may be,
        or else its default, its first option, or empty.
        """
        stamps = {name: self.now() for name in ("created_at", "updated_at")}
        rest = {
            plan.name: stamps.get(plan.name, None if plan.nullable else self._blank(plan))
            for plan in self.columns
            if plan.name != "id"
        }
        return {**rest, **values}

    def _blank(self, plan: ColumnPlan) -> Any:
        schema = plan.schema
        if "default" in schema:
            return schema["default"]
        options = schema.get("enum")
        return options[0] if options else _BLANK.get(plan.kind, self.now())

    def changes(self, row: Row, values: Values) -> Values:
        """Return the columns that a request changes; `updated_at` follows any change."""
        if values and "updated_at" in self.table.c:
            return {"updated_at": self.now(), **values}
        return values

    def now(self) -> int:
        """Return the world's time in milliseconds since 1970, without a fraction of a second."""
        return milliseconds(now()) // SECOND * SECOND
