"""Resources of which only the document is known: their records fit its schemas."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from fake_server.rest.attribute_reader import AttributeReader, with_references
from fake_server.rest.context import ROUTE, current_request, store, world
from fake_server.rest.resources.columns import ColumnPlan
from fake_server.rest.resources.operation_index import Operation, index
from fake_server.rest.resources.rendering import Json
from fake_server.rest.resources.resource import Values
from fake_server.rest.schema.flattening import flattened
from fake_server.rest.schema.requested_operation import operation_of
from fake_server.rest.schema.spec import spec
from fake_server.rest.standard.cursors import CursorParameters
from fake_server.rest.standard.documented import (
    fits_document,
    property_schema,
    sent_schema,
    without_written,
)
from fake_server.rest.standard.list_query import ListParameters
from fake_server.rest.standard.operation_reading import Facts
from fake_server.rest.standard.pages import ListAnswer
from fake_server.rest.standard.resource import StandardResource
from fake_server.rest.standard.sketched_lists import SketchedListAnswer
from fake_server.rest.standard.sketches import fits, sketch, takes_anything
from fake_server.world.instants import SECOND, milliseconds
from fake_server.world.records.pinning import require_source
from fake_server.world.records.tables import Records, Seeding, Tables
from fake_server.world.seeded_random import SeededRandom
from fake_server.world.storage.store import Row

_STAMPS = {"created_at": 2, "updated_at": 1, "createdAt": 2, "updatedAt": 1}
_DAY = 86400


class SketchedResource(StandardResource):
    """A resource whose records are invented by its shape alone, by types, formats and names.

    A property of its shape says with `x-optional` that an answer leaves it out where it has no
    value. `key` of the declaration is the column of text that a path names a record by, and
    `x-member` of an operation the member of its answer that is the record.
    """

    def invented(self, number: int, tables: Tables) -> Values:
        """Return the row of an invented record: each column by its type, format and name."""
        return self.sketched(number, tables)

    def sketched(self, number: int, tables: Tables) -> Values:
        """Return a row whose values fit the schema of each property.

        A reference is to one of the records there are. Raises `RecordError` where there is none.
        """
        random = SeededRandom(tables.inputs.seed, self.name, number)
        start = milliseconds(tables.inputs.start) // SECOND * SECOND
        return {
            plan.name: self._sketched(plan, number, random, start, tables) for plan in self.columns
        }

    def _sketched(
        self, plan: ColumnPlan, number: int, random: SeededRandom, start: int, tables: Tables
    ) -> Any:
        if plan.name == "id":
            return number
        if plan.reference is not None:
            name = plan.reference.resource
            ids = tables.story(self.resources[name].ids)
            if not ids and not plan.nullable:
                require_source(self.api, self.name, name, ids)
            return random.choice(ids) if ids else None
        may_lack = plan.name != self.key_column and self._is_optional(plan)
        if may_lack and (random.chance(0.2) or takes_anything(plan.schema)):
            return None
        return self._value(plan, random, start)

    def _value(self, plan: ColumnPlan, random: SeededRandom, start: int) -> Any:
        if plan.kind == "instant":
            age = _STAMPS.get(plan.name)
            if age is None:
                return start - random.integer(60, 90 * _DAY) * SECOND
            return start - random.integer((age - 1) * 30 * _DAY, age * 30 * _DAY) * SECOND
        is_key = plan.name == self.key_column
        # No two records have the same key, which an example would give to all of them.
        schema = _without_examples(plan.schema) if is_key else plan.schema
        return sketch(schema, random, start, plan.shown or plan.name)

    def ids(self, tables: Tables) -> list[int]:
        """Return the ids of all records."""
        return tables.ids(self.table)

    @property
    def key_column(self) -> str:
        """See `StandardResource`: `key` of the declaration."""
        return str(self.declaration.keys.get("key", "id"))

    def _is_optional(self, plan: ColumnPlan) -> bool:
        return bool(plan.schema.get("x-optional"))

    # JSON

    @cached_property
    def _optional(self) -> frozenset[str]:
        return frozenset(plan.shown for plan in self.columns if self._is_optional(plan))

    def as_items(self, rows: Sequence[Row]) -> list[Json]:
        """Return rows as items of a list, without the optional properties that are null."""
        return [self._present(item) for item in super().as_items(rows)]

    def as_record(self, row: Row) -> Json:
        """Return a row as the record of its own operation; see `as_items`."""
        return self._present(super().as_record(row))

    def _present(self, item: Json) -> Json:
        if not self._optional:
            return item
        return {
            name: value
            for name, value in item.items()
            if value is not None or name not in self._optional
        }

    def record_member(self, operation: str, schema: Mapping[str, Any]) -> str | None:
        """Return the member of a body that holds the record, the operation's `x-member`."""
        own = index(self.api).operations[operation]
        node = self.declaration.keys["paths"][own.path][own.method.lower()]
        member: str | None = node.get("x-member")
        return member

    def _listing(self, facts: Facts) -> tuple[ListParameters, ListAnswer]:
        schema = flattened(with_references(facts.success.schema, spec(self.api).document))
        kept = {plan.name for plan in self.columns if plan.kind == "value"}
        query = [
            parameter._replace(filter=False) if parameter.name in kept else parameter
            for parameter in facts.query
        ]
        return CursorParameters(self, query), SketchedListAnswer(facts.success, schema)

    # Records that a path names

    def argument_column(self, operation: Operation, argument: str) -> str:
        """See `StandardResource`; the last argument names the record by its key."""
        if argument == operation.arguments[-1]:
            return self.key_column
        return super().argument_column(operation, argument)

    def row_of(self, argument: str, text: str) -> Row:
        """See `StandardResource`; whatever the argument is called, it is the record's key."""
        return super().row_of(self.key_column, text)

    # Records that a request writes

    def check_body(self, body: AttributeReader, row: Row | None) -> None:
        """Refuse values that no answer could show, and a key that another record has."""
        sent = current_request().get_json(force=True, silent=True)
        values = sent if isinstance(sent, dict) else {}
        shown = self._shown_schema()
        for plan in self.columns:
            if plan.shown not in values or plan.shown not in body.values:
                continue
            read = body.values[plan.shown]
            # A time may be read in another spelling than it was sent.
            value = read if isinstance(read, str) else self._visible(plan, values[plan.shown])
            own = property_schema(self.api, shown, plan.shown) if plan.kind == "value" else {}
            if not fits(plan.schema, value) or not fits_document(self.api, own, value):
                body.refuse(plan.shown, "pattern")
        key = body.values.get(self._shown_key)
        if row is None and isinstance(key, str) and self.key_column != "id" and self._takes_key:
            column = self.table.c[self.key_column]
            if store().rows(select(column).where(column == key)):
                body.refuse(self._shown_key, "taken")

    def _shown_schema(self) -> Mapping[str, Any]:
        """Return the schema of the record in the answer to the current request."""
        operation = self._operation()
        if operation is None:
            return {}
        schema = self.facts(operation).success.schema
        member = self.record_member(operation.id, schema)
        return schema if member is None else property_schema(self.api, schema, member)

    def _visible(self, plan: ColumnPlan, value: Any) -> Any:
        """Return a property of the current request's body without what is only written."""
        operation = self._operation()
        schema = sent_schema(self.api, operation.id) if operation else {}
        return without_written(self.api, property_schema(self.api, schema, plan.shown), value)

    def _operation(self) -> Operation | None:
        """Return the operation of the current request."""
        request = current_request()
        named = operation_of(self.api, request.method, request.environ[ROUTE]) or ""
        return index(self.api).operations.get(named.partition(".")[2])

    @cached_property
    def _key_plan(self) -> ColumnPlan:
        return next(plan for plan in self.columns if plan.name == self.key_column)

    @property
    def _shown_key(self) -> str:
        return self._key_plan.shown

    @property
    def _makes_key(self) -> bool:
        """Whether the service makes keys, as it does with ids; a name is the client's to choose."""
        about = self._key_plan.schema
        return about.get("format") == "uuid" or self._shown_key.lower() in {"id", "uuid", "guid"}

    @property
    def _takes_key(self) -> bool:
        """Whether a created record has the key that the current request gives it.

        A service that makes keys answers with the record; where it answers without content, nobody
        else tells the client the key.
        """
        return not self._makes_key or not self._shown_schema()

    def new_row(self, values: Values) -> Values:
        """See `StandardResource`; what the request leaves out is invented, or null if it may be."""
        records = Records(world(), self.api)
        number = int(store().value(select(func.coalesce(func.max(self.table.c.id), 0)))) + 1
        random, instant = SeededRandom(records.inputs.seed, f"{self.name} made", number), self.now()
        row: Values = {}
        for plan in self.columns:
            if plan.name == "id":
                continue
            if plan.name in _STAMPS:
                row[plan.name] = instant
            elif plan.reference is not None and not plan.nullable:
                row[plan.name] = random.choice(self._ids_referred(plan) or [0])
            elif plan.nullable and plan.name != self.key_column:
                row[plan.name] = plan.schema.get("default")
            elif "default" in plan.schema:
                row[plan.name] = plan.schema["default"]
            else:
                row[plan.name] = self._value(plan, random, instant)
        return {**row, **self._own(values, takes_key=self._takes_key)}

    def unnamed(self, values: Values) -> Iterable[ColumnPlan]:
        """See `StandardResource`; what a request leaves out refers to any record there is."""
        return [plan for plan in super().unnamed(values) if not self._ids_referred(plan)]

    def _ids_referred(self, plan: ColumnPlan) -> list[int]:
        assert plan.reference is not None
        column = self.resources[plan.reference.resource].table.c.id
        return [row[0] for row in store().rows(select(column).order_by(column).limit(100))]

    def changes(self, row: Row, values: Values) -> Values:
        """Return the columns that a request changes; others of the body are ignored."""
        return super().changes(row, self._own(values, takes_key=not self._makes_key))

    def _own(self, values: Values, *, takes_key: bool) -> Values:
        """Return the values that a request may set, each as its column keeps it.

        The id is the fake's own. A property stored as JSON stays as it was sent, times included,
        but for what is only written.
        """
        sent = current_request().get_json(force=True, silent=True)
        sent_values = sent if isinstance(sent, dict) else {}
        kept = {
            plan.name: self._visible(plan, sent_values[plan.shown])
            for plan in self.columns
            if plan.kind == "value" and plan.shown in sent_values
        }
        own = {"id"} if takes_key else {"id", self.key_column}
        return {name: kept.get(name, value) for name, value in values.items() if name not in own}


def _without_examples(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in schema.items() if key not in {"example", "examples"}}


class ActionGroup(SketchedResource):
    """Operations without records: the example of the document answers each."""

    has_records = False

    @cached_property
    def columns(self) -> tuple[ColumnPlan, ...]:
        """The one column that a table must have."""
        return (ColumnPlan("id", "integer", False, "", None, {}),)

    def seed(self, tables: Seeding) -> None:
        """Make no record."""

    def referring(self, name: str) -> Iterable[ColumnPlan]:
        """Return no column."""
        return ()
