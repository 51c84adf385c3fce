"""The kinds of attributes that a create or update may write, and their readers.

Each reader gets a request's value and the declared attribute. It returns the column's value, or
None for a blank one. It raises `InvalidError`.
"""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from fake_server.api.declare import Declaration
from fake_server.api.serve import Parameters, UnknownZoneError, zone
from fake_server.apis.xurrent.dialect.values.formatting import account_zone, calendar_date
from fake_server.apis.xurrent.dialect.values.parsing import truth
from fake_server.apis.xurrent.dialect.values.requested import (
    requested_instant,
    requested_local_time,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME_OF_DAY = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")


class InvalidError(Exception):
    """A value is not valid.

    `problem` is the name of a message, and `values` are the values that the message contains.
    """

    def __init__(self, problem: str, **values: Any) -> None:
        super().__init__(problem)
        self.problem = problem
        self.values = values


class Attribute(NamedTuple):
    """An attribute that a request may write.

    - `name`: the name of the attribute and of its column.
    - `kind`: a key of `KINDS`.
    - `longest`: the most characters that a text may have, or None for no limit.
    - `unique`: whether two records of an account must differ in it, whatever the case.
    - `options`: the values of an `option`.
    - `says`: its description in a body. It is empty if the shape of the record has one.
    - `default`: the value of a record that is made without one, as a request sends it, or None.
    """

    name: str
    kind: str
    required: bool = False
    longest: int | None = None
    unique: bool = False
    options: tuple[str, ...] = ()
    says: str = ""
    default: Any = None

    def read_default(self) -> Any:
        """Return the value of its column in a record that is made without one.

        Raises `InvalidError` for a default that no request could send.
        """
        return None if self.default is None else KINDS[self.kind].read(self.default, self)

    @property
    def may_be_blank(self) -> bool:
        """Whether the column may become null: nothing is required, and nothing stands in."""
        return not (self.required or self.kind in {"boolean", "source"} or self.default is not None)

    @property
    def property_name(self) -> str:
        """The property that shows the attribute. A reference shows the record."""
        return self.name.removesuffix("_id") if self.kind == "reference" else self.name


class AttributeKind(NamedTuple):
    """A kind of attributes.

    - `column`: the kind of its column, see `ColumnPlan`. It is empty if the shape has it.
    - `merged`: merges the column's value with a new one. Without it the new one replaces the value.
    """

    read: Callable[[Any, Attribute], Any]
    column: str = ""
    merged: Callable[[Any, Any], Any] | None = None


def attributes_of(resource: Declaration) -> tuple[Attribute, ...]:
    """Return the attributes of a resource that may be written, as `writable` declares them."""
    attributes = []
    for name, declared in (resource.keys.get("writable") or {}).items():
        keys = {"kind": declared} if isinstance(declared, str) else dict(declared)
        keys["options"] = tuple(keys.get("options", ()))
        keys.setdefault("longest", _LONGEST.get(keys["kind"]))
        attributes.append(Attribute(name, **keys))
    return tuple(attributes)


def text(value: Any, attribute: Attribute) -> str | None:
    """Read a text of at most `longest` characters. A blank text is none."""
    longest = attribute.longest
    if value is None:
        return None
    if not isinstance(value, str) or "\0" in value:
        raise InvalidError("invalid")
    if longest is not None and len(value) > longest:
        raise InvalidError("too_long", count=longest)
    return value if re.search(r"\S", value) else None


def boolean(value: Any, attribute: Attribute) -> bool:
    """Read a boolean. A few words are true, and all other scalars are false."""
    if isinstance(value, list | Mapping):
        raise InvalidError("invalid")
    return truth(value)


def weekday(value: Any, attribute: Attribute) -> int | None:
    """Read a weekday into its number in the week, from 0."""
    if value is None or value == "":
        return None
    if value not in WEEKDAYS:
        raise InvalidError("inclusion")
    return WEEKDAYS.index(value)


def time_of_day(value: Any, attribute: Attribute) -> str | None:
    """Read `hh:mm`, up to 24:00."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _TIME_OF_DAY.fullmatch(value):
        raise InvalidError("invalid")
    return value


def local(value: Any, attribute: Attribute) -> int | None:
    """Read a local time into milliseconds."""
    if value is None or value == "":
        return None
    instant = requested_local_time(value) if isinstance(value, str) else None
    if instant is None:
        raise InvalidError("invalid")
    return instant


def instant(value: Any, attribute: Attribute) -> int | None:
    """Read a time into milliseconds UTC. One without an offset is of the account's zone."""
    if value is None or value == "":
        return None
    milliseconds_utc = requested_instant(value, account_zone()) if isinstance(value, str) else None
    if milliseconds_utc is None:
        raise InvalidError("invalid")
    return milliseconds_utc


def date(value: Any, attribute: Attribute) -> str | None:
    """Read a date, or the date of a local time, into `yyyy-mm-dd`."""
    midnight = local(value, attribute)
    return None if midnight is None else calendar_date(midnight)


def decimal(value: Any, attribute: Attribute) -> str | None:
    """Read a number, or its text, into the text that answers have: `12000.0`."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not _DECIMAL.fullmatch(str(value)):
        raise InvalidError("not_a_number")
    whole, _, fraction = f"{Decimal(str(value)):f}".partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"


def time_zone(value: Any, attribute: Attribute) -> str | None:
    """Read the name of a time zone, such as `Amsterdam`."""
    if value is None or value == "":
        return None
    try:
        zone(str(value))
    except UnknownZoneError:
        raise InvalidError("inclusion") from None
    return str(value)


def integer(value: Any, attribute: Attribute) -> int | None:
    """Read a whole number. It may be a text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not _NUMBER.fullmatch(str(value)):
        raise InvalidError("invalid")
    return int(value)


def option(value: Any, attribute: Attribute) -> str | None:
    """Read a value that the declaration lists."""
    if value is None or value == "":
        return None
    if value not in attribute.options:
        raise InvalidError("inclusion")
    return str(value)


def custom_fields(value: Any, attribute: Attribute) -> str | None:
    """Read a list of objects with `id` and `value` into its JSON text."""
    if value is None or value == "":
        return None
    if not isinstance(value, list) or not all(
        isinstance(item, Parameters) and {*item} == {"id", "value"} and isinstance(item["id"], str)
        for item in value
    ):
        raise InvalidError("pairs")
    pairs = [{"id": item["id"], "value": item["value"]} for item in value]
    return json.dumps(pairs, default=dict)


def merged_fields(before: str | None, after: str | None) -> str | None:
    """Return custom fields after a change of some of them. None empties them."""
    if before is None or after is None:
        return after
    by_id = {field["id"]: field for field in [*json.loads(before), *json.loads(after)]}
    return json.dumps([*by_id.values()])


KINDS: Mapping[str, AttributeKind] = {
    "text": AttributeKind(text),
    "source": AttributeKind(text),
    "sourceID": AttributeKind(text),
    "boolean": AttributeKind(boolean),
    "weekday": AttributeKind(weekday),
    "time_of_day": AttributeKind(time_of_day),
    "local": AttributeKind(local, "local"),
    "instant": AttributeKind(instant, "instant"),
    "date": AttributeKind(date),
    "decimal": AttributeKind(decimal),
    "time_zone": AttributeKind(time_zone),
    "integer": AttributeKind(integer),
    "option": AttributeKind(option),
    "reference": AttributeKind(integer),
    "custom_fields": AttributeKind(custom_fields, "json", merged_fields),
}

_LONGEST = {"source": 30, "sourceID": 128}

DEFAULTED = frozenset(
    {
        *("text", "boolean", "weekday", "time_of_day", "date", "decimal", "time_zone", "integer"),
        "option",
    }
)
"""The kinds whose attributes may have a default: its value depends on no account."""
