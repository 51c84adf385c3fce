"""Faults over HTTP: set, listed, read, forgotten, and given with a new world."""

from dataclasses import fields
from typing import Any, get_args

import pytest

from fake_server.data_files.api_document import api_document
from fake_server.errors import UserError
from fake_server.world.fault import LONGEST_LATENCY, LONGEST_PATTERN, Close, Fault
from fake_server.world.faults import MOST_FAULTS
from tests.control.conftest import Create, refusal, worlds_of
from tests.support.client import CheckedClient, JsonClient

FAULTS = "/_fake/worlds/default/faults"
TOKEN = {"Authorization": "Bearer api-token"}
SLOW = {"pattern": "intra42.*", "latency": [0.1, 0.9], "probability": 0.5, "header": False}
DOWN = {"pattern": "xurrent.list_calendars", "status": 503, "times": 1}


def statuses(client: CheckedClient, path: str, requests: int) -> list[int]:
    """Return how an API answers; the document need not declare what a fault makes of it."""
    plain = JsonClient(client.application, use_cookies=False)
    return [plain.get(path, headers=TOKEN).status_code for _ in range(requests)]


def test_a_fault_is_set_read_and_forgotten(client: CheckedClient) -> None:
    version = client.world.version
    answer = client.post(FAULTS, json=DOWN)
    assert answer.status_code == 201
    assert answer.json == {"id": "fault-1", **DOWN, "matched": 0, "fired": 0}
    assert answer.headers["Location"] == f"http://localhost{FAULTS}/fault-1"
    assert client.world.version > version
    assert statuses(client, "/v1/calendars", 3) == [503, 200, 200]
    shown: Any = client.get(f"{FAULTS}/fault-1").json
    assert (shown["matched"], shown["fired"]) == (3, 1)
    assert client.delete(f"{FAULTS}/fault-1").status_code == 204
    said = refusal(client.get(f"{FAULTS}/fault-1"), 404)
    assert said == "there is no fault called 'fault-1' here"
    assert refusal(client.delete(f"{FAULTS}/fault-1"), 404) == said


def test_faults_are_listed_and_forgotten_together(client: CheckedClient) -> None:
    assert client.get(FAULTS).json == {"faults": []}
    for attributes in (SLOW, DOWN):
        client.post(FAULTS, json=attributes)
    listed: Any = client.get(FAULTS).json
    assert [fault["id"] for fault in listed["faults"]] == ["fault-1", "fault-2"]
    assert listed["faults"][0] == {"id": "fault-1", **SLOW, "matched": 0, "fired": 0}
    version = client.world.version
    assert client.delete(FAULTS).status_code == 204
    assert client.world.version > version
    assert client.get(FAULTS).json == {"faults": []}


@pytest.mark.parametrize(
    ("attributes", "mistake"),
    [
        ({}, "pattern: is missing; expected an operation such as xurrent.list_calendars"),
        ({"pattern": "*"}, "the fault does nothing: expected status"),
        ({"pattern": "*", "stauts": 503}, '"stauts": no such attribute; meant status?'),
        ({"pattern": "*", "status": 200}, "status: expected a whole number from 400 to 599"),
        ({"pattern": "*", "latency": "2s"}, "latency: expected seconds from 0 to 300, or two"),
        ({"pattern": "*", "latency": [1]}, "latency: expected seconds from 0 to 300, or two"),
        (
            {"pattern": "*", "latency": [2, 1]},
            "latency: expected seconds from 0 to 300, or two, the least and the most, found [2, 1]",
        ),
        ({"pattern": "*", "close": "late"}, "close: expected before, mid or mid-chunked"),
        ({"pattern": "xurrent.list", "status": 503}, "pattern: no operation is called"),
        ({"pattern": "fabmanager.*", "rate_limited": True}, "pattern: no operation of"),
    ],
)
def test_mistakes_are_refused(
    client: CheckedClient, attributes: dict[str, Any], mistake: str
) -> None:
    assert refusal(client.post(FAULTS, json=attributes), 422).startswith(mistake)
    assert client.get(FAULTS).json == {"faults": []}


def test_there_are_only_so_many_faults(client: CheckedClient) -> None:
    for _ in range(100):
        assert client.post(FAULTS, json=SLOW).status_code == 201
    said = refusal(client.post(FAULTS, json=SLOW), 507)
    assert said == "there are 100 faults: delete one first"


def test_a_world_may_begin_with_faults(client: CheckedClient, create: Create) -> None:
    create(name="mine", faults=[DOWN])
    assert statuses(client, "/w/mine/v1/calendars", 2) == [503, 200]
    assert statuses(client, "/v1/calendars", 1) == [200]
    assert client.post("/_fake/worlds/mine/reset").status_code == 200
    assert statuses(client, "/w/mine/v1/calendars", 2) == [503, 200]
    client.delete("/_fake/worlds/mine/faults")
    assert statuses(client, "/w/mine/v1/calendars", 1) == [200]


@pytest.mark.parametrize(
    ("fault", "mistake"),
    [
        ({"pattern": "x", "status": 503}, "faults.0: pattern: no operation is called 'x'"),
        ({"pattern": "*"}, "faults.0: the fault does nothing"),
        ({"pattern": "*", "status": 1}, "faults.0.status: expected a whole number"),
        ({"pattern": "*", "stauts": 1}, '"stauts": no such attribute; meant status?'),
        ("*", "faults.0: expected a fault, an object with `pattern`"),
    ],
)
def test_a_world_with_a_mistaken_fault_is_not_made(
    client: CheckedClient, fault: object, mistake: str
) -> None:
    answer = client.post("/_fake/worlds", json={"name": "mine", "faults": [fault]})
    assert refusal(answer, 422).startswith(mistake)
    assert [world.name for world in worlds_of(client).all()] == ["default"]


def test_a_reset_forgets_what_was_set_since(client: CheckedClient) -> None:
    client.post(FAULTS, json=DOWN)
    client.post("/_fake/worlds/default/reset")
    assert client.get(FAULTS).json == {"faults": []}


def test_the_shape_has_the_bounds_that_a_fault_has() -> None:
    shape = api_document("control")["components"]["schemas"]["fault_new"]
    assert set(shape["properties"]) == {each.name for each in fields(Fault)}
    bounded = 0
    for name, declared in shape["properties"].items():
        if declared.get("type") not in ("integer", "number"):
            continue
        base: dict[str, Any] = {"pattern": "*", "latency": 0}
        for bound, beyond in ((declared["minimum"], -1), (declared["maximum"], 1)):
            assert Fault.of({**base, name: bound}).attributes()["pattern"] == "*"
            with pytest.raises(UserError, match=f"^{name}: expected"):
                Fault.of({**base, name: bound + beyond})
            bounded += 1
    assert bounded == 12
    latency = shape["properties"]["latency"]
    assert (latency["minimum"], latency["maximum"]) == (0, LONGEST_LATENCY)
    assert latency["items"]["maximum"] == LONGEST_LATENCY
    assert shape["properties"]["pattern"]["maxLength"] == LONGEST_PATTERN
    assert tuple(shape["properties"]["close"]["enum"]) == get_args(Close)
    world = api_document("control")["components"]["schemas"]["world_new"]
    assert world["properties"]["faults"]["maxItems"] == MOST_FAULTS
