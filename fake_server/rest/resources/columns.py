"""The table that follows from a shape: a column for each property, and hidden ones.

A property of a shape says in keywords of its own what its type cannot:

- `x-column`: the name of its column, where that is another one; false where it has none and the
  resource's method of the same name returns its value.
- `x-pinned`: what its attribute in a dataset has besides, false if it has none.
- `x-kind`: `value` of a property whose value is kept as it is, such as a list or an object.
- `x-optional`: true of a property that need not be there; its column may be null.
- `x-reference`: the resource that it refers to by id. A property that is an object shows the record
  it refers to; `users.summaries` names the function that renders it.

A resource names the kinds that no type expresses: a local time, a list kept as JSON.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Integer, MetaData, Table, Text

_TYPES: Mapping[str, Any] = {
    "integer": Integer,
    "text": Text,
    "boolean": Boolean,
    "number": Float,
    "instant": BigInteger,
    "local": BigInteger,
    "json": Text,
    "value": JSON(none_as_null=True),
}
_KINDS = {"string": "text", "integer": "integer", "boolean": "boolean", "number": "number"}
_INSTANTS = {"date-time", "instant"}


class Reference(NamedTuple):
    """What a column refers to: a resource, and the function of it that renders its records."""

    resource: str
    function: str = ""


class ColumnPlan(NamedTuple):
    """One column of a resource's table.

    - `kind`: `integer`, `text`, `boolean`, `number`, `instant` (milliseconds since 1970, UTC),
      `local` (what a wall clock shows, in milliseconds as if it were UTC), `json` (a JSON text) or
      `value` (a list or an object, kept as it is).
    - `shown`: the property that shows it; empty if none does.
    - `schema`: the JSON Schema of that property.
    - `indexed`: whether an index serves it; one serves references and instants anyway.
    """

    name: str
    kind: str
    nullable: bool
    shown: str
    reference: Reference | None
    schema: Mapping[str, Any]
    indexed: bool = False

    @property
    def is_pinned(self) -> bool:
        """Whether a dataset may pin it, as all but those whose `x-pinned` is false."""
        return self.schema.get("x-pinned") is not False


Shape = Mapping[str, Any]
"""A JSON Schema, as its file has it."""

_NO_KINDS: Mapping[str, str] = {}


def column_plans(
    shape: Shape,
    hidden: Mapping[str, Any],
    read: Callable[[str], Shape],
    kinds: Mapping[str, str] = _NO_KINDS,
) -> tuple[ColumnPlan, ...]:
    """Return the columns of a resource: those of a shape's properties, then the hidden ones.

    `read` returns the shape in a file that a property refers to, such as the form of all times.
    `hidden` is `columns` of the declaration: a kind by name, with a `?` behind it if the column may
    be null, or `{kind, of, says, pinned}`, where `of` is the resource that it refers to.
    `kinds` has the kinds of the properties whose types do not determine them.
    Raises `ValueError` for a property whose type is no column's.
    """
    return (*_shown(shape, read, kinds), *_hidden(hidden))


def _shown(
    shape: Shape, read: Callable[[str], Shape], kinds: Mapping[str, str]
) -> Iterator[ColumnPlan]:
    for name, declared in shape["properties"].items():
        schema = declared if "x-reference" in declared else _plain(declared, read)
        column = schema.get("x-column", name)
        if column is False:
            continue
        reference = _reference(schema)
        if reference and reference.function:
            own = column if column != name else f"{name}_id"
            yield ColumnPlan(own, "integer", _is_nullable(schema), name, reference, schema)
        else:
            kind = kinds.get(name) or _kind(name, schema)
            yield ColumnPlan(column, kind, _is_nullable(schema), name, reference, schema)


def _plain(schema: Shape, read: Callable[[str], Shape]) -> Shape:
    """Return a schema without its reference: the schema of a value, or of null beside it."""
    if "$ref" in schema:
        return {**read(schema["$ref"]), **schema}
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1 and "$ref" in options[0]:
        target = read(options[0]["$ref"])
        if isinstance(target.get("type"), str):
            return {**target, **schema, "type": [target["type"], "null"]}
    return schema


def _reference(schema: Mapping[str, Any]) -> Reference | None:
    text = schema.get("x-reference")
    if text is None:
        return None
    resource, _, function = text.partition(".")
    kinds = schema.get("type", ())
    is_object = bool({"$ref", "anyOf"} & schema.keys()) or "object" in (
        (kinds,) if isinstance(kinds, str) else kinds
    )
    return Reference(resource, function or ("summaries" if is_object else ""))


def _kind(name: str, schema: Mapping[str, Any]) -> str:
    if "x-kind" in schema:
        return str(schema["x-kind"])
    if schema.get("format") in _INSTANTS:
        return "instant"
    declared = schema.get("type", "")
    for option in [declared] if isinstance(declared, str) else declared:
        if option in _KINDS:
            return _KINDS[option]
    raise ValueError(f"{name}: a column has a plain type; give it x-column or x-reference")


def _is_nullable(schema: Mapping[str, Any]) -> bool:
    declared = schema.get("type", ())
    options = schema.get("anyOf", ())
    if schema.get("x-optional"):
        return True
    return "null" in ([declared] if isinstance(declared, str) else declared) or any(
        option.get("type") == "null" for option in options
    )


def _hidden(columns: Mapping[str, Any]) -> Iterator[ColumnPlan]:
    for name, about in columns.items():
        keys = about if isinstance(about, Mapping) else {"kind": about}
        kind = keys["kind"]
        reference = Reference(keys["of"]) if "of" in keys else None
        names = {"says": "description", "pinned": "x-pinned"}
        schema = {keyword: keys[name] for name, keyword in names.items() if name in keys}
        yield ColumnPlan(name, kind.removesuffix("?"), kind.endswith("?"), "", reference, schema)


def table_of(
    name: str, plans: tuple[ColumnPlan, ...], tables: MetaData, options: Mapping[str, Any]
) -> Table:
    """Return the table of a resource; ids are its key. `options` are those of SQLAlchemy.

    Its name and those of its columns are quoted: SQLite has more words of its own, such as
    `nothing`, than SQLAlchemy knows of.
    """
    return Table(name, tables, *(_column(plan) for plan in plans), quote=True, **options)


def _column(plan: ColumnPlan) -> Column[Any]:
    if plan.name == "id":
        return Column("id", Integer, primary_key=True)
    kind = _TYPES[plan.kind]
    indexed = plan.indexed or plan.reference is not None or plan.kind == "instant"
    return Column(plan.name, kind, nullable=plan.nullable, index=indexed, quote=True)
