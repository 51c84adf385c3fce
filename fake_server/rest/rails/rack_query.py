"""Query strings and forms as Rack reads them: pairs of name and value, nested by brackets.

Source: the behaviour of Rack's nested query parser, which all three services run on; each API's
reference gives the cases its clients rely on (`page[size]=10`, `filter[id]=1,2`, `id[]=1&id[]=2`).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from fake_server.rest.api_errors import MalformedParametersError

FORM_SEPARATOR = re.compile("& *")
"""What stands between the pairs of a form; between those of a query, `;` may as well."""

_QUERY_SEPARATOR = re.compile("[&;] *")
_NAME = re.compile(r"\A[\[\]]*([^\[\]]+)\]*")
_ITEM_FIELD = re.compile(r"\A\[\]\[([^\[\]]+)\]\Z")
_BRACKETS = re.compile(r"[\[\]]+")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MOST = 4096
_DEEPEST = 100
_LONGEST_KEPT = 256


def query_pairs(
    text: str, separator: re.Pattern[str] = _QUERY_SEPARATOR
) -> list[tuple[str, str | None]]:
    """Return the decoded name-value pairs of a query string or form body, in order.

    The value of a name without an equals sign is None. Raises `MalformedParametersError` for
    broken percent-escapes, for bytes that are not UTF-8 and for more than 4096 pairs.
    """
    parts = separator.split(text)
    if len(parts) > _MOST:
        raise MalformedParametersError(
            f"total number of query parameters ({len(parts)}) exceeds limit ({_MOST})"
        )
    pairs: list[tuple[str, str | None]] = []
    for part in parts:
        if part:
            name, equals, value = part.partition("=")
            pairs.append((_decoded(name), _decoded(value) if equals else None))
    return pairs


def _decoded(text: str) -> str:
    if _BROKEN_ESCAPE.search(text):
        raise MalformedParametersError(f"invalid %-encoding ({text})")
    raw = text.replace("+", " ").encode("latin-1", "replace")
    try:
        return unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        raise MalformedParametersError("invalid byte sequence in UTF-8") from None


def query_values(text: str) -> dict[str, Any]:
    """Return the nested parameters of a query; raises `MalformedParametersError`."""
    return nested(_kept_pairs(text) if len(text) <= _LONGEST_KEPT else query_pairs(text))


@lru_cache(1024)
def _kept_pairs(text: str) -> tuple[tuple[str, str | None], ...]:
    return tuple(query_pairs(text))


def form_values(text: str) -> dict[str, Any]:
    """Return the nested parameters of a form; raises `MalformedParametersError`."""
    return nested(query_pairs(text, FORM_SEPARATOR))


def nested(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return pairs as nested dicts and lists, by the brackets in their names.

    None gives way to a hash or list of the same name, and stands in no list. Raises
    `MalformedParametersError` where one name is used both as a value and as a hash or list.
    """
    values: dict[str, Any] = {}
    for name, value in pairs:
        _insert(values, name, value, _DEEPEST)
    return values


def _insert(into: dict[str, Any], name: str, value: Any, deeper: int) -> Any:
    """Put a value in its place; return what then stands where `into` stood."""
    if deeper == 0:
        raise MalformedParametersError("parameters are nested too deeply")
    match = _NAME.match(name)
    if match is None:
        return [value] if name == "[]" and value is not None else None
    key, rest = match[1], name[match.end() :]
    if rest == "":
        into[key] = value
    elif rest == "[":
        into[name] = value
    elif rest == "[]":
        _append(_container(into, key, list), value)
    elif rest.startswith("[]"):
        field = _ITEM_FIELD.match(rest)
        _insert_item(
            _container(into, key, list), field[1] if field else rest[2:], value, deeper - 1
        )
    else:
        into[key] = _insert(_container(into, key, dict), rest, value, deeper - 1)
    return into


def _insert_item(items: list[Any], name: str, value: Any, deeper: int) -> None:
    if items and isinstance(items[-1], dict) and not _has(items[-1], name):
        _insert(items[-1], name, value, deeper)
    else:
        _append(items, _insert({}, name, value, deeper))


def _append(items: list[Any], value: Any) -> None:
    if value is not None:
        items.append(value)


def _has(item: Any, name: str) -> bool:
    if "[]" in name:
        return False
    for part in _BRACKETS.split(name):
        if part:
            if not isinstance(item, dict) or part not in item:
                return False
            item = item[part]
    return True


def _container(into: dict[str, Any], key: str, kind: type) -> Any:
    container = into.get(key)
    if container is None:
        container = into[key] = kind()
    if not isinstance(container, kind):
        expected = "Hash" if kind is dict else "Array"
        raise MalformedParametersError(
            f"expected {expected} (got {_rails_class(container)}) for param `{key}'"
        )
    return container


def _rails_class(value: Any) -> str:
    if isinstance(value, dict):
        return "Rack::QueryParser::Params"
    return "Array" if isinstance(value, list) else "String"
