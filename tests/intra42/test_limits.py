"""Rate limits: their headers always, their effect where the world asks for it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.intra42.conftest import Intra

NAMES = (
    "X-Hourly-RateLimit-Limit",
    "X-Hourly-RateLimit-Remaining",
    "X-Secondly-RateLimit-Limit",
    "X-Secondly-RateLimit-Remaining",
)


def _left(intra: Intra, path: str = "/v2/campus", token: str = "good") -> list[str | None]:
    response = intra.get(path, token=token)
    return [response.headers.get(name) for name in NAMES]


@pytest.mark.behaviour("intra42.limits.headers")
def test_headers_count_down_and_recover(intra: Intra) -> None:
    assert _left(intra) == ["1200", "1199", "2", "1"]
    assert _left(intra, "/v2/slots?sort=x") == ["1200", "1198", "2", "0"]
    assert _left(intra, "/v2/users/nobody/slots") == ["1200", "1197", "2", "0"]
    intra.world.clock.advance(timedelta(seconds=1))
    assert _left(intra) == ["1200", "1196", "2", "1"]
    intra.world.clock.advance(timedelta(hours=1))
    assert _left(intra) == ["1200", "1199", "2", "1"]


@pytest.mark.behaviour("intra42.limits.application")
def test_requests_are_counted_per_application(intra: Intra) -> None:
    assert _left(intra, token="good")[1] == "1199"
    assert _left(intra, token="projects-too")[1] == "1198"
    assert _left(intra, token="staff")[1] == "1199"
    assert _left(intra, token="nonsense") == [None] * 4


@pytest.mark.behaviour("intra42.limits.not_on_tokens")
def test_tokens_carry_no_limits(intra: Intra) -> None:
    assert _left(intra, "/oauth/token/info") == [None] * 4
    response = intra.client.post("/v2/oauth/token", data={})
    assert not {*NAMES} & {*response.headers.keys()}


@pytest.mark.behaviour("intra42.limits.exceeded", "intra42.limits.retry_after")
def test_a_request_too_many_in_a_second(intra_with: Callable[..., Intra]) -> None:
    strict = intra_with(limits=True)
    assert [strict.get("/v2/campus").status_code for _ in range(2)] == [200, 200]
    refused = strict.get("/v2/campus")
    assert refused.status_code == 429
    assert refused.text == "429 Too Many Requests (Spam Rate Limit Exceeded)"
    assert refused.mimetype == "text/plain"
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["X-Secondly-RateLimit-Remaining"] == "0"
    strict.world.clock.advance(timedelta(seconds=1))
    assert strict.get("/v2/campus").status_code == 200


@pytest.mark.behaviour("intra42.limits.exceeded", "intra42.limits.retry_after")
def test_a_request_too_many_in_an_hour(intra_with: Callable[..., Intra]) -> None:
    strict = intra_with(limits=True)
    for _ in range(1200):
        strict.world.clock.advance(timedelta(seconds=1))
        assert strict.client.head("/v2/campus", headers=strict.headers).status_code == 200
    strict.world.clock.advance(timedelta(seconds=1))
    refused = strict.get("/v2/campus")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 3600 - 1200


@pytest.mark.behaviour("intra42.limits.retry_after")
def test_the_quirk_leaves_out_retry_after(intra_with: Callable[..., Intra]) -> None:
    silent = intra_with("no-retry-after", limits=True)
    refused = [silent.get("/v2/campus") for _ in range(3)][-1]
    assert refused.status_code == 429
    assert "Retry-After" not in refused.headers
