"""Request parameters as Rack and Rails read them: query, form, multipart and JSON, nested by [].

Source: the behaviour of Rack's nested query parser, which all three services run on; each API's
reference gives the cases its clients rely on (`page[size]=10`, `filter[id]=1,2`, `id[]=1&id[]=2`).
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import isinf
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Request

from fake_server.rest.errors import MalformedParametersError

_NAME = re.compile(r"\A[\[\]]*([^\[\]]+)\]*")
_ITEM_FIELD = re.compile(r"\A\[\]\[([^\[\]]+)\]\Z")
_BRACKETS = re.compile(r"[\[\]]+")
_QUERY_SEPARATOR = re.compile("[&;] *")
_FORM_SEPARATOR = re.compile("& *")
_MOST = 4096
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NESTED = "invalid JSON: nested too deeply"
_DEEPEST = 100


PARAMETERS = "fake_server.parameters"
"""The key, in the environ, of the `Parameters` that `request_parameters` made of the request."""

BODY_UNREAD = "fake_server.body_unread"
"""The key, in the environ, that is there where `request_parameters` found a body that it does not
read: one of a Content-Type that holds no parameters."""


class Parameters(Mapping[str, Any]):
    """Nested parameters that remember which of them were read.

    Values are strings, lists, `Parameters`, and, from a JSON body, numbers, booleans and None.
    Neither iterating over the names nor asking whether one is there is reading; taking a value is.
    """

    __slots__ = ("_nested", "_prefix", "_read", "_values")

    def __init__(self, values: Mapping[str, Any], prefix: str = "") -> None:
        self._values = values
        self._prefix = prefix
        self._read: set[str] = set()
        self._nested: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        value = self._values[name]
        self._read.add(name)
        if not isinstance(value, dict | list):
            return value
        if name not in self._nested:
            self._nested[name] = _wrapped(value, self._place(name))
        return self._nested[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def disregard(self, name: str) -> None:
        """Note that a parameter, though it was looked at, has no effect: it counts as unread."""
        self._read.discard(name)

    def unread(self) -> list[str]:
        """Return the names, as `filter[id]`, of the parameters nobody has taken."""
        if len(self._read) == len(self._values) and not self._nested:
            return []
        names = []
        for name in self._values:
            if name not in self._read:
                names.append(self._place(name))
            elif name in self._nested:
                names += _unread_in(self._nested[name])
        return names

    def _place(self, name: str) -> str:
        return f"{self._prefix}[{name}]" if self._prefix else name


def _wrapped(value: Any, place: str) -> Any:
    if isinstance(value, dict):
        return Parameters(value, place)
    if isinstance(value, list):
        return [_wrapped(item, f"{place}[{n}]") for n, item in enumerate(value)]
    return value


def _unread_in(value: Any) -> list[str]:
    if isinstance(value, Parameters):
        return value.unread()
    if isinstance(value, list):
        return [name for item in value for name in _unread_in(item)]
    return []


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
    found = into.get(key)
    if found is None:
        found = into[key] = kind()
    if not isinstance(found, kind):
        expected = "Hash" if kind is dict else "Array"
        raise MalformedParametersError(
            f"expected {expected} (got {_rails_class(found)}) for param `{key}'"
        )
    return found


def _rails_class(value: Any) -> str:
    if isinstance(value, dict):
        return "Rack::QueryParser::Params"
    return "Array" if isinstance(value, list) else "String"


def parse_json(raw: bytes, pairs: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """Return the JSON value that `raw` holds.

    Raises `MalformedParametersError` for anything else: NaN, numbers too large for a float or of
    thousands of digits, lone surrogates, bytes that are not UTF-8, nesting deeper than 100.
    `pairs` makes an object of its names and values, which are a dict without it.
    """
    try:
        value = json.loads(
            raw.decode(), parse_constant=_refused, parse_float=_finite, object_pairs_hook=pairs
        )
        if b"\\u" in raw:
            json.dumps(value, ensure_ascii=False).encode()
    except ValueError:
        raise MalformedParametersError("invalid JSON") from None
    except RecursionError:
        raise MalformedParametersError(_NESTED) from None
    if raw.count(b"[") + raw.count(b"{") > _DEEPEST and _too_deep(value):
        raise MalformedParametersError(_NESTED)
    return value


def _refused(name: str) -> None:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise ValueError(text)
    return number


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for items in inner for each in items if isinstance(each, dict | list)]
    return bool(level)


def body_values(request: Request, *, sniff_json: bool = False) -> dict[str, Any] | None:
    """Return the parameters in a request's body: JSON object, form or multipart.

    With `sniff_json`, a body that begins like a JSON object is read as one whatever its
    Content-Type. None stands for a body that is not read, being of another Content-Type. Raises
    `MalformedParametersError` for a body that is not what it says it is, and for JSON other than
    an object.
    """
    kind = request.mimetype
    raw = request.get_data(cache=True)
    if not raw.strip():
        return {}
    if kind == "application/json" or kind.endswith("+json"):
        return _json_object(raw)
    if sniff_json and raw.lstrip()[:1] in {b"{", b"["}:
        return _json_object(raw)
    if kind == "multipart/form-data":
        return nested(request.form.items(multi=True))
    if kind == "application/x-www-form-urlencoded":
        return nested(query_pairs(raw.decode("latin-1"), _FORM_SEPARATOR))
    return None


def _json_object(raw: bytes) -> dict[str, Any]:
    value = parse_json(raw)
    if not isinstance(value, dict):
        raise MalformedParametersError("invalid JSON: expected an object")
    return value


def query_values(request: Request) -> dict[str, Any]:
    """Return the parameters in a request's query; raises `MalformedParametersError`."""
    return nested(query_pairs(request.query_string.decode("latin-1")))


def request_parameters(request: Request, *, sniff_json: bool = False) -> Parameters:
    """Return query and body merged as Rails merges them: a name in the query wins.

    Made once for a request: each further call returns the same object, which knows what was read.
    Raises `MalformedParametersError`.
    """
    known: Parameters | None = request.environ.get(PARAMETERS)
    if known is not None:
        return known
    body = body_values(request, sniff_json=sniff_json)
    if body is None:
        request.environ[BODY_UNREAD] = True
    found = Parameters((body or {}) | query_values(request))
    request.environ[PARAMETERS] = found
    return found
