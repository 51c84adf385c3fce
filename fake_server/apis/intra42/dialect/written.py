"""What a request writes: the attributes of one record, as its declaration has them."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.invent import milliseconds
from fake_server.api.records import Records, Row
from fake_server.api.serve import Parameters, now, store
from fake_server.apis.intra42.dialect.errors import AccessDeniedError, InvalidRecordError
from fake_server.apis.intra42.dialect.parameters import instant
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.resources import RESOURCES

BLANK = "can't be blank"
TAKEN = "has already been taken"
_MOST_DIGITS = 18
_LARGEST = 2**31 - 1
_FLAGS = {"true": True, "1": True, "false": False, "0": False}

Attributes = Mapping[str, Mapping[str, Any]]
"""What requests write, by name, as `writable` of a declaration says it."""


class WritingUser(NamedTuple):
    """Who writes: the person of the token, or None, and whether the application has a role."""

    user_id: int | None
    has_role: bool

    def require_own(self, user_id: int) -> None:
        """Raise `AccessDeniedError` for what belongs to somebody else."""
        if not self.has_role and user_id != self.user_id:
            raise AccessDeniedError


class WritableResource(IntraResource):
    """A resource that requests write.

    The values are those of `writable` in the declaration, by name; instants are in milliseconds.
    That a person writes what is the person's own is checked before each method is called. Each
    method raises `InvalidRecordError` and `AccessDeniedError`.
    """

    def new_rows(self, values: Values, writer: WritingUser) -> Sequence[Values]:
        """Return the rows that a request creates, without their ids."""
        self.require_unique(values)
        self.require_order(values)
        nulls = {name: None for name, about in self.attributes.items() if about.get("nullable")}
        return [{**nulls, **self.stamps("created_at", "updated_at"), **values}]

    def put(self, records: Records, rows: Sequence[Values]) -> Sequence[Values]:
        """Write the rows that a request creates, and return them with their ids."""
        first = records.largest(self.table.c.id) + 1
        numbered = [{**row, "id": number} for number, row in enumerate(rows, first)]
        records.insert(self.table, numbered)
        return numbered

    def changes(self, row: Row, values: Values, writer: WritingUser) -> Values:
        """Return the columns that a request changes in a row."""
        after = {**row._asdict(), **values}
        self.require_unique(after, row)
        self.require_order(after)
        return {**self.stamps("updated_at"), **values}

    def write_changes(self, records: Records, row: Row, changes: Values) -> None:
        """Write the columns that a request changes in a row."""
        change = self.table.update().where(self.table.c.id == row.id).values(changes)
        records.connection.execute(change)

    def check_deletion(self, row: Row, writer: WritingUser) -> None:
        """Check that a record may be deleted."""

    def follow(self, records: Records, before: Values | None, after: Values | None) -> None:
        """Change what follows from a write of a row: from None if it is new, to None if it goes."""

    def creation(self, rows: Sequence[Row]) -> tuple[Any, int]:
        """Return the body and the status of the answer to a request that created rows."""
        return self.as_record(rows[0]), 201

    def action(self, path: str) -> Mapping[str, Any]:
        """Return the declaration of the action that the path of an operation ends in."""
        actions: Mapping[str, Mapping[str, Any]] = self.declaration.keys["actions"]
        return next(action for end, action in actions.items() if path.endswith(f"/{end}"))

    def stamps(self, *names: str) -> Values:
        """Return the present time for those of some columns that the table has."""
        return {name: milliseconds(now()) for name in names if name in self.table.c}

    def require_unique(self, values: Values, before: Row | None = None) -> None:
        """Raise `InvalidRecordError` if a record has the same values, of those that are unique.

        Values that a record had `before` are its own.
        """
        own = self.table.c
        for names in self._unique:
            same = [own[name] == values[name] for name in names]
            is_kept = before and all(values[name] == getattr(before, name) for name in names)
            if not is_kept and store().rows(select(own.id).where(*same).limit(1)):
                raise InvalidRecordError({names[0]: [TAKEN]})

    def require_order(self, values: Values) -> None:
        """Raise `InvalidRecordError` for two times of which the later one comes first."""
        first, second = self.declaration.keys.get("ordered", ("", ""))
        begin, end = values.get(first), values.get(second)
        if begin is not None and end is not None and end < begin:
            raise InvalidRecordError({second: [f"must be after {first}"]})

    @cached_property
    def _unique(self) -> Sequence[Sequence[str]]:
        """The attributes that no two records share, alone or together."""
        together = self.declaration.keys.get("unique")
        alone = [[name] for name, about in self.attributes.items() if about.get("unique")]
        return [*alone, *([together] if together else [])]

    @cached_property
    def attributes(self) -> Attributes:
        """What requests write, by name."""
        attributes: Attributes = self.declaration.keys["writable"]
        return attributes

    @cached_property
    def person(self) -> str | None:
        """The attribute that is the person of the token where a request leaves it out."""
        names = (name for name, about in self.attributes.items() if about.get("person"))
        return next(names, None)

    def of_writer(self, values: Values, writer: WritingUser, row: Row | None = None) -> Values:
        """Return values with the person who writes, if nobody is named in them.

        Raises `InvalidRecordError` if nobody is known, and `AccessDeniedError` for a person who
        writes for others, or what needs a role.
        """
        staff = {name for name, about in self.attributes.items() if about.get("staff")}
        if not writer.has_role and staff & values.keys():
            raise AccessDeniedError
        if self.person is None:
            return values
        if row is not None:
            writer.require_own(getattr(row, self.person))
            values = {self.person: getattr(row, self.person), **values}
        elif values.get(self.person, writer.user_id) is None:
            raise InvalidRecordError({self.person: [BLANK]})
        values = {self.person: writer.user_id, **values}
        writer.require_own(values[self.person])
        return values


def written_values(
    attributes: Attributes, params: Parameters, nested: Mapping[str, int], *, whole: bool
) -> Values:
    """Return the values that a request writes, by name; `nested` are those of its path.

    `whole` is whether a record is new, so that what is required must be there. Raises
    `InvalidRecordError`, which tells every mistake.
    """
    values, mistakes = _read(attributes, params, nested, whole=whole)
    if mistakes:
        raise InvalidRecordError(mistakes)
    return values


def _read(
    attributes: Attributes, params: Parameters, nested: Mapping[str, int], *, whole: bool
) -> tuple[Values, dict[str, list[str]]]:
    """Return the values that a request writes, and the mistakes in them, both by name."""
    values: Values = dict(nested)
    mistakes: dict[str, list[str]] = {}
    for name, about in attributes.items():
        if name in nested or (about.get("once") and not whole):
            continue
        text = params.get(name)
        if text is None or text == "":
            is_needed = about.get("required") and not about.get("person") and "default" not in about
            if is_needed and (whole or name in params):
                mistakes[name] = [BLANK]
            elif whole and "default" in about:
                values[name] = about["default"]
            elif not whole and name in params and about.get("nullable"):
                values[name] = None
            continue
        if "each" in about:
            value, wrong = _records(name, about["each"], text)
            mistakes |= wrong
            values[name] = value
            continue
        value, mistake = _READERS[about["kind"]](text)
        mistake = mistake or _mistake(about, value)
        if mistake is not None:
            mistakes[name] = [mistake]
        elif about.get("ignored"):
            params.disregard(name)
        else:
            values[name] = value
    return values, mistakes


def written_records(name: str, attributes: Attributes, params: Parameters) -> Sequence[Values]:
    """Return the values of the records that a request writes at once, under a name.

    Raises `InvalidRecordError`, which tells every mistake.
    """
    values, mistakes = _records(name, attributes, params.get(name))
    if mistakes or not values:
        raise InvalidRecordError(mistakes or {name: [BLANK]})
    return values


def _records(
    name: str, attributes: Attributes, items: Any
) -> tuple[Sequence[Values], Mapping[str, list[str]]]:
    """Return the values of the records in an attribute, and the mistakes in them.

    They are a list, or, as forms of Rails send them, a mapping from numbers.
    """
    listed = [*items.values()] if isinstance(items, Parameters) else items
    if not isinstance(listed, list) or not all(isinstance(item, Parameters) for item in listed):
        return [], {name: ["is invalid"]}
    prefix = name.removesuffix("_attributes")
    values: list[Values] = []
    mistakes: dict[str, list[str]] = {}
    for item in listed:
        own, wrong = _read(attributes, item, {}, whole=True)
        values.append(own)
        mistakes |= {f"{prefix}.{key}": texts for key, texts in wrong.items()}
    return values, mistakes


def attributes_of(resource: IntraResource, params: Parameters, *, bare: bool) -> Parameters:
    """Return the attributes of a record in the parameters of a request.

    They stand under the singular name of the resource; where `bare`, they may stand alone.
    """
    name = resource.declaration.singular.replace(" ", "_")
    record = params.get(name)
    if record is None and bare:
        return params
    return record if isinstance(record, Parameters) else Parameters({})


def _mistake(about: Mapping[str, Any], value: Any) -> str | None:
    """Return the mistake in a value of the right kind, or None."""
    numbers = value if isinstance(value, list) else [value]
    if "of" in about and not all(_exists(about["of"], number) for number in numbers):
        return "must exist"
    if value not in about.get("options", (value,)):
        return "is not included in the list"
    if "longest" in about and len(value) > about["longest"]:
        return f"is too long (maximum is {about['longest']} characters)"
    if "least" in about and value < about["least"]:
        return f"must be greater than or equal to {about['least']}"
    if "most" in about and value > about["most"]:
        return f"must be less than or equal to {about['most']}"
    return None


def _exists(resource: str, number: int) -> bool:
    column = RESOURCES[resource].table.c.id
    return store().value(select(column).where(column == number)) is not None


def _integer(value: Any) -> tuple[Any, str | None]:
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.removeprefix("-").isdigit():
        return None, "is not a number"
    if len(text) > _MOST_DIGITS or abs(int(text)) > _LARGEST:
        return None, "is out of range"
    return int(text), None


def _integers(value: Any) -> tuple[Any, str | None]:
    if not isinstance(value, list):
        return None, "is invalid"
    numbers = [_integer(item) for item in value]
    mistakes = (mistake for _, mistake in numbers if mistake is not None)
    return [number for number, _ in numbers], next(mistakes, None)


def _instant(value: Any) -> tuple[Any, str | None]:
    try:
        return instant(str(value)), None
    except ValueError:
        return None, "is not a date"


def _text(value: Any) -> tuple[Any, str | None]:
    return (value, None) if isinstance(value, str) else (None, "is invalid")


def _flag(value: Any) -> tuple[Any, str | None]:
    flag = _FLAGS.get(str(value).lower())
    return flag, None if flag is not None else "is not included in the list"


_READERS: Mapping[str, Callable[[Any], tuple[Any, str | None]]] = {
    "Integer": _integer,
    "Integers": _integers,
    "Instant": _instant,
    "Text": _text,
    "Flag": _flag,
}
