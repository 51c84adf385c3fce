"""Credentials and the rate limit."""

import base64
from datetime import UTC, datetime, timedelta

from fake_server.contract import Answer, Target, behaviour, expect, expect_that, need

from .helpers import CALENDARS, HOLIDAYS, NOBODY, account, calendar, expect_error, token

LIMITS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
RATE_LIMIT = "/v1/rate_limit"
PATHS = (CALENDARS, HOLIDAYS, f"{CALENDARS}/1", f"{CALENDARS}/enabled")


def authorized(target: Target, authorization: str) -> Answer:
    """Return the answer to a request with that header."""
    headers = {"Authorization": authorization}
    return target.get(f"{CALENDARS}?per_page=1", headers=headers, auth=False)


def basic(user: str, password: str) -> str:
    """Return the Authorization header of Basic."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@behaviour("xurrent.auth.bearer")
def test_a_token_as_bearer(xurrent: Target) -> None:
    known = token(xurrent)
    authorized(xurrent, f"Bearer {known}").expect_status(200)


@behaviour("xurrent.auth.bearer", invalid=True)
def test_another_token_as_bearer(xurrent: Target) -> None:
    known = token(xurrent)
    for wrong in (f"{known}x", known[:-1], f"x{known}", known.swapcase()):
        if wrong != known:
            expect_error(authorized(xurrent, f"Bearer {wrong}"), 401, "Unauthorized")


@behaviour("xurrent.auth.basic")
def test_a_token_as_the_user_of_basic(xurrent: Target) -> None:
    known = token(xurrent)
    for password in ("x", "", "another: one"):
        authorized(xurrent, basic(known, password)).expect_status(200)


@behaviour("xurrent.auth.basic", invalid=True)
def test_a_token_elsewhere_in_basic(xurrent: Target) -> None:
    known = token(xurrent)
    expect_error(authorized(xurrent, basic(f"{known}x", "x")), 401, "Unauthorized")
    expect_error(authorized(xurrent, basic("x", known)), 401, "Unauthorized")


@behaviour("xurrent.auth.basic", live=True)
def test_basic_is_refused(xurrent: Target) -> None:
    for user, password in ((token(xurrent), "x"), (token(xurrent), "")):
        expect_error(authorized(xurrent, basic(user, password)), 401, "Unauthorized")


@behaviour("xurrent.auth.unauthorized")
def test_without_credentials(xurrent: Target) -> None:
    for path in PATHS:
        expect_unauthorized(xurrent.get(path, auth=False))


def expect_unauthorized(answer: Answer) -> None:
    """Assert a 401 that counts nothing and says nothing of caches."""
    expect_error(answer, 401, "Unauthorized")
    for name in (*LIMITS, "Cache-Control"):
        answer.expect_header(name, None)


@behaviour("xurrent.auth.unauthorized", invalid=True)
def test_with_other_credentials(xurrent: Target) -> None:
    for path in PATHS:
        expect_unauthorized(xurrent.get(path, auth="invalid"))
    for header in ("Bearer", "Bearer ", "Basic nonsense", "Digest x", token(xurrent)):
        expect_error(authorized(xurrent, header), 401, "Unauthorized")


@behaviour("xurrent.auth.unauthorized", invalid=True)
def test_wrong_parameters_are_not_looked_at(xurrent: Target) -> None:
    for query in ("strange=1", "per_page=0", "sort=disabled"):
        expect_error(xurrent.get(f"{CALENDARS}?{query}", auth=False), 401, "Unauthorized")


@behaviour("xurrent.auth.unauthorized", needs=("writes",))
def test_nobody_writes(xurrent: Target) -> None:
    for auth in (False, "invalid"):
        answer = xurrent.post(CALENDARS, json={"name": xurrent.name("nobody")}, auth=auth)
        expect_error(answer, 401, "Unauthorized")


@behaviour("xurrent.auth.public")
def test_what_anyone_may_ask(xurrent: Target) -> None:
    for auth in (False, True):
        xurrent.get("/v1", auth=auth).expect_status(200).expect_json({})
    body = xurrent.get(RATE_LIMIT, auth=False).expect_status(200).json
    expect_that("the body", isinstance(body.get("resources"), dict), "resources", body)


def usage(answer: Answer) -> tuple[int, int, int]:
    """Return limit, what remains, and when the window ends, of an answer's headers."""
    limit, remaining, reset = (answer.whole_number(name) for name in LIMITS)
    return limit, remaining, reset


@behaviour("xurrent.rate_limit.headers")
def test_every_request_costs_one(xurrent: Target) -> None:
    answers = [xurrent.get(f"{CALENDARS}?per_page=1"), xurrent.get(f"{CALENDARS}/nonsense")]
    answers.append(xurrent.get(HOLIDAYS))
    seen = [usage(answer) for answer in answers]
    need(len({reset for _, _, reset in seen}) == 1, "requests within one window")
    expect("the limits", {3600}, {limit for limit, _, _ in seen})
    first = seen[0][1]
    expect("what remains", [first, first - 1, first - 2], [left for _, left, _ in seen])
    ends = datetime.fromtimestamp(seen[0][2], UTC) - xurrent.now()
    hour = timedelta(minutes=-1) < ends <= timedelta(hours=1, minutes=1)
    expect_that("when the window ends", hour, "within an hour", ends)


@behaviour("xurrent.rate_limit.headers", needs=("writes",))
def test_writes_cost_one_each(xurrent: Target) -> None:
    with calendar(xurrent) as record:
        path = f"{CALENDARS}/{record['id']}"
        answers = [
            xurrent.get(path),
            xurrent.patch(path, json={"sourceID": "b"}),
            xurrent.put(path, json={"sourceID": "c"}),
            xurrent.head(path),
            xurrent.get(path),
            xurrent.get(f"{CALENDARS}/{NOBODY}"),
            xurrent.get(path, headers={"If-None-Match": "*"}),
            xurrent.get(path),
        ]
    seen = [usage(answer) for answer in answers]
    need(len({reset for _, _, reset in seen}) == 1, "requests within one window")
    first = seen[0][1]
    expect("what remains", list(range(first, first - len(seen), -1)), [left for _, left, _ in seen])


@behaviour("xurrent.rate_limit.headers", needs=("data", "clock"))
def test_a_window_opens_with_the_first_request(xurrent: Target) -> None:
    start = datetime(2026, 3, 4, 10, 20, 30, tzinfo=UTC)
    with account(xurrent) as own:
        clock = own.clock
        clock.freeze(start)
        reset = int((start + timedelta(hours=1)).timestamp())
        expect("the first request", (3600, 3599, reset), usage(own.get(CALENDARS)))
        clock.advance(timedelta(minutes=59, seconds=59))
        expect("the second request", (3600, 3598, reset), usage(own.get(CALENDARS)))
        clock.advance(timedelta(minutes=5))
        expect("the next window", (3600, 3599, reset + 3899), usage(own.get(CALENDARS)))


@behaviour("xurrent.rate_limit.get")
def test_looking_at_the_limit_costs_nothing(xurrent: Target) -> None:
    before = usage(xurrent.get(f"{CALENDARS}?per_page=1"))
    answer = xurrent.get(RATE_LIMIT).expect_status(200)
    seen = answer.json["resources"]["core"]
    expect("the keys", {"limit", "remaining", "reset"}, set(seen))
    core = (seen["limit"], seen["remaining"], seen["reset"])
    after = usage(xurrent.get(f"{CALENDARS}?per_page=1"))
    need(before[2] == after[2], "requests within one window")
    expect("the usage", before, core)
    expect("the usage by its headers", before, usage(answer))
    expect("what remains afterwards", before[1] - 1, after[1])


@behaviour("xurrent.rate_limit.exceeded", needs=("data", "limits", "clock"))
def test_a_request_too_many(xurrent: Target) -> None:
    with account(xurrent, rate_limit=3) as own, own.limits():
        own.clock.freeze()
        for remaining in (2, 1, 0):
            answer = own.get(CALENDARS).expect_status(200)
            expect("what remains", (3, remaining), usage(answer)[:2])
        for _ in range(2):
            answer = own.get(CALENDARS).expect_status(429)
            expect("the limit and what remains", (3, 0), usage(answer)[:2])
            expect("the keys", ["message", "documentation_url"], list(answer.json))
            url = answer.json["documentation_url"]
            expect_that("the URL", url.startswith("https://"), "https://…", url)
            expect("the message", "Too Many Requests", answer.json["message"])
        own.get(RATE_LIMIT).expect_status(200)
        own.get(RATE_LIMIT).expect_status(429)
        own.clock.advance(timedelta(seconds=1))
        own.get(RATE_LIMIT).expect_status(200)
        own.clock.advance(timedelta(hours=1))
        own.get(CALENDARS).expect_status(200)


@behaviour("xurrent.rate_limit.retry_after", needs=("data", "limits", "clock"))
def test_when_to_come_back(xurrent: Target) -> None:
    with account(xurrent, rate_limit=1) as own, own.limits():
        own.clock.freeze()
        own.get(CALENDARS).expect_status(200)
        own.get(CALENDARS).expect_status(429).expect_header("Retry-After", "3600")
        own.clock.advance(timedelta(seconds=3589, milliseconds=500))
        own.get(CALENDARS).expect_status(429).expect_header("Retry-After", "11")
        own.clock.advance(timedelta(milliseconds=500))
        own.get(CALENDARS).expect_status(429).expect_header("Retry-After", "10")
        own.clock.advance(timedelta(seconds=9, milliseconds=500))
        own.get(CALENDARS).expect_status(429).expect_header("Retry-After", "1")
        own.get(RATE_LIMIT).expect_status(200)
        own.get(RATE_LIMIT).expect_status(429).expect_header("Retry-After", "1")
        own.clock.advance(timedelta(milliseconds=500))
        own.get(CALENDARS).expect_status(200)


@behaviour("xurrent.rate_limit.retry_after", needs=("data", "limits", "clock"))
def test_when_to_come_back_after_a_burst(xurrent: Target) -> None:
    with account(xurrent) as own, own.limits():
        own.clock.freeze()
        for _ in range(20):
            own.get(CALENDARS).expect_status(200)
        own.get(CALENDARS).expect_status(429).expect_header("Retry-After", "2")
        own.clock.advance(timedelta(milliseconds=1200))
        own.get(CALENDARS).expect_status(429).expect_header("Retry-After", "1")
        own.clock.advance(timedelta(milliseconds=800))
        own.get(CALENDARS).expect_status(200)


@behaviour("xurrent.rate_limit.burst", needs=("data", "limits", "clock"))
def test_twenty_requests_in_two_seconds(xurrent: Target) -> None:
    with account(xurrent) as own, own.limits():
        own.clock.freeze()
        own.get(CALENDARS).expect_status(200)
        own.clock.advance(timedelta(milliseconds=1900))
        for _ in range(19):
            own.get(HOLIDAYS).expect_status(200)
        own.get(RATE_LIMIT).expect_status(200)
        for left in (3579, 3578):
            answer = own.get(CALENDARS).expect_status(429)
            expect("the message", "Too Many Requests", answer.json["message"])
            expect("what remains of the hour", left, usage(answer)[1])
        own.clock.advance(timedelta(milliseconds=100))
        own.get(CALENDARS).expect_status(200)
        own.get(CALENDARS).expect_status(429)
        own.clock.advance(timedelta(milliseconds=1900))
        for _ in range(19):
            own.get(CALENDARS).expect_status(200)
        own.get(CALENDARS).expect_status(429)
