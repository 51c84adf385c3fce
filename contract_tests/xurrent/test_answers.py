"""Bodies, headers and paths of all answers."""

import hashlib
import json
import re
from typing import Any
from urllib.parse import urlsplit

from fake_server.contract import Answer, Target, behaviour, expect, expect_that, need

from .helpers import (
    CALENDARS,
    HOLIDAYS,
    NOBODY,
    calendar,
    calendars,
    day_off,
    first,
    holidays,
    listed,
    page,
)
from .working_time import working

ACCEPTED = (
    *("*/*", "application/json;q=0.5", "application/json, text/plain, */*", "application/*"),
    "text/html, application/json;q=0.9",
)
FIXED = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-XSS-Protection": "1; mode=block",
    "X-Content-Type-Options": "nosniff",
}


def expect_rails_json(answer: Answer) -> None:
    """Assert that a body is JSON as Rails writes it."""
    text = json.dumps(answer.json, separators=(",", ":"), ensure_ascii=False)
    for sign in "&<>\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    expect("the body", text, answer.text)
    answer.expect_header("Content-Type", "application/json; charset=utf-8")


@behaviour("xurrent.answers.json")
def test_the_json_is_compact(xurrent: Target) -> None:
    need(calendars(xurrent), "a calendar")
    for path in (CALENDARS, HOLIDAYS, f"{CALENDARS}/{calendars(xurrent)[0]['id']}"):
        plain = page(xurrent, path)
        expect_rails_json(plain)
        for accepted in ACCEPTED:
            answer = page(xurrent, path, headers={"Accept": accepted})
            expect(f"the body for Accept: {accepted}", plain.text, answer.text)
            answer.expect_header("Content-Type", "application/json; charset=utf-8")


@behaviour("xurrent.answers.json", needs=("writes",))
def test_some_signs_are_escaped(xurrent: Target) -> None:
    name = f"Été & <Nacht> / 'N' {xurrent.name('calendar')}"
    with calendar(xurrent, name=name) as record:
        for params in ({"id": record["id"]}, {"id": record["id"], "fields": "name"}):
            answer = page(xurrent, params=params)
            expect("the name", [name], [item["name"] for item in answer.json])
            expect_rails_json(answer)
            expect_that("the body", "\\u0026 \\u003c" in answer.text, "\\u0026", answer.text)
        expect_rails_json(page(xurrent, f"{CALENDARS}/{record['id']}"))


@behaviour("xurrent.answers.cors")
def test_no_header_of_cors(xurrent: Target) -> None:
    for auth in (True, False):
        origin = {"Origin": "https://client.example.org"}
        answer = xurrent.get(CALENDARS, headers=origin, auth=auth)
        named = [name for name, _ in answer.headers if name.lower().startswith("access-control-")]
        expect("the headers of CORS", [], named)


def expect_etag(answer: Answer) -> None:
    """Assert that the ETag follows from the body."""
    digest = hashlib.sha256(answer.body).hexdigest()[:32]
    answer.expect_header("ETag", f'W/"{digest}"')


@behaviour("xurrent.answers.etag")
def test_the_etag_follows_from_the_body(xurrent: Target) -> None:
    for path in (CALENDARS, f"{CALENDARS}?per_page=1", HOLIDAYS, "/v1"):
        expect_etag(xurrent.get(path).expect_status(200))
    for answer in (xurrent.get(f"{CALENDARS}/{NOBODY}"), xurrent.get(CALENDARS, auth=False)):
        answer.expect_status(401, 404).expect_header("ETag", None)


@behaviour("xurrent.answers.etag", needs=("writes",))
def test_the_etag_of_what_was_made(xurrent: Target) -> None:
    attributes = {"name": xurrent.name("calendar"), "disabled": True}
    answer = xurrent.post(CALENDARS, json=attributes).expect_status(201)
    expect_etag(answer)
    changed = xurrent.patch(f"{CALENDARS}/{answer.json['id']}", json={"sourceID": "b"})
    expect_etag(changed.expect_status(200))
    xurrent.post(CALENDARS, json={}).expect_status(422).expect_header("ETag", None)


@behaviour("xurrent.answers.not_modified")
def test_what_is_known_is_not_sent_again(xurrent: Target) -> None:
    singles = [f"{HOLIDAYS}/{holiday['id']}" for holiday in holidays(xurrent)[:1]]
    singles += [f"{CALENDARS}/{item['id']}" for item in calendars(xurrent)[:1]]
    paths = (f"{CALENDARS}?per_page=2", f"{CALENDARS}?per_page=2&page=2", *singles, "/v1")
    for path in paths:
        etag = xurrent.get(path).expect_status(200).headers.get("ETag", "")
        answer = xurrent.get(path, headers={"If-None-Match": etag}).expect_status(304)
        expect("the body of the 304", b"", answer.body)
        answer.expect_header("ETag", etag)
        unknown_etag = 'W/"00000000000000000000000000000000"'
        xurrent.get(path, headers={"If-None-Match": unknown_etag}).expect_status(200)


@behaviour("xurrent.answers.known_etags")
def test_several_etags_may_be_known(xurrent: Target) -> None:
    for path in (f"{CALENDARS}?per_page=2", f"{CALENDARS}/{calendars(xurrent)[0]['id']}"):
        etag = xurrent.get(path).expect_status(200).headers.get("ETag", "")
        expect_that("the ETag", etag.startswith('W/"'), "a weak one", etag or "none")
        for known in (f'"other", {etag}', etag.removeprefix("W/"), "*"):
            xurrent.get(path, headers={"If-None-Match": known}).expect_status(304)


@behaviour("xurrent.answers.not_modified", needs=("writes",))
def test_what_has_changed_is_sent_again(xurrent: Target) -> None:
    with calendar(xurrent) as record:
        lists = {"id": record["id"], "fields": "sourceID"}
        path = f"{CALENDARS}/{record['id']}"
        requests: tuple[tuple[str, Any], ...] = ((path, None), (CALENDARS, lists))
        for value in ("b", "c"):
            before = [xurrent.get(*request[:1], params=request[1]) for request in requests]
            xurrent.patch(path, json={"sourceID": value}).expect_status(200)
            for (at, params), old in zip(requests, before, strict=True):
                etag = old.headers.get("ETag", "")
                new = xurrent.get(at, params=params, headers={"If-None-Match": etag})
                new.expect_status(200)
                expect_that("the body after a change", new.text != old.text, "another", new.text)
                expect_etag(new)
                seen = new.headers.get("ETag", "")
                expect_that("the ETag after a change", seen != etag, "another", seen)
                xurrent.get(at, params=params, headers={"If-None-Match": seen}).expect_status(304)


@behaviour("xurrent.answers.headers")
def test_headers_that_all_answers_have(xurrent: Target) -> None:
    requests = []
    for path in (CALENDARS, "/v1", f"{CALENDARS}/{NOBODY}", "/v1/rate_limit", CALENDARS):
        answer = xurrent.get(path).expect_status(200, 404)
        for name, value in FIXED.items():
            answer.expect_header(name, value)
        requests.append(answer.headers.get("X-Request-Id", ""))
        expect_that("X-Request-Id", requests[-1], "one", "none")
        seen = answer.headers.get("X-Runtime", "")
        expect_that("X-Runtime", re.fullmatch(r"\d+\.\d+", seen), "seconds", seen)
    expect("how many request ids there are", len(requests), len(set(requests)))


GZIP = {"Accept-Encoding": "gzip"}


@behaviour("xurrent.answers.gzip")
def test_long_answers_are_compressed(xurrent: Target) -> None:
    plain, params = long_list(xurrent)
    short = xurrent.get("/v1", headers=GZIP).expect_status(200)
    zipped = page(xurrent, params=params, headers=GZIP)
    expect("the compressed list", plain.json, zipped.json)
    for answer, encoding in ((plain, None), (zipped, "gzip"), (short, None)):
        answer.expect_header("Content-Encoding", encoding)
        named = "Accept-Encoding" in answer.headers.get("Vary", "")
        expect("whether Vary names it", answer is not short, named)
    refused = page(xurrent, params=params, headers={"Accept-Encoding": "gzip;q=0, identity"})
    refused.expect_header("Content-Encoding", None)


def long_list(target: Target) -> tuple[Answer, dict[str, str]]:
    """Return a page of calendars of 1 KiB and more, and the parameters that ask for it."""
    params = {"per_page": "100", "fields": "id,name,source,calendar_hours,created_at,updated_at"}
    answer = page(target, params=params)
    need(len(answer.body) >= 1024, "calendars that fill 1 KiB")
    return answer, params


@behaviour("xurrent.answers.no_content", needs=("writes",))
def test_nothing_has_no_type(xurrent: Target) -> None:
    day = day_off(xurrent, "2020-05-05T00:00", "2020-05-06T00:00")
    with calendar(xurrent, ("mon", "09:00", "17:00"), days_off=[day["id"]]) as record:
        for path in ("holidays", "calendar_hours"):
            answer = xurrent.delete(f"{CALENDARS}/{record['id']}/{path}").expect_status(204)
            for name in ("Content-Type", "ETag"):
                answer.expect_header(name, None)
            expect("the body", b"", answer.body)


@behaviour("xurrent.answers.suffix")
def test_slash_and_suffix_are_understood(xurrent: Target) -> None:
    record = working(xurrent)[0][0]
    path = f"{CALENDARS}/{record['id']}"
    bodies: list[Any] = []
    span = "start=2020-01-06T00:00:00Z&end=2020-01-13T00:00:00Z"
    for plain, query in (
        (CALENDARS, "per_page=1"),
        (path, ""),
        (f"{path}/duration", span),
    ):
        expected = xurrent.get(f"{plain}?{query}").expect_status(200).json
        bodies.append(expected)
        for spelling in (f"{plain}/", f"{plain}.json"):
            answer = xurrent.get(f"{spelling}?{query}").expect_status(200)
            expect(f"the answer of {spelling}", expected, answer.json)
    need(bodies[0] != bodies[1] != bodies[2], "answers that are unlike each other")


@behaviour("xurrent.answers.suffix")
def test_links_of_a_spelling_can_be_followed(xurrent: Target) -> None:
    need(len(calendars(xurrent)) > 1, "two calendars")
    second = listed(xurrent, params={"per_page": 1, "page": 2})
    for spelling in (f"{CALENDARS}/", f"{CALENDARS}.json"):
        link = page(xurrent, spelling, {"per_page": 1}).links.get("next", "")
        right = urlsplit(link).path.startswith(urlsplit(xurrent.base_url).path + CALENDARS)
        expect_that("the next link", right, f"{CALENDARS}…", link)
        expect("what it leads to", second, xurrent.follow(link).expect_status(200).json)


@behaviour("xurrent.answers.head")
def test_head_is_get_without_a_body(xurrent: Target) -> None:
    number = first(calendars(xurrent), "a calendar")["id"]
    second = f"{CALENDARS}?per_page=1&page=2"
    singles = (f"{CALENDARS}/{number}", f"{HOLIDAYS}/{NOBODY}")
    for path in (f"{CALENDARS}?per_page=1", second, *singles, "/v1"):
        whole = xurrent.get(path)
        head = xurrent.head(path).expect_status(whole.status)
        expect("the body of HEAD", b"", head.body)
        names = ("Content-Type", "ETag", "Link", "X-Pagination-Total-Entries")
        numbers = [f"X-Pagination-{name}" for name in ("Per-Page", "Current-Page", "Total-Pages")]
        for name in (*names, *numbers, "X-Pagination-End-Cursor", "Cache-Control"):
            head.expect_header(name, whole.headers.get(name))
