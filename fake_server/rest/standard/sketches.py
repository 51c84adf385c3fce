"""Values that fit a schema: for invented records, and for answers that the document only shows."""

from collections.abc import Mapping
from datetime import timedelta
from math import ceil, floor
from typing import Any

from fake_server.rest.standard.sketch_text import matches, text_of
from fake_server.world.instants import milliseconds, moment, rfc3339
from fake_server.world.json_schema import validator_class
from fake_server.world.seeded_random import SeededRandom

Schema = Mapping[str, Any]

_DEPTH = 5
_ANYTHING = {"object", "array", "string"}
_SAYING = {
    *("type", "const", "enum", "oneOf", "anyOf", "properties", "additionalProperties", "items"),
    *("pattern", "minLength", "maxLength", "format", "minimum", "maximum"),
    *("example", "examples", "default"),
}
_LARGEST = 1000
_RANGES: Mapping[str, tuple[float, float]] = {
    "lat": (-90, 90),
    "latitude": (-90, 90),
    "lon": (-180, 180),
    "lng": (-180, 180),
    "longitude": (-180, 180),
    "year": (1990, 2030),
    "age": (18, 80),
    "quantity": (1, 20),
}


def sketch(schema: Schema, random: SeededRandom, start: int, name: str = "", depth: int = 0) -> Any:
    """Return a value that fits a schema, whose references and `allOf` have been resolved.

    - `start`: the instant, in milliseconds since 1970, that times lie before.
    - `name`: that of the property; it tells a city from a sentence.
    """
    if "const" in schema:
        return schema["const"]
    options = [option for option in schema.get("enum") or () if option is not None]
    if options:
        return random.choice(options)
    if "enum" in schema:
        return None
    choices = [
        option
        for option in schema.get("oneOf") or schema.get("anyOf") or ()
        if isinstance(option, Mapping) and option.get("type") != "null"
    ]
    if choices:
        base = {key: value for key, value in schema.items() if key not in {"oneOf", "anyOf"}}
        return sketch(_merged(base, choices[0]), random, start, name, depth)
    kind = type_of(schema)
    if kind == "object":
        return _object(schema, random, start, depth)
    if kind == "array":
        return _array(schema, random, start, name, depth)
    if kind == "boolean":
        return random.chance(0.5)
    if kind in {"integer", "number"}:
        return _number(schema, random, name, whole=kind == "integer")
    if kind == "string":
        return _text(schema, random, start, name)
    return _first_example(schema)


def type_of(schema: Schema) -> str:
    """Return the type of a schema's values other than null; empty if it does not say."""
    declared = schema.get("type", ())
    for kind in (declared,) if isinstance(declared, str) else declared:
        if kind != "null":
            return str(kind)
    if "properties" in schema or "additionalProperties" in schema:
        return "object"
    if "items" in schema:
        return "array"
    if {"pattern", "minLength", "maxLength", "format"} & schema.keys():
        return "string"
    return "number" if {"minimum", "maximum"} & schema.keys() else ""


def takes_anything(schema: Schema) -> bool:
    """Return whether a schema says nothing of a value, as one does that stands within itself."""
    said = _SAYING & schema.keys()
    kinds = schema.get("type")
    if isinstance(kinds, list) and set(kinds) >= _ANYTHING:
        said -= {"type"}
    return not said


def _merged(first: Schema, second: Schema) -> dict[str, Any]:
    properties = {**first.get("properties", {}), **second.get("properties", {})}
    required = [*first.get("required", ()), *second.get("required", ())]
    both = {**first, **second}
    if properties:
        both["properties"] = properties
    return {**both, "required": required} if required else both


def _first_example(schema: Schema) -> Any:
    for key in ("example", "default"):
        if key in schema:
            return schema[key]
    return next(iter(schema.get("examples") or ()), None)


def _object(schema: Schema, random: SeededRandom, start: int, depth: int) -> dict[str, Any]:
    properties: Mapping[str, Schema] = schema.get("properties") or {}
    required = set(schema.get("required") or ())
    value = {
        name: sketch(about, random, start, name, depth + 1)
        for name, about in properties.items()
        if isinstance(about, Mapping)
        and (name in required or (depth < _DEPTH and not takes_anything(about)))
    }
    return {**value, **{name: None for name in required if name not in properties}}


def _array(schema: Schema, random: SeededRandom, start: int, name: str, depth: int) -> list[Any]:
    least = int(schema.get("minItems") or 0)
    most = int(schema.get("maxItems", max(least, 1) + 2))
    items = schema.get("items")
    if (depth >= _DEPTH or not items or not isinstance(items, Mapping)) and not least:
        return []
    count = random.integer(least, min(most, max(least, 1) + 2))
    about = items if isinstance(items, Mapping) else {"type": "string"}
    values: list[Any] = []
    for _ in range(10 * count):
        value = sketch(about, random, start, name.removesuffix("s"), depth + 1)
        if len(values) < count and not (schema.get("uniqueItems") and value in values):
            values.append(value)
    return values


def _number(schema: Schema, random: SeededRandom, name: str, *, whole: bool) -> float:
    low, high = _RANGES.get(name.lower(), (None, None))
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    step = schema.get("multipleOf") or (1 if whole else 0.01)
    least = _bound(schema.get("minimum"), above, step)
    most = _bound(schema.get("maximum"), below, -step)
    if least is None:
        least = low if low is not None else min(1, most) if most is not None else 1
    if most is None:
        most = high if high is not None and high > least else least + _LARGEST
    if 0 < step < 1 and "multipleOf" in schema and (1 / step).is_integer():
        # Of the multiples of 0.01, whole numbers are those that no reader's division misses.
        step = 1
    first, last = ceil(least / step), floor(most / step)
    value = random.integer(first, max(first, min(last, first + 10**9))) * step
    return int(value) if whole else round(value, 6)


def _bound(closed: Any, open_: Any, step: float) -> Any:
    if isinstance(open_, int | float) and not isinstance(open_, bool):
        return open_ + step
    return closed


def _text(schema: Schema, random: SeededRandom, start: int, name: str) -> str:
    form = schema.get("format")
    if form in {"date-time", "date"}:
        when = moment(start) - timedelta(seconds=random.integer(60, 90 * 86400))
        spelled = spelled_time(schema, milliseconds(when))
        return text_of(schema, random, name) if spelled is None else spelled
    if form == "binary":
        return ""
    return text_of(schema, random, name)


def spelled_time(schema: Schema, instant: int) -> str | None:
    """Return milliseconds since 1970 as a date, or a date with a time, that fits a pattern.

    The time is to the second or finer, in UTC by letter or by number. None if no spelling fits.
    """
    when = moment(instant)
    if schema.get("format") == "date":
        spellings = [when.date().isoformat()]
    else:
        fractions = ("", f".{instant % 1000:03}", f".{instant % 1000:03}000", ".0")
        seconds = rfc3339(when)[:19]
        spellings = [f"{seconds}{part}{zone}" for zone in ("Z", "+00:00") for part in fractions]
    pattern = schema.get("pattern")
    return next((each for each in spellings if not pattern or matches(pattern, each)), None)


def fits(schema: Schema, value: Any) -> bool:
    """Return whether a JSON value fits a schema and can be kept: 64 bits a whole number."""
    validator = validator_class()
    checker = validator.FORMAT_CHECKER
    return _is_kept(value) and bool(validator(schema, format_checker=checker).is_valid(value))


def _is_kept(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_kept, value.values()))
    if isinstance(value, list):
        return all(map(_is_kept, value))
    return not isinstance(value, int) or -(2**63) <= value < 2**63
