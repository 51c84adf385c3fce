"""The Link header (RFC 8288)."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote_plus

from fake_server.rest.pages import Page


def query_string(values: Mapping[str, Any]) -> str:
    """Return nested parameters as Rails' `to_query` does: form-encoded, hashes sorted by name."""
    return _of_hash(values, "")


def _parts(values: Mapping[str, Any], prefix: str) -> list[str]:
    return [
        _of(f"{prefix}[{name}]" if prefix else str(name), value)
        for name, value in values.items()
        if not (isinstance(value, Mapping | list) and not value)
    ]


def _of_hash(values: Mapping[str, Any], prefix: str) -> str:
    parts = _parts(values, prefix)
    return "&".join(parts if "[]" in prefix else sorted(parts))


def _of(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return _of_hash(value, name)
    if isinstance(value, list):
        return "&".join(_of(f"{name}[]", item) for item in value)
    return f"{quote_plus(name)}={quote_plus(_text(value))}"


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
    targets: list[tuple[str, int]] = []
    if page.number > 1:
        targets += [("first", 1), ("prev", page.number - 1)]
    if page.total and page.number < page.last:
        targets += [("last", page.last), ("next", page.number + 1)]
    if not targets:
        return {}
    others = _parts({name: value for name, value in query.items() if name != "page"}, "")
    return {
        "Link": link_header(
            (rel, f"{url}?{'&'.join(sorted([*others, f'page={number}']))}")
            for rel, number in targets
        )
    }
