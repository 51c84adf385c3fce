"""Remembered answers: what they depend on, and that nobody can tell them from new ones."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from fake_server import create_app
from fake_server.rest.remembering.answer_memory import AnswerMemory, RememberedAnswer
from fake_server.rest.remembering.middleware import MemoryMiddleware, StaleAnswerError
from fake_server.world.world import World
from tests.support.client import JsonClient

INTRA = {"Authorization": "Bearer YOUR_ACCESS_TOKEN"}
FAB = {"Authorization": "Token 7Yq3hKc9WnB5tRf2XvM8sZdE"}
XURRENT = {"Authorization": "Bearer api-token"}
HEADERS = {"/v2": INTRA, "/op": FAB, "/v1": XURRENT}


@pytest.fixture(autouse=True)
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let remembered answers be given as they are: other tests compute each anew."""
    monkeypatch.delenv("FAKE_SERVER_CHECK_ANSWERS", raising=False)


class Counted:
    """An application whose views are counted: a remembered answer is given without one."""

    def __init__(self, **options: Any) -> None:
        self.app = create_app("documented", **options)
        self.client = JsonClient(self.app, use_cookies=False)
        self.computed = 0
        memory = _memory(self.app)
        inner = memory._inner

        def count(environ: dict[str, Any], start_response: Any) -> Any:
            self.computed += 1
            return inner(environ, start_response)

        memory._inner = count

    @property
    def world(self) -> World:
        world: World = self.app.extensions["fake_server.worlds"].default
        return world

    def computes(self, path: str, headers: dict[str, str] | None = None, **more: Any) -> bool:
        """Send a request; return whether its answer was computed."""
        before = self.computed
        self.client.open(path, headers={**HEADERS.get(path[:3], {}), **(headers or {})}, **more)
        return self.computed > before


def _memory(app: Flask) -> MemoryMiddleware:
    memory: MemoryMiddleware = app.wsgi_app._inner._inner  # type: ignore[attr-defined]  # WorldMiddleware, JournalMiddleware
    return memory


@pytest.fixture
def counted() -> Counted:
    return Counted(frozen=False)


LISTS = ("/v2/slots", "/open_api/v1/availabilities", "/v1/calendars", "/v1/calendars/32")


@pytest.mark.parametrize("path", [*LISTS, "/v2/slots/graph", "/v2/campus/74", "/v1/nothing"])
def test_an_equal_request_gets_the_remembered_answer(counted: Counted, path: str) -> None:
    assert [counted.computes(path) for _ in range(3)] == [True, False, False]
    assert counted.computes(path, method="HEAD")
    assert not counted.computes(path, method="HEAD")


@pytest.mark.parametrize(
    "more",
    [
        {"headers": {"Authorization": "Bearer other"}},
        {"headers": {"Host": "other.example"}},
        {"headers": {"If-None-Match": "*"}},
        {"headers": {"Accept-Encoding": "gzip"}},
        {"base_url": "https://localhost"},
        {"query_string": "fields=id"},
        {"headers": {"X-Xurrent-Account": "other"}},
    ],
)
def test_what_a_request_has_decides(counted: Counted, more: dict[str, Any]) -> None:
    counted.computes("/v1/calendars")
    assert counted.computes("/v1/calendars", **more)
    assert not counted.computes("/v1/calendars", **more)
    assert not counted.computes("/v1/calendars")


def test_a_header_that_nobody_reads_decides_nothing(counted: Counted) -> None:
    counted.computes("/v1/calendars")
    assert not counted.computes("/v1/calendars", headers={"X-Unheard-Of": "1", "Cookie": "a=b"})


@pytest.mark.parametrize("query", ["filter[future]=true", "range[begin_at]=now,"])
def test_what_a_running_clock_decides_is_computed(counted: Counted, query: str) -> None:
    path = f"/v2/slots?{query}"
    assert [counted.computes(path) for _ in range(2)] == [True, True]
    counted.world.clock.freeze()
    assert [counted.computes(path) for _ in range(2)] == [True, False]
    counted.world.clock.advance(timedelta(seconds=1))
    assert counted.computes(path)


def test_what_holds_for_a_day_is_remembered_for_a_day(counted: Counted) -> None:
    path = "/v2/slots/graph"
    counted.world.clock.set(counted.world.clock.peek().replace(hour=23, minute=59, second=59))
    assert [counted.computes(path) for _ in range(2)] == [True, False]
    deadline = time.monotonic() + 5
    while not counted.computes(path):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_token_that_expires_is_refused_in_time(counted: Counted) -> None:
    form = {"grant_type": "client_credentials", "client_id": "Your application uid"}
    form["client_secret"] = "Your application secret"
    token = counted.client.post("/oauth/token", data=form).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert [counted.computes("/v2/campus", headers) for _ in range(2)] == [True, False]
    counted.world.clock.advance(timedelta(hours=3))
    assert counted.client.get("/v2/campus", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        lambda client: client.post("/v1/calendars", json={"name": "A"}, headers=XURRENT),
        lambda client: client.patch("/_fake/worlds/default", json={"auth": "off"}),
        lambda client: client.patch("/_fake/worlds/default", json={"profile": "live"}),
        lambda client: client.post("/_fake/worlds/default/clock/freeze"),
        lambda client: client.post("/_fake/worlds/default/reset"),
        lambda client: client.delete("/_fake/worlds/default/data/xurrent/calendars/32"),
    ],
)
def test_a_change_of_the_world_ends_what_was_remembered(counted: Counted, change: Any) -> None:
    counted.computes("/v1/calendars")
    assert change(counted.client).status_code < 300
    assert counted.computes("/v1/calendars")


def test_worlds_share_nothing(counted: Counted) -> None:
    counted.computes("/v1/calendars")
    counted.client.post("/_fake/worlds", json={"name": "other"})
    assert counted.computes("/w/other/v1/calendars")
    counted.client.delete("/_fake/worlds/other")
    counted.client.post("/_fake/worlds", json={"name": "other"})
    assert counted.computes("/w/other/v1/calendars")


def test_faults_and_limits_see_every_request(counted: Counted) -> None:
    path = "/v1/calendars"
    counted.computes(path)
    fault = {"pattern": "xurrent.list_calendars", "status": 503, "after": 1, "times": 1}
    counted.client.post("/_fake/worlds/default/faults", json=fault)
    statuses = [counted.client.get(path, headers=XURRENT).status_code for _ in range(3)]
    assert statuses == [200, 503, 200]
    limited = Counted(limits=True)
    statuses = [limited.client.get("/v2/campus", headers=INTRA).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_counts_ids_and_times_are_those_of_the_request(counted: Counted) -> None:
    answers = [counted.client.get("/v2/campus", headers=INTRA) for _ in range(3)]
    left = [int(answer.headers["X-Hourly-RateLimit-Remaining"]) for answer in answers]
    assert left == [left[0], left[0] - 1, left[0] - 2]
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == 3
    assert len({tuple(name for name, _ in answer.headers) for answer in answers}) == 1
    own = {**INTRA, "X-Request-Id": "mine"}
    for _ in range(2):
        assert counted.client.get("/v2/campus", headers=own).headers["X-Request-Id"] == "mine"


def test_the_journal_notes_remembered_answers_alike(counted: Counted) -> None:
    for _ in range(2):
        counted.computes("/v2/slots?filter[id]=1&nonsense=2")
    first, second = (
        {**entry.shown(), "number": 0, "at": "", "real_at": "", "duration_ms": 0}
        for entry in counted.world.journal.entries()
    )
    assert first == second
    assert first["unread"] == ["nonsense"]


def test_no_cache_remembers_nothing() -> None:
    counted = Counted(cache=False)
    assert [counted.computes("/v1/calendars") for _ in range(2)] == [True, True]


def test_a_check_finds_an_answer_that_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_SERVER_CHECK_ANSWERS", "1")
    counted = Counted()
    counted.computes("/v1/calendars")
    (answers,) = _memory(counted.app).memory._answers.values()
    answers[0].body += b" "
    with pytest.raises(StaleAnswerError, match=r"^GET /v1/calendars\?: body: remembered"):
        counted.computes("/v1/calendars")


def _answer(size: int, value: str = "") -> RememberedAnswer:
    return RememberedAnswer(("HTTP_A",), (value,), "200 OK", [], b"x" * size, (), None)


def test_the_memory_is_bounded_and_forgets_what_is_unused() -> None:
    memory = AnswerMemory(100_000)
    for number in range(100):
        memory.add(number, _answer(5000))
        assert memory.find(0, {"HTTP_A": ""}) is not None
        assert memory.size <= 100_000
    assert memory.find(50, {"HTTP_A": ""}) is None
    assert memory.find(99, {"HTTP_A": ""}) is not None
    memory.add(99, _answer(1000))
    memory.add(99, _answer(1000, "other"))
    memory.add("large", _answer(99_000))
    assert memory.find("large", {"HTTP_A": ""}) is None
    remembered = memory.find(99, {"HTTP_A": "other"})
    assert remembered is not None
    assert remembered.values == ("other",)


_PROCESS = re.compile(rb'"process":"[^"]*"')

PATHS = st.sampled_from(
    [
        *LISTS,
        *("/v1/calendars?fields=id,name&per_page=2", "/v1/calendars?name=A", "/v1/holidays"),
        *("/v1/rate_limit", "/v1/calendars/32/duration?start=2026-01-01&end=2026-02-01"),
        *("/v2/campus", "/v2/slots?filter[future]=true", "/v2/slots/graph", "/v2/users/1/slots"),
        *("/oauth/token/info", "/open_api/v1/availabilities?per_page=1", "/v1/nothing"),
    ]
)


class Twins(RuleBasedStateMachine):
    """Two servers in lock step, one of which remembers answers: no answer tells them apart."""

    @initialize()
    def begin(self) -> None:
        """Make the servers."""
        options: dict[str, Any] = {"now": "2026-03-02T23:59:30Z", "frozen": True}
        self.apps = [create_app("documented", cache=cache, **options) for cache in (True, False)]
        self.clients = [JsonClient(app, use_cookies=False) for app in self.apps]
        self.headers: dict[str, str] = {}

    def _expect_alike(self, method: str, path: str, **more: Any) -> None:
        own = {**HEADERS.get(path.removeprefix("/w/other")[:3], {}), **self.headers}
        answers = [client.open(path, method=method, headers=own, **more) for client in self.clients]
        seen = [
            (answer.status_code, _steady(dict(answer.headers)), _PROCESS.sub(b"", answer.data))
            for answer in answers
        ]
        assert seen[0] == seen[1]

    @rule(
        path=PATHS,
        prefix=st.sampled_from(["", "", "", "/w/other"]),
        method=st.sampled_from(["GET", "GET", "GET", "HEAD"]),
        times=st.integers(1, 3),
    )
    def read(self, path: str, prefix: str, method: str, times: int) -> None:
        """Ask the same several times."""
        for _ in range(times):
            self._expect_alike(method, f"{prefix}{path}")

    @rule(
        headers=st.sampled_from(
            [
                {},
                {"If-None-Match": "*"},
                {"Accept-Encoding": "gzip"},
                {"Authorization": "Bearer nobody"},
                {"Accept": "text/html"},
                {"X-Request-Id": "mine"},
                {"Host": "other.example"},
            ]
        )
    )
    def ask_otherwise(self, headers: dict[str, str]) -> None:
        """Send other headers from now on."""
        self.headers = headers

    @rule(name=st.sampled_from(["A", "B"]))
    def write(self, name: str) -> None:
        """Change records through the API."""
        self._expect_alike("POST", "/v1/calendars", json={"name": name})
        self._expect_alike("PATCH", "/v1/calendars/32", json={"name": f"{name} 32"})

    @rule(
        change=st.sampled_from(
            [
                ("POST", "/reset", None),
                ("POST", "/clock/advance", {"by": "PT40S"}),
                ("POST", "/clock/advance", {"by": "-P1D"}),
                ("PATCH", "", {"auth": "any"}),
                ("PATCH", "", {"auth": "dataset"}),
                ("PATCH", "", {"profile": "live"}),
                ("PATCH", "", {"quirks": ["xurrent.per-page-clamped"]}),
                ("PATCH", "", {"limits": True}),
                ("POST", "/faults", {"pattern": "*", "status": 500, "times": 1}),
                ("DELETE", "/faults", None),
                ("DELETE", "/data/xurrent/calendars/33", None),
                ("POST", "/data/intra42/users", {"login": "somebody"}),
            ]
        ),
        name=st.sampled_from(["default", "other"]),
    )
    def change(self, change: tuple[str, str, Any], name: str) -> None:
        """Change a world through the control plane."""
        method, path, body = change
        self.headers = {}
        self._expect_alike(method, f"/_fake/worlds/{name}{path}", json=body)

    @rule(exists=st.booleans())
    def remake(self, exists: bool) -> None:
        """Make or forget the other world."""
        self.headers = {}
        if exists:
            self._expect_alike("POST", "/_fake/worlds", json={"name": "other"})
        else:
            self._expect_alike("DELETE", "/_fake/worlds/other")


def _steady(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "X-Runtime"}


Twins.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestTwins = Twins.TestCase
