"""A page of a list as an answer: a JSON array, `X-Total-Count` and `Link`."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Response, request

from fake_server.rest.answers import json_answer
from fake_server.rest.links import link_header
from fake_server.rest.pages import Page
from fake_server.rest.standard.queries import PAGE
from fake_server.rest.urls import request_url

TOTAL = "X-Total-Count"


def page_answer(items: list[Any], page: Page) -> Response:
    """Return the answer of a list.

    `Link` has `first`, `prev`, `next` and `last`, as far as there are such pages; each keeps the
    query as the client spelled it, but for `page`.
    """
    links = {"first": 1, "prev": page.number - 1, "next": page.number + 1, "last": page.last}
    there = [
        (rel, _url(number))
        for rel, number in links.items()
        if 1 <= number <= page.last and number != page.number
    ]
    headers = {TOTAL: str(page.total), **({"Link": link_header(there)} if there else {})}
    return json_answer(items, headers=headers)


def _url(number: int) -> str:
    query = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
    others = [(name, value) for name, value in query if name != PAGE]
    return f"{request_url()}?{urlencode([*others, (PAGE, str(number))])}"
