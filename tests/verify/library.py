"""A small server of members, books and loans, right or with one fault, and its document.

It has what the shared ledger speaks of: pages, sorting, filters, ranges, nesting and records.
`Library(resources=70)` has as many collections as a test of speed needs.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

from tests.verify.faulty import TOKEN, Start

DEFAULT, LARGEST = 10, 40
SORTED = ("id", "title", "due_on")
Row = dict[str, Any]

_INTEGER, _TEXT = {"type": "integer"}, {"type": "string"}
_INSTANT = {"type": "string", "format": "date-time"}
_DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}
_ITEM: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "title", "member_id", "open", "due_on", "lent_at"],
    "properties": {
        "id": _INTEGER,
        "title": _TEXT,
        "member_id": _INTEGER,
        "open": {"type": "boolean"},
        "due_on": _DAY,
        "lent_at": _INSTANT,
    },
}

_CHANGE = {"type": "object", "properties": {"title": _TEXT, "open": {"type": "boolean"}}}


def _query(name: str, schema: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


_PARAMETERS = [
    _query("page", {"type": "integer", "minimum": 1}),
    _query("per_page", {"type": "integer", "default": DEFAULT, "x-maximum": LARGEST}),
    _query("sort", {"type": "string", "enum": [*SORTED, *(f"-{field}" for field in SORTED)]}),
    _query(
        "fields", {"type": "array", "items": {"type": "string", "enum": [*_ITEM["properties"]]}}
    ),
    _query("id", {"type": "string", "pattern": r"^\d+(,\d+)*$"}),
    _query("title", _TEXT),
    _query("member_id", _INTEGER),
    _query("due_before", _DAY, **{"x-filter": "before", "x-column": "due_on"}),
    _query("lent_until", _INSTANT, **{"x-filter": "max", "x-column": "lent_at"}),
    _query(
        "range",
        {"type": "object", "properties": {"id": _TEXT, "due_on": _TEXT}},
        style="deepObject",
    ),
]


def document(resources: int = 1) -> dict[str, Any]:
    """Return the document of a library with so many collections of loans."""
    paths: dict[str, Any] = {"/members": _path("members", "list")}
    for number in range(resources):
        name = _name(number)
        paths[f"/{name}"] = _path(name, "list")
        paths[f"/{name}/{{id}}"] = _path(name, "show")
        paths[f"/members/{{member_id}}/{name}"] = _path(name, "list", "members")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Library", "version": "1"},
        "paths": paths,
        "components": {"schemas": {"loan": _ITEM}},
    }


def document_with_fines() -> dict[str, Any]:
    """Return the document of a library with a list for librarians."""
    fines = _path("fines", "list")
    fines["get"]["x-roles"] = ["Librarian"]
    return _document_and("/fines", fines)


def document_with_returns() -> dict[str, Any]:
    """Return the document of a library with a list whose rows hold loans."""
    returns = _path("returns", "list")
    row = {"type": "object", "properties": {"id": _INTEGER, "loan": _ITEM}}
    content = {"application/json": {"schema": {"type": "array", "items": row}}}
    returns["get"]["responses"]["200"]["content"] = content
    return _document_and("/returns", returns)


def _document_and(path: str, item: Mapping[str, Any]) -> dict[str, Any]:
    plain = document()
    return {**plain, "paths": {**plain["paths"], path: item}}


def _name(number: int) -> str:
    return "loans" if number == 0 else f"loans{number}"


def _path(resource: str, action: str, parent: str | None = None) -> dict[str, Any]:
    item = {"$ref": "#/components/schemas/loan"}
    names = ["id"] if action == "show" else ["member_id"] if parent else []
    inside = [{"name": name, "in": "path", "required": True, "schema": _INTEGER} for name in names]
    body = item if action == "show" else {"type": "array", "items": item}
    headers: dict[str, Any] = (
        {"ETag": {}} if action == "show" else {"ETag": {}, "X-Total": {}, "Link": {}}
    )
    operation: dict[str, Any] = {
        "operationId": "_".join(filter(None, (action, parent, resource))),
        "x-resource": resource,
        "x-action": action,
        "parameters": [*inside, *(_PARAMETERS if action == "list" else ())],
        "responses": {
            "200": {
                "description": "It.",
                "headers": headers,
                "content": {"application/json": {"schema": body}},
            }
        },
    }
    if action == "list":
        operation["x-order"] = ["id"]
    item_of_path = {"get": {**operation, "x-parent": parent} if parent else operation}
    if action == "show":
        item_of_path["patch"] = {
            "operationId": f"update_{resource}",
            "x-resource": resource,
            "x-action": "update",
            "parameters": inside,
            "requestBody": {"content": {"application/json": {"schema": _CHANGE}}},
            "responses": {"200": operation["responses"]["200"]},
        }
    return item_of_path


class Library:
    """A WSGI application; `fault` is one of those that `test_shared.py` names."""

    def __init__(self, fault: str | None = None, count: int = 45, roles: str = "None") -> None:
        self.fault = fault
        self.roles = roles
        self.asked: list[str] = []
        self.listed: list[Row] = []
        self.rows: list[Row] = [
            {
                "id": number,
                "title": f"Book {number * 7 % 11}",
                "member_id": number % 3 + 1,
                "open": number % 2 == 0,
                "due_on": _day(number),
                "lent_at": f"{_day(number)}T{number % 24:02}:00:00Z",
            }
            for number in range(1, count + 1)
        ]

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer a request."""
        path, query = environ["PATH_INFO"], self._query(environ["QUERY_STRING"])
        self.asked.append(f"{path}?{environ['QUERY_STRING']}")
        if TOKEN not in environ.get("HTTP_AUTHORIZATION", ""):
            start("401 Unauthorized", [])
            return [b""]
        if environ["REQUEST_METHOD"] == "PATCH":
            length = int(environ["CONTENT_LENGTH"])
            self._change(
                int(path.rpartition("/")[2]), json.loads(environ["wsgi.input"].read(length))
            )
        status, value, headers = self._answer(path, query)
        body = json.dumps(value).encode()
        stamp = path.encode() if self.fault == "etag-stays" else body
        etag = f'"{hashlib.sha256(stamp).hexdigest()[:16]}"'
        headers += [("Content-Type", "application/json"), ("ETag", etag)]
        if environ.get("HTTP_IF_NONE_MATCH") == etag and self.fault != "etag-ignored":
            start("304 Not Modified", headers)
            return [b""]
        if environ["REQUEST_METHOD"] == "HEAD" and self.fault == "head-without-etag":
            headers = headers[:-1]
        start(status, headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _query(self, text: str) -> dict[str, str]:
        pairs = parse_qsl(text)
        values = [value for name, value in pairs if name == "id[]"]
        if self.fault == "last-value-alone":
            values = values[-1:]
        plain = {name: value for name, value in pairs if name != "id[]"}
        return {**plain, "id": ",".join(values)} if values else plain

    def _answer(self, path: str, query: dict[str, str]) -> tuple[str, Any, list[tuple[str, str]]]:
        if path == "/fines":
            status = "200 OK" if self.fault == "fines-for-all" else "403 Forbidden"
            return status, [], [("X-Roles", self.roles)]
        if path == "/returns":
            title = {"title": "Another"} if self.fault == "returns-differ" else {}
            return "200 OK", [{"id": 1, "loan": {**self.rows[0], **title}}], []
        if path.endswith("/"):
            path = path.rstrip("/")
            query = {} if self.fault == "slash-loses-query" else query
        record = re.fullmatch(r"/loans\d*/(\d+)", path)
        if record is not None:
            return self._record(int(record[1]))
        path = self._by_number(path)
        nested = re.fullmatch(r"/members/(\d+)/loans\d*", path)
        if nested is not None and query.get("per_page") == "0" and self.fault == "zero-refused":
            return "400 Bad Request", {}, []
        listed = self.listed if self.fault == "list-stays" and self.listed else self.rows
        rows = [dict(row) for row in listed]
        if self.fault == "filter-forgets-parent" and "title" in query:
            nested = None
        if nested is not None:
            rows = [row for row in rows if row["member_id"] == int(nested[1])]
            if not rows and self.fault != "unknown-parent":
                return "404 Not Found", {}, []
            rows = [dict(row) for row in self.rows] if self.fault == "nested-all" else rows
        known = {*SORTED, *(f"-{name}" for name in SORTED)}
        if query.get("sort", "id") not in known and self.fault != "any-order":
            return "400 Bad Request", {}, []
        return self._page(path, self._kept(rows, query), query)

    def _by_number(self, path: str) -> str:
        """Return a path with the number of the member whose title stands in it."""
        named = re.fullmatch(r"/members/(\D[^/]*)(/loans\d*)", path)
        if named is None or self.fault == "titles-unknown":
            return path
        numbers = [row["id"] for row in self.rows if row["title"] == named[1]]
        return f"/members/{numbers[0] if numbers else 0}{named[2]}"

    def _record(self, number: int) -> tuple[str, Any, list[tuple[str, str]]]:
        matching = [row for row in self.rows if row["id"] == number]
        if not matching and self.fault == "unknown-record":
            matching = self.rows[:1]
        if not matching:
            return "404 Not Found", {}, []
        row = {**matching[0], "open": None} if self.fault == "record-shape" else dict(matching[0])
        if self.fault == "record-differs":
            row["title"] = "Another"
        keys = reversed(row) if self.fault == "record-keys" else row
        return "200 OK", {key: row[key] for key in keys}, []

    def _change(self, number: int, attributes: Row) -> None:
        self.listed = [dict(row) for row in self.rows]
        row = next(row for row in self.rows if row["id"] == number)
        if self.fault == "patch-resets":
            row.update(title="A book", open=True)
        if self.fault != "patch-ignored":
            row.update(attributes)

    def _kept(self, rows: list[Row], query: dict[str, str]) -> list[Row]:
        if self.fault == "page-2-unfiltered" and query.get("page") == "2":
            return rows
        if self.fault == "second-condition-lost" and "range[id]" in query:
            query = {name: query[name] for name in query if name in {"range[id]"}}
        if self.fault == "leading-filter-lost" and len(query) > 1:
            query = {name: query[name] for name in [*query][1:]}
        if self.fault == "title-lost-beside-others" and len(query) > 4:
            query.pop("title", None)
        if "lent_until" in query:
            rows = [row for row in rows if self._is_by(row["lent_at"], query["lent_until"])]
        if self.fault == "rows-differ" and "title" in query:
            rows = [{**row, "lent_at": "2026-01-01T00:00:00Z"} for row in rows]
        if self.fault == "middle-lost" and "title" in query and "range[id]" in query:
            rows = [row for row in rows if str(row["id"]) not in query["range[id]"].split(",")]
        if "id" in query:
            rows = [row for row in rows if str(row["id"]) in query["id"].split(",")]
        for name in ("title", "member_id"):
            if name in query and self.fault != f"{name}-ignored":
                rows = [row for row in rows if str(row[name]) == query[name]]
        if "title" in query and self.fault == "title-loses":
            rows = rows[1:]
        if "due_before" in query:
            inclusive = self.fault == "before-inclusive"
            day = query["due_before"]
            rows = [
                row for row in rows if row["due_on"] < day or (inclusive and row["due_on"] == day)
            ]
        for name in ("id", "due_on"):
            if f"range[{name}]" in query:
                low, high = query[f"range[{name}]"].split(",")
                rows = [row for row in rows if self._lies(row[name], low, high)]
        return rows

    def _is_by(self, value: str, last: str) -> bool:
        until = datetime.fromisoformat(last)
        if self.fault == "offset-ignored" or until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        if self.fault == "days-begin-early" and "T" not in last:
            until -= timedelta(hours=1)
        if self.fault == "days-alone":
            until = until.replace(hour=23, minute=59)
        return datetime.fromisoformat(value) <= until

    def _lies(self, value: Any, low: str, high: str) -> bool:
        first, last = (type(value)(bound) for bound in (low, high))
        if self.fault == "range-exclusive":
            return bool(first <= value < last)
        return bool(first <= value <= last)

    def _page(
        self, path: str, rows: list[Row], query: dict[str, str]
    ) -> tuple[str, Any, list[tuple[str, str]]]:
        sort = query.get("sort", "id")
        sort = sort if sort.removeprefix("-") in SORTED else "id"
        if self.fault == "sort-lost-in-range" and any(name.startswith("range") for name in query):
            sort = "id"
        if self.fault != "sort-ignored" or sort == "id":
            rows.sort(key=lambda row: row[sort.removeprefix("-")], reverse=sort[0] == "-")
        if "sort" not in query and self.fault == "default-order":
            rows.reverse()
        default = 9 if self.fault == "default-size" else DEFAULT
        largest = 39 if self.fault == "largest-size" else LARGEST
        number = int(query.get("page[number]", query.get("page", "1"))) or 1
        other_size = "0" if self.fault == "other-size-ignored" else query.get("page[size]", "0")
        size = min(int(other_size) or int(query.get("per_page", "0")) or default, largest)
        offset = (number - 1) * size
        if self.fault == "pages-overlap" and number > 1:
            offset -= 1
        shown = rows[offset : offset + size]
        if not shown and self.fault == "beyond-is-last":
            shown = rows[-size:]
        total = len(shown) if self.fault == "total-of-page" else len(rows)
        last = max(1, -(-len(rows) // size))
        pages = {"prev": number - 1, "next": number + 1, "last": last}
        if self.fault == "last-is-next":
            pages["last"] = min(last, number + 1)
        if self.fault == "next-unfiltered":
            query = {name: query[name] for name in ("per_page", "sort") if name in query}
        link = ", ".join(
            f'<http://127.0.0.1:8042{path}?{_with(query, page=page)}>; rel="{rel}"'
            for rel, page in pages.items()
            if 1 <= page <= last and page != number
        )
        if self.fault == "fractions":
            shown = [{**row, "member_id": float(row["member_id"])} for row in shown]
        if self.fault == "two-zones":
            shown = [{**row, "lent_at": _at_two_offsets(row["lent_at"])} for row in shown]
        if self.fault == "row-shape":
            shown = [{**row, "open": None} for row in shown]
        if self.fault == "row-keys":
            shown = [{key: row[key] for key in reversed(row)} for row in shown]
        if "fields" in query and self.fault != "fields-ignored":
            names = ["id", *query["fields"].split(",")]
            shown = [{name: row[name] for name in row if name in names} for row in shown]
        return "200 OK", shown, [("X-Total", str(total)), *([("Link", link)] if link else [])]


def _day(number: int) -> str:
    return f"2026-{number % 12 + 1:02}-{number % 27 + 1:02}"


def _at_two_offsets(text: str) -> str:
    return text.replace("Z", f"+0{1 + int(text[6]) % 2}:00")


def _with(query: Mapping[str, str], page: int) -> str:
    return "&".join(
        f"{name}={quote(str(value))}" for name, value in {**query, "page": str(page)}.items()
    )
