"""Checks that take several exchanges: walks, ETags, HEAD beside GET, records beside their lists."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from fake_server.verify.assertions import expect, expect_that
from fake_server.verify.outcome_errors import need
from fake_server.verify.recording.answer_checks import header
from fake_server.verify.recording.checked_exchange import Context
from fake_server.verify.target.operation_under_test import keys_of
from fake_server.verify.target.paths import key_field

_FRESH = timedelta(minutes=5)
"""The time for which the records of an exchange count as unchanged."""

_MOST = 2_000
"""How many answers, and how many rows, are remembered."""

_VOLATILE = {
    "age",
    "alt-svc",
    "cf-cache-status",
    "cf-ray",
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "keep-alive",
    "server-timing",
    "set-cookie",
    "transfer-encoding",
    "x-request-id",
    "x-runtime",
}


class _Seen(NamedTuple):
    """Something seen, and when and where."""

    value: Any
    at: datetime | None
    position: str


class _RecordedPage(NamedTuple):
    keys: list[str]
    total: int | None
    is_last: bool


@dataclass(slots=True)
class Memory:
    """What earlier exchanges showed of one server to one client.

    A request that may change something forgets all of it.
    """

    answers: OrderedDict[str, _Seen] = field(default_factory=OrderedDict)
    bodies: OrderedDict[tuple[str, str], _Seen] = field(default_factory=OrderedDict)
    rows: OrderedDict[tuple[str, str], _Seen] = field(default_factory=OrderedDict)
    walks: OrderedDict[str, dict[int, _Seen]] = field(default_factory=OrderedDict)
    missing: OrderedDict[str, _Seen] = field(default_factory=OrderedDict)

    def forget(self) -> None:
        """Forget everything: the records may have changed."""
        for remembered in (self.answers, self.bodies, self.rows, self.walks, self.missing):
            remembered.clear()

    def note(self, context: Context) -> None:
        """Remember what an exchange shows."""
        answer, exchange = context.answer, context.exchange
        path = answer.request.target.partition("?")[0].rstrip("/")
        if answer.status == 404:
            _keep(self.missing, path, _Seen(None, exchange.at, exchange.position))
        if not context.is_success:
            return
        seen = _Seen(answer, exchange.at, exchange.position)
        _keep(self.answers, _asked(context), seen)
        etag = answer.headers.get("ETag")
        if etag is not None:
            _keep(self.bodies, (_asked(context), etag), seen)
        self.missing.pop(path, None)

    def note_rows(self, context: Context, rows: list[Mapping[str, Any]]) -> None:
        """Remember the rows of a list, by the id of their resource."""
        for row in rows:
            if "id" in row:
                record_key = (context.declared.resource, str(row["id"]))
                _keep(
                    self.rows,
                    record_key,
                    _Seen(row, context.exchange.at, context.exchange.position),
                )


def _keep(memory: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > _MOST:
        memory.popitem(last=False)


def _asked(context: Context) -> str:
    """Return the parts of a request that decide its answer: target, negotiation and body."""
    request = context.answer.request
    negotiated = "|".join(header(context, name) for name in ("Accept", "Accept-Encoding", "Origin"))
    body = sha256(request.body or b"").hexdigest()
    return f"{request.target}|{negotiated}|{body}"


def _recent(context: Context, seen: _Seen | None) -> _Seen:
    """Return an earlier sight that is recent; raise `NotShownError` without one."""
    seen = context.require(seen, "another exchange that shows the same")
    now = context.exchange.at
    is_recent = now is None or seen.at is None or abs(now - seen.at) <= _FRESH
    need(is_recent, "another exchange within five minutes")
    return seen


def check_same_etag(context: Context, memory: Memory) -> None:
    """Assert that one ETag has one body, and one body one ETag."""
    need(context.is_success and context.answer.headers.get("ETag"), "an ETag")
    answer = context.answer
    etag = answer.headers["ETag"]
    body = memory.bodies.get((_asked(context), etag))
    if body is not None:
        same = body.value.body == answer.body
        expect_that(f"the body with the ETag {etag}", same, f"that of {body.position}", "another")
        return
    before = context.require(memory.answers.get(_asked(context)), "the same request twice")
    need(before.value.body == answer.body, "the same answer twice")
    expect("the ETag of the same body", before.value.headers.get("ETag"), etag)


def check_spared(context: Context, memory: Memory) -> None:
    """Assert that 304 comes for an ETag that the server gave out for this request."""
    need(context.answer.status == 304, "a 304")
    if_none_match = header(context, "If-None-Match")
    earlier = memory.answers.get(_asked(context))
    seen = _recent(context, earlier)
    etag = seen.value.headers.get("ETag")
    need(etag and "," not in if_none_match and if_none_match != "*", "one ETag")
    expect_that(
        "the ETag that was spared",
        etag in if_none_match or if_none_match in etag,
        etag,
        if_none_match,
    )


def check_head(context: Context, memory: Memory) -> None:
    """Assert that HEAD has the status and the headers of the GET, or the other way round."""
    answer = context.answer
    need(answer.request.method == "HEAD" and answer.status == 200, "an answer to HEAD")
    seen = _recent(context, memory.answers.get(_asked(context)))
    expected, shown = _steady(seen.value.headers), _steady(answer.headers)
    if "etag" in expected and "etag" in shown:
        need(expected["etag"] == shown["etag"], "HEAD and GET of the same content")
    expect(f"the headers of HEAD (GET: {seen.position})", expected, shown)


def _steady(headers: Any) -> dict[str, str]:
    return {
        name.lower(): value
        for name, value in headers
        if name.lower() not in _VOLATILE and "ratelimit" not in name.lower()
    }


def check_walk(context: Context, memory: Memory) -> None:
    """Assert that the pages of a walk part the list, and that the total counts their rows."""
    rows, page = context.rows, context.page
    number = context.require(page.number, "a page with a number")
    size = context.require(page.size, "a page with a size")
    own = _RecordedPage(
        [repr(key) for key in keys_of([dict(row) for row in rows])],
        context.total,
        len(rows) < size,
    )
    walk_key = _walk_of(context, size)
    walk = memory.walks.get(walk_key, {})
    recent = {
        other: seen.value
        for other, seen in walk.items()
        if _is_recent(context, seen) and seen.value.total == own.total and other != number
    }
    _keep(memory.walks, walk_key, walk)
    walk[number] = _Seen(own, context.exchange.at, context.exchange.position)
    for other in sorted(recent):
        shared = sorted(set(own.keys) & set(recent[other].keys))
        expect(f"the rows of page {other} that page {number} has, too", [], shared)
    if len(own.keys) > 0:
        for other in sorted(recent):
            if other < number:
                expect(f"how many rows page {other} before it has", size, len(recent[other].keys))
    need(any(recent[other].keys for other in recent) and rows, "two pages of one list")


def check_walk_total(context: Context, memory: Memory) -> None:
    """Assert that all pages of a walk from its first to its last have as many rows as its total."""
    total = context.require(context.total, "a total")
    size = context.require(context.page.size, "a page with a size")
    walk = memory.walks.get(_walk_of(context, size), {})
    pages = {number: seen for number, seen in walk.items() if _is_recent(context, seen)}
    need(len({seen.value.total for seen in pages.values()}) == 1, "pages with one total")
    last = max(1, -(-total // size))
    need(set(range(1, last + 1)) <= pages.keys() and last > 1, "all pages of one list")
    rows = sum(len(pages[number].value.keys) for number in range(1, last + 1))
    expect("how many rows all pages have", total, rows)


def _walk_of(context: Context, size: int) -> str:
    listing = context.listing
    paging = {listing.page, listing.size, *listing.cursors}
    query = sorted(pair for pair in context.pairs if pair[0].partition("[")[0] not in paging)
    return f"{context.answer.request.target.partition('?')[0]}|{size}|{query}"


def _is_recent(context: Context, seen: _Seen) -> bool:
    now = context.exchange.at
    return now is None or seen.at is None or abs(now - seen.at) <= _FRESH


def check_same_record(context: Context, memory: Memory) -> None:
    """Assert that a record is what a list shows of it."""
    need(context.declared.action == "show", "a record")
    path_id = context.match.values[context.declared.path_parameters[-1]]
    seen = _recent(context, memory.rows.get((context.declared.resource, path_id)))
    if context.answer.status == 404:
        return
    (record,) = context.content
    need(isinstance(record, dict), "a record")
    need(key_field(context.declared, context.declared.path_parameters[-1]) == "id", "an id")
    listed = seen.value
    need(listed.get("updated_at") == record.get("updated_at"), "a record that nobody changed")
    expected = {key: listed[key] for key in listed if key in record}
    need(len(expected) > 1, "members that both show")
    expect(
        f"what {seen.position} shows of the record",
        expected,
        {key: record[key] for key in expected},
    )


def check_unknown_parent(context: Context, memory: Memory) -> None:
    """Assert that nothing is listed below a record that is not there."""
    path = context.answer.request.target.partition("?")[0].rstrip("/")
    for parent in _parents(path):
        seen = memory.missing.get(parent)
        if seen is not None and _is_recent(context, seen):
            what = f"the status below a record that {seen.position} lacks"
            expect(what, 404, context.answer.status)
            return
    need(False, "a list below a record that another exchange lacks")


def _parents(path: str) -> Iterator[str]:
    head = path.rpartition("/")[0]
    while head:
        yield head
        head = head.rpartition("/")[0]
