"""The Link header (RFC 8288)."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote_plus

from fake_server.rest.pages import Page


def query_string(values: Mapping[str, Any]) -> str:
    """Return nested parameters as Rails' `to_query` does: sorted by name, form-encoded."""
    return "&".join(sorted(_parts(values)))


def _parts(values: Mapping[str, Any], prefix: str = "") -> Iterable[str]:
    for name, value in values.items():
        key = f"{prefix}[{name}]" if prefix else str(name)
        if isinstance(value, Mapping):
            yield from _parts(value, key)
        elif isinstance(value, list):
            yield from _list_parts(key, value)
        else:
            yield f"{quote_plus(key)}={quote_plus(_text(value))}"


def _list_parts(key: str, items: list[Any]) -> Iterable[str]:
    if not items:
        yield f"{quote_plus(key + '[]')}="
    for item in items:
        if isinstance(item, Mapping):
            yield from _parts(item, f"{key}[]")
        else:
            yield f"{quote_plus(key + '[]')}={quote_plus(_text(item))}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def link_header(links: Iterable[tuple[str, str]]) -> str:
    """Return a Link header of `(rel, url)` pairs, in their order."""
    return ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links)


def page_links(url: str, query: Mapping[str, Any], page: Page) -> dict[str, str]:
    """Return the Link header that api-pagination gives a page; empty if it gives none.

    `first` and `prev` are absent on page 1, `last` and `next` on the last page. Every link keeps
    the query, sorted, with `page` replaced.
    """
    wanted: list[tuple[str, int]] = []
    if page.number > 1:
        wanted += [("first", 1), ("prev", page.number - 1)]
    if page.total and page.number < page.last:
        wanted += [("last", page.last), ("next", page.number + 1)]
    if not wanted:
        return {}
    return {
        "Link": link_header(
            (rel, f"{url}?{query_string({**query, 'page': number})}") for rel, number in wanted
        )
    }
