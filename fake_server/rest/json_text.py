"""JSON that clients send, read strictly: what other parsers would not agree on is refused."""

import json
from collections.abc import Callable
from math import isinf
from typing import Any

from fake_server.rest.api_errors import DeepJsonError, MalformedJsonError

_NESTED = "invalid JSON: nested too deeply"
_DEEPEST = 100


def parse_json(raw: bytes, pairs: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """Return the JSON value that `raw` holds.

    Raises `MalformedJsonError` for anything else: NaN, numbers too large for a float or of
    thousands of digits, lone surrogates, bytes that are not UTF-8, nesting deeper than 100
    (`DeepJsonError`).
    `pairs` makes an object of its names and values, which are a dict without it.
    """
    try:
        value = json.loads(
            raw.decode(), parse_constant=_refused, parse_float=_finite, object_pairs_hook=pairs
        )
        if b"\\u" in raw:
            json.dumps(value, ensure_ascii=False).encode()
    except ValueError:
        raise MalformedJsonError("invalid JSON") from None
    except RecursionError:
        raise DeepJsonError(_NESTED) from None
    if raw.count(b"[") + raw.count(b"{") > _DEEPEST and _too_deep(value):
        raise DeepJsonError(_NESTED)
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
        inner = (member.values() if isinstance(member, dict) else member for member in level)
        level = [member for items in inner for member in items if isinstance(member, dict | list)]
    return bool(level)
