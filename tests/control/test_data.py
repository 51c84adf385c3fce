"""`/_fake/worlds/<name>/data`: records over HTTP, and worlds that are made with some."""

from typing import Any
from urllib.parse import quote

import pytest

from fake_server.world.records.data import MOST_AT_ONCE
from tests.control.conftest import Create, refusal, worlds_of
from tests.support.client import CheckedClient

CALENDARS = "/_fake/worlds/mine/data/xurrent/calendars"
USERS = "/_fake/worlds/mine/data/intra42/users"
BEARER = {"Authorization": "Bearer api-token"}


@pytest.fixture(autouse=True)
def mine(create: Create) -> None:
    create(name="mine", dataset="documented")


def calendars(client: CheckedClient, world: str = "mine") -> list[str]:
    answer = client.get(f"/w/{world}/v1/calendars", headers=BEARER)
    assert answer.status_code == 200
    return [calendar["name"] for calendar in answer.json]


def test_the_kinds_and_their_counts(client: CheckedClient) -> None:
    counts = client.get("/_fake/worlds/mine/data").json["counts"]
    assert counts == {
        "intra42": {
            "applications": 1,
            "tokens": 1,
            "campus": 72,
            "cursus": 68,
            "projects": 12,
            "users": 24,
            "slots": 1389,
            "projects_users": 68,
            "locations": 0,
            "cursus_users": 45,
            **dict.fromkeys(("skills", "groups", "titles", "achievements", "roles"), 0),
            **dict.fromkeys(("languages", "expertises", "groups_users", "titles_users"), 0),
            **dict.fromkeys(("achievements_users", "languages_users", "expertises_users"), 0),
            "correction_point_historics": 0,
            **dict.fromkeys(("blocs", "coalitions", "coalitions_users", "scores"), 0),
            **dict.fromkeys(("events", "events_users", "exams", "exams_users"), 0),
            **dict.fromkeys(("quests", "quests_users", "pools", "balances", "feedbacks"), 0),
            **dict.fromkeys(("tags", "notions", "subnotions", "transactions"), 0),
            "project_sessions_skills": 0,
        },
        "fabmanager": {
            "tokens": 1,
            "availabilities": 3,
            **dict.fromkeys(("groups", "users", "trainings", "user_trainings", "machines"), 0),
            **dict.fromkeys(("spaces", "plan_categories", "plans", "prices", "credits"), 0),
            **dict.fromkeys(("users_credits", "subscriptions", "events", "reservations"), 0),
            **dict.fromkeys(("invoices", "accounting"), 0),
        },
        "xurrent": {"accounts": 1, "tokens": 2, "holidays": 0, "calendars": 3},
    }


def test_a_record_from_beginning_to_end(client: CheckedClient) -> None:
    answer = client.post(CALENDARS, json={"name": "Mine"})
    assert answer.status_code == 201
    assert (answer.json["id"], answer.json["disabled"]) == (43, False)
    location = answer.headers["Location"]
    assert location == f"http://localhost{CALENDARS}/43"
    assert client.get(location).json == answer.json
    changed = client.patch(location, json={"disabled": True})
    assert changed.json == {**answer.json, "disabled": True}
    shown = client.get("/w/mine/v1/calendars/43", headers=BEARER).json
    assert (shown["name"], shown["disabled"]) == ("Mine", True)
    assert client.delete(location).status_code == 204
    assert refusal(client.get(location), 404) == (
        "xurrent.calendars: there is no record with the id '43'"
    )
    assert client.get("/w/mine/v1/calendars/43", headers=BEARER).status_code == 404


def test_another_world_does_not_notice(client: CheckedClient, create: Create) -> None:
    create(name="other")
    assert client.post(CALENDARS, json={"name": "Mine"}).status_code == 201
    client.post("/_fake/worlds/mine/data/xurrent/tokens", json={"token": "t"})
    assert "Mine" in calendars(client)
    assert "Mine" not in calendars(client, "other")
    elsewhere = client.get("/w/other/v1/calendars", headers={"Authorization": "Bearer t"})
    assert elsewhere.status_code == 401


def test_a_list_is_added_whole_or_not_at_all(client: CheckedClient) -> None:
    added = client.post(CALENDARS, json=[{"name": "One"}, {"name": "Two"}])
    assert added.status_code == 201
    assert [record["id"] for record in added.json["records"]] == [43, 44]
    refused = client.post(CALENDARS, json=[{"name": "Three"}, {"name": "TWO"}])
    assert refusal(refused, 422) == "xurrent.calendars.1.name: calendar 44 has this name too"
    assert "Three" not in calendars(client)


def test_records_of_several_kinds_are_added_whole_or_not_at_all(client: CheckedClient) -> None:
    path = "/_fake/worlds/mine/data"
    records = {
        "intra42": {"slots": [{"begin_at": "2026-01-01T00:00:00Z"}], "users": [{"login": "me"}]},
        "xurrent": {"calendars": [{"name": "Loaded"}]},
    }
    added = client.post(path, json=records)
    assert added.status_code == 201
    assert added.json["intra42"]["users"][0]["login"] == "me"
    assert [record["id"] for record in added.json["xurrent"]["calendars"]] == [43]
    counts = client.get(path).json
    twice = {**records, "intra42": {"users": [{"login": "you"}], "tokens": []}}
    refused = refusal(client.post(path, json=twice), 422)
    assert refused == "xurrent.calendars.0.name: calendar 43 has this name too"
    assert client.get(path).json == counts


def test_pages(client: CheckedClient) -> None:
    seen: list[int] = []
    query: dict[str, Any] = {"limit": 10}
    while query.get("after", 0) is not None:
        page = client.get(USERS, query_string=query).json
        assert len(page["records"]) <= 10
        seen += [record["id"] for record in page["records"]]
        query["after"] = page["after"]
    assert seen == list(range(1, 25))


_TOKENS = [f"t{number}" for number in range(6)]
_PAGED = {
    "intra42/tokens": [{"token": text, "application": "Your application uid"} for text in _TOKENS],
    "intra42/applications": [{"uid": text, "secret": "s"} for text in _TOKENS],
    "intra42/users": [{"login": text} for text in _TOKENS],
    "fabmanager/tokens": _TOKENS,
    "xurrent/accounts": [{"id": text, "name": text} for text in _TOKENS],
    "xurrent/tokens": [{"token": text, "account": "wdc"} for text in _TOKENS],
    "xurrent/calendars": [{"name": text} for text in _TOKENS],
}


@pytest.mark.parametrize("kind", _PAGED)
def test_a_page_follows_a_record_that_is_gone(client: CheckedClient, kind: str) -> None:
    path = f"/_fake/worlds/mine/data/{kind}"
    added = client.post(path, json=_PAGED[kind])
    assert added.status_code == 201, added.json
    everything = client.get(f"{path}?limit=1000").json["records"]
    seen: list[Any] = []
    after = ""
    while True:
        page = client.get(f"{path}?limit=2{after}").json
        seen += page["records"]
        if page["after"] is None:
            break
        key = quote(str(page["after"]), safe="")
        after = f"&after={key}"
        client.delete(f"{path}/{key}")
    assert seen == everything


def test_filters(client: CheckedClient) -> None:
    first = client.get(USERS).json["records"][0]
    users = client.get(USERS, query_string={"login": first["login"]}).json
    assert users == {"records": [first], "after": None}
    slots = "/_fake/worlds/mine/data/intra42/slots"
    theirs = client.get(slots, query_string={"user_id": 3, "limit": 1000}).json["records"]
    assert theirs
    assert {record["user_id"] for record in theirs} == {3}
    assert client.get(slots, query_string={"user_id": "x"}).json["records"] == []


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("limit=0", 400, "limit: expected a whole number from 1 to 1000, found '0'"),
        ("limit=x", 400, "limit: expected a whole number from 1 to 1000, found 'x'"),
        ("limit=1&limit=2", 400, "'limit': expected one value, found 2"),
        ("after=x", 422, "after: expected the id of a record, found 'x'"),
        ("logn=x", 422, "logn: no such filter of intra42.users; meant login?"),
    ],
)
def test_a_query_that_is_wrong(client: CheckedClient, query: str, status: int, detail: str) -> None:
    assert refusal(client.get(f"{USERS}?{query}"), status) == detail


@pytest.mark.parametrize(
    ("method", "path", "detail"),
    [
        ("GET", "/_fake/worlds/none/data", "there is no world called 'none' here"),
        ("GET", "/_fake/worlds/mine/data/xurent/calendars", "xurent: no such API; meant xurrent?"),
        (
            "POST",
            "/_fake/worlds/mine/data/xurrent/calendar",
            "xurrent.calendar: no such kind of records; meant calendars?",
        ),
        ("DELETE", f"{CALENDARS}/9", "xurrent.calendars: there is no record with the id '9'"),
        ("PATCH", f"{CALENDARS}/x", "xurrent.calendars: there is no record with the id 'x'"),
    ],
)
def test_what_is_not_there(client: CheckedClient, method: str, path: str, detail: str) -> None:
    assert refusal(client.open(path, method=method), 404) == detail


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"nam": "x"}, "xurrent.calendars.nam: no such key; meant name?"),
        ({}, "xurrent.calendars: 'name' is a required property"),
        ({"name": ""}, "xurrent.calendars.name: '' should be non-empty (expected: The name, of"),
        (5, "the body: expected a record, or a list of them, found 5"),
        (
            [{"name": "x"}] * (MOST_AT_ONCE + 1),
            "xurrent.calendars: expected at most 10000 records at once, found 10001",
        ),
    ],
)
def test_a_record_that_is_wrong(client: CheckedClient, body: Any, detail: str) -> None:
    assert refusal(client.post(CALENDARS, json=body), 422).startswith(detail)


def test_a_change_that_is_wrong(client: CheckedClient) -> None:
    assert refusal(client.patch(f"{CALENDARS}/32", json={"id": 5}), 422) == (
        "xurrent.calendars.id: expected 32: it cannot be changed"
    )
    assert refusal(client.patch(f"{CALENDARS}/32", json={"name": "24X7"}), 422) == (
        "xurrent.calendars.name: calendar 42 has this name too"
    )
    assert refusal(client.patch(f"{CALENDARS}/32", json=[]), 422) == (
        "the body: expected an object of attributes to change, found a list"
    )
    assert client.get("/w/mine/v1/calendars/32", headers=BEARER).status_code == 200


def test_an_account_in_use_stays(client: CheckedClient) -> None:
    refused = client.delete("/_fake/worlds/mine/data/xurrent/accounts/wdc")
    assert refusal(refused, 409) == "xurrent.accounts: wdc is the default account, it stays"


def test_keys_of_any_characters(client: CheckedClient) -> None:
    tokens = "/_fake/worlds/mine/data/xurrent/tokens"
    answer = client.post(tokens, json={"token": "a/b?c%d"})
    assert client.get(answer.headers["Location"]).json["token"] == "a/b?c%d"
    applications = "/_fake/worlds/mine/data/intra42/applications"
    assert client.get(f"{applications}/Your application uid").json["id"] == 1


def test_a_world_made_with_records_goes_back_to_them(client: CheckedClient, create: Create) -> None:
    world = create(
        name="lab",
        dataset="demo",
        data={
            "xurrent": {"tokens": [{"token": "lab"}], "calendars": [{"name": "Lab hours"}]},
            "fabmanager": {"tokens": ["lab"]},
        },
    )
    assert "Lab hours" in calendars(client, "lab")
    assert len(calendars(client, "lab")) == 13
    client.post("/_fake/worlds/lab/data/xurrent/calendars", json={"name": "Gone"})
    client.delete("/_fake/worlds/lab/data/xurrent/tokens/lab")
    assert "Gone" in calendars(client, "lab")
    assert client.post("/_fake/worlds/lab/reset").status_code == 200
    assert "Gone" not in calendars(client, "lab")
    assert "Lab hours" in calendars(client, "lab")
    answer = client.get("/w/lab/v1/calendars", headers={"Authorization": "Bearer lab"})
    assert answer.status_code == 200
    assert not world.store("xurrent").written
    assert worlds_of(client).get("lab").section("xurrent")["credentials"]["tokens"][-1] == {
        "token": "lab"
    }


def test_clock_faults_and_records_in_one_call(client: CheckedClient, create: Create) -> None:
    create(
        name="whole",
        dataset="empty",
        now="2026-03-02T09:00:00Z",
        frozen=True,
        faults=[{"pattern": "xurrent.list_calendars", "status": 503, "times": 1}],
        data={"xurrent": {"calendars": [{"name": "Office hours"}]}},
    )
    unchecked = client.application.test_client()
    for _ in range(2):
        assert unchecked.get("/w/whole/v1/calendars", headers=BEARER).status_code == 503
        (shown,) = client.get("/w/whole/v1/calendars", headers=BEARER).json
        assert shown["created_at"] == "2026-03-02T00:00:00Z"
        client.post("/_fake/worlds/whole/reset")


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        ({"xurent": {}}, "data.xurent: no such API; meant xurrent?"),
        ({"xurrent": {"calendar": []}}, "data.xurrent.calendar: no such kind of records; meant"),
        ({"xurrent": {"calendars": [{"nam": "x"}]}}, "data.xurrent.calendars.0.nam: no such key;"),
        ({"xurrent": {"calendars": {}}}, "data.xurrent.calendars: expected a list of records"),
        ({"xurrent": []}, "data.xurrent: expected records of an API by kind, found a list"),
        ([], "data: expected records by API and kind, found a list"),
    ],
)
def test_records_that_a_world_cannot_be_made_with(
    client: CheckedClient, data: Any, detail: str
) -> None:
    refused = client.post("/_fake/worlds", json={"name": "none", "data": data})
    assert refusal(refused, 422).startswith(detail)
    assert client.get("/_fake/worlds/none").status_code == 404
