"""What a request writes: the attributes of one record, as its declaration has them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from fake_server.api.declare import Values
from fake_server.api.records import Row
from fake_server.api.serve import Parameters, store
from fake_server.apis.intra42.dialect.errors import AccessDeniedError, InvalidRecordError
from fake_server.apis.intra42.dialect.parameters import instant
from fake_server.apis.intra42.dialect.resource import IntraResource
from fake_server.apis.intra42.resources import RESOURCES

BLANK = "can't be blank"
_MOST_DIGITS = 18


class Writer(NamedTuple):
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
    Each method raises `InvalidRecordError` and `AccessDeniedError`.
    """

    def new_rows(self, values: Values, writer: Writer) -> Sequence[Values]:
        """Return the rows that a request creates, without their ids."""
        raise NotImplementedError(f"{self.name} declares no operation create")

    def changes(self, row: Row, values: Values, writer: Writer) -> Values:
        """Return the columns that a request changes in a row."""
        raise NotImplementedError(f"{self.name} declares no operation update")

    def check_deletion(self, row: Row, writer: Writer) -> None:
        """Check that a record may be deleted."""

    def creation(self, rows: Sequence[Row]) -> tuple[Any, int]:
        """Return the body and the status of the answer to a request that created rows."""
        return self.as_record(rows[0]), 201


def written_values(
    resource: IntraResource, params: Parameters, nested: Mapping[str, int], *, whole: bool
) -> Values:
    """Return the values that a request writes, by name; `nested` are those of its path.

    `whole` is whether what is required must be there. Raises `InvalidRecordError`, which tells
    every mistake.
    """
    record = params.get(resource.declaration.singular.replace(" ", "_"))
    attributes: Mapping[str, Any] = record if isinstance(record, Parameters) else {}
    values: Values = dict(nested)
    mistakes: dict[str, list[str]] = {}
    for name, about in resource.declaration.keys["writable"].items():
        if name in nested:
            continue
        text = attributes.get(name)
        if text is None or text == "":
            is_needed = about.get("required") and not about.get("person")
            if is_needed and (whole or name in attributes):
                mistakes[name] = [BLANK]
            continue
        value, mistake = _READERS[about["kind"]](text)
        if mistake is None and "of" in about and not _exists(about["of"], value):
            mistake = "must exist"
        if mistake is None:
            values[name] = value
        else:
            mistakes[name] = [mistake]
    if mistakes:
        raise InvalidRecordError(mistakes)
    return values


def _exists(resource: str, number: int) -> bool:
    column = RESOURCES[resource].table.c.id
    return store().value(select(column).where(column == number)) is not None


def _integer(value: Any) -> tuple[Any, str | None]:
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.lstrip("-").isdigit():
        return None, "is not a number"
    return (int(text), None) if len(text) <= _MOST_DIGITS else (None, "is not a number")


def _instant(value: Any) -> tuple[Any, str | None]:
    try:
        return instant(str(value)), None
    except ValueError:
        return None, "is not a date"


_READERS: Mapping[str, Callable[[Any], tuple[Any, str | None]]] = {
    "Integer": _integer,
    "Instant": _instant,
}
