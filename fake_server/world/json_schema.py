"""JSON Schema as its specification has it, where Python's library differs."""

import re
from functools import cache, lru_cache
from typing import Any

LEAST = -(2**63)
MOST = 2**63 - 1
"""The bounds of a whole number: 64 bits, which databases and JSON parsers hold."""

EXPECTED = "a whole number of at most 64 bits"
"""The word for such a number in error messages."""

_ESCAPES = {"d": ("[0-9]", "0-9"), "w": ("[A-Za-z0-9_]", "A-Za-z0-9_")}
"""What an escape means in ECMA 262, outside and inside of a class: ASCII alone."""


@lru_cache(1024)
def compiled_pattern(pattern: str) -> re.Pattern[str]:
    r"""Return a pattern of a schema, which means what ECMA 262 says.

    `$` is the end of the text alone; Python's `$` stands before a final line end too. `\d` and `\w`
    are of ASCII. Raises `re.error` for an invalid pattern.
    """
    parts: list[str] = []
    in_class = False
    steps = iter(pattern)
    for character in steps:
        if character == "\\":
            escaped = next(steps, "")
            plain = _ESCAPES.get(escaped)
            parts.append(f"\\{escaped}" if plain is None else plain[in_class])
        elif character == "$" and not in_class:
            parts.append(r"\Z")
        else:
            in_class = character == "[" or (in_class and character != "]")
            parts.append(character)
    return re.compile("".join(parts))


def is_whole(value: object) -> bool:
    """Return whether a value is a whole number of 64 bits; 2.0 is, True is not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (isinstance(value, int) or value.is_integer()) and LEAST <= value <= MOST


@cache
def validator_class() -> Any:
    """Return the validator of JSON Schema 2020-12 with patterns and whole numbers as above."""
    from jsonschema import Draft202012Validator, validators

    types = Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda checker, value: is_whole(value)
    )
    all_validators: Any = validators
    return all_validators.extend(Draft202012Validator, {"pattern": _pattern}, type_checker=types)


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Any:
    from jsonschema import ValidationError

    if isinstance(value, str) and compiled_pattern(pattern).search(value) is None:
        yield ValidationError(f"{value!r} does not match {pattern!r}")
