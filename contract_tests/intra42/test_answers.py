"""What all answers have in common."""

import json
import re
from collections.abc import Iterator
from typing import Any

from fake_server.contract import OperationUnderTest, Target, behaviour, expect, expect_that, need

from .helpers import (
    CAMPUS,
    CURSUS,
    NOBODY,
    SLOTS,
    WORK,
    first_ones,
    listed,
    page,
    school,
    slot,
    work_on,
)

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DATES = {"anonymize_date", "data_erasure_date"}
ACCEPTED = (
    *("*/*", "application/json;q=0.5", "application/json, text/plain, */*", "application/*"),
    "text/html, application/json;q=0.9",
)
KIND = "application/json; charset=utf-8"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "X-XSS-Protection": "1; mode=block",
}
DAYS = f"{SLOTS}/graph/on/begin_at/by/day"
EVERY = (SLOTS, WORK, CAMPUS, CURSUS, DAYS)


def times(value: Any) -> Iterator[tuple[str, str]]:
    """Go through the timestamps of a record and of all that stands in it."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name.endswith("_at") and part is not None:
                yield name, part
            yield from times(part)
    elif isinstance(value, list):
        for part in value:
            yield from times(part)


@behaviour("intra42.answer.json")
def test_answers_are_json(intra42: Target) -> None:
    need(first_ones(intra42, SLOTS) or first_ones(intra42, WORK), "a record")
    for path in EVERY:
        answer = page(intra42, path).expect_header("Content-Type", KIND)
        compact = json.dumps(answer.json, separators=(",", ":"), ensure_ascii=False)
        for plain, escape in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
            compact = compact.replace(plain, escape)
        expect("the body, in UTF-8", compact, answer.body.decode())
    intra42.get(SLOTS, auth=False).expect_header("Content-Type", KIND)
    for unknown in (f"/v2/users/{NOBODY}", f"/v2/users/{NOBODY}/locations"):
        intra42.get(unknown).expect_status(404).expect_header("Content-Type", KIND)
    plain = page(intra42, SLOTS, {"per_page": 2}).text
    for accepted in ACCEPTED:
        headers = {"Accept": accepted}
        answer = page(intra42, SLOTS, {"per_page": 2}, headers=headers)
        expect(f"the body for Accept: {accepted}", plain, answer.text)
        answer.expect_header("Content-Type", KIND)


@behaviour("intra42.answer.json", invalid=True)
def test_refusals_are_json(intra42: Target) -> None:
    for path, status in (
        (f"{SLOTS}?filter[nonsense]=1", 400),
        (f"{SLOTS}?sort=nonsense", 400),
        (f"{SLOTS}/graph/on/nonsense/by/day", 422),
    ):
        intra42.get(path).expect_status(status).expect_header("Content-Type", KIND)


@behaviour("intra42.users.addresses")
def test_the_address_of_a_person_ends_with_the_login(operation: OperationUnderTest) -> None:
    people = list(short_users(operation.require_rows().rows))
    need(people, f"people in {operation.path}")
    for person in people:
        ends = str(person["url"]).endswith(f"/v2/users/{person['login']}")
        expect_that("the address of a person", ends, f"one of {person['login']}", person["url"])


def short_users(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the people in a value."""
    if isinstance(value, dict) and {"login", "url"} <= value.keys():
        yield value
    members = value.values() if isinstance(value, dict) else value
    for member in members if isinstance(value, dict | list) else ():
        yield from short_users(member)


@behaviour("intra42.answer.json")
def test_timestamps(intra42: Target) -> None:
    records = [record for path in (SLOTS, WORK, CAMPUS, CURSUS) for record in listed(intra42, path)]
    stamps = list(times(records))
    need(stamps, "a timestamp")
    for name, text in stamps:
        expect_that(name, TIME.fullmatch(text), "a time in UTC with milliseconds", text)


@behaviour("intra42.answer.json", needs=("data",))
def test_timestamps_of_other_zones_and_parts(intra42: Target) -> None:
    with school(
        intra42,
        slots=[slot(1, "2026-07-01T00:30:00.123999+02:00")],
        work=[work_on(1, marked_at="2026-01-31T23:00:00-05:00")],
    ) as own:
        expect("begin_at", "2026-06-30T22:30:00.123Z", listed(own, SLOTS)[0]["begin_at"])
        expect("marked_at", "2026-02-01T04:00:00.000Z", listed(own, WORK)[0]["marked_at"])


@behaviour("intra42.answer.headers")
def test_headers_of_every_answer(intra42: Target) -> None:
    seen = []
    for path in EVERY:
        answer = page(intra42, path, {"per_page": 1})
        answer.expect_header("Cache-Control", "max-age=0, private, must-revalidate")
        vary = answer.headers.get("Vary", "")
        expect_that("Vary", "Origin" in vary, "Origin", vary or "none")
        runtime = answer.headers.get("X-Runtime", "")
        expect_that("X-Runtime", re.fullmatch(r"\d+\.\d+", runtime), "seconds", runtime or "none")
        for name, value in ALWAYS.items():
            answer.expect_header(name, value)
        seen.append(answer.headers.get("X-Request-Id", ""))
        expect_that("X-Request-Id", seen[-1], "one", "none")
    expect("how many request ids there are", len(EVERY), len(set(seen)))


@behaviour("intra42.answer.headers", invalid=True)
def test_headers_of_a_refusal(intra42: Target) -> None:
    refused = intra42.get(SLOTS, auth="invalid").expect_status(401)
    for name, value in ALWAYS.items():
        refused.expect_header(name, value)


@behaviour("intra42.answer.application")
def test_the_application_is_named(intra42: Target) -> None:
    named = set()
    unknown = intra42.get(f"/v2/users/{NOBODY}").expect_status(404)
    for answer in (*(page(intra42, path, {"per_page": 1}) for path in EVERY), unknown):
        number = answer.headers.get("X-Application-Id", "")
        expect_that("X-Application-Id", number.isdigit(), "a number", number or "none")
        for name in ("X-Application-Name", "X-Application-Roles"):
            expect_that(name, answer.headers.get(name), "one", "none")
        named.add((number, answer.headers["X-Application-Name"]))
    expect("how many applications there are", 1, len(named))


@behaviour("intra42.answer.application", needs=("data",))
def test_the_applications_roles(intra42: Target) -> None:
    applications = [
        {"id": 41, "uid": "Your application uid", "secret": "Your application secret"},
        {"id": 42, "uid": "roled", "secret": "roled", "name": "Two", "roles": ["Mentor", "Staff"]},
    ]
    tokens = [{"token": "of-roled", "application": "roled"}]
    with school(intra42, credentials={"applications": applications, "tokens": tokens}) as own:
        page(own, SLOTS).expect_header("X-Application-Id", "41").expect_header(
            "X-Application-Roles", "None"
        )
        headers = {"Authorization": "Bearer of-roled"}
        answer = page(own, SLOTS, headers=headers, auth=False)
        answer.expect_header("X-Application-Id", "42").expect_header("X-Application-Name", "Two")
        roles = answer.headers.get("X-Application-Roles", "")
        expect("the roles", ["Mentor", "Staff"], re.split(r",\s*", roles))


@behaviour("intra42.answer.etag")
def test_what_is_known_is_not_sent_again(intra42: Target) -> None:
    tags = set()
    for path, number in ((SLOTS, 1), (DAYS, 1), (SLOTS, 2), (WORK, 3)):
        numbered = {"per_page": 2, "page": number}
        whole = page(intra42, path, numbered)
        tag = whole.headers.get("ETag", "")
        expect_that("ETag", re.fullmatch(r'W/"[0-9a-f]{32}"', tag), "a weak one", tag or "none")
        tags.add((tag, whole.text))
        for known in (tag, f'W/"0", {tag}'):
            headers = {"If-None-Match": known}
            answer = intra42.get(path, params=numbered, headers=headers).expect_status(304)
            expect("the body of the 304", b"", answer.body)
            answer.expect_header("ETag", tag)
        headers = {"If-None-Match": 'W/"00000000000000000000000000000000"'}
        answer = intra42.get(path, params=numbered, headers=headers).expect_status(200)
        expect("the body for another ETag", whole.text, answer.text)
    expect(
        "how many ETags there are", len({text for _, text in tags}), len({tag for tag, _ in tags})
    )
    refused = intra42.get(SLOTS, auth=False)
    refused.expect_status(401).expect_header("ETag", None)


@behaviour("intra42.answer.etag")
def test_answers_of_one_length_have_their_own_etags(intra42: Target) -> None:
    answers = [page(intra42, SLOTS, {"per_page": 1, "page": number}) for number in range(1, 9)]
    texts = {answer.text for answer in answers}
    need(len({len(text) for text in texts}) < len(texts), "two answers of one length")
    seen = len({answer.headers.get("ETag") for answer in answers})
    expect("how many ETags there are", len(texts), seen)


ORIGIN = {"Origin": "https://client.example.org"}


@behaviour("intra42.answer.cors")
def test_no_header_of_cors(intra42: Target) -> None:
    for auth in (True, False):
        answer = intra42.get(SLOTS, headers=ORIGIN, auth=auth)
        named = [name for name, _ in answer.headers if name.lower().startswith("access-control-")]
        expect("the headers of CORS", [], named)


@behaviour("intra42.answer.cors", live=True)
def test_any_origin_is_let_in(intra42: Target) -> None:
    for origin in ("https://client.example.org", "http://localhost:3000"):
        answer = page(intra42, SLOTS, {"per_page": 1}, headers={"Origin": origin})
        answer.expect_header("Access-Control-Allow-Origin", origin)
        answer.expect_header("Access-Control-Allow-Credentials", "true")
