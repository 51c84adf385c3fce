"""How a framework spells parameters and answers, whatever API is built with it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from fake_server.rest.api_errors import MalformedParametersError
from fake_server.rest.context import DECLARATION

_MOST = 4096


def flat(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return pairs by name; a name that stands several times has the list of its values."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name not in values:
            values[name] = value
        elif isinstance(values[name], list):
            values[name].append(value)
        else:
            values[name] = [values[name], value]
    return values


def flat_query(text: str) -> dict[str, Any]:
    """Return the parameters of a query, as Latin-1, whose names are nothing but names.

    Raises `MalformedParametersError` for bytes that are not UTF-8 and for more than 4096 pairs.
    """
    try:
        spelled = text.encode("latin-1").decode()
        pairs = parse_qsl(spelled, keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except UnicodeDecodeError:
        raise MalformedParametersError("invalid byte sequence in UTF-8") from None
    except ValueError:
        raise MalformedParametersError(f"more than {_MOST} parameters") from None
    return flat(pairs)


class Conventions(NamedTuple):
    """How requests spell parameters and answers spell JSON.

    The defaults are plain: one name for each value, JSON without escapes, no ETag.
    """

    to_json: Callable[[object], bytes] = orjson.dumps
    """Makes the bytes of a JSON body."""

    etag: Callable[[bytes], str] | None = None
    """Makes the ETag of a body; None, the default, if answers have none."""

    read_query: Callable[[str], dict[str, Any]] = flat_query
    """Reads a query, as Latin-1, into parameters; raises `MalformedParametersError`."""

    separators: str = "&"
    """The characters that stand between the parameters of a query."""

    read_form: Callable[[str], dict[str, Any]] = flat_query
    """Reads an `application/x-www-form-urlencoded` body in the same way."""

    read_pairs: Callable[[Iterable[tuple[str, Any]]], dict[str, Any]] = flat
    """Makes parameters of the names and values of a multipart body."""

    accepts_spellings: bool = False
    """Whether `//`, a trailing `/` and `.json` make no other path of one."""


PLAIN = Conventions()
"""One name for each value, JSON without escapes, no ETag."""


def conventions_of(environ: Mapping[str, Any]) -> Conventions:
    """Return the conventions of the API that a request is for; the plain ones where it is none."""
    declared = environ.get(DECLARATION)
    conventions: Conventions = PLAIN if declared is None else declared.dialect.conventions
    return conventions
