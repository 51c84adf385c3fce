"""A session against the fake, learned and replayed, gets the same answers."""

from pathlib import Path

import pytest

from fake_server import create_app
from fake_server.learning.from_recordings import learn
from fake_server.verify.server.raw_messages import ApiRequest
from fake_server.verify.server.wsgi_transport import WsgiTransport
from fake_server.world.datasets.check import check
from fake_server.world.datasets.dataset import load
from fake_server.world.export import dataset_text
from tests.learning.recordings import SERVICE, asked

PART = "the dataset lacks the others"
DURATION = "/v1/calendars/1/duration?start=2026-03-02T00:00:00Z&end=2026-03-09T00:00:00Z"
WHOLE = {
    ("xurrent", "documented"): (
        "/v1/calendars",
        "/v1/calendars/32",
        "/v1/calendars/999",
        "/v1/calendars/disabled?per_page=1",
        "/v1/calendars/42/calendar_hours",
        "/v1/holidays",
        "/v1/calendars?fields=id,nonsense",
    ),
    ("xurrent", "demo"): (
        "/v1/calendars?per_page=5",
        "/v1/calendars?per_page=100",
        "/v1/calendars/1",
        "/v1/calendars/1/calendar_hours",
        "/v1/calendars/1/holidays?per_page=100",
        "/v1/holidays?per_page=100",
        "/v1/holidays/1",
        DURATION,
    ),
    ("fabmanager", "documented"): (
        "/open_api/v1/availabilities",
        "/open_api/v1/availabilities?per_page=2&page=2",
        "/open_api/v1/availabilities?available_type=Machine&available_id=5",
        "/open_api/v1/availabilities?after=nonsense",
        "/open_api/v1/availabilities?user_id=4",
    ),
    ("intra42", "documented"): (
        "/v2/cursus?page[size]=100",
        "/v2/projects_users?page[size]=100",
        "/v2/projects_users?page[size]=5&page[number]=3&sort=-id",
        "/v2/projects_users?filter[campus]=1",
        "/v2/projects_users/graph",
        "/v2/users/ggermain/projects_users",
        "/v2/users/nobody/projects_users",
        "/v2/locations",
        "/oauth/token/info",
    ),
    ("intra42", "demo"): (
        "/v2/users/hferrand/locations?page[size]=100",
        "/v2/users/hferrand/projects_users?page[size]=100",
    ),
}


@pytest.mark.parametrize(("api", "dataset"), WHOLE, ids=map("-".join, WHOLE))
def test_what_is_recorded_whole_is_explained(api: str, dataset: str, tmp_path: Path) -> None:
    targets = WHOLE[api, dataset]
    learned = learn([asked(api, dataset, targets, tmp_path / "session.json")])
    assert learned.unexplained == []
    assert learned.exchanges == len(targets)
    assert not any(PART in note for note in learned.notes)
    assert learned.auth == "dataset"


@pytest.mark.parametrize(
    ("api", "targets", "shown", "total"),
    [
        ("xurrent", ("/v1/holidays?per_page=7",), 7, 40),
        ("fabmanager", ("/open_api/v1/availabilities?page=1&per_page=20",), 20, 420),
        (
            "intra42",
            ("/v2/locations?page[size]=9", "/v2/locations?page[size]=9&page[number]=2"),
            18,
            1100,
        ),
    ],
)
def test_what_was_not_recorded_is_not_invented(
    api: str, targets: tuple[str, ...], shown: int, total: int, tmp_path: Path
) -> None:
    learned = learn([asked(api, "demo", targets, tmp_path / "session.json")])
    assert len(learned.unexplained) == len(targets)
    assert all("Total" in line for line in learned.unexplained)
    (note,) = [note for note in learned.notes if PART in note]
    assert f" says {total}, the recording shows {shown}:" in note
    assert "count" not in dataset_text(learned.document).replace("country", "")


def test_the_dataset_is_one_that_is_served(tmp_path: Path) -> None:
    targets = WHOLE["xurrent", "demo"]
    learned = learn([asked("xurrent", "demo", targets, tmp_path / "session.json")])
    file = tmp_path / "my.yaml"
    file.write_text(dataset_text(learned.document), encoding="utf-8")
    check(load(str(file)))
    transport = WsgiTransport(create_app(str(file)), SERVICE)
    (credentials,) = learned.document["xurrent"]["credentials"]["tokens"]
    headers = (("Authorization", f"Bearer {credentials['token']}"),)
    recorded = WsgiTransport(create_app("demo", now="2026-03-02T09:00:00Z", frozen=True), SERVICE)
    for target in targets:
        answer = transport.send(ApiRequest("GET", target, headers))
        own = (("Authorization", "Bearer api-token"),)
        assert answer.body == recorded.send(ApiRequest("GET", target, own)).body
    # A filter that nobody recorded is one of a world, not of a tape.
    answer = transport.send(ApiRequest("GET", "/v1/holidays?name=nothing", headers))
    assert (answer.status, answer.body) == (200, b"[]")


def test_no_secret_gets_into_the_dataset(tmp_path: Path) -> None:
    for api, dataset in (("intra42", "documented"), ("fabmanager", "documented")):
        learned = learn([asked(api, dataset, WHOLE[api, dataset], tmp_path / "session.json")])
        text = dataset_text(learned.document) + "".join([*learned.notes, *learned.unexplained])
        for secret in ("YOUR_ACCESS_TOKEN", "Your application uid", "7Yq3hKc9WnB5tRf2XvM8sZdE"):
            assert secret not in text
