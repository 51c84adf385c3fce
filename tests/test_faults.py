"""What each API answers when a fault tells it to, and which requests a fault meets."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from fake_server import Fault, create_app
from fake_server.errors import UserError
from fake_server.world.world import World
from tests.support.client import CheckedClient, JsonClient, JsonResponse

INTRA = {"Authorization": "Bearer YOUR_ACCESS_TOKEN", "User-Agent": "test"}
FAB = {"Authorization": "Token 7Yq3hKc9WnB5tRf2XvM8sZdE", "Accept": "application/json"}
XURRENT = {"Authorization": "Bearer api-token"}
CAMPUS, AVAILABILITIES, CALENDARS = "/v2/campus", "/open_api/v1/availabilities", "/v1/calendars"


class Failing:
    """An application that fails as told."""

    def __init__(self, client: CheckedClient) -> None:
        self.world: World = client.world
        self._client = JsonClient(client.application, use_cookies=False)

    def fail(self, pattern: str, **attributes: Any) -> None:
        """Set a fault."""
        with self.world.changing():
            self.world.faults.add(Fault(pattern, **attributes))

    def get(self, path: str, headers: dict[str, str] | None = None, **more: Any) -> JsonResponse:
        """Send a request: a GET, unless told otherwise."""
        return self._client.open(path, headers=headers, **more)


@pytest.fixture
def app(client_for: Callable[..., CheckedClient]) -> Failing:
    return Failing(client_for(dataset="documented"))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"message": "Bad Request"}),
        (401, {"message": "Unauthorized"}),
        (403, {"message": "Forbidden"}),
        (404, {"message": "Not Found"}),
        (422, {"message": "Validation Failed", "errors": []}),
        (500, {"message": "Internal Server Error"}),
        (502, {"message": "Bad Gateway"}),
        (503, {"message": "Service Unavailable"}),
        (504, {"message": "Gateway timeout"}),
    ],
)
def test_xurrent_words_a_status(app: Failing, status: int, body: object) -> None:
    app.fail("xurrent.*", status=status)
    answer = app.get(CALENDARS, XURRENT)
    assert (answer.status_code, answer.json) == (status, body)
    assert answer.headers["X-Fake-Fault"] == "fault-1"
    assert answer.headers["Strict-Transport-Security"]
    assert ("X-RateLimit-Remaining" in answer.headers) is (status != 401)
    assert ("Cache-Control" in answer.headers) is (status != 401)


@pytest.mark.parametrize("attributes", [{"rate_limited": True}, {"status": 429}])
def test_xurrent_says_that_its_limit_is_exceeded(app: Failing, attributes: dict[str, Any]) -> None:
    app.fail("xurrent.list_calendars", **attributes)
    for headers in (XURRENT, {}):
        answer = app.get(CALENDARS, headers)
        assert answer.status_code == 429
        assert answer.json["message"] == "Too Many Requests"
        assert answer.headers["Retry-After"] == "3600"
        assert answer.headers["X-RateLimit-Limit"] == "3600"
        assert answer.headers["X-RateLimit-Remaining"] == "0"
        assert int(answer.headers["X-RateLimit-Reset"]) > app.world.clock.now().timestamp()


def test_xurrent_has_two_limits(app: Failing) -> None:
    app.world.clock.freeze()
    app.get(CALENDARS, XURRENT)
    app.world.clock.advance(timedelta(minutes=50))
    app.fail("xurrent.*", rate_limited="burst", times=1)
    burst = app.get(CALENDARS, XURRENT)
    assert (burst.status_code, burst.headers["Retry-After"]) == (429, "2")
    assert int(burst.headers["X-RateLimit-Remaining"]) > 3500
    app.fail("GET /v1/*", rate_limited="hour", times=1)
    hour = app.get(CALENDARS, XURRENT)
    assert (hour.status_code, hour.headers["Retry-After"]) == (429, "600")
    assert hour.headers["X-RateLimit-Remaining"] == "0"
    assert hour.headers["X-RateLimit-Reset"] == burst.headers["X-RateLimit-Reset"]
    assert app.get(CALENDARS, XURRENT).status_code == 200


def test_intra42_has_two_limits(app: Failing) -> None:
    app.world.clock.freeze()
    app.get(CAMPUS, INTRA)
    app.world.clock.advance(timedelta(minutes=50))
    app.fail("intra42.*", rate_limited="second", times=1)
    second = app.get(CAMPUS, INTRA)
    assert (second.status_code, second.headers["Retry-After"]) == (429, "1")
    assert second.headers["X-Secondly-RateLimit-Remaining"] == "0"
    assert int(second.headers["X-Hourly-RateLimit-Remaining"]) > 1000
    app.fail("* *", rate_limited="hour", times=1)
    hour = app.get(CAMPUS, INTRA)
    assert (hour.status_code, hour.headers["Retry-After"]) == (429, "600")
    assert hour.headers["X-Hourly-RateLimit-Remaining"] == "0"
    assert hour.headers["X-Secondly-RateLimit-Remaining"] != "0"
    app.fail("intra42.*", rate_limited="hour", times=1)
    unknown = app.get(CAMPUS, {"User-Agent": "test"})
    assert (unknown.status_code, unknown.headers["Retry-After"]) == (429, "3600")
    assert unknown.headers["X-Hourly-RateLimit-Remaining"] == "0"


def test_a_limit_by_name_is_that_of_the_apis_that_have_it(app: Failing) -> None:
    app.fail("*", rate_limited="burst")
    assert app.get(CAMPUS, INTRA).status_code == 200
    assert app.get(AVAILABILITIES, FAB).status_code == 200
    assert app.get(CALENDARS, XURRENT).status_code == 429


def test_xurrent_says_that_a_token_is_good_no_more(app: Failing) -> None:
    app.fail("xurrent.*", token_expired=True)
    answer = app.get(CALENDARS, XURRENT)
    assert (answer.status_code, answer.json) == (401, {"message": "Unauthorized"})
    assert "X-RateLimit-Limit" not in answer.headers
    assert app.get("/v1/rate_limit").status_code == 200
    assert app.world.faults.active[0].matched == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"status": 400, "error": "Bad Request"}),
        (401, {"error": "Not authorized", "message": "The access token is invalid"}),
        (
            403,
            {
                "error": "Access Denied",
                "message": "You are not authorized to access this page.",
            },
        ),
        (404, {}),
        (500, {"status": 500, "error": "Internal Server Error"}),
        (503, {"status": 503, "error": "Service Unavailable"}),
        (520, {"status": 520, "error": "Internal Server Error"}),
    ],
)
def test_intra42_words_a_status(app: Failing, status: int, body: object) -> None:
    app.fail("intra42.*", status=status)
    answer = app.get(CAMPUS, INTRA)
    assert (answer.status_code, answer.json) == (status, body)
    assert answer.headers["X-Request-Id"]
    assert ("X-Application-Id" in answer.headers) is (status != 401)
    assert ("X-Hourly-RateLimit-Remaining" in answer.headers) is (status != 401)


def test_intra42_says_that_its_limit_is_exceeded(app: Failing) -> None:
    app.get(CAMPUS, INTRA)
    app.fail("intra42.*", rate_limited=True)
    answer = app.get(CAMPUS, INTRA)
    assert answer.status_code == 429
    assert answer.text == "429 Too Many Requests (Spam Rate Limit Exceeded)"
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["X-Secondly-RateLimit-Remaining"] == "0"
    assert answer.headers["X-Hourly-RateLimit-Remaining"] == "1198"
    assert answer.headers["X-Hourly-RateLimit-Limit"] == "1200"
    unknown = app.get(CAMPUS, {"User-Agent": "test"})
    assert (unknown.status_code, unknown.headers["X-Secondly-RateLimit-Remaining"]) == (429, "0")


def test_intra42_may_say_nothing_of_when_to_come_back(
    client_for: Callable[..., CheckedClient],
) -> None:
    app = Failing(client_for(dataset="documented", quirks=("intra42.no-retry-after",)))
    app.fail("intra42.*", rate_limited=True)
    answer = app.get(CAMPUS, INTRA)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (429, None)


def test_intra42_says_that_a_token_is_expired_but_gives_a_new_one(app: Failing) -> None:
    app.fail("intra42.*", token_expired=True)
    answer = app.get(CAMPUS, INTRA)
    assert (answer.status_code, answer.json["message"]) == (401, "The access token expired")
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer realm="42 API", error="invalid_token", error_description="The access token expired"'
    )
    assert "X-Hourly-RateLimit-Limit" not in answer.headers
    info = app.get("/oauth/token/info", INTRA)
    assert (info.status_code, info.json["error"]) == (401, "invalid_request")
    for path in ("/oauth/token", "/v2/oauth/token"):
        asked = app.get(path, method="POST", data={"grant_type": "client_credentials"})
        assert asked.json["error"] == "invalid_client"


def test_fabmanager_words_a_status(app: Failing) -> None:
    app.fail("fabmanager.*", status=500, times=1)
    answer = app.get(AVAILABILITIES, FAB)
    assert answer.json == {"status": 500, "error": "Internal Server Error"}
    app.fail("fabmanager.list_availabilities", status=503, times=1)
    assert app.get(AVAILABILITIES, FAB).json == {"status": 503, "error": "Service Unavailable"}
    for attributes in ({"status": 401}, {"token_expired": True}):
        app.fail("fabmanager.*", times=1, **attributes)
        answer = app.get(AVAILABILITIES, FAB)
        assert (answer.status_code, answer.json) == (401, {"errors": ["Bad credentials"]})
        assert "WWW-Authenticate" not in answer.headers
    assert app.get(AVAILABILITIES, FAB).status_code == 200


@pytest.mark.parametrize(
    ("pattern", "attributes", "mistake"),
    [
        ("xurrent.list_calendar", {"status": 500}, "'xurrent.list_calendar'; meant xurrent.list"),
        ("list_calendars", {"status": 500}, "meant xurrent.list_calendars?"),
        ("nothing", {"status": 500}, "expected one of fabmanager.*, intra42.*, xurrent.*"),
        ("fabmanager.x", {"status": 500}, "'fabmanager.x'; fabmanager has "),
        ("xurrent.nope", {"status": 500}, "'xurrent.nope'; xurrent has "),
        ("xurent.list_calendars", {"status": 500}, "meant xurrent.list_calendars?"),
        ("fabmanager.x*", {"status": 500}, "pattern: no operation is called"),
        ("GET /v3/x", {"status": 500}, "no API has the path '/v3/x'; expected one below /open_api"),
        ("GET /v10", {"status": 500}, "pattern: no API has the path '/v10'"),
        ("GET /v", {"status": 500}, "pattern: no API has the path '/v'"),
        ("GET /w/mine/v1/*", {"status": 500}, "pattern: no API has the path"),
        ("GET /_fake/*", {"status": 500}, "pattern: no API has the path"),
        ("fabmanager.*", {"rate_limited": True}, "no operation of 'fabmanager.*' has a rate limit"),
        (
            "intra42.create_token",
            {"token_expired": True},
            "'intra42.create_token' needs a token; give a",
        ),
        ("intra42.create_token", {"rate_limited": True}, "has a rate limit; give a status"),
        ("intra42.create_token", {"rate_limited": "hour"}, "has a rate limit; give a status"),
        ("fabmanager.*", {"rate_limited": "hour"}, "of 'fabmanager.*' has a rate limit; give a"),
        ("GET /open_api/*", {"rate_limited": True}, "has a rate limit; give a status"),
        ("xurrent.*", {"rate_limited": "minute"}, "'minute'; expected burst, hour, true"),
        ("GET /v2/*", {"rate_limited": "burst"}, "'burst'; expected hour, second, true"),
        ("*", {"rate_limited": "day"}, "'day'; expected burst, hour, second, true"),
    ],
)
def test_what_no_request_can_meet_is_refused(
    app: Failing, pattern: str, attributes: dict[str, Any], mistake: str
) -> None:
    with pytest.raises(UserError) as raised:
        app.fail(pattern, **attributes)
    assert mistake in str(raised.value)
    assert "\n" not in str(raised.value)
    assert app.world.faults.active == []


@pytest.mark.parametrize("pattern", ["* *", "GET /v*", "GET /v1", "GET /v1*", "* /v[12]/*", "*"])
def test_what_a_request_can_meet_is_taken(app: Failing, pattern: str) -> None:
    app.fail(pattern, status=500)


def test_a_path_reaches_what_is_not_served_and_no_other_world(app: Failing) -> None:
    app.fail("POST /v1/requests", status=503)
    assert app.get("/v1/requests", XURRENT, method="POST").status_code == 503
    assert app.get("/v1/requests", XURRENT).status_code == 404
    assert app.get("/v1/requests.json", XURRENT, method="POST").status_code == 503
    app.world.faults.clear()
    app.fail("intra42.*", status=503)
    assert app.get("/v2/nothing", INTRA).status_code == 404
    assert app.get("/").status_code == 200


def test_an_operation_is_met_by_head_and_by_any_spelling_of_its_path(app: Failing) -> None:
    app.fail("xurrent.list_calendars", status=503)
    assert app.get(CALENDARS, XURRENT, method="HEAD").status_code == 503
    for path in ("/v1//calendars", "/v1/calendars/", "/v1/calendars.json"):
        assert app.get(path, XURRENT).status_code == 503
    assert app.get("/v1/calendars/enabled", XURRENT).status_code == 200


def test_an_error_is_not_carried_out_unless_told(app: Failing) -> None:
    app.fail("xurrent.create_calendar", status=504, times=1)
    assert app.get(CALENDARS, XURRENT, method="POST", json={"name": "A"}).status_code == 504
    app.fail("xurrent.create_calendar", status=504, carried_out=True, times=1)
    assert app.get(CALENDARS, XURRENT, method="POST", json={"name": "B"}).status_code == 504
    names = [calendar["name"] for calendar in app.get(f"{CALENDARS}?per_page=100", XURRENT).json]
    assert ("A" in names, "B" in names) == (False, True)


def test_an_error_answers_before_credentials_are_looked_at(app: Failing) -> None:
    app.fail("*", status=503)
    for path in (CAMPUS, AVAILABILITIES, CALENDARS):
        assert app.get(path).status_code == 503


def test_a_page_of_html_instead_of_json(app: Failing) -> None:
    app.fail("xurrent.*", not_json=True, times=1)
    answer = app.get(CALENDARS, XURRENT)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.text.startswith("<html>")
    assert "ETag" not in answer.headers
    app.fail("xurrent.*", not_json=True, status=502, times=1)
    answer = app.get(CALENDARS, XURRENT)
    assert (answer.status_code, "<title>502 Bad Gateway</title>" in answer.text) == (502, True)


def test_a_body_cut_short_has_no_etag_and_no_end(app: Failing) -> None:
    whole = app.get(CALENDARS, XURRENT)
    app.fail("xurrent.*", cut=10**6, times=1)
    cut = app.get(CALENDARS, XURRENT)
    assert (cut.data, cut.content_length) == (whole.data[:-1], len(whole.data) - 1)
    assert ("ETag" in whole.headers, "ETag" in cut.headers) == (True, False)
    app.fail("xurrent.*", cut=0, times=1)
    assert app.get(CALENDARS, XURRENT).data == b""


def test_an_answer_without_body_stays_so(app: Failing) -> None:
    for attributes in ({"cut": 3}, {"not_json": True}):
        app.fail("xurrent.unlink_all_*", **attributes)
        answer = app.get("/v1/calendars/32/holidays", XURRENT, method="DELETE")
        assert (answer.status_code, answer.data) == (204, b"")
        assert "X-Fake-Fault" in answer.headers


def test_the_header_can_be_turned_off(app: Failing) -> None:
    app.fail("xurrent.*", status=503, header=False)
    assert "X-Fake-Fault" not in app.get(CALENDARS, XURRENT).headers
    app.fail("xurrent.*", latency=0)
    assert app.get(CALENDARS, XURRENT).headers["X-Fake-Fault"] == "fault-2"


def test_without_faults_no_answer_has_the_header(app: Failing) -> None:
    app.fail("xurrent.*", status=503, times=1)
    assert app.get(CALENDARS, XURRENT).status_code == 503
    assert "X-Fake-Fault" not in app.get(CALENDARS, XURRENT).headers


def test_each_request_that_a_fault_counts_changes_the_world(app: Failing) -> None:
    app.fail("xurrent.*", status=503, after=5)
    version = app.world.version
    app.get(CALENDARS, XURRENT)
    assert app.world.version > version


def test_an_application_may_begin_with_faults() -> None:
    app = create_app("empty", auth="off", faults=[Fault("xurrent.*", status=503, times=1)])
    client = JsonClient(app, use_cookies=False)
    assert [client.get(CALENDARS).status_code for _ in range(2)] == [503, 200]
    app.extensions["fake_server.worlds"].default.reset()
    assert client.get(CALENDARS).status_code == 503
    with pytest.raises(UserError, match=r"^faults\.0: pattern: no operation is called 'x'"):
        create_app("empty", faults=[Fault("x", status=503)])


def test_the_journal_tells_which_fault_made_an_answer(app: Failing) -> None:
    app.fail("xurrent.*", status=503, times=1, header=False)
    for _ in range(2):
        app.get(CALENDARS, XURRENT)
    noted = [(entry.status, entry.fault) for entry in app.world.journal.entries()]
    assert noted == [(503, "fault-1"), (200, None)]


@pytest.mark.parametrize(
    ("path", "headers", "attributes", "unread"),
    [
        (CALENDARS, XURRENT, {"status": 503}, []),
        (CAMPUS, INTRA, {"status": 503}, []),
        (CAMPUS, INTRA, {"rate_limited": True}, []),
        (CALENDARS, XURRENT, {"latency": 0}, ["misspelt"]),
        (CALENDARS, XURRENT, {"status": 504, "carried_out": True}, ["misspelt"]),
    ],
)
def test_what_a_fault_answers_instead_is_nothing_that_nobody_read(
    app: Failing, path: str, headers: dict[str, str], attributes: dict[str, Any], unread: list[str]
) -> None:
    app.fail("*", **attributes)
    app.get(f"{path}?misspelt=1", headers)
    (entry,) = app.world.journal.entries()
    assert list(entry.unread) == unread


GZIP = {**XURRENT, "Accept-Encoding": "gzip"}


def test_a_page_of_html_is_not_compressed(app: Failing) -> None:
    assert app.get(CALENDARS, GZIP).headers["Content-Encoding"] == "gzip"
    app.fail("xurrent.*", not_json=True)
    answer = app.get(CALENDARS, GZIP)
    assert "Content-Encoding" not in answer.headers
    assert answer.text.startswith("<html>")
    assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("attributes", [{"cut": 40}, {"close": "mid"}])
def test_a_compressed_body_is_cut_as_it_is_sent(app: Failing, attributes: dict[str, Any]) -> None:
    whole = app.get(CALENDARS, GZIP)
    app.fail("xurrent.*", **attributes)
    answer = app.get(CALENDARS, GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert whole.data.startswith(answer.data)
    assert "cut" not in attributes or len(answer.data) == 40


def test_a_fault_strikes_for_one_parameter_and_not_for_another(app: Failing) -> None:
    app.fail("intra42.list_slots", status=500, when={"query": "range[begin_at]"}, times=1)
    assert app.get("/v2/slots?range[end_at]=2017-01-01,2017-02-01", INTRA).status_code == 200
    assert app.get("/v2/slots?range%5Bbegin_at%5D=2017-01-01,", INTRA).status_code == 500
    assert app.get("/v2/slots?range%5Bbegin_at%5D=2017-01-01,", INTRA).status_code == 200
    app.fail("intra42.list_slots", status=500, when={"query": "sort"})
    assert app.get("/v2/slots?page=1;sort=id", INTRA).status_code == 500
