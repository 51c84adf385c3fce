"""A world's clock over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.client import CheckedClient
from tests.control.conftest import Create, refusal

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


def test_a_token_expires_by_the_worlds_clock_alone(client: CheckedClient, create: Create) -> None:
    granted = {"grant_type": "client_credentials", "client_id": "u", "client_secret": "s"}
    tokens = []
    for name in ("a", "b"):
        create(name=name, auth="any", frozen=True)
        answer = client.post(f"/w/{name}/oauth/token", data=granted)
        tokens.append((name, answer.json["expires_in"], answer.json["access_token"]))
    client.post("/_fake/worlds/a/clock/advance", json={"by": tokens[0][1] + 1})
    left = [
        client.get(
            f"/w/{name}/oauth/token/info", headers={"Authorization": f"Bearer {token}"}
        ).json["expires_in_seconds"]
        for name, seconds, token in tokens[1:]
    ]
    assert left == [tokens[1][1]]
    assert client.get("/_fake/worlds/b/clock").json != client.get("/_fake/worlds/a/clock").json
