"""Headers and caching."""

import hashlib
import re

from fake_server.contract import Target, behaviour, expect, expect_that, need

from .helpers import AVAILABILITIES, page

SECURITY = {
    "X-Frame-Options": "SAMEORIGIN",
    "X-XSS-Protection": "0",
    "X-Content-Type-Options": "nosniff",
    "X-Download-Options": "noopen",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


@behaviour("fabmanager.headers.etag")
def test_the_etag_follows_from_the_body(fabmanager: Target) -> None:
    digests = set()
    for size in (1, 3):
        answer = page(fabmanager, {"per_page": size})
        digest = hashlib.sha256(answer.body).hexdigest()[:32]
        answer.expect_header("ETag", f'W/"{digest}"')
        digests.add(digest)
    need(len(digests) > 1, "two answers that are unlike each other")


def etag_of(target: Target) -> str:
    """Return the ETag of a page."""
    etag = page(target, {"per_page": 2}).headers.get("ETag")
    need(etag, "an ETag")
    return str(etag)


def status_with(target: Target, known: str) -> int:
    """Return the status of that page for a client that knows some ETags."""
    headers = {"If-None-Match": known}
    return target.get(AVAILABILITIES, params={"per_page": 2}, headers=headers).status


@behaviour("fabmanager.headers.not_modified")
def test_what_is_known_is_not_sent_again(fabmanager: Target) -> None:
    tags = []
    for number in (1, 2):
        params = {"per_page": 2, "page": number}
        whole = page(fabmanager, params)
        tags.append(whole.headers.get("ETag", ""))
        known = {"If-None-Match": tags[-1]}
        answer = fabmanager.get(AVAILABILITIES, params=params, headers=known)
        answer.expect_status(304)
        expect("the body of the 304", b"", answer.body)
        for name in ("Total", "Per-Page", "Link", "ETag"):
            answer.expect_header(name, whole.headers.get(name))
    need(tags[0] != tags[1], "two pages that are unlike each other")
    params = {"per_page": 2, "page": 2}
    answer = fabmanager.get(AVAILABILITIES, params=params, headers={"If-None-Match": tags[0]})
    answer.expect_status(200)
    status = status_with(fabmanager, 'W/"00000000000000000000000000000000"')
    expect("the status for another ETag", 200, status)


@behaviour("fabmanager.headers.if_none_match")
def test_several_etags_may_be_known(fabmanager: Target) -> None:
    etag = etag_of(fabmanager)
    for known in (f'"other", {etag}', etag.removeprefix("W/"), "*"):
        expect(f"the status for If-None-Match: {known}", 304, status_with(fabmanager, known))


@behaviour("fabmanager.headers.if_none_match", live=True)
def test_only_the_very_etag_is_known(fabmanager: Target) -> None:
    etag = etag_of(fabmanager)
    expect("the status for the very ETag", 304, status_with(fabmanager, etag))
    for known in (f'"other", {etag}', etag.removeprefix("W/"), "*"):
        expect(f"the status for If-None-Match: {known}", 200, status_with(fabmanager, known))


@behaviour("fabmanager.headers.cache_control")
def test_caches_must_ask_again(fabmanager: Target) -> None:
    answer = page(fabmanager, {"per_page": 1})
    answer.expect_header("Cache-Control", "max-age=0, private, must-revalidate")


@behaviour("fabmanager.headers.cache_control", invalid=True)
def test_refusals_are_not_kept(fabmanager: Target) -> None:
    refused = fabmanager.get(AVAILABILITIES, auth="invalid").expect_status(401)
    refused.expect_header("Cache-Control", "no-cache").expect_header("ETag", None)


@behaviour("fabmanager.headers.request_id")
def test_request_ids_and_run_times(fabmanager: Target) -> None:
    ids = []
    for _ in range(2):
        answer = page(fabmanager, {"per_page": 1})
        ids.append(answer.headers.get("X-Request-Id", ""))
        expect_that("X-Request-Id", ids[-1], "one", "none")
        seen = answer.headers.get("X-Runtime", "")
        expect_that("X-Runtime", re.fullmatch(r"\d+\.\d{6}", seen), "six digits", seen)
    expect("how many request ids two requests have", 2, len(set(ids)))
    long = "0f8fad5b-d9cb-469f-a165-70867728950e"
    for sent, expected in (("contract-1", "contract-1"), ("a/b c$d", "abcd"), (long, long)):
        answer = page(fabmanager, {"per_page": 1}, headers={"X-Request-Id": sent})
        answer.expect_header("X-Request-Id", expected)


@behaviour("fabmanager.headers.security")
def test_headers_for_browsers(fabmanager: Target) -> None:
    answer = page(fabmanager, {"per_page": 1})
    for name, value in SECURITY.items():
        answer.expect_header(name, value)


@behaviour("fabmanager.limits.none")
def test_nothing_speaks_of_a_limit(fabmanager: Target) -> None:
    answer = page(fabmanager, {"per_page": 1})
    named = [name for name, _ in answer.headers if "ratelimit" in name.lower().replace("-", "")]
    expect("headers of a limit", [], named)


@behaviour("fabmanager.limits.none", needs=("limits",))
def test_many_requests_are_answered(fabmanager: Target) -> None:
    with fabmanager.limits():
        for _ in range(40):
            page(fabmanager, {"per_page": 1})
