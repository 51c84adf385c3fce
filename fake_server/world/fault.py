"""A fault as data: what goes wrong, for which requests, and how often."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from fnmatch import translate
from functools import lru_cache
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, unquote

from fake_server.errors import FaultError, UserError

Close = Literal["before", "mid", "mid-chunked"]

LONGEST_PATTERN = 200
MOST_CONDITIONS = 20
_EXPECTED_WHEN = (
    '{"query": "range[begin_at]"}: a parameter, a parameter and its value, or a list of up to'
    f" {MOST_CONDITIONS}"
)
LONGEST_LATENCY = 300.0
"""The longest latency, in seconds."""

MOST = 1_000_000_000
"""The largest number of requests or bytes in a fault."""

METHODS = ("*", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail, and the requests that fail.

    >>> Fault("xurrent.list_calendars", status=503, times=2).attributes()
    {'pattern': 'xurrent.list_calendars', 'status': 503, 'times': 2}

    Which requests:

    - `pattern`: an operation, as `xurrent.list_calendars`; several, as `xurrent.*`,
      `intra42.graph_*` or `*`; or method and path, as `GET /v1/calendars/*`, which also matches
      paths that are not served. A `*` matches any characters, `/` included.
    - `when`: a further condition. `{"query": "range[begin_at]"}` matches requests with that
      parameter in the query, `{"query": "page[number]=2*"}` by those whose parameter has such a
      value, a list of them by requests that meet all.

    The answer, at most one of:

    - `status`: an error (400 to 599) in the API's own words.
    - `rate_limited`: a rate limit is exceeded. It is True for the API's first limit, or the name
      of a limit: `burst` or `hour` for Xurrent, `second` or `hour` for 42.
    - `token_expired`: the request's token has expired.

    The delivery of the answer:

    - `latency`: the seconds before its first byte, or a pair of the least and the most seconds.
    - `close`: the connection is closed `before` the first byte, or in the `mid`dle of the body,
      or `mid-chunked`: in the middle of a body sent in chunks, without the last chunk.
    - `cut`: the number of bytes of the body that are sent, always fewer than the body has. Without
      `close`, the shortened body is a complete message. The bytes are those of the compressed
      body where the answer is compressed, as on the wire.
    - `not_json`: the body is an HTML page, which is not compressed.

    The effect of the request:

    - `carried_out`: whether the request is carried out. The default is False if the answer is an
      error, else True.

    The frequency; all conditions must hold:

    - `after`: the number of first requests that do not fail.
    - `every`: after those, one in so many requests fails.
    - `times`: the greatest number of requests that fail.
    - `probability`: the chance of a failure, decided by the world's seed.

    And `header`: whether a header of the answer names the fault.

    Raises `UserError` (one line) for an invalid value.
    """

    pattern: str
    status: int | None = None
    rate_limited: bool | str = False
    token_expired: bool = False
    latency: float | tuple[float, float] | None = None
    close: Close | None = None
    cut: int | None = None
    not_json: bool = False
    carried_out: bool | None = None
    times: int | None = None
    every: int = 1
    after: int = 0
    probability: float = 1.0
    header: bool = True
    when: Mapping[str, str | Sequence[str]] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.latency, list):
            object.__setattr__(self, "latency", tuple(self.latency))
        if isinstance(self.when, dict):
            object.__setattr__(self, "when", When.of(self.when))
        _require_kinds(self)
        _require_sense(self)

    @classmethod
    def of(cls, attributes: Mapping[str, Any]) -> Fault:
        """Return the fault with these attributes, in the form of `attributes`."""
        return cls(**attributes)

    def attributes(self) -> dict[str, Any]:
        """Return the attributes that differ from their defaults, as JSON values."""
        return {
            attribute.name: _as_json(value)
            for attribute in fields(self)
            if (value := getattr(self, attribute.name)) != attribute.default
            or attribute.default is MISSING
        }

    @property
    def is_error(self) -> bool:
        """Whether the answer is an error."""
        return self.status is not None or bool(self.rate_limited) or self.token_expired

    @property
    def carries_out(self) -> bool:
        """Whether the request is carried out."""
        return not self.is_error if self.carried_out is None else self.carried_out

    def names(self, operation: str) -> bool:
        """Return whether the pattern names an operation."""
        return _glob(self.pattern).match(operation) is not None

    def matches(self, operation: str | None, method: str, path: str, query: str) -> bool:
        """Return whether a request is one of those that fail; a pattern of GET matches HEAD too.

        `query`: as it was sent, percent signs included, but for `&` between all parameters.
        """
        return self._matches(operation, method, path) and (
            not isinstance(self.when, When) or self.when.meets(query)
        )

    def _matches(self, operation: str | None, method: str, path: str) -> bool:
        verb, space, glob = self.pattern.partition(" ")
        if not space:
            return operation is not None and self.names(operation)
        same_method = verb in ("*", method) or (verb, method) == ("GET", "HEAD")
        return same_method and _glob(glob).match(path) is not None


class When(Mapping[str, Any]):
    """The further condition of a request: a mapping with the key `query`."""

    __slots__ = ("_query",)

    def __init__(self, query: tuple[str, ...]) -> None:
        self._query = query

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> When:
        """Return the condition that a mapping describes; raises `UserError`."""
        query = value.get("query")
        texts = [query] if isinstance(query, str) else query
        good = isinstance(texts, list | tuple) and all(
            isinstance(text, str) and 0 < len(text) <= LONGEST_PATTERN for text in texts
        )
        if set(value) != {"query"} or not texts or not good or len(texts) > MOST_CONDITIONS:
            raise _refused("when", _EXPECTED_WHEN, dict(value))
        return cls(tuple(texts))

    def __getitem__(self, key: str) -> Any:
        if key != "query":
            raise KeyError(key)
        return self._query[0] if len(self._query) == 1 else list(self._query)

    def __iter__(self) -> Iterator[str]:
        yield "query"

    def __len__(self) -> int:
        return 1

    def __hash__(self) -> int:
        return hash(self._query)

    def meets(self, query: str) -> bool:
        """Return whether a query, as it was sent, has all the parameters."""
        pairs = parse_qsl(query, keep_blank_values=True)
        return all(any(_has(pair, text) for pair in pairs) for text in self._query)


def _has(pair: tuple[str, str], condition: str) -> bool:
    """Return whether a parameter has the name, and the value if there is one, of a condition."""
    name, equals, value = condition.partition("=")
    return pair[0] in (name, unquote(name)) and (
        not equals or _any_characters(value).fullmatch(pair[1]) is not None
    )


@lru_cache(maxsize=1024)
def _any_characters(text: str) -> re.Pattern[str]:
    # `translate` makes a pattern that never goes back, however many stars it has.
    return re.compile(translate(re.sub(r"[?\[]", r"[\g<0>]", text)))


def _as_json(value: Any) -> Any:
    if isinstance(value, When):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


@lru_cache(maxsize=1024)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))


def _require_kinds(fault: Fault) -> None:
    _require_pattern(fault.pattern)
    _require_whole("status", fault.status, 400, 599)
    _require_whole("cut", fault.cut, 0, MOST)
    _require_whole("times", fault.times, 1, MOST)
    _require_whole("every", fault.every, 1, MOST)
    _require_whole("after", fault.after, 0, MOST)
    _require_latency(fault.latency)
    if not _is_number(fault.probability, 0, 1):
        raise _refused("probability", "a number from 0 to 1", fault.probability)
    if fault.close is not None and fault.close not in get_args(Close):
        raise _refused("close", "before, mid or mid-chunked", fault.close)
    if fault.when is not None and not isinstance(fault.when, When):
        raise _refused("when", _EXPECTED_WHEN, fault.when)
    _require_limit_name(fault.rate_limited)
    for name in ("token_expired", "not_json", "carried_out", "header"):
        value = getattr(fault, name)
        if not isinstance(value, bool) and (name, value) != ("carried_out", None):
            raise _refused(name, "true or false", value)


def _require_pattern(pattern: object) -> None:
    expected = "an operation such as xurrent.list_calendars, or a method and a path with * in them"
    if not isinstance(pattern, str) or not 0 < len(pattern) <= LONGEST_PATTERN:
        raise _refused("pattern", f"{expected}, up to {LONGEST_PATTERN} characters", pattern)
    verb, space, path = pattern.partition(" ")
    if space and (verb not in METHODS or not path.startswith(("/", "*")) or "?" in path):
        expected = "a method and a path without query, such as GET /v1/calendars/*"
        raise _refused("pattern", expected, pattern)


def _require_limit_name(value: object) -> None:
    named = isinstance(value, str) and 0 < len(value) <= LONGEST_PATTERN
    if not named and not isinstance(value, bool):
        raise _refused("rate_limited", "true, false or the name of a limit such as hour", value)


def _require_whole(name: str, value: object, least: int, most: int) -> None:
    optional = name in {"status", "cut", "times"} and value is None
    if not optional and not (type(value) is int and least <= value <= most):
        raise _refused(name, f"a whole number from {least} to {most}", value)


def _require_latency(value: object) -> None:
    pair = value if isinstance(value, tuple) else (value, value)
    if value is None:
        return
    good = len(pair) == 2 and all(_is_number(seconds, 0, LONGEST_LATENCY) for seconds in pair)
    if not good or pair[0] > pair[1]:
        expected = f"seconds from 0 to {LONGEST_LATENCY:g}, or two, the least and the most"
        raise _refused("latency", expected, value)


def _is_number(value: object, least: float, most: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return least <= value <= most


def _require_sense(fault: Fault) -> None:
    errors = [
        name
        for name in ("status", "rate_limited", "token_expired")
        if getattr(fault, name) not in (None, False)
    ]
    if len(errors) > 1:
        raise FaultError(f"{errors[1]}: there is {errors[0]} already, and one answer to a request")
    altered = fault.cut is not None or fault.not_json
    if not (errors or altered or fault.close or fault.latency is not None):
        raise FaultError(
            "the fault does nothing: expected status, rate_limited, token_expired, latency, close,"
            " cut or not_json"
        )
    if fault.close == "before" and (errors or altered):
        raise FaultError("close: before sends nothing, so that no other answer goes with it")
    if fault.carried_out is False and not (errors or fault.close == "before"):
        raise FaultError("carried_out: the answer shows what was done, so that it is always done")


def _refused(name: str, expected: str, value: object) -> UserError:
    shown = json.dumps(value)[:60] if isinstance(value, tuple) else f"{str(value)[:60]!a}"
    return FaultError(f"{name}: expected {expected}, found {shown}")
