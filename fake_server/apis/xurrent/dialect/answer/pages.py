"""Pages of collections: their headers and the cursor links between them."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from fake_server.api.serve import (
    current_request,
    json_answer,
    link_header,
    query_string,
    query_values,
    url_of,
)
from fake_server.apis.xurrent.dialect.query.page_rows import ListPage
from fake_server.apis.xurrent.dialect.query.parameters import parameters

_POSITIONS = frozenset({"page", "search_after", "search_before"})


def paginated(items: list[Any], page: ListPage, added: Mapping[str, Any] | None = None) -> Response:
    """Return a page of a collection. `added` are the query parameters that its links add.

    A client that follows a link sends them back, so they count as read.
    """
    query = parameters()
    for name in added or ():
        query.get(name)
    headers = {
        "X-Pagination-Per-Page": str(page.size),
        "X-Pagination-Current-Page": str(page.number),
        "X-Pagination-Total-Pages": str(-(-page.total // page.size)),
        "X-Pagination-Total-Entries": str(page.total),
    }
    if page.start and page.end:
        headers["X-Pagination-Start-Cursor"] = page.start
        headers["X-Pagination-End-Cursor"] = page.end
    return json_answer(items, 200, headers | _links(page, added or {}))


def _links(page: ListPage, added: Mapping[str, Any]) -> dict[str, str]:
    if page.total <= page.size:
        return {}
    query = {k: v for k, v in query_values(current_request()).items() if k not in _POSITIONS}
    links: list[tuple[str, Mapping[str, Any]]] = []
    if page.has_previous:
        links.append(("first", {}))
        if page.rows:
            links.append(("prev", {"search_before": page.start or page.number - 1}))
    if page.has_next and page.rows:
        links.append(("next", {"search_after": page.end or page.number + 1}))
    if not links:
        return {}
    return {
        "Link": link_header((rel, _url({**query, **added, **position})) for rel, position in links)
    }


def _url(query: Mapping[str, Any]) -> str:
    text = query_string(query)
    return url_of(current_request().path) + (f"?{text}" if text else "")
