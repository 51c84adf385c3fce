"""The kinds of checks that an API may declare: headers, body, links, page, times and others."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from fake_server.verify.api_files.row_values import as_time
from fake_server.verify.assertions import expect, expect_that
from fake_server.verify.outcome_errors import NotShownError, brief, need
from fake_server.verify.recording.checked_exchange import Context, is_number
from fake_server.verify.recording.condition_checks import rows_satisfy
from fake_server.verify.recording.declared_checks import body_mistakes
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.page_checks import expect_in_order
from fake_server.verify.server.raw_messages import Answer


def check_headers(answer: Answer, headers: Mapping[str, str | None]) -> None:
    """Assert that each header matches an expression, or is absent where that is null."""
    for name, pattern in headers.items():
        value = answer.headers.get(name)
        if pattern is None:
            expect(f"the header {name}", None, value)
        else:
            matches = value is not None and re.fullmatch(pattern, value) is not None
            expect_that(f"the header {name}", matches, pattern, value)


def check_body(answer: Answer, schema: Mapping[str, Any]) -> None:
    """Assert that the body is as a JSON schema has it."""
    need(answer.request.method != "HEAD", "an answer with a body")
    mistakes = body_mistakes(schema, answer.json)
    expect_that("the body", not mistakes, f"as {brief(str(dict(schema)), 200)}", mistakes)


def check_text(answer: Answer, pattern: str) -> None:
    """Assert that the body matches an expression."""
    need(answer.request.method != "HEAD", "an answer with a body")
    expect_that("the body", re.fullmatch(pattern, answer.text, re.DOTALL), pattern, answer.text)


def check_digest(answer: Answer, digits: int) -> None:
    """Assert that the ETag is weak and has the first digits of the body's SHA-256."""
    need(answer.request.method != "HEAD" and answer.status in {200, 201}, "a body")
    digest = hashlib.sha256(answer.body).hexdigest()[:digits]
    expect("the ETag", f'W/"{digest}"', answer.headers.get("ETag"))


def check_links_order(answer: Answer, rels: Sequence[str]) -> None:
    """Assert that the links stand in an order."""
    seen = [rel for rel in answer.links if rel in rels]
    need(len(seen) > 1, "two links")
    expect("the order of the links", [rel for rel in rels if rel in seen], seen)


def check_page_headers(context: Context, headers: Mapping[str, str]) -> None:
    """Assert that headers have the page, its size and the number of pages."""
    need(context.is_success and context.declared.action == "list", "a list answered with 200")
    for name in headers.values():
        expect_that(f"the header {name}", name in context.answer.headers, "one", "none")
    page = context.page
    size = page.size
    if "size" in headers and size is not None:
        expect(f"the header {headers['size']}", size, context.answer.whole_number(headers["size"]))
    if "number" in headers and page.number is not None:
        name = headers["number"]
        expect(f"the header {name}", page.number, context.answer.whole_number(name))
    if "pages" in headers and size and context.total is not None:
        name = headers["pages"]
        seen = context.answer.whole_number(name)
        expect(f"the header {name}", -(-context.total // size), max(seen, 0))
    need(size is not None, "a page with a size")


def check_row_order(context: Context, order: Mapping[str, Any]) -> None:
    """Assert that rows, or the members of rows, come by fields."""
    need(context.listing.sort not in context.query, "a list in its own order")
    member = order.get("member")
    fields = list(order["fields"])
    if member is None:
        expect_in_order(context.declared, context.rows, fields)
        return
    lists = [row[member] for row in context.rows if isinstance(row.get(member), list)]
    long = [
        rows for rows in lists if len(rows) > 1 and all(isinstance(row, Mapping) for row in rows)
    ]
    need(long, f"rows with several {member}")
    for rows in long:
        expect_in_order(context.declared, rows, fields)


def check_bounds(context: Context, bounds: Mapping[str, str]) -> None:
    """Assert that a field of every row lies on the side of a parameter that a sign names."""
    text = context.query.get(bounds["parameter"]) or context.query.get(f"{bounds['parameter']}[]")
    need(text, f"a request with {bounds['parameter']}")
    judged = rows_satisfy(context, bounds["parameter"], bounds["field"], bounds["sign"], str(text))
    need(judged, "rows that can be judged")


def check_series(context: Context, period: str) -> None:
    """Assert that the keys of a graph ascend, and that no period between two is missing.

    `period`: day, week, month, quarter or year; any other word: the keys are numbers.
    """
    need(context.is_success, "a graph")
    keys = list(context.content[0]) if isinstance(context.content[0], dict) else []
    need(len(keys) > 1, "two keys")
    moments = [as_time(key) for key in keys]
    if period not in _NEXT:
        numbers = [int(key) for key in keys if is_number(key)]
        expect("the keys", sorted(numbers), numbers)
        return
    expect_that("the keys", all(isinstance(moment, date) for moment in moments), "days", keys)
    expected = [moments[0]]
    while len(expected) < len(moments):
        expected.append(_NEXT[period](expected[-1]))
    expect(f"the keys by {period}", [day.isoformat() for day in expected], keys)


def _next_month(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, day.day)


_NEXT: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day + timedelta(days=1),
    "week": lambda day: day + timedelta(weeks=1),
    "month": lambda day: _next_month(day, 1),
    "quarter": lambda day: _next_month(day, 3),
    "year": lambda day: _next_month(day, 12),
}


def check_times(answer: Answer, times: Mapping[str, Any]) -> None:
    """Assert that times are written in one way; `fields`: those of these members only."""
    need(answer.request.method != "HEAD", "an answer with a body")
    fields, pattern = times.get("fields"), str(times["pattern"])
    shown = False
    for name, text in times_of(answer.json):
        if (fields is None or name in fields) and name not in times.get("except", ()):
            shown = True
            expect_that(f"the time {name}", re.fullmatch(pattern, text), pattern, text)
    need(shown, "times")


def times_of(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the times of a body with the names of their members."""
    pending: list[tuple[str, Any]] = [("", value)]
    while pending:
        name, node = pending.pop()
        if isinstance(node, dict):
            pending += node.items()
        elif isinstance(node, list):
            pending += ((name, member) for member in node)
        elif isinstance(node, str) and isinstance(as_time(node), datetime):
            yield name, node


class _Left(NamedTuple):
    """What is left of a limit, and until when."""

    remaining: int
    reset: str
    exchange: Exchange


class Falling:
    """What is left of a limit falls with each request of its window."""

    def __init__(self) -> None:
        self._last: dict[str, _Left] = {}
        self._rises: dict[str, datetime | None] = {}

    def check(self, exchange: Exchange, client: str, headers: Mapping[str, Any]) -> None:
        """Assert that `remaining` is lower than before, until `reset` changes.

        Without `reset`, `window` (seconds) says how often it may begin anew. Of requests that were
        on their way at a time, any may have been counted first.
        """
        answer, name = exchange.answer, headers["remaining"]
        need(name in answer.headers, f"the header {name}")
        remaining = answer.whole_number(name)
        if "limit" in headers:
            limit = answer.whole_number(headers["limit"])
            expect_that(f"the header {name}", remaining <= limit, f"{limit} at most", remaining)
        key = f"{client} {name}"
        reset = answer.headers.get(headers["reset"], "") if "reset" in headers else ""
        last = self._last.get(key)
        self._last[key] = _Left(remaining, reset, exchange)
        if last is None or last.reset != reset:
            raise NotShownError("two answers of one window")
        if remaining < last.remaining:
            return
        if "reset" in headers:
            what = f"the header {name} after {last.remaining} ({last.exchange.position})"
            overlap = _seconds_between(last.exchange.at, exchange.at)
            is_refuted = remaining == last.remaining or overlap is None or overlap > _PARALLEL
            expect_that(what, not is_refuted, f"less than {last.remaining}", remaining)
        elif key in self._rises:
            seconds = _seconds_between(self._rises[key], exchange.at)
            window = headers["window"]
            what = f"how many seconds the window of {name} lasted"
            expect_that(what, seconds is None or seconds >= window, f"{window} at least", seconds)
        self._rises[key] = exchange.at
        raise NotShownError("two answers of one window")


_PARALLEL = 2.0
"""Two requests within so many seconds may have been on their way at a time."""


def _seconds_between(first: datetime | None, second: datetime | None) -> float | None:
    return None if first is None or second is None else (second - first).total_seconds()


class SameToken:
    """One token has less and less time left."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[int, str]] = {}

    def check(self, exchange: Exchange, members: Mapping[str, str]) -> None:
        """Assert that the seconds left of a token do not rise."""
        body = exchange.answer.json
        need(isinstance(body, dict), "a token")
        token, left = body.get(members["token"]), body.get(members["left"])
        need(isinstance(token, str) and isinstance(left, int), "a token with its time left")
        last = self._left.get(str(token))
        self._left[str(token)] = (int(left), exchange.position)
        if last is None:
            raise NotShownError("the same token twice")
        what = f"{members['left']} after {last[0]} ({last[1]})"
        expect_that(what, left <= last[0], f"{last[0]} at most", left)
