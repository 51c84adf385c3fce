"""The conversions of parameters by Ruby and Rails: texts to numbers, hashes to texts."""

import re
from collections.abc import Mapping
from typing import Any

_INTEGER = re.compile(r"\s*([-+]?[0-9]+(?:_[0-9]+)*)", re.ASCII)
_LONGEST = 100
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x1b": "\\e"} | {
    "\a": "\\a",
    "\b": "\\b",
    "\v": "\\v",
    "\f": "\\f",
}
_CLASSES = {bool: "", int: "Integer", float: "Float", str: "String", list: "Array"}


def is_blank(value: Any) -> bool:
    """Return Rails' `blank?`: nil, false, empty, or only white space."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value is False or (isinstance(value, list | Mapping) and not value)


def to_i(value: Any) -> int:
    """Return Ruby's `to_i` of a text or number: the number that it begins with, or 0.

    Raises `ValueError` with Ruby's message for a value without `to_i`.
    """
    if isinstance(value, str):
        match = _INTEGER.match(value)
        digits = match[1].replace("_", "") if match else "0"
        return int(digits[:_LONGEST])
    if value is None:
        return 0
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value)
    raise ValueError(no_method("to_i", value))


def list_of(value: Any) -> list[Any]:
    """Return the items of a list, or of a text such as `[1,2]`. Any other text is a single item.

    A list that is the only item of a list stands for it.

    Raises `ValueError` with Ruby's message for any other value.
    """
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if isinstance(value, list):
        return value
    if not isinstance(value, str):
        raise ValueError(no_method("chars", value))
    if not (value.startswith("[") and value.endswith("]")):
        return [value]
    items = re.sub(r"[\[\]]", "", value).split(",")
    while items and not items[-1]:
        items.pop()
    return [*items]


def as_id(value: Any) -> int | None:
    """Return the number that a query compares a column with, or None if it can match nothing."""
    if isinstance(value, str):
        number = to_i(value) if _INTEGER.match(value) else None
    elif isinstance(value, bool | int | float):
        number = int(value)
    else:
        number = None
    return number if number is not None and -(2**31) <= number < 2**31 else None


def no_method(name: str, value: Any) -> str:
    """Return the message of the NoMethodError that `value.name` raises."""
    inspection = inspected(value)
    suffix = "" if inspection.startswith("#") else f":{class_of(value)}"
    return f"undefined method `{name}' for {inspection}{suffix}"


def no_conversion(value: Any) -> str:
    """Return the message of the TypeError that `value` raises where a String is needed."""
    type_name = inspected(value) if value is None or isinstance(value, bool) else class_of(value)
    return f"no implicit conversion of {type_name} into String"


def class_of(value: Any) -> str:
    """Return the name of the class that a parameter has in Rails."""
    if value is None:
        return "NilClass"
    if isinstance(value, bool):
        return "TrueClass" if value else "FalseClass"
    return _CLASSES.get(type(value), "ActionController::Parameters")


def inspected(value: Any) -> str:
    """Return Ruby's `inspect` of a parameter."""
    if isinstance(value, Mapping):
        return f"#<ActionController::Parameters {_hash(value)} permitted: false>"
    if isinstance(value, list):
        return f"[{', '.join(inspected(item) for item in value)}]"
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "nil"
    return str(value).lower() if isinstance(value, bool) else str(value)


def to_s(value: Any) -> str:
    """Return Ruby's `to_s` of a parameter, which its interpolation into a text gives."""
    if isinstance(value, Mapping):
        return _hash(value)
    return value if isinstance(value, str) else inspected(value)


def _hash(value: Mapping[str, Any]) -> str:
    pairs = (
        f"{_quoted(name)}=>{_hash(item) if isinstance(item, Mapping) else inspected(item)}"
        for name, item in value.items()
    )
    return f"{{{', '.join(pairs)}}}"


def _quoted(text: str) -> str:
    escaped = "".join(
        _ESCAPES.get(char) or (char if char.isprintable() else _code_point(char)) for char in text
    )
    return '"' + re.sub(r"#(?=[{$@])", r"\#", escaped) + '"'


def _code_point(char: str) -> str:
    number = ord(char)
    return f"\\u{number:04X}" if number < 0x10000 else f"\\u{{{number:X}}}"
