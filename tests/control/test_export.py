"""`/_fake/worlds/<name>/export`: a world as a dataset, and a world made of it again."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from fake_server import create_app
from fake_server.world import export
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import parse
from tests.control.conftest import Create, refusal
from tests.support.client import CheckedClient, JsonClient

URLS = [
    "/v2/slots?per_page=100",
    "/v2/slots?sort=user_id,-id&page=2",
    "/v2/users/1/slots",
    "/v2/slots/graph/on/begin_at/by/day",
    "/v2/projects_users?per_page=100",
    "/v2/projects_users?filter[campus]=1&sort=-final_mark",
    "/v2/projects_users/graph/on/created_at/by/week",
    "/v2/campus?per_page=100",
    "/v2/cursus?per_page=100",
    "/oauth/token/info",
    "/open_api/v1/availabilities?per_page=100",
    "/open_api/v1/availabilities?user_id=3",
    "/open_api/v1/availabilities?available_type=Machine&available_id=3",
    "/v1/calendars?per_page=100",
    "/v1/calendars?fields=name,disabled,source,sourceID,created_at",
    "/v1/calendars/1/calendar_hours",
    "/v1/calendars/1/holidays",
    "/v1/calendars/1/duration?start=2026-03-01T00:00:00Z&end=2026-03-31T00:00:00Z",
    "/v1/holidays?per_page=100",
]
TOKENS = {"/v2": "YOUR_ACCESS_TOKEN", "/oa": "YOUR_ACCESS_TOKEN", "/v1": "api-token"}


def answers(client: JsonClient, prefix: str, token: str | None = None) -> dict[str, Any]:
    """Return status, body and Link of each URL, with the world's prefix taken off."""
    texts = {}
    for url in URLS:
        key = token if token and url[:3] in {"/v2", "/oa"} else TOKENS.get(url[:3])
        sent = f"Bearer {key}" if key else "Token 7Yq3hKc9WnB5tRf2XvM8sZdE"
        answer = client.get(
            f"{prefix}{url}", headers={"Authorization": sent, "Accept": "application/json"}
        )
        text = answer.text + answer.headers.get("Link", "")
        texts[url] = (answer.status_code, text.replace(prefix, "") if prefix else text)
    return texts


def assert_same(before: dict[str, Any], after: dict[str, Any]) -> None:
    different = [url for url in URLS if before[url] != after[url]]
    assert different == []


def file_of(client: CheckedClient, world: str, path: Any) -> str:
    exported = client.get(f"/_fake/worlds/{world}/export")
    assert (exported.status_code, exported.content_type) == (200, "application/yaml")
    path.write_text(exported.text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "name", ["documented", pytest.param("demo", marks=pytest.mark.slow), "empty"]
)
def test_a_dataset_comes_back(
    client: CheckedClient, create: Create, name: str, tmp_path: Any
) -> None:
    create(name="mine", dataset=name, now="2026-03-02T09:00:00Z", frozen=True)
    before = answers(client, "/w/mine")
    if name != "empty":
        assert [url for url, (status, _) in before.items() if status != 200] in (
            [],
            [url for url in URLS if url.startswith("/v1/calendars/1/")],
        )
    file = file_of(client, "mine", tmp_path / "mine.yaml")
    again = CheckedClient(create_app(file))
    assert_same(before, answers(again, ""))
    # Not one assert of the texts: pytest would compare megabytes line by line.
    lines = again.get("/_fake/worlds/default/export").text.splitlines()[1:]
    exported = Path(file).read_text(encoding="utf-8").splitlines()[1:]
    assert len(lines) == len(exported)
    assert [pair for pair in zip(exported, lines, strict=True) if pair[0] != pair[1]] == []


def test_a_world_that_was_used_comes_back(
    client: CheckedClient, create: Create, tmp_path: Any
) -> None:
    create(name="mine", dataset="documented", data={"intra42": {"users": [{"login": "late"}]}})
    bearer = {"Authorization": "Bearer api-token"}
    client.post("/w/mine/v1/calendars", json={"name": "é ☃ \U0001f600: # x"}, headers=bearer)
    client.post("/w/mine/v1/calendars", json={"name": "12:00", "sourceID": "0"}, headers=bearer)
    client.patch("/w/mine/v1/calendars/32", json={"disabled": False}, headers=bearer)
    client.post(
        "/w/mine/v1/calendars/43/calendar_hours",
        json={"weekday": "sun", "time_from": "10:00", "time_until": "24:00"},
        headers=bearer,
    )
    day = {"name": "no", "start_at": "2026-05-01T00:00:00.250", "end_at": "2026-05-02T00:00"}
    client.post("/w/mine/v1/holidays", json=day, headers=bearer)
    client.post("/w/mine/v1/calendars/43/holidays/1", headers=bearer)
    data = "/_fake/worlds/mine/data"
    client.post(f"{data}/fabmanager/tokens", json="second")
    availability = {"start_at": None, "end_at": None, "available_type": "Machine"}
    client.post(f"{data}/fabmanager/availabilities", json=availability)
    client.patch(f"{data}/intra42/users/25", json={"location": "null", "pool_year": None})
    client.delete(f"{data}/intra42/users/3")
    client.post(f"{data}/intra42/slots", json={"begin_at": "2017-11-23T10:00:00.5Z"})
    form = {
        "grant_type": "client_credentials",
        "client_id": "Your application uid",
        "client_secret": "Your application secret",
    }
    token = client.post("/w/mine/oauth/token", data=form).json["access_token"]
    client.post("/_fake/worlds/mine/clock/advance", json={"by": "PT25M"})

    path = file_of(client, "mine", tmp_path / "mine.yaml")
    again = CheckedClient(create_app(path))
    live_app = create_app(path, profile="live")
    live = JsonClient(live_app, live_app.response_class)
    create(name="live", dataset_yaml=client.get("/_fake/worlds/mine/export").text, profile="live")
    before = answers(client, "/w/mine", token)
    assert before["/oauth/token/info"][0] == 200
    assert_same(before, answers(again, "", token))
    assert_same(
        answers(JsonClient(client.application, use_cookies=False), "/w/live", token),
        answers(live, "", token),
    )
    assert again.post("/oauth/token", data=form).json["access_token"] == token
    for each, prefix in ((again, ""), (client, "/w/mine")):
        numbers = each.get(f"{prefix}/v1/calendars/43/calendar_hours", headers=bearer).json
        assert [hours["id"] for hours in numbers] == [19]
    assert again.world.clock.now().isoformat() == "2017-11-22T14:25:00+00:00"
    again.post("/_fake/worlds/default/clock/advance", json={"by": "PT2H"})
    assert again.post("/oauth/token", data=form).json["access_token"] != token


def test_json_makes_a_world(client: CheckedClient, create: Create) -> None:
    create(name="mine", dataset="documented")
    exported = client.get("/_fake/worlds/mine/export", headers={"Accept": "application/json"})
    assert exported.content_type.startswith("application/json")
    text = client.get("/_fake/worlds/mine/export").text
    document = yaml.safe_load(text)
    assert document["start"].isoformat() == "2017-11-22T14:00:00+00:00"
    times = {name: exported.json[name] for name in ("start", "now")}
    assert exported.json == {**document, **times}
    create(name="again", dataset=exported.json)
    assert_same(answers(client, "/w/mine"), answers(client, "/w/again"))


def test_what_is_exported_is_a_dataset(client: CheckedClient, create: Create) -> None:
    school = {"campus": 2, "cursus": 2, "users": 20, "projects": 5, "slots": 40}
    small = {
        "fabmanager": {"machines": {"count": 18}},
        "intra42": {kind: {"count": count} for kind, count in school.items()},
    }
    create(name="mine", dataset=small, now="1971-01-01T00:00:00Z", frozen=True)
    dataset = parse(client.get("/_fake/worlds/mine/export").text, name="export")
    check(dataset)
    assert dataset.frozen
    sections = json.dumps(list(dataset.section("intra42")))
    assert "count" not in sections
    assert len(dataset.section("fabmanager")["machines"]["records"]) == 18


def test_a_large_world_is_not_exported(
    client: CheckedClient, create: Create, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(name="mine", dataset="documented")
    counts = client.get("/_fake/worlds/mine/data").json["counts"]
    records = sum(sum(kinds.values()) for kinds in counts.values())
    monkeypatch.setattr(export, "MOST_EXPORTED", records)
    assert client.get("/_fake/worlds/mine/export").status_code == 200
    monkeypatch.setattr(export, "MOST_EXPORTED", records - 1)
    assert refusal(client.get("/_fake/worlds/mine/export"), 422) == (
        f"the world 'mine' has {records} records: one with up to {records - 1} can be exported"
    )
