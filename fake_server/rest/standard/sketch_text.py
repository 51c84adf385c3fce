"""Texts that a schema asks for: by format, by pattern, or by the name of the property."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from fake_server.world.json_schema import compiled_pattern
from fake_server.world.seeded_random import SeededRandom

_FIRST = ("Ada", "Boris", "Chiara", "Dario", "Elif", "Farah", "Goran", "Hana", "Ivo", "Jun")
_LAST = ("Abel", "Brandt", "Costa", "Dubois", "Egger", "Fabri", "Novak", "Okafor", "Sato", "Weber")
_CITIES = ("Berlin", "Lyon", "Porto", "Gdansk", "Turin", "Utrecht", "Zurich", "Malaga")
_COUNTRIES = ("DE", "FR", "PT", "PL", "IT", "NL", "CH", "ES")
_WORDS = (
    "amber",
    "birch",
    "copper",
    "delta",
    "ember",
    "fjord",
    "grove",
    "harbor",
    "island",
    "jasper",
    "lantern",
    "meadow",
    "north",
    "orchard",
    "pebble",
    "quartz",
    "river",
    "summit",
    "tundra",
    "willow",
)
_MOST_REPEATS = 4
_PRINTABLE = [chr(code) for code in range(32, 127)]
_CLASSES = {"digit": "0123456789", "space": " ", "word": "abcdefghijklmnopqrstuvwxyz0123456789_"}


def _slug(random: SeededRandom) -> str:
    return f"{random.choice(_WORDS)}-{random.choice(_WORDS)}-{random.integer(10, 9999)}"


def _email(random: SeededRandom) -> str:
    first, last = random.choice(_FIRST), random.choice(_LAST)
    return f"{first}.{last}{random.integer(1, 99)}@example.com".lower()


def _url(random: SeededRandom) -> str:
    return f"https://example.com/{_slug(random)}"


def _sentence(random: SeededRandom) -> str:
    words = [random.choice(_WORDS) for _ in range(random.integer(5, 9))]
    return f"{' '.join(words).capitalize()}."


_FORMATS: Mapping[str, Callable[[SeededRandom], str]] = {
    "email": _email,
    "idn-email": _email,
    "uri": _url,
    "url": _url,
    "uri-reference": _url,
    "iri": _url,
    "uuid": SeededRandom.uuid,
    "hostname": lambda random: f"{random.choice(_WORDS)}.example.com",
    "ipv4": lambda random: f"192.0.2.{random.integer(1, 254)}",
    "ipv6": lambda random: f"2001:db8::{random.integer(1, 9999):x}",
    "byte": lambda random: b64encode(random.choice(_WORDS).encode()).decode(),
    "time": lambda random: f"{random.integer(0, 23):02}:{random.integer(0, 59):02}:00Z",
    "duration": lambda random: f"PT{random.integer(1, 48)}H",
    "password": lambda random: random.hexadecimal(16),
}
_NAMES: tuple[tuple[str, Callable[[SeededRandom], str]], ...] = (
    ("first_?name|given_?name", lambda random: random.choice(_FIRST)),
    ("last_?name|surname|family_?name", lambda random: random.choice(_LAST)),
    (
        "full_?name|author|owner|.*_?person",
        lambda random: f"{random.choice(_FIRST)} {random.choice(_LAST)}",
    ),
    (
        "user_?name|login|nick_?name",
        lambda random: f"{random.choice(_FIRST).lower()}{random.bits() % 90}",
    ),
    ("e?_?mail|.*_?e_?mail", _email),
    (".*_?(url|uri|link|href|website|homepage)", _url),
    (".*_?(phone|mobile|fax).*", lambda random: f"+49 30 {random.integer(1000000, 9999999)}"),
    (".*_?city", lambda random: random.choice(_CITIES)),
    (".*country(_?code)?", lambda random: random.choice(_COUNTRIES)),
    (".*currency(_?code)?", lambda random: random.choice(("EUR", "USD", "CHF", "GBP"))),
    (".*(zip|postal_?code|postcode)", lambda random: str(random.integer(10000, 99999))),
    (
        ".*(street|address).*",
        lambda random: f"{random.choice(_WORDS).capitalize()} Street {random.bits() % 90 + 1}",
    ),
    ("time_?zone", lambda random: random.choice(("Europe/Berlin", "Europe/Paris", "UTC"))),
    ("(slug|handle|.*_?key|code|.*_?token|sku)", _slug),
    (".*(description|comment|note|message|body|text|summary|bio|content).*", _sentence),
    (
        ".*(name|title|label|subject)",
        lambda random: f"{random.choice(_WORDS)} {random.choice(_WORDS)}".capitalize(),
    ),
)
_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def text_of(schema: Mapping[str, Any], random: SeededRandom, name: str) -> str:
    """Return a text for a property of some name: one of the schema's examples where no rule fits.

    Its pattern counts most, then its format, then its name. It keeps `minLength`, `maxLength`.
    """
    pattern, form = schema.get("pattern"), schema.get("format")
    if isinstance(pattern, str):
        return _of_pattern(pattern, schema, random)
    if isinstance(form, str) and form in _FORMATS:
        return _FORMATS[form](random)
    known = _named(name)
    examples = _examples(schema)
    if known is not None and not (examples and name in {"name", "title", "code"}):
        return _fitted(known(random), schema)
    if examples:
        return str(random.choice(examples))
    if re.fullmatch(r"id|.*_id|.*Id|uuid|guid", name):
        return _fitted(random.uuid(), schema)
    return _fitted(f"{random.choice(_WORDS)} {random.choice(_WORDS)}", schema)


def _examples(schema: Mapping[str, Any]) -> list[str]:
    examples = [schema.get("example"), *(schema.get("examples") or ())]
    return [example for example in examples if isinstance(example, str) and example]


def _named(name: str) -> Callable[[SeededRandom], str] | None:
    plain = _SNAKE.sub("_", name).lower().replace("-", "_")
    return next((make for names, make in _NAMES if re.fullmatch(names, plain)), None)


def _fitted(text: str, schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minLength") or 0, schema.get("maxLength")
    while len(text) < least:
        text += f"{' ' if ' ' in text else ''}{text}"[: least - len(text)] or "x"
    return text if most is None else text[:most].strip() or text[:most]


def _of_pattern(pattern: str, schema: Mapping[str, Any], random: SeededRandom) -> str:
    """Return a text that a pattern matches; an example, or a word, where that is too hard."""
    for example in _examples(schema):
        if compiled_pattern(pattern).search(example):
            return example
    try:
        # The parser of `re` is no part of its documented surface, but has kept its form for years.
        parser = import_module("re._parser")
        for _ in range(20):
            text = _generated(parser.parse(pattern), random, {})
            if compiled_pattern(pattern).search(text) and text == _fitted(text, schema):
                return text
    except (ImportError, re.error, ValueError):
        text = random.choice(_WORDS)
    # A pattern may ask for letters of both cases, digits and signs at once, wherever they stand.
    mixed = _fitted(f"{random.choice(_WORDS).capitalize()}{random.integer(10, 99)}!", schema)
    return mixed if matches(pattern, mixed) else _fitted(text, schema)


def matches(pattern: str, text: str) -> bool:
    """Return whether a pattern matches a text; False for a pattern that cannot be read."""
    try:
        return compiled_pattern(pattern).search(text) is not None
    except re.error:
        return False


def _generated(nodes: Any, random: SeededRandom, groups: dict[int, str]) -> str:
    return "".join(_part(str(kind), value, random, groups) for kind, value in nodes)


def _part(kind: str, value: Any, random: SeededRandom, groups: dict[int, str]) -> str:
    if kind == "LITERAL":
        return chr(value)
    if kind == "ANY":
        return random.choice(_CLASSES["word"])
    if kind == "NOT_LITERAL":
        return random.choice([letter for letter in _CLASSES["word"] if letter != chr(value)])
    if kind == "IN":
        return random.choice(_members(value))
    if kind in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        least, most, inner = value
        count = random.integer(least, min(int(most), max(least, 1) + _MOST_REPEATS))
        return "".join(_generated(inner, random, groups) for _ in range(count))
    if kind == "SUBPATTERN":
        text = _generated(value[-1], random, groups)
        groups[value[0] or 0] = text
        return text
    if kind == "BRANCH":
        return _generated(random.choice(value[1]), random, groups)
    if kind == "GROUPREF":
        return groups.get(value, "")
    if kind in {"AT", "ASSERT", "ASSERT_NOT"}:
        return ""
    raise ValueError(kind)


def _members(items: Any) -> list[str]:
    members: list[str] = []
    negated = False
    for kind, value in items:
        name = str(kind)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            members.append(chr(value))
        elif name == "RANGE":
            members += [chr(code) for code in range(value[0], min(value[1], value[0] + 100) + 1)]
        elif name == "CATEGORY":
            word = str(value).lower()
            chosen = next((text for key, text in _CLASSES.items() if word.endswith(key)), "a")
            if "_not_" in word:
                chosen = "".join(letter for letter in _PRINTABLE if letter not in chosen)
            members += chosen
    if negated:
        return [letter for letter in _PRINTABLE if letter not in members]
    return members
