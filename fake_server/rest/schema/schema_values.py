"""Values of requests, read by the JSON Schema that an API's document has for them.

A value that does not fit raises `InvalidValueError` with a code. The API words the code; `MESSAGES`
has plain English for each.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from fake_server.world.instants import instant_of
from fake_server.world.json_schema import compiled_pattern

Schema = Mapping[str, Any]
"""A JSON Schema."""

MESSAGES: Mapping[str, str] = {
    "required": "is required",
    "unknown": "is not known",
    "type": "must be {expected}",
    "format": "must be {expected}",
    "options": "must be one of {options}",
    "pattern": "has the wrong form",
    "too_long": "must have at most {count} characters",
    "too_short": "must have at least {count} characters",
    "too_small": "must be at least {limit}",
    "too_large": "must be at most {limit}",
    "too_many": "must have at most {count} items",
    "too_few": "must have at least {count} items",
    "taken": "has already been taken",
    "missing": "does not exist",
}
"""Plain English for each code, with the values that it mentions in braces."""

_ARTICLES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_FORMATS = {
    "date": "a date such as 2026-03-02",
    "date-time": "a date and time such as 2026-03-02T09:00:00Z",
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,300}(?:\.\d{1,300})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_LARGEST = 2**63 - 1
_FLAGS = {"true": True, "false": False, "1": True, "0": False}


class InvalidValueError(Exception):
    """A value does not fit; `values` are what the message of `code` mentions."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class Mistake(NamedTuple):
    """A mistake in one field of a request."""

    field: str
    """The property's or parameter's name; one within another is `address.city`, `tags.0`."""

    code: str
    """A key of `MESSAGES`, or a code of the API's own."""

    values: Mapping[str, Any]
    """What the code's message mentions."""

    @property
    def message(self) -> str:
        """The mistake in plain English, without the field: `is required`."""
        return MESSAGES[self.code].format(**self.values)


def read_json(schema: Schema, value: Any) -> Any:
    """Return a JSON value as the schema has it; raises `InvalidValueError`.

    A `date-time` becomes milliseconds since 1970 (one without an offset is of UTC); whole numbers
    may be spelled `2.0`. Lists and objects are checked inside as well, by `items`, `properties` and
    `required`.
    """
    return _read(schema, value, _json_type)


def read_text(schema: Schema, text: str) -> Any:
    """Return the value that text of a query stands for; raises `InvalidValueError`.

    Booleans are `true`, `false`, `1` and `0`; a list has its items between commas.
    """
    if "array" in _types(schema):
        item = schema.get("items", {})
        items = [read_text(item, part) for part in text.split(",")] if text else []
        _check_list(schema, items)
        return items
    return _read(schema, text, _text_type)


def _types(schema: Schema) -> tuple[str, ...]:
    declared = schema.get("type", ())
    return (declared,) if isinstance(declared, str) else tuple(declared)


def _read(schema: Schema, value: Any, convert: Callable[[str, Any], Any]) -> Any:
    for option in schema.get("anyOf") or schema.get("oneOf") or ():
        try:
            return _read(option, value, convert)
        except InvalidValueError:
            continue
    types = _types(schema)
    for kind in types:
        try:
            converted = convert(kind, value)
        except ValueError:
            continue
        return _checked(schema, converted)
    if types:
        expected = " or ".join(_ARTICLES[kind] for kind in types if kind != "null")
        raise InvalidValueError("type", expected=expected or "null")
    return _checked(schema, value)


def _json_type(kind: str, value: Any) -> Any:
    """Return a value of a type; raises `ValueError` for one of another."""
    fits = {
        "null": value is None,
        "boolean": isinstance(value, bool),
        "integer": _is_number(value) and value == int(value),
        "number": _is_number(value),
        "string": isinstance(value, str),
        "array": isinstance(value, Sequence) and not isinstance(value, str),
        "object": isinstance(value, Mapping),
    }
    if not fits[kind]:
        raise ValueError(kind)
    return int(value) if kind == "integer" else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _text_type(kind: str, text: Any) -> Any:
    if kind == "string":
        return text
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and _NUMBER.fullmatch(text):
        return float(text)
    if kind == "boolean" and text in _FLAGS:
        return _FLAGS[text]
    raise ValueError(kind)


def _checked(schema: Schema, value: Any) -> Any:
    if "enum" in schema and value not in schema["enum"]:
        named = ", ".join(str(option) for option in schema["enum"] if option is not None)
        raise InvalidValueError("options", options=named)
    if "const" in schema and value != schema["const"]:
        raise InvalidValueError("options", options=schema["const"])
    if isinstance(value, str):
        return _checked_text(schema, value)
    if _is_number(value):
        _check_number(schema, value)
    elif isinstance(value, Mapping):
        return _checked_object(schema, value)
    elif isinstance(value, Sequence):
        _check_list(schema, value)
        return [_within(str(n), schema.get("items", {}), item) for n, item in enumerate(value)]
    return value


def _checked_text(schema: Schema, value: str) -> Any:
    _check_count(len(value), schema, ("maxLength", "too_long"), ("minLength", "too_short"))
    if "pattern" in schema and compiled_pattern(schema["pattern"]).search(value) is None:
        raise InvalidValueError("pattern")
    kind = str(schema.get("format"))
    try:
        if kind == "date-time":
            return _instant(value)
        if kind == "date":
            return _date(value)
    except ValueError:
        raise InvalidValueError("format", expected=_FORMATS[kind]) from None
    return value


def _instant(text: str) -> int:
    if _DATE_TIME.fullmatch(text) is None:
        raise ValueError(text)
    return instant_of(datetime.fromisoformat(text.upper()))


def _date(text: str) -> str:
    if _DATE.fullmatch(text) is None:
        raise ValueError(text)
    return date.fromisoformat(text).isoformat()


def _check_number(schema: Schema, value: float) -> None:
    least, most = schema.get("minimum"), schema.get("maximum")
    if isinstance(value, int):
        # A database keeps whole numbers of 64 bits.
        least = max(-_LARGEST, -_LARGEST if least is None else least)
        most = min(_LARGEST, _LARGEST if most is None else most)
    if least is not None and value < least:
        raise InvalidValueError("too_small", limit=least)
    if most is not None and value > most:
        raise InvalidValueError("too_large", limit=most)


def _check_list(schema: Schema, items: Sequence[Any]) -> None:
    _check_count(len(items), schema, ("maxItems", "too_many"), ("minItems", "too_few"))


def _check_count(count: int, schema: Schema, most: tuple[str, str], least: tuple[str, str]) -> None:
    for keyword, code in (most, least):
        limit = schema.get(keyword)
        if limit is not None and (count > limit if code == most[1] else count < limit):
            raise InvalidValueError(code, count=limit)


def _checked_object(schema: Schema, value: Mapping[str, Any]) -> dict[str, Any]:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            raise _inside(name, InvalidValueError("required"))
    for name in value:
        if name not in properties and schema.get("additionalProperties") is False:
            raise _inside(name, InvalidValueError("unknown"))
    return {name: _within(name, properties.get(name, {}), item) for name, item in value.items()}


def _within(name: str, schema: Schema, value: Any) -> Any:
    try:
        return read_json(schema, value)
    except InvalidValueError as error:
        raise _inside(name, error) from None


def _inside(name: str, error: InvalidValueError) -> InvalidValueError:
    inner = error.values.get("path")
    path = name if inner is None else f"{name}.{inner}"
    return InvalidValueError(error.code, **{**error.values, "path": path})


def mistake_of(field: str, error: InvalidValueError) -> Mistake:
    """Return the mistake of a field whose value does not fit."""
    values = dict(error.values)
    path = values.pop("path", None)
    return Mistake(field if path is None else f"{field}.{path}", error.code, values)
