"""A part of a list as an answer: its body, the header for the total, the links."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import Response, request

from fake_server.rest.answers import json_answer
from fake_server.rest.links import link_header
from fake_server.rest.schema.values import Schema
from fake_server.rest.standard.operations import Success
from fake_server.rest.urls import request_url

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ITEMS = object()
_RELATIONS = ("first", "prev", "next", "last")


class ListPart(NamedTuple):
    """A part of a list.

    - `offset`: the position, from 0, of its first record. `size`: how many records it may have.
    - `total`: how many records the list has.
    - `number`, `start`: the parameters for the number of a page, and for the offset; empty if the
      operation has no such parameter.
    - `first`: the number of the first page.
    """

    items: Sequence[Any]
    offset: int
    size: int
    total: int
    number: str
    start: str
    first: int = 1

    @property
    def page(self) -> int:
        """The number of the page."""
        return self.offset // self.size + self.first

    @property
    def last(self) -> int:
        """The number of the last page; 0 of an empty list."""
        return -(-self.total // self.size)

    def links(self) -> dict[str, str]:
        """Return the URLs of the other parts there are, each with the query as it was spelled."""
        if not self.number and not self.start:
            return {}
        before, behind = self.offset - self.size, self.offset + self.size
        offsets = {
            "first": 0 if self.offset and self.total else None,
            "prev": max(before, 0) if self.offset and before < self.total else None,
            "next": behind if behind < self.total else None,
            "last": None if self._is_last else (self.last - 1) * self.size,
        }
        return {name: self._url(offset) for name, offset in offsets.items() if offset is not None}

    @property
    def _is_last(self) -> bool:
        return not self.total or self.offset < self.total <= self.offset + self.size

    def _url(self, offset: int) -> str:
        name = self.number or self.start
        value = offset // self.size + self.first if self.number else offset
        query = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
        others = [(other, text) for other, text in query if other != name]
        return f"{request_url()}?{urlencode([*others, (name, str(value))])}"


class ListAnswer:
    """How the answer of a list looks: which members its body has, which headers.

    The name of a member or header gives its meaning, such as `total`, `X-Total-Count` or
    `totalPages`.
    """

    def __init__(self, success: Success, schema: Schema) -> None:
        self._success = success
        self._body = _outline(schema)

    def of(self, part: ListPart) -> Response:
        """Return the answer with a part of the list."""
        links = part.links()
        facts = _facts(part, links)
        headers = {
            name: str(facts[_plain(name)])
            for name in self._success.headers
            if facts.get(_plain(name)) is not None
        }
        if links and any(name.lower() == "link" for name in self._success.headers):
            headers["Link"] = link_header(links.items())
        return json_answer(_filled(self._body, part.items, facts), self._success.status, headers)


def _outline(schema: Schema) -> Any:
    """Return the body of a list: `_ITEMS`, or the members of an object, with names for values."""
    members: Mapping[str, Schema] = schema.get("properties") or {}
    if not members:
        return _ITEMS
    outline: dict[str, Any] = {}
    for name, member in members.items():
        if "array" in _types(member):
            outline[name] = _ITEMS if _ITEMS not in outline.values() else []
        elif member.get("properties"):
            outline[name] = _outline(member)
        else:
            outline[name] = _plain(name)
    return outline


def _types(schema: Schema) -> tuple[str, ...]:
    declared = schema.get("type", ())
    return (declared,) if isinstance(declared, str) else tuple(declared)


def _filled(outline: Any, items: Sequence[Any], facts: Mapping[str, Any]) -> Any:
    if outline is _ITEMS:
        return list(items)
    if not isinstance(outline, dict):
        return list(outline)
    return {
        name: facts[member] if isinstance(member, str) else _filled(member, items, facts)
        for name, member in outline.items()
        if not isinstance(member, str) or member in facts
    }


def _plain(name: str) -> str:
    """Return the name of a member or header as `_facts` has it."""
    words = _CAPITAL.sub("_", name).lower().replace("-", "_")
    return words.removeprefix("x_")


def _facts(part: ListPart, links: Mapping[str, str]) -> dict[str, Any]:
    last, more = part.last, part.offset + len(part.items) < part.total
    return {
        **dict.fromkeys(
            ("total", "total_count", "total_items", "total_results", "count"), part.total
        ),
        **dict.fromkeys(("page", "page_number", "current_page"), part.page),
        **dict.fromkeys(("per_page", "page_size", "limit", "size"), part.size),
        **dict.fromkeys(("offset", "skip"), part.offset),
        **dict.fromkeys(("pages", "total_pages", "page_count", "last_page"), last),
        **dict.fromkeys(("has_more", "has_next"), more),
        "self": f"{request_url()}?{request.query_string.decode('latin-1')}".rstrip("?"),
        "previous": links.get("prev"),
        **{relation: links.get(relation) for relation in _RELATIONS},
    }
