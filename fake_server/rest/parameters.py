"""The parameters of a request, from its query and its body.

They are spelled by the conventions of the API. A service built with Rails merges both
(`request_parameters`); others read each for itself (`query_parameters`, `body_parameters`).
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from flask import Request

from fake_server.rest.api_errors import MalformedJsonError, MalformedParametersError
from fake_server.rest.conventions import Conventions, conventions_of
from fake_server.rest.json_text import parse_json

PARAMETERS = "fake_server.parameters"
"""The key, in the environ, of the `Parameters` that `request_parameters` made of the request, or of
the `ApartParameters` that `query_parameters` and `body_parameters` did."""

_QUERY_VALUES = "fake_server.query_values"
"""The key, in the environ, of what `query_values` returns."""

_NO_LENGTH = {"", "0"}

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
            self._nested[name] = _wrapped(value, self._full_name(name))
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
                names.append(self._full_name(name))
            elif name in self._nested:
                names += _unread_in(self._nested[name])
        return names

    def _full_name(self, name: str) -> str:
        return f"{self._prefix}[{name}]" if self._prefix else name


def _wrapped(value: Any, prefix: str) -> Any:
    if isinstance(value, dict):
        return Parameters(value, prefix)
    if isinstance(value, list):
        return [_wrapped(item, f"{prefix}[{n}]") for n, item in enumerate(value)]
    return value


def _unread_in(value: Any) -> list[str]:
    if isinstance(value, Parameters):
        return value.unread()
    if isinstance(value, list):
        return [name for item in value for name in _unread_in(item)]
    return []


def body_values(
    request: Request, *, sniff_json: bool = False, conventions: Conventions | None = None
) -> dict[str, Any] | None:
    """Return the parameters in a request's body: JSON object, form or multipart.

    `conventions` are those of the API, which the request's environ has while it is answered.
    With `sniff_json`, a body that begins like a JSON object is read as one whatever its
    Content-Type. None stands for a body that is not read, being of another Content-Type. Raises
    `MalformedParametersError` for a body that is not what it says it is, and for JSON other than
    an object.
    """
    if not may_have_body(request.environ):
        return {}
    kind = request.mimetype
    raw = request.get_data(cache=True)
    if not raw.strip():
        return {}
    if kind == "application/json" or kind.endswith("+json"):
        return _json_object(raw)
    if sniff_json and raw.lstrip()[:1] in {b"{", b"["}:
        return _json_object(raw)
    spelling = conventions or conventions_of(request.environ)
    if kind == "multipart/form-data":
        return spelling.read_pairs(request.form.items(multi=True))
    if kind == "application/x-www-form-urlencoded":
        return spelling.read_form(raw.decode("latin-1"))
    return None


def may_have_body(environ: Mapping[str, Any]) -> bool:
    """Return whether a request says the length of a body, or came in chunks."""
    return environ.get("CONTENT_LENGTH", "") not in _NO_LENGTH or "wsgi.input_terminated" in environ


def _json_object(raw: bytes) -> dict[str, Any]:
    value = parse_json(raw)
    if not isinstance(value, dict):
        raise MalformedJsonError("invalid JSON: expected an object")
    return value


def query_values(request: Request) -> dict[str, Any]:
    """Return the parameters in a request's query, the same dict at each call.

    Raises `MalformedParametersError`.
    """
    environ = request.environ
    values: dict[str, Any] | None = environ.get(_QUERY_VALUES)
    if values is None:
        text = request.query_string.decode("latin-1")
        values = environ[_QUERY_VALUES] = conventions_of(environ).read_query(text)
    return values


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
    parameters = Parameters((body or {}) | query_values(request))
    request.environ[PARAMETERS] = parameters
    return parameters


class ApartParameters:
    """The parameters of a request whose query and body have nothing to do with each other."""

    def __init__(self, request: Request) -> None:
        # What nobody reads is asked for after the answer, when Flask's own name of the request,
        # which stands for the current one, means nothing any more.
        itself = getattr(request, "_get_current_object", None)
        self._request: Request = request if itself is None else itself()
        self._request.get_data(cache=True)

    @cached_property
    def query(self) -> Parameters:
        """The parameters of the query; raises `MalformedParametersError`."""
        return Parameters(query_values(self._request))

    @cached_property
    def body(self) -> Parameters:
        """The properties of the body; raises `MalformedParametersError`.

        A body that begins like JSON is read as JSON, whatever its Content-Type. One that holds no
        parameters is empty.
        """
        values = body_values(self._request, sniff_json=True)
        if values is None:
            self._request.environ[BODY_UNREAD] = True
        return Parameters(values or {})

    def unread(self) -> list[str]:
        """Return the names of the parameters nobody has taken, those of the query first."""
        names: list[str] = []
        for part, nothing in (("query", "(query)"), ("body", "(body)")):
            try:
                parameters: Parameters = getattr(self, part)
            except MalformedParametersError:
                names.append(nothing)
            else:
                names += parameters.unread()
        return names


def query_parameters(request: Request) -> Parameters:
    """Return the parameters of a request's query, the same object at each call.

    Raises `MalformedParametersError`.
    """
    return _apart(request).query


def body_parameters(request: Request) -> Parameters:
    """Return the properties of a request's body, the same object at each call.

    Raises `MalformedParametersError`.
    """
    return _apart(request).body


def _apart(request: Request) -> ApartParameters:
    known: ApartParameters | None = request.environ.get(PARAMETERS)
    if known is None:
        known = request.environ[PARAMETERS] = ApartParameters(request)
    return known
