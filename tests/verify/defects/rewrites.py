"""What the defects of several APIs do to requests and answers."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from werkzeug.datastructures import Headers

from tests.verify.defects.proxy import Exchange, Rewrite

Row = dict[str, Any]


def is_list(exchange: Exchange) -> bool:
    """Return whether a request reads something."""
    return exchange.method == "GET"


def accepts(exchange: Exchange) -> str:
    """Return the Accept header of a request."""
    return exchange.header("Accept") or ""


def page_number(exchange: Exchange) -> int:
    """Return the number of the page that a request asks for."""
    text = exchange.query.get("page", "1")
    return int(text) if text.isdigit() else 1


def size_of_page(exchange: Exchange, default: int) -> int:
    """Return the size of the page that a request asks for."""
    text = exchange.query.get("per_page", "")
    return int(text) if text.isdigit() else default


def rows(exchange: Exchange) -> list[Row]:
    """Return the rows of a list."""
    value = exchange.json
    listed: list[Row] = next(iter(value.values())) if isinstance(value, dict) else value
    return listed


def with_rows(exchange: Exchange, changed: list[Row]) -> None:
    """Replace the rows of a list."""
    value = exchange.json
    if changed != rows(exchange):
        exchange.with_json(dict.fromkeys(value, changed) if isinstance(value, dict) else changed)


def each(change: Callable[[Row], Row]) -> Callable[[Exchange], None]:
    """Return a change of every row of a list, or of the one record."""

    def apply(exchange: Exchange) -> None:
        value = exchange.json
        if isinstance(value, list):
            with_rows(exchange, [change(row) for row in value])
        elif isinstance(value, dict):
            exchange.with_json(change(value))

    return apply


def empty_page(exchange: Exchange) -> None:
    """Take out all rows."""
    with_rows(exchange, [])


def set_header(exchange: Exchange, name: str, value: object) -> None:
    """Set a header of the answer."""
    exchange.headers[name] = str(value)


def drop_header(exchange: Exchange, name: str) -> None:
    """Take a header out of the answer."""
    del exchange.headers[name]


def refuse(status: int, when: Callable[[Exchange], bool]) -> Rewrite:
    """Return a rewrite that answers some requests with an empty refusal."""

    def rewrite(exchange: Exchange) -> None:
        if when(exchange):
            exchange.status, exchange.headers, exchange.body = status, Headers(), b""
        else:
            exchange.send()

    return rewrite


_URL = re.compile(r"<([^>]*)>")


def links_with(exchange: Exchange, change: Callable[[str], str]) -> None:
    """Change the URLs of Link."""
    if "Link" in exchange.headers:
        exchange.headers["Link"] = _URL.sub(
            lambda match: f"<{change(match[1])}>", exchange.headers["Link"]
        )


def links_without(exchange: Exchange, name: str) -> None:
    """Take a parameter out of the URLs of Link."""

    def less(url: str) -> str:
        parts = urlsplit(url)
        pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
        return urlunsplit(parts._replace(query=urlencode(pairs)))

    links_with(exchange, less)
