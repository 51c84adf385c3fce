"""Rate limits."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from fake_server.contract import (
    Answer,
    Target,
    behaviour,
    expect,
    expect_distinct,
    expect_that,
    need,
)

from .helpers import CAMPUS, SLOTS, WORK, page, school

HOURLY, SECONDLY = "X-Hourly-RateLimit", "X-Secondly-RateLimit"
TEXT = "429 Too Many Requests (Spam Rate Limit Exceeded)"
AT = "2026-05-01T08:00:00Z"
UID = "Your application uid"
ONE: dict[str, Any] = {
    "uid": UID,
    "secret": "Your application secret",
    "scopes": ["public", "forum"],
}
OTHER = {"uid": "other", "secret": "other"}
TOKENS = [
    {"token": "one", "application": UID},
    {"token": "one-again", "application": UID},
    {"token": "others", "application": "other"},
]
CREDENTIALS = {"applications": [ONE, OTHER], "tokens": TOKENS}
WAY = ("/oauth/token/info", "/v2/nothing")


def left(answer: Answer) -> tuple[int, int]:
    """Return how many requests an answer says are left in the hour and in the second."""
    answer.expect_header(f"{HOURLY}-Limit", "1200").expect_header(f"{SECONDLY}-Limit", "2")
    hour, second = f"{HOURLY}-Remaining", f"{SECONDLY}-Remaining"
    return answer.whole_number(hour), answer.whole_number(second)


def send(target: Target, token: str, path: str = SLOTS) -> Answer:
    """Send a request with a token."""
    return target.get(path, headers={"Authorization": f"Bearer {token}"}, auth=False)


@behaviour("intra42.limits.headers")
def test_what_is_left_becomes_less(intra42: Target) -> None:
    paths = (SLOTS, WORK, CAMPUS, SLOTS, f"{SLOTS}/graph", f"{WORK}/graph", SLOTS)
    seen = [left(page(intra42, path, {"per_page": 1})) for path in paths]
    need(all(hour for hour, _ in seen), "an hour in which something is left")
    expect_distinct("what is left in the hour", [hour for hour, _ in seen])
    falls = [hour - later for (hour, _), (later, _) in pairwise(seen)]
    if falls[:3] == [1, 1, 1]:
        # Nobody else asks: each request, of whatever kind, costs one.
        expect("what the requests cost", {1}, set(falls) - {hour - 1199 for hour, _ in seen})
    for (hour, second), (later, _) in pairwise(seen):
        fell = later < hour or later > 1100 or hour == later == 0
        expect_that("what is left in the hour", fell, f"less than {hour}", later)
        expect_that("what is left in the second", 0 <= second <= 1, "0 or 1", second)
        expect_that("what is left in the hour", 0 <= hour < 1200, "0 to 1199", hour)


@behaviour("intra42.limits.headers", needs=("data", "clock"))
def test_each_request_counts_once(intra42: Target) -> None:
    with school(intra42, credentials=CREDENTIALS, at=AT) as own:
        own.clock.freeze()
        paths = (SLOTS, f"{SLOTS}/graph", CAMPUS, SLOTS)
        seen = [left(send(own, "one", path).expect_status(200)) for path in paths]
        expect("what is left", [(1199, 1), (1198, 0), (1197, 0), (1196, 0)], seen)
        own.clock.advance(timedelta(seconds=1))
        expect("what is left a second later", (1195, 1), left(send(own, "one")))
        own.clock.advance(timedelta(minutes=59, seconds=58))
        expect("what is left in the last second", (1194, 1), left(send(own, "one")))
        own.clock.advance(timedelta(seconds=1))
        expect("what is left an hour later", (1199, 1), left(send(own, "one")))
        errors = send(own, "one", f"{SLOTS}?sort=score").expect_status(400)
        expect("what is left after an error", (1198, 0), left(errors))


@behaviour("intra42.limits.application", needs=("data", "clock"))
def test_tokens_of_an_application_count_together(intra42: Target) -> None:
    with school(intra42, credentials=CREDENTIALS, at=AT) as own:
        own.clock.freeze()
        tokens = ("one", "one-again", "others", "one")
        seen = [left(send(own, token).expect_status(200))[0] for token in tokens]
        expect("what is left", [1199, 1198, 1199, 1197], seen)


@behaviour("intra42.limits.application")
def test_another_token_is_no_way_around(intra42: Target) -> None:
    before, _ = left(page(intra42, SLOTS, {"per_page": 1}))
    token = intra42.credential("token")
    answer = intra42.get(f"{SLOTS}?per_page=1&access_token={token}", auth=False)
    after, _ = left(answer.expect_status(200))
    right = after < before or after > max(before, 1100) or before == 0
    expect_that("what is left for the same application", right, f"less than {before}", after)


@behaviour("intra42.limits.not_on_tokens")
def test_answers_about_tokens_say_nothing_of_limits(intra42: Target) -> None:
    left(page(intra42, SLOTS, {"per_page": 1}))
    answers = [
        intra42.get("/oauth/token/info").expect_status(200),
        intra42.get("/oauth/token/info", auth=False).expect_status(401),
        intra42.post("/oauth/token", json={"grant_type": "password"}, auth=False),
    ]
    for answer in answers:
        named = [name for name, _ in answer.headers if "ratelimit" in name.lower()]
        expect("headers of a limit", [], named)


@behaviour("intra42.limits.exceeded", needs=("data", "clock", "limits"))
def test_more_than_two_in_a_second(intra42: Target) -> None:
    with school(intra42, credentials=CREDENTIALS, at=AT) as own:
        own.clock.freeze()
        with own.limits():
            send(own, "one").expect_status(200)
            send(own, "one-again").expect_status(200)
            for path in (SLOTS, f"{SLOTS}/graph", f"{SLOTS}?sort=score"):
                answer = send(own, "one", path).expect_status(429)
                expect("the body of the 429", TEXT, answer.text)
                kind = answer.headers.get("Content-Type", "")
                right = kind.startswith("text/plain")
                expect_that("the Content-Type", right, "text/plain", kind)
                expect("what is left in the second", 0, left(answer)[1])
            send(own, "others").expect_status(200)
            for path in WAY:
                expect(f"the status of {path}", True, send(own, "one", path).status != 429)
            own.clock.advance(timedelta(seconds=1))
            send(own, "one").expect_status(200)


@behaviour("intra42.limits.exceeded", needs=("data", "clock", "limits"))
def test_more_than_allowed_in_an_hour(intra42: Target) -> None:
    with school(intra42, credentials=CREDENTIALS, at=AT) as own:
        own.clock.freeze()
        for _ in range(1199):
            send(own, "one", CAMPUS)
        own.clock.advance(timedelta(minutes=30))
        with own.limits():
            send(own, "one").expect_status(200)
            answer = send(own, "one").expect_status(429)
            expect("the body of the 429", TEXT, answer.text)
            expect("what is left in the hour", 0, left(answer)[0])
            answer.expect_header("Retry-After", "1800")


@behaviour("intra42.limits.retry_after", needs=("data", "clock", "limits"))
def test_when_to_come_back(intra42: Target) -> None:
    with school(intra42, credentials=CREDENTIALS, at=AT) as own:
        own.clock.freeze()
        with own.limits():
            statuses = [send(own, "one") for _ in range(3)]
            statuses[-1].expect_status(429).expect_header("Retry-After", "1")
            statuses[0].expect_header("Retry-After", None)
            own.clock.advance(timedelta(milliseconds=600))
            send(own, "one").expect_status(429).expect_header("Retry-After", "1")
            own.clock.advance(timedelta(milliseconds=400))
            send(own, "one").expect_status(200)
