"""Each defect that is put into a sound recording is seen where it is."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import pytest

from fake_server.verify.layers.outcomes import Verdict
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.finding import Finding
from fake_server.verify.recording.passive_checks import PassiveChecks
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.raw_messages import Answer
from tests.verify.recording.sessions import LIST, SESSIONS

Change = Callable[[Answer], Answer]


class Defect(NamedTuple):
    """A defect: the first exchange whose method, target and status begin so, and its change."""

    name: str
    api: str
    request: str
    change: Change
    behaviour: str
    status: int = 200
    nth: int = 0


def header(name: str, value: str | None) -> Change:
    """Return a change of a header of the answer; None takes it away."""

    def change(answer: Answer) -> Answer:
        headers = answer.headers.copy()
        headers.remove(name)
        if value is not None:
            headers[name] = value
        return replace(answer, headers=headers)

    return change


def text_in_header(name: str, old: str, new: str) -> Change:
    """Return a change of a text within a header."""

    def change(answer: Answer) -> Answer:
        assert old in answer.headers[name]
        return header(name, answer.headers[name].replace(old, new))(answer)

    return change


def body(edit: Callable[[Any], Any]) -> Change:
    """Return a change of the body's JSON; `edit` changes it, or returns another."""

    def change(answer: Answer) -> Answer:
        value = json.loads(answer.body)
        edited = edit(value)
        return replace(
            answer,
            body=json.dumps(
                value if edited is None else edited, separators=(",", ":"), ensure_ascii=False
            ).encode(),
        )

    return change


def raw(content: bytes) -> Change:
    """Return a change to another body."""
    return lambda answer: replace(answer, body=content)


def status(number: int) -> Change:
    """Return a change to another status."""
    return lambda answer: replace(answer, status=number)


def put(index: int, **members: Any) -> Callable[[Any], None]:
    """Return an edit of members of a row."""

    def edit(value: Any) -> None:
        rows = value["availabilities"] if isinstance(value, dict) else value
        rows[index].update(members)

    return edit


def rows(edit: Callable[[list[Any]], Any]) -> Callable[[Any], None]:
    """Return an edit of the rows of a list."""

    def apply(value: Any) -> None:
        edit(value["availabilities"] if isinstance(value, dict) else value)

    return apply


def without(index: int, member: str) -> Callable[[Any], None]:
    """Return an edit that takes a member of a row away."""
    return rows(lambda all_rows: all_rows[index].pop(member))


def reordered(value: list[dict[str, Any]]) -> list[Any]:
    """Return rows whose first has its keys in another order."""
    return [dict(reversed(value[0].items())), *value[1:]]


FAB, INTRA, XURRENT = "fabmanager", "intra42", "xurrent"
PAGE_2 = f"GET {LIST}?per_page=140&page=2"
SLOTS_2 = "GET /v2/slots?page=2&per_page=7"
CALENDARS_2 = "GET /v1/calendars?per_page=5&page=2"
DAY = "GET /v2/slots/graph/on/begin_at/by/day"
WEEK = "GET /v2/slots/graph/on/begin_at/by/week"
ERROR = {"error": "wrong"}

DEFECTS = [
    Defect("a total too low", FAB, PAGE_2, header("Total", "150"), "collections.total"),
    Defect("a total that is no number", FAB, PAGE_2, header("Total", "many"), "collections.total"),
    Defect("a page lacks a row", FAB, PAGE_2, body(rows(lambda r: r.pop())), "collections.total"),
    Defect(
        "no total",
        XURRENT,
        CALENDARS_2,
        header("X-Pagination-Total-Entries", None),
        "collections.total",
    ),
    Defect(
        "next stays", FAB, PAGE_2, text_in_header("Link", "page=3", "page=2"), "collections.links"
    ),
    Defect(
        "no next",
        XURRENT,
        CALENDARS_2,
        text_in_header("Link", '"next"', '"other"'),
        "collections.links",
    ),
    Defect(
        "prev on page 1",
        FAB,
        f"GET {LIST}",
        header("Link", f'<{LIST}?page=0>; rel="prev"'),
        "collections.links",
    ),
    Defect(
        "a link without the filter",
        FAB,
        f"GET {LIST}?available_type=Machine&per_page=5&page=2",
        text_in_header("Link", "available_type=Machine", "x=y"),
        "collections.links",
    ),
    Defect(
        "links in another order",
        INTRA,
        SLOTS_2,
        lambda a: header("Link", ", ".join(reversed(a.headers["Link"].split(", "))))(a),
        "pages.link",
    ),
    Defect(
        "a row twice",
        INTRA,
        SLOTS_2,
        body(rows(lambda r: r.__setitem__(1, r[0]))),
        "collections.pages",
    ),
    Defect("a row of the page before", FAB, PAGE_2, body(put(0, id=22)), "collections.pages"),
    Defect(
        "a page too long",
        INTRA,
        SLOTS_2,
        body(rows(lambda r: r.append({**r[0], "id": 1}))),
        "collections.pages",
    ),
    Defect(
        "a short page by default",
        INTRA,
        "GET /v2/slots",
        body(rows(lambda r: r.pop())),
        "collections.default_size",
    ),
    Defect(
        "101 rows",
        INTRA,
        "GET /v2/slots?per_page=100",
        body(rows(lambda r: r.append({**r[0], "id": 1}))),
        "collections.largest_size",
    ),
    Defect(
        "the wrong order",
        FAB,
        f"GET {LIST}",
        body(rows(lambda r: r.reverse())),
        "collections.order",
    ),
    Defect(
        "not as sorted",
        INTRA,
        "GET /v2/slots?sort=begin_at",
        body(rows(lambda r: r.reverse())),
        "collections.sort",
    ),
    Defect(
        "not descending",
        XURRENT,
        "GET /v1/calendars?sort=-id",
        body(rows(lambda r: r.reverse())),
        "sort.fields",
    ),
    Defect(
        "outside the filter",
        FAB,
        f"GET {LIST}?available_type=Machine&per_page=5&page=2",
        body(put(2, available_type="Space")),
        "collections.filters",
    ),
    Defect(
        "another id",
        INTRA,
        "GET /v2/slots?filter[id]=1,2,3",
        body(put(0, id=9)),
        "collections.filters",
    ),
    Defect(
        "another reservable",
        FAB,
        f"GET {LIST}?available_type=Machine&available_id=1",
        body(put(0, available_ids=[2])),
        "availabilities.available_id",
    ),
    Defect(
        "outside the range",
        INTRA,
        "GET /v2/projects_users?per_page=5&range",
        body(put(0, id=2)),
        "collections.ranges",
    ),
    Defect(
        "a time outside the range",
        XURRENT,
        "GET /v1/calendars?created_at",
        body(put(0, created_at="2019-01-15T12:00:00+01:00")),
        "collections.ranges",
    ),
    Defect(
        "before after",
        FAB,
        f"GET {LIST}?after=",
        body(put(-1, start_at="2026-08-01T08:00:00.000+02:00")),
        "after.inclusive",
    ),
    Defect(
        "another parent",
        INTRA,
        "GET /v2/users/16/projects_users",
        body(lambda v: v[0]["user"].update(id=17)),
        "collections.nesting",
    ),
    Defect(
        "enabled among the disabled",
        XURRENT,
        "GET /v1/calendars/disabled",
        body(put(0, disabled=False)),
        "calendars.predefined",
    ),
    Defect(
        "a missing key", FAB, f"GET {LIST}", body(without(0, "created_at")), "collections.shape"
    ),
    Defect(
        "a text for a number",
        XURRENT,
        "GET /v1/calendars",
        body(put(0, id="1")),
        "collections.shape",
    ),
    Defect("keys in another order", INTRA, "GET /v2/slots", body(reordered), "collections.keys"),
    Defect(
        "another ETag for the same body",
        FAB,
        f"GET {LIST}",
        header("ETag", 'W/"0123456789abcdef0123456789abcdef"'),
        "collections.etag",
        nth=1,
    ),
    Defect(
        "another body for the same ETag",
        FAB,
        f"GET {LIST}",
        body(put(0, available_ids=[])),
        "collections.etag",
        nth=1,
    ),
    Defect(
        "an ETag of another body",
        FAB,
        f"GET {LIST}?id=[3,5,7]",
        header("ETag", 'W/"0123456789abcdef0123456789abcdef"'),
        "headers.etag",
    ),
    Defect(
        "304 with another ETag",
        XURRENT,
        "GET /v1/calendars",
        header("ETag", 'W/"0"'),
        "collections.etag",
        status=304,
    ),
    Defect(
        "304 with a body", XURRENT, "GET /v1/calendars", raw(b"[]"), "collections.etag", status=304
    ),
    Defect(
        "200 for a known ETag", INTRA, "GET /v2/slots", status(200), "collections.etag", status=304
    ),
    Defect(
        "HEAD without the total", FAB, f"HEAD {LIST}", header("Total", None), "collections.head"
    ),
    Defect("HEAD with a body", INTRA, "HEAD /v2/slots", raw(b"[]"), "collections.head"),
    Defect(
        "summer time in winter",
        FAB,
        f"GET {LIST}?after=",
        body(put(0, start_at="2026-11-30T18:00:00.000+02:00")),
        "times.offset",
    ),
    Defect(
        "times without milliseconds",
        FAB,
        f"GET {LIST}",
        body(put(0, start_at="2027-01-27T18:00:00+01:00")),
        "times.format",
    ),
    Defect(
        "a time with another offset",
        INTRA,
        "GET /v2/slots",
        body(put(0, begin_at="2026-12-10T11:15:00.000+01:00")),
        "answer.json",
    ),
    Defect(
        "a graph lacks a day",
        INTRA,
        DAY,
        body(lambda v: {k: n for k, n in v.items() if k != list(v)[3]}),
        "graph.zeros",
    ),
    Defect(
        "weeks begin on Monday",
        INTRA,
        WEEK,
        body(lambda v: {f"{k[:-1]}9": n for k, n in v.items()}),
        "graph.week",
    ),
    Defect(
        "a count that is a text",
        INTRA,
        DAY,
        body(lambda v: v.update({next(iter(v)): "3"})),
        "graph.body",
    ),
    Defect(
        "seven days of a week",
        INTRA,
        "GET /v2/slots/graph/on/begin_at/by/day_of_week",
        body(lambda v: {k: n for k, n in v.items() if k != "3"}),
        "graph.day_of_week",
    ),
    Defect("pages in a graph", INTRA, DAY, header("X-Total", "3"), "graph.not_paginated"),
    Defect("the page in the header", INTRA, SLOTS_2, header("X-Page", "1"), "pages.headers"),
    Defect(
        "the size in the header", FAB, PAGE_2, header("Per-Page", "20"), "pages.per_page_header"
    ),
    Defect(
        "the number of pages",
        XURRENT,
        CALENDARS_2,
        header("X-Pagination-Total-Pages", "7"),
        "pages.headers",
    ),
    Defect(
        "an error in another form",
        FAB,
        f"GET {LIST}",
        raw(b'{"error":"Bad credentials"}'),
        "auth.unauthorized",
        status=401,
    ),
    Defect(
        "a 404 in another form",
        XURRENT,
        "GET /v1/calendars/987654",
        body(lambda v: ERROR),
        "ids.unknown",
        status=404,
    ),
    Defect(
        "a 422 in another form",
        XURRENT,
        "POST /v1/calendars",
        body(lambda v: v.update(errors=["name"])),
        "errors.validation",
        status=422,
    ),
    Defect(
        "an HTML error page",
        INTRA,
        "GET /v2/nothing",
        raw(b"<h1>Not Found</h1>"),
        "request.not_routed",
        status=404,
    ),
    Defect(
        "no security headers",
        FAB,
        f"GET {LIST}",
        header("X-Frame-Options", None),
        "headers.security",
    ),
    Defect(
        "an answer to any origin",
        INTRA,
        "GET /v2/slots",
        header("Access-Control-Allow-Origin", "*"),
        "answer.cors",
    ),
    Defect(
        "the rate limit rises",
        XURRENT,
        "GET /v1/calendars",
        header("X-RateLimit-Remaining", "3600"),
        "rate_limit.headers",
    ),
    Defect(
        "more left than allowed",
        INTRA,
        SLOTS_2,
        header("X-Hourly-RateLimit-Remaining", "1201"),
        "limits.headers",
    ),
    Defect(
        "a limit on tokens",
        INTRA,
        "POST /oauth/token",
        header("X-Hourly-RateLimit-Limit", "1200"),
        "limits.not_on_tokens",
    ),
    Defect(
        "a token in capitals",
        INTRA,
        "POST /oauth/token",
        body(lambda v: v.update(token_type="Bearer")),
        "oauth.token_type",
    ),
    Defect(
        "a token lives longer",
        INTRA,
        "POST /oauth/token",
        body(lambda v: v.update(expires_in=7201)),
        "oauth.same_token",
        nth=1,
    ),
    Defect(
        "another record",
        XURRENT,
        "GET /v1/calendars/",
        body(lambda v: v.update(id=99)),
        "records.found",
    ),
    Defect(
        "unlike the list",
        INTRA,
        "GET /v2/locations/",
        body(lambda v: v.update(host="elsewhere")),
        "records.found",
    ),
    Defect(
        "rows below nobody",
        XURRENT,
        "GET /v1/calendars/987654/calendar_hours",
        lambda a: replace(status(200)(a), body=b"[]"),
        "collections.unknown_parent",
        status=404,
    ),
    Defect("a status of its own", FAB, f"GET {LIST}", status(203), "schema"),
    Defect("no JSON", FAB, f"GET {LIST}", raw(b"<html>"), "schema"),
    Defect(
        "another content type", FAB, f"GET {LIST}", header("Content-Type", "text/html"), "schema"
    ),
    Defect(
        "a wrong parameter accepted", FAB, f"GET {LIST}?page=abc", status(200), "schema", status=400
    ),
]


@cache
def session(api: str) -> list[Exchange]:
    """Return the session with an API; it is made once."""
    return SESSIONS[api]()


def findings_of(api: str, exchanges: list[Exchange]) -> list[Finding]:
    """Return the findings of exchanges in the documented profile."""
    checks = PassiveChecks(api, "documented", CredentialMask())
    return [finding for exchange in exchanges for finding in checks.on_exchange(exchange)]


@pytest.mark.parametrize("api", SESSIONS)
def test_a_sound_session_breaks_nothing(api: str) -> None:
    findings = findings_of(api, session(api))
    assert [each for each in findings if each.verdict is not Verdict.HELD] == []
    assert len({each.behaviour for each in findings}) > 30


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_is_seen_where_it_is(defect: Defect) -> None:
    exchanges = list(session(defect.api))
    indexes = [
        index
        for index, each in enumerate(exchanges)
        if f"{each.answer.request.method} {each.answer.request.target}".startswith(defect.request)
        and (each.answer.request.target.partition("?")[1] or "?" not in defect.request)
        and each.answer.status == defect.status
    ]
    index = _exact(defect, exchanges, indexes)[defect.nth]
    changed = defect.change(exchanges[index].answer)
    exchanges[index] = exchanges[index]._replace(answer=changed)
    broken = [each for each in findings_of(defect.api, exchanges) if each.verdict is Verdict.BROKEN]
    own = f"{defect.api}.{defect.behaviour}"
    expected = defect.behaviour if defect.behaviour == "schema" else own
    position = exchanges[index].position
    assert (expected, position) in {(each.behaviour, each.position) for each in broken}, broken
    of_defect = next(each for each in broken if each.behaviour == expected)
    assert of_defect.expected != of_defect.seen


def _exact(defect: Defect, exchanges: list[Exchange], indexes: list[int]) -> list[int]:
    """Return the exchanges whose target is exactly the defect's, or else those that begin so."""
    exact = [
        index
        for index in indexes
        if exchanges[index].answer.request.target == defect.request.partition(" ")[2]
    ]
    return exact or indexes
