"""The common base of all resources of the 4me / Xurrent REST API in requests."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from fake_server.api.declare import Json, Renderer, Values, Writers
from fake_server.api.records import Row
from fake_server.api.serve import store
from fake_server.apis.xurrent.dialect.access.auth import current_identity
from fake_server.apis.xurrent.dialect.attributes.validation import Validator
from fake_server.apis.xurrent.dialect.errors import NotFoundError
from fake_server.apis.xurrent.dialect.model.dataset_records import PinnedResource
from fake_server.apis.xurrent.dialect.model.declared import FOLDED, LAST
from fake_server.apis.xurrent.dialect.model.linking import id_column
from fake_server.apis.xurrent.dialect.model.printing import Printer, alphabetical
from fake_server.apis.xurrent.dialect.values.formatting import account_zone, timestamp, wall_clock
from fake_server.apis.xurrent.dialect.values.node_ids import record_id
from fake_server.apis.xurrent.dialect.values.parsing import folded
from fake_server.apis.xurrent.resources import RESOURCES


class XurrentResource(PinnedResource):
    """A resource of the API."""

    # Records

    def of_scope(self) -> Select[Any]:
        """Return the query of all records of an account or of a parent: its parameter `scope`."""
        return _of_scope(self)

    def named(self, text: str, parent_id: int | None = None) -> Row:
        """Return the record that a path names, if it is in the request's account.

        `parent_id` is the id of the record that it must be a part of.

        Raises `NotFoundError`.
        """
        number = record_id(text, self.node)
        if number is None:
            raise NotFoundError
        return self.numbered_row(
            number, current_identity().account if parent_id is None else parent_id
        )

    def numbered_row(self, number: int, scope: int | str) -> Row:
        """Return the record with an id, of an account or of a parent.

        Raises `NotFoundError`.
        """
        rows = store().rows(_by_number(self), {"id": number, "scope": scope})
        if not rows:
            raise NotFoundError
        return rows[0]

    def of_parent(self, parent: str, number: int) -> ColumnElement[bool]:
        """Return the condition of the records that belong to one of another resource."""
        if parent in self.links:
            return self.links[parent].linked(self.table.c.id, parent, number)
        parent_keys = self.declaration.parents[parent]
        condition: ColumnElement[bool] = (
            self.table.c[parent_keys.get("column", id_column(parent))] == number
        )
        return condition

    # JSON

    def writers(self) -> Writers:
        """Return the writers by kind of column; instants are in the zone of the account."""
        zone = account_zone()
        return {
            "instant": lambda instant: timestamp(instant, zone),
            "local": wall_clock,
            "json": json.loads,
        }

    def as_items(self, rows: Sequence[Row], fields: Collection[str] = ()) -> list[Json]:
        """Return rows as items of a list, with some fields or the default ones.

        A disabled item shows `disabled` always.
        """
        visible = fields or self.default_fields
        names = tuple(name for name in self.fields if name in visible and name not in LAST)
        return self._finished(rows, _renderer(self, names)(rows))

    def as_record(self, row: Row) -> Json:
        """Return a row with all its properties, in the order of the alphabet."""
        (record,) = self._finished([row], _renderer(self, tuple(self.properties))([row]))
        return alphabetical(record)

    def _finished(self, rows: Sequence[Row], items: list[Json]) -> list[Json]:
        printer = Printer.for_request()
        home, has_nodes = printer.home, printer.domain is not None
        for row, item in zip(rows, items, strict=True):
            if getattr(row, "disabled", False):
                item["disabled"] = True
            account = getattr(row, "account", home)
            if account != home:
                printer.show_account(item, account)
            if has_nodes:
                printer.show_node_id(item, self.node)
        return items

    def summaries(self, ids: Collection[int]) -> Mapping[int, Json]:
        """Return records by id, in the form that records of other resources show."""
        printer = Printer.for_request()
        summaries: dict[int, Json] = {}
        for row in store().rows(_by_id(self), {"ids": list(ids)}):
            summary = {"id": row.id, "name": row.name}
            printer.show_account(summary, row.account)
            summary |= {
                name: getattr(row, name)
                for name in ("sourceID", "disabled")
                if getattr(row, name, None)
            }
            printer.show_node_id(summary, self.node)
            summaries[row.id] = summary
        return summaries

    # What a request writes

    def column_changes(self, body: Mapping[str, Any], before: Row | None) -> Values:
        """Return the columns that a create, or an update of the record `before`, changes.

        Raises `ValidationFailedError`.
        """
        validator = Validator(body, {} if before is None else before._asdict())
        for attribute in self.attributes:
            validator.read(attribute)
        own_id = None if before is None else before.id
        for attribute in self.attributes:
            value = validator.columns.get(attribute.name)
            if value is None:
                continue
            if attribute.unique and self.is_duplicate(attribute.name, folded(value), own_id):
                validator.add_error(attribute.name, "taken")
            if attribute.kind == "reference" and not self._refers(attribute.name, value):
                validator.add_error(attribute.property_name, "required")
        self.validate(validator)
        changes = validator.changes()
        return changes | self.folding(changes)

    def validate(self, validator: Validator) -> None:
        """Check the attributes together. By default there is no check."""

    def is_duplicate(self, name: str, text: str, own_id: int | None) -> bool:
        """Return whether another record of the account, disabled or not, has a text."""
        columns = self.table.c
        query = select(columns.id).where(
            columns[name + FOLDED] == text, columns.account == current_identity().account
        )
        return any(row.id != own_id for row in store().rows(query))

    def _refers(self, name: str, number: int) -> bool:
        reference = self.column_of(name).reference
        assert reference is not None
        columns = RESOURCES[reference.resource].table.c
        query = select(columns.id).where(
            columns.id == number, columns.account == current_identity().account
        )
        return store().row(query) is not None


def resource_named(name: str) -> XurrentResource:
    """Return a resource by its name.

    Raises `ModuleNotFoundError` for an unknown name.
    """
    resource = RESOURCES[name]
    assert isinstance(resource, XurrentResource)
    return resource


@lru_cache(maxsize=512)
def _renderer(resource: XurrentResource, names: tuple[str, ...]) -> Renderer:
    return resource.renderer(names)


@cache
def _of_scope(resource: XurrentResource) -> Select[Any]:
    scope = resource.table.c[resource.scope.name]
    return select(resource.table).where(scope == bindparam("scope"))


@cache
def _by_number(resource: XurrentResource) -> Select[Any]:
    return _of_scope(resource).where(resource.table.c.id == bindparam("id"))


@cache
def _by_id(resource: XurrentResource) -> Select[Any]:
    return select(resource.table).where(resource.table.c.id.in_(bindparam("ids", expanding=True)))
