"""docs/datasets.md: its examples are served, its tables are what the schemas say."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from fake_server import create_app
from fake_server.cli.dataset_keys import dataset_keys
from fake_server.cli.learn import learn
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import load
from tests.support.client import CheckedClient
from tests.support.pages import labelled_samples, samples

PAGE = (Path(__file__).parents[2] / "docs" / "datasets.md").read_text(encoding="utf-8")
EXAMPLES = samples(PAGE, "yaml")


def client_of(example: str, folder: Path) -> CheckedClient:
    path = folder / "example.yaml"
    path.write_text(example, encoding="utf-8")
    check(load(str(path)))
    return CheckedClient(create_app(str(path)))


def example_with(text: str) -> str:
    (text_of,) = [example for example in EXAMPLES if text in example]
    return str(text_of)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.splitlines()[0])
def test_every_example_is_a_dataset(example: str, tmp_path: Path) -> None:
    assert client_of(example, tmp_path).get("/_fake/health").status_code == 200


def test_the_booked_slot(tmp_path: Path) -> None:
    client = client_of(example_with("booked"), tmp_path)
    answer = client.get(
        "/open_api/v1/availabilities?user_id=8&id=1",
        headers={"Authorization": "Token my-token", "Accept": "application/json"},
    )
    (availability,) = answer.json["availabilities"]
    assert [slot["id"] for slot in availability["slots"]] == [10, 11]


def test_the_closed_office(tmp_path: Path) -> None:
    client = client_of(example_with("closed on the first of May"), tmp_path)
    answer = client.get(
        "/v1/calendars/1/duration",
        query_string={
            "start": "2026-04-27T00:00:00+02:00",
            "end": "2026-05-04T00:00:00+02:00",
            "time_zone": "Amsterdam",
        },
        headers={"Authorization": "Bearer my-token"},
    )
    assert answer.json == {"duration": 8 * 60}


def test_the_three_attempts(tmp_path: Path) -> None:
    client = client_of(example_with("Three attempts"), tmp_path)
    granted = client.post(
        "/oauth/token",
        data={
            "grant_type": "client_credentials",
            "client_id": "my-uid",
            "client_secret": "my-secret",
        },
    )
    answer = client.get(
        "/v2/projects_users/graph/on/created_at/by/week?range[final_mark]=50,",
        headers={"Authorization": f"Bearer {granted.json['access_token']}"},
    )
    assert answer.json["2026-01-11"] == 1
    assert answer.json["2026-01-18"] == 1
    assert sum(answer.json.values()) == 2
    bearer = {"Authorization": f"Bearer {granted.json['access_token']}"}
    tries = client.get("/v2/projects_users", headers=bearer).json
    assert [attempt["occurrence"] for attempt in tries] == [0, 1, 2]


def test_every_key_is_there() -> None:
    assert PAGE.partition("<!-- keys -->\n")[2].strip() == dataset_keys().strip()


def test_the_session_is_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    section = PAGE.partition("## Learning a dataset from a recording")[2].partition("\n## ")[0]
    blocks = dict(labelled_samples(section))
    monkeypatch.chdir(tmp_path)
    Path("session.json").write_text(blocks["json"], encoding="utf-8")
    outcome = CliRunner().invoke(learn, ["session.json", "-o", "my.yaml"], standalone_mode=False)
    assert outcome.return_value == 1
    assert Path("my.yaml").read_text(encoding="utf-8") == blocks["yaml"]
    zones = re.compile(r"one of \d+ time zones")
    # How many there are is a matter of the machine's database.
    assert zones.sub("", outcome.output) == zones.sub("", blocks["text"])
