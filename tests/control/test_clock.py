"""A world's clock over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.control.conftest import Create, refusal
from tests.support.client import CheckedClient

CLOCK = "/_fake/worlds/default/clock"
NOON = "2026-03-01T12:00:00Z"


def ask(client: CheckedClient, action: str, **attributes: Any) -> Any:
    """Do something to the clock of the world `default`, and return the clock."""
    version = client.world.version
    answer = client.post(f"{CLOCK}/{action}", json=attributes)
    assert answer.status_code == 200, answer.text
    assert client.world.version > version
    return answer.json


def test_a_clock_is_read(client: CheckedClient) -> None:
    assert client.get(CLOCK).json == {"now": "2017-11-22T14:00:00Z", "frozen": True}


def test_a_clock_is_frozen_and_runs_on(client: CheckedClient) -> None:
    assert ask(client, "run")["frozen"] is False
    assert client.world.clock.now() < client.world.clock.now() + timedelta(seconds=1)
    where_it_was = ask(client, "freeze")["now"]
    assert client.get(CLOCK).json == {"now": where_it_was, "frozen": True}
    assert ask(client, "freeze", at=NOON) == {"now": NOON, "frozen": True}


def test_a_clock_is_set_whether_it_stands_or_runs(client: CheckedClient) -> None:
    assert ask(client, "set", at="2026-03-01T13:00:00+01:00") == {"now": NOON, "frozen": True}
    ask(client, "run")
    assert ask(client, "set", at="2030-01-01T00:00:00.25Z")["frozen"] is False
    set_to = datetime(2030, 1, 1, 0, 0, 0, 250_000, UTC)
    assert timedelta(0) <= client.world.clock.now() - set_to < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("by", "now"),
    [
        (90, "2026-03-01T12:01:30Z"),
        (-0.5, "2026-03-01T11:59:59.500000Z"),
        ("PT1H30M", "2026-03-01T13:30:00Z"),
        ("P1DT0.25S", "2026-03-02T12:00:00.250000Z"),
        ("-P1W", "2026-02-22T12:00:00Z"),
        ("PT36H", "2026-03-03T00:00:00Z"),
    ],
)
def test_a_clock_is_advanced(client: CheckedClient, by: float | str, now: str) -> None:
    ask(client, "freeze", at=NOON)
    assert ask(client, "advance", by=by)["now"] == now


@pytest.mark.parametrize(
    ("action", "attributes", "mistake"),
    [
        ("set", {}, "at: is missing; expected a time such as 2026-11-21T10:00:00Z"),
        ("set", {"at": 3}, "at: expected a time such as 2026-11-21T10:00:00Z, found 3"),
        ("set", {"at": "2026-03-01T12:00:00"}, "at: expected a time such as"),
        ("set", {"at": "3000-01-01T00:00:00Z"}, "at: expected a time"),
        ("freeze", {"to": NOON}, '"to": no such attribute; expected one of at'),
        ("freeze", {"at": "1900-01-01T00:00:00+01:00"}, "at: expected a time from 1900 to 2999"),
        ("advance", {}, "by: is missing; expected seconds or an ISO 8601 duration"),
        ("advance", {"by": "P1M"}, "by: expected seconds or an ISO 8601 duration"),
        ("advance", {"by": "P"}, "by: expected seconds or an ISO 8601 duration"),
        ("advance", {"by": "PT1S\n"}, "by: expected seconds or an ISO 8601 duration"),
        ("advance", {"by": True}, "by: expected seconds or an ISO 8601 duration"),
        ("advance", {"by": 1e300}, "by: expected a time from 1900 to 2999"),
        ("advance", {"by": 10**400}, "by: expected a time from 1900 to 2999"),
        ("advance", {"by": "-P99999W"}, "by: expected a time from 1900 to 2999"),
        ("run", {"at": NOON}, '"at": no such attribute'),
    ],
)
def test_mistakes_get_one_line_and_leave_the_clock(
    client: CheckedClient, action: str, attributes: Any, mistake: str
) -> None:
    before = client.get(CLOCK).json
    assert mistake in refusal(client.post(f"{CLOCK}/{action}", json=attributes), 422)
    assert client.get(CLOCK).json == before


def test_a_token_expires_by_its_worlds_clock_alone(client: CheckedClient, create: Create) -> None:
    tokens = {}
    for name in ("a", "b"):
        create(name=name)
        described: Any = client.get(f"/_fake/worlds/{name}").json
        (application,) = described["apis"]["intra42"]["credentials"]["applications"]
        form = {
            "grant_type": "client_credentials",
            "client_id": application["uid"],
            "client_secret": application["secret"],
        }
        tokens[name] = client.post(f"/w/{name}/oauth/token", data=form).json

    def statuses() -> list[int]:
        return [
            client.get(
                f"/w/{name}/v2/cursus", headers={"Authorization": f"Bearer {token['access_token']}"}
            ).status_code
            for name, token in tokens.items()
        ]

    assert statuses() == [200, 200]
    beyond = {"by": tokens["a"]["expires_in"] + 1}
    assert client.post("/_fake/worlds/a/clock/advance", json=beyond).status_code == 200
    assert statuses() == [401, 200]


def test_limits_are_enforced_in_their_world_alone(client: CheckedClient, create: Create) -> None:
    for name in ("a", "b"):
        create(name=name)
    client.patch("/_fake/worlds/a", json={"limits": True})

    def refused(name: str) -> int:
        headers = {"Authorization": "Bearer YOUR_ACCESS_TOKEN"}
        answers = [client.get(f"/w/{name}/v2/cursus", headers=headers) for _ in range(10)]
        return sum(answer.status_code == 429 for answer in answers)

    assert refused("a") > 0
    assert refused("b") == 0
    client.post("/_fake/worlds/a/clock/advance", json={"by": 2})
    assert 0 < refused("a") < 10
