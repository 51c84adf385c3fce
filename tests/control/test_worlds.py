"""Worlds over HTTP: made, listed, described, changed, reset, deleted, apart from each other."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest

from fake_server.world import worlds as worlds_module
from tests.control.conftest import Create, refusal, worlds_of
from tests.support.client import CheckedClient, JsonClient

TOKEN = {"Authorization": "Bearer api-token"}
HOLIDAY = {"name": "Fair", "start_at": "2026-01-05T00:00:00", "end_at": "2026-01-06T00:00:00"}
LAB = {
    "start": "2026-01-01T00:00:00Z",
    "fabmanager": {"credentials": {"tokens": ["own"]}, "availabilities": {"count": 0}},
}


def test_a_new_world_says_how_it_is_reached(client: CheckedClient) -> None:
    answer = client.post("/_fake/worlds", json={"name": "mine"})
    shown: Any = answer.json
    assert answer.headers["Location"] == "http://localhost/_fake/worlds/mine"
    assert shown["url"] == "http://localhost/w/mine"
    assert shown["apis"]["xurrent"]["base_url"] == "http://localhost/w/mine/v1"
    assert "YOUR_ACCESS_TOKEN" in shown["apis"]["intra42"]["credentials"]["access_tokens"]
    assert client.get("/_fake/worlds/mine").json == shown
    assert client.get(f"{shown['url']}/v1/calendars", headers=TOKEN).status_code == 200


def test_a_world_is_as_the_server_was_started_unless_told_otherwise(client: CheckedClient) -> None:
    own: Any = client.get("/_fake/worlds/default").json
    new: Any = client.post("/_fake/worlds").json
    differing = {name for name in own if own[name] != new[name]}
    assert differing == {"name", "url", "apis", "environment"}


def test_every_attribute_is_used(client: CheckedClient) -> None:
    attributes = {
        "name": "all_of-it",
        "dataset": "empty",
        "seed": -7,
        "now": "2030-02-03T04:05:06.5+01:00",
        "frozen": True,
        "profile": "live",
        "quirks": ["fabmanager.lenient-dates=off"],
        "auth": "off",
        "limits": True,
    }
    shown: Any = client.post("/_fake/worlds", json=attributes).json
    assert shown["clock"] == {"now": "2030-02-03T03:05:06.500000Z", "frozen": True}
    assert "fabmanager.lenient-dates" not in shown["quirks"]
    assert "fabmanager.framework-error-pages" in shown["quirks"]
    same = {
        name: attributes[name] for name in attributes if name not in {"now", "frozen", "quirks"}
    }
    assert {name: shown[name] for name in same} == same


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_suffix_is_part_of_a_name(client: CheckedClient, create: Create, method: str) -> None:
    create(name="mine")
    answer = getattr(client, method)("/_fake/worlds/mine.json")
    assert "no world called 'mine.json'" in refusal(answer, 404)
    assert client.get("/_fake/worlds.json").status_code == 404
    assert client.get("/_fake/worlds//mine/").json["name"] == "mine"


def test_names_are_given_and_never_given_again(client: CheckedClient) -> None:
    first, second = (client.post("/_fake/worlds").json["name"] for _ in range(2))
    assert client.delete(f"/_fake/worlds/{second}").status_code == 204
    third = client.post("/_fake/worlds").json["name"]
    assert len({first, second, third}) == 3


def test_worlds_are_listed_in_their_order(client: CheckedClient, create: Create) -> None:
    create(name="b", dataset="empty")
    create(name="a")
    listed: Any = client.get("/_fake/worlds").json
    assert [each["name"] for each in listed["worlds"]] == ["default", "b", "a"]
    assert listed["worlds"][1]["dataset"] == "empty"


@pytest.mark.parametrize("way", ["dataset", "dataset_yaml"])
def test_a_dataset_may_come_with_the_request(
    client: CheckedClient, create: Create, way: str
) -> None:
    text = "start: 2026-01-01T00:00:00Z\nfabmanager: {credentials: {tokens: [own]}}\n"
    world = create(**{way: LAB if way == "dataset" else text})
    assert world.clock.now().year == 2026
    answer = client.get(
        f"/w/{world.name}/open_api/v1/availabilities",
        headers={"Authorization": "Token own", "Accept": "application/json"},
    )
    assert (answer.status_code, answer.json) == (200, {"availabilities": []})


def test_worlds_do_not_disturb_each_other(client: CheckedClient, create: Create) -> None:
    for name in ("a", "b"):
        create(name=name, auth="any")
        answer = client.post(f"/w/{name}/v1/holidays", headers=TOKEN, json=HOLIDAY)
        assert answer.status_code == 201, answer.text
    path = answer.headers["Location"].partition("/w/b")[2]
    client.post("/_fake/worlds/a/reset")
    assert client.get(f"/w/a{path}", headers=TOKEN).status_code == 404
    assert client.get(f"/w/b{path}", headers=TOKEN).status_code == 200
    client.delete("/_fake/worlds/a")
    assert client.get(f"/w/b{path}", headers=TOKEN).status_code == 200
    assert client.get(path, headers=TOKEN).status_code == 404
    app = client.application
    unchecked = JsonClient(app, app.response_class)
    refusal(unchecked.get(f"/w/a{path}", headers=TOKEN), 404)


def test_a_reset_goes_back_to_what_the_world_was_made_with(
    client: CheckedClient, create: Create
) -> None:
    world = create(now="2026-01-01T00:00:00Z", frozen=True, limits=True)
    before = client.get(f"/_fake/worlds/{world.name}").json
    client.post(f"/_fake/worlds/{world.name}/clock/advance", json={"by": 3600})
    client.patch(f"/_fake/worlds/{world.name}", json={"limits": False})
    assert client.get(f"/_fake/worlds/{world.name}").json != before
    version = world.version
    assert client.post(f"/_fake/worlds/{world.name}/reset", json={}).json == before
    assert world.version > version


def test_a_world_changes_its_behaviour_until_a_reset(client: CheckedClient, create: Create) -> None:
    path = f"/_fake/worlds/{create(name='mine').name}"
    live = client.patch(path, json={"profile": "live", "auth": "any"}).json
    assert (live["profile"], live["auth"]) == ("live", "any")
    assert "fabmanager.user-id-ignored" in live["quirks"]
    off = ["fabmanager.user-id-ignored=off"]
    switched = client.patch(path, json={"quirks": off}).json
    assert switched["profile"] == "live"
    assert set(live["quirks"]) - set(switched["quirks"]) == {"fabmanager.user-id-ignored"}
    refused = client.patch(path, json={"quirks": ["fabmanager.user-id"], "auth": "off"})
    assert refusal(refused, 422).startswith("fabmanager.user-id: no such quirk; meant")
    assert client.get(path).json["auth"] == "any"
    back = client.patch(path, json={"profile": "documented"}).json
    assert (back["profile"], back["quirks"], back["auth"]) == ("documented", [], "any")
    client.patch(path, json={"profile": "live"})
    again = client.post(f"{path}/reset").json
    assert (again["profile"], again["quirks"], again["auth"]) == ("documented", [], "dataset")


def test_limits_are_switched(client: CheckedClient, create: Create) -> None:
    world, version = create(), 0
    for on in (True, False):
        answer = client.patch(f"/_fake/worlds/{world.name}", json={"limits": on})
        assert answer.json["limits"] is world.enforce_limits is on
        assert world.version > version
        version = world.version
    assert client.patch(f"/_fake/worlds/{world.name}", json={}).json["limits"] is False


def test_the_default_world_cannot_be_deleted(client: CheckedClient) -> None:
    assert "always there" in refusal(client.delete("/_fake/worlds/default"), 409)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/reset"),
        ("GET", "/clock"),
        ("POST", "/clock/freeze"),
    ],
)
def test_a_world_that_is_not_there_is_not_found(
    client: CheckedClient, method: str, path: str
) -> None:
    answer = client.open(f"/_fake/worlds/nonesuch{path}", method=method)
    assert refusal(answer, 404) == "there is no world called 'nonesuch' here"


def test_a_name_is_taken_once(client: CheckedClient, create: Create) -> None:
    create(name="mine")
    for name in ("mine", "default"):
        answer = client.post("/_fake/worlds", json={"name": name})
        assert refusal(answer, 409) == f"there is a world called '{name}' already"


def test_an_idle_world_expires(client: CheckedClient, create: Create) -> None:
    assert client.get("/_fake/worlds/default").json["expires_after"] is None
    create(name="brief", expires_after=0.05)
    assert client.get("/_fake/worlds/brief").json["expires_after"] == 0.05
    sleep(0.1)
    answer = client.get("/w/brief/nonesuch")
    assert refusal(answer, 404).startswith("there is no world called 'brief' here any more")
    listed = client.get("/_fake/worlds").json["worlds"]
    assert [world["name"] for world in listed] == ["default"]


def test_there_are_only_so_many_worlds(
    client: CheckedClient, create: Create, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worlds_module, "MOST_WORLDS", 1)
    create(name="second")
    detail = refusal(client.post("/_fake/worlds"), 507)
    assert detail.startswith("there are 1 worlds beside 'default': delete one first")
    client.delete("/_fake/worlds/second")
    create()


@pytest.mark.parametrize(
    ("attributes", "mistake"),
    [
        ({"nam": "a"}, '"nam": no such attribute; meant name?'),
        ({"name": "a b"}, "name: expected up to 64 letters, digits, - and _, the first no - or _,"),
        ({"name": "a" * 65}, "name: expected up to 64 letters"),
        ({"seed": "x"}, 'seed: expected a whole number of at most 64 bits, found "x"'),
        ({"seed": True}, "seed: expected a whole number of at most 64 bits, found true"),
        ({"seed": 2**63}, "seed: expected a whole number of at most 64 bits"),
        ({"frozen": None}, "frozen: expected true or false, found null"),
        ({"expires_after": 0}, "expires_after: expected seconds, more than 0, found 0"),
        ({"auth": "none"}, 'auth: expected dataset, any or off, found "none"'),
        ({"profile": "life"}, 'profile: expected documented or live, found "life"'),
        ({"now": "2026-02-30T00:00:00Z"}, "now: expected a time such as"),
        ({"now": "1899-12-31T23:59:59Z"}, "now: expected a time"),
        ({"now": "3000-01-01T00:00:00Z"}, "now: expected a time"),
        ({"now": "2999-12-31T23:59:59-01:00"}, "now: expected a time from 1900 to 2999"),
        ({"quirks": [3]}, "quirks.0: expected a quirk such as api.quirk or api.quirk=off, found 3"),
        ({"quirks": ["fabmanager.lenient-date"]}, "meant fabmanager.lenient-dates?"),
        ({"dataset": "demp"}, "dataset: there is none called 'demp'; meant demo?"),
        ({"dataset": "/etc/own.yaml"}, "dataset: there is none called '/etc/own.yaml'"),
        ({"dataset": 3}, "dataset: expected the name of a dataset, or its content as an object"),
        ({"dataset": "demo", "dataset_yaml": ""}, "expected either dataset or dataset_yaml"),
        ({"dataset": {"fabmanager": {"machine": {}}}}, "dataset: fabmanager.machine: no such key"),
        ({"dataset": {"start": "soon"}}, "dataset: start: expected a date and time"),
        ({"dataset_yaml": "a: 1\nseed: ]"}, "dataset:2: not YAML"),
        ({"dataset_yaml": "seed: 1\n\nfrozen: 3"}, "dataset:3: frozen: expected true or false"),
        (
            {"dataset_yaml": "[" * 30_000 + "]" * 30_000},
            "dataset:1: nested too deeply: expected at most 50 lists and mappings within",
        ),
        (
            {
                "dataset": {
                    "intra42": {"slots": {"count": 15_000}, "projects_users": {"count": 5_001}}
                }
            },
            "dataset: expected at most 20000 records to invent for a request,"
            " found 20001; for more: fake-server serve --dataset NAME|FILE",
        ),
        (
            {
                "dataset": {
                    "intra42": {
                        "slots": {"count": 1, "begin_on": {"2026-01-01": 19_999}},
                        "projects_users": {"created_on": {"2026-01-02": 1}},
                    }
                }
            },
            "dataset: expected at most 20000 records to invent for a request,"
            " found 20001; for more: fake-server serve --dataset NAME|FILE",
        ),
        (
            {"dataset": "large"},
            "dataset: expected at most 20000 records to invent for a request, found 3005176;"
            " for more: fake-server serve --dataset NAME|FILE",
        ),
        ([], "the body: expected a world to make, an object, found a list"),
    ],
)
def test_mistakes_get_one_line(client: CheckedClient, attributes: Any, mistake: str) -> None:
    assert mistake in refusal(client.post("/_fake/worlds", json=attributes), 422)
    assert len(worlds_of(client).all()) == 1


@pytest.mark.parametrize(
    ("attributes", "line"),
    [({"dataset_yaml": "seed: 1\n\nfrozen: 3"}, 3), ({"dataset": {"frozen": 3}}, None)],
)
def test_a_mistake_in_a_dataset_has_its_position_as_data(
    client: CheckedClient, attributes: Any, line: int | None
) -> None:
    problem: Any = client.post("/_fake/worlds", json=attributes).json
    assert problem["position"] == {"file": "dataset", "line": line}
    assert problem["message"] == "frozen: expected true or false, found 3"
    prefix = "dataset" if line is None else f"dataset:{line}"
    assert problem["detail"] == f"{prefix}: {problem['message']}"


def test_a_record_that_fits_no_other_is_a_mistake_at_once(client: CheckedClient) -> None:
    section = {"calendars": {"records": [{"id": 1, "name": "A", "holidays": [99]}]}}
    answer = client.post("/_fake/worlds", json={"dataset": {"xurrent": section}})
    assert "dataset: xurrent.calendars" in refusal(answer, 422)
    assert len(worlds_of(client).all()) == 1


def test_pinned_records_cannot_be_cut_without_end(client: CheckedClient) -> None:
    week = {"start_at": "2026-01-01", "end_at": "2026-01-07T22:00:00Z", "slot_minutes": 1}
    records = [{"id": n, "available_type": "Machine", **week} for n in range(1, 25)]
    section = {"availabilities": {"records": records}}
    answer = client.post("/_fake/worlds", json={"dataset": {"fabmanager": section}})
    assert refusal(answer, 422) == (
        "dataset: fabmanager.availabilities.records.20.slot_minutes: with those before, would be"
        " cut into more than 200000 slots"
    )


def test_an_action_without_attributes_takes_none(client: CheckedClient) -> None:
    answer = client.post("/_fake/worlds/default/reset", json={"name": "x"})
    assert refusal(answer, 422) == '"name": no such attribute; expected one of none'


def test_aliases_cannot_make_a_dataset_without_end(client: CheckedClient) -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    text = "\n".join(["l0: &l0 [1]", *levels])
    answer = client.post("/_fake/worlds", json={"dataset_yaml": text})
    assert "dataset:7: its aliases spell out more than 1000000 values" in refusal(answer, 422)
    circle = client.post("/_fake/worlds", json={"dataset_yaml": "xurrent: &a {a: *a}"})
    refusal(circle, 422)


def test_threads_make_and_delete_worlds_at_once(client: CheckedClient) -> None:
    app = client.application

    def use(number: int) -> set[int]:
        own = JsonClient(app, app.response_class)
        statuses = set()
        for _ in range(10):
            name = own.post("/_fake/worlds", json={}).json["name"]
            answer = own.post(f"/w/{name}/v1/holidays", headers=TOKEN, json=HOLIDAY)
            own.post(f"/_fake/worlds/{name}/reset")
            gone = own.get(answer.headers["Location"].partition("localhost")[2], headers=TOKEN)
            deleted = own.delete(f"/_fake/worlds/{name}")
            statuses |= {answer.status_code, gone.status_code, deleted.status_code}
        return statuses

    with ThreadPoolExecutor(4) as pool:
        assert set().union(*pool.map(use, range(4))) == {201, 404, 204}
    assert [world.name for world in worlds_of(client).all()] == ["default"]
