"""A part of a list as an answer: its body, the header for the total, the links."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import Response

from fake_server.rest.answers import json_answer
from fake_server.rest.context import current_request
from fake_server.rest.links import link_header
from fake_server.rest.schema.schema_values import Schema
from fake_server.rest.standard.operation_reading import Success
from fake_server.rest.urls import request_url

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ITEMS = object()
_UNKNOWN = object()
_TYPES = {bool: {"boolean"}, int: {"integer", "number"}, str: {"string"}}
_PLAIN_TYPES = {"boolean", "integer", "number", "string"}
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
        query = parse_qsl(current_request().query_string.decode("latin-1"), keep_blank_values=True)
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


_BESIDE_RECORDS = {"links", "_links", "errors", "warnings", "messages", "included", "facets"}


def items_member(schema: Schema) -> str | None:
    """Return the member of a list's body that has the records: its first array of objects.

    Links, errors and what else stands beside records count where there is no other array, and an
    array of other values where there is none of objects. None: no member is an array.
    """
    members: Mapping[str, Schema] = schema.get("properties") or {}
    arrays = {
        name: member.get("items")
        for name, member in members.items()
        if isinstance(member, Mapping) and "array" in _types(member)
    }
    of_objects = [
        name
        for name, items in arrays.items()
        if isinstance(items, Mapping) and ("object" in _types(items) or "properties" in items)
    ]
    records = [name for name in of_objects if name.lower() not in _BESIDE_RECORDS]
    return next(iter([*records, *of_objects, *arrays]), None)


def _outline(schema: Schema, *, has_items: bool = False) -> Any:
    """Return the body of a list: `_ITEMS`, or the members of an object, facts for values.

    `has_items`: the records stand elsewhere in the body.
    """
    members: Mapping[str, Schema] = schema.get("properties") or {}
    if not members:
        return _ITEMS
    holder = None if has_items else items_member(schema)
    outline: dict[str, Any] = {}
    for name, member in members.items():
        if name == holder:
            outline[name] = _ITEMS
        elif "array" in _types(member):
            outline[name] = []
        elif member.get("properties"):
            outline[name] = _outline(member, has_items=has_items or holder is not None)
        else:
            outline[name] = _Fact(_plain(name), _types(member))
    return outline


class _Fact(NamedTuple):
    """A member of a body with a fact about a list: its plain name, and the types it may have."""

    name: str
    types: tuple[str, ...]

    def value(self, facts: Mapping[str, Any]) -> Any:
        """Return the fact; `_UNKNOWN` where none has this name and type."""
        value = facts.get(self.name, _UNKNOWN)
        if value in (_UNKNOWN, None) or not self.types or not _PLAIN_TYPES & set(self.types):
            return value
        return (
            value
            if _TYPES[type(value)] & set(self.types)
            else facts.get(f"is_{self.name}", _UNKNOWN)
        )


def _types(schema: Schema) -> tuple[str, ...]:
    declared = schema.get("type", ())
    return (declared,) if isinstance(declared, str) else tuple(declared)


def _filled(outline: Any, items: Sequence[Any], facts: Mapping[str, Any]) -> Any:
    if outline is _ITEMS:
        return list(items)
    if not isinstance(outline, dict):
        return list(outline)
    body = {
        name: member.value(facts) if isinstance(member, _Fact) else _filled(member, items, facts)
        for name, member in outline.items()
    }
    return {name: value for name, value in body.items() if value is not _UNKNOWN}


def _plain(name: str) -> str:
    """Return the name of a member or header as `_facts` has it."""
    words = _CAPITAL.sub("_", name).lower().replace("-", "_")
    return words.removeprefix("x_")


def _facts(part: ListPart, links: Mapping[str, str]) -> dict[str, Any]:
    last, more = part.last, part.offset + len(part.items) < part.total
    return {
        **dict.fromkeys(
            ("total", "total_count", "total_items", "total_results", "total_elements", "count"),
            part.total,
        ),
        **dict.fromkeys(("page", "page_number", "current_page"), part.page),
        **dict.fromkeys(("per_page", "page_size", "limit", "size"), part.size),
        **dict.fromkeys(("offset", "skip"), part.offset),
        **dict.fromkeys(("pages", "total_pages", "page_count", "last_page"), last),
        **dict.fromkeys(("has_more", "has_next", "has_next_page"), more),
        **dict.fromkeys(("has_previous", "has_prev", "has_previous_page"), bool(part.offset)),
        **dict.fromkeys(("is_first", "is_first_page", "first_page"), not part.offset),
        **dict.fromkeys(("is_last", "is_last_page"), not more),
        **dict.fromkeys(("number_of_elements", "num_results"), len(part.items)),
        "self": f"{request_url()}?{current_request().query_string.decode('latin-1')}".rstrip("?"),
        **dict.fromkeys(("previous", "previous_url"), links.get("prev")),
        **{relation: links.get(relation) for relation in _RELATIONS},
        **{f"{relation}_url": links.get(relation) for relation in _RELATIONS},
    }
