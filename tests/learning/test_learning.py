"""What a recording written by hand teaches: merging, contradictions, settings, hostile values."""

import json
from pathlib import Path
from typing import Any

import pytest

from fake_server.errors import UserError
from fake_server.learning.from_recordings import Learned, learn
from fake_server.world.export import dataset_text
from tests.learning.recordings import SERVICE, exchange, recording
from tests.support.commands import CommandRunner
from tests.support.commands import run as run

HOLIDAY = {
    "id": 5,
    "source": None,
    "sourceID": None,
    "name": "First of May",
    "picture_uri": None,
    "start_at": "2026-05-01T00:00:00",
    "end_at": "2026-05-02T00:00:00",
    "created_at": "2026-01-01T10:00:00+01:00",
    "updated_at": "2026-01-01T10:00:00+01:00",
}
SHORT = {name: HOLIDAY[name] for name in ("id", "name")}


def taught(folder: Path, api: str, *exchanges: dict[str, Any]) -> Learned:
    return learn([recording(folder / "session.json", api, *exchanges)])


def records(learned: Learned, api: str, kind: str) -> list[dict[str, Any]]:
    section: list[dict[str, Any]] = learned.document[api][kind]["records"]
    return section


def test_sightings_of_a_record_are_merged(tmp_path: Path) -> None:
    learned = taught(
        tmp_path,
        "xurrent",
        exchange("/v1/holidays/5", dict(sorted(HOLIDAY.items()))),
        exchange("/v1/holidays?fields=id,name", [SHORT], headers=_totals(1), minute=1),
    )
    assert records(learned, "xurrent", "holidays") == [HOLIDAY]
    assert [line for line in learned.unexplained if "body" in line] == []
    assert not any("other values" in note for note in learned.notes)


def _totals(count: int) -> dict[str, str]:
    return {"X-Pagination-Total-Entries": str(count)}


def test_the_newest_of_contradicting_values_is_kept(tmp_path: Path) -> None:
    renamed = HOLIDAY | {"name": "Labour Day"}
    learned = taught(
        tmp_path,
        "xurrent",
        exchange("/v1/holidays/5", dict(sorted(renamed.items())), minute=1),
        exchange("/v1/holidays/5", dict(sorted(HOLIDAY.items()))),
    )
    assert records(learned, "xurrent", "holidays") == [renamed]
    (note,) = [note for note in learned.notes if "other values" in note]
    assert note == (
        "session.json: exchange 1: holidays 5: name: other values than in"
        " session.json: exchange 2; the newer ones are kept"
    )
    assert learned.unexplained == [
        "session.json: exchange 2: GET /v1/holidays/{id}: body.name:"
        ' expected "First of May", got "Labour Day"'
    ]


def test_the_clock_the_zone_and_the_limit_are_those_of_the_answers(tmp_path: Path) -> None:
    learned = taught(
        tmp_path,
        "xurrent",
        exchange("/v1/holidays/5", HOLIDAY, headers={"X-RateLimit-Limit": "7200"}),
        exchange("/v1/holidays/6", {"message": "Not Found"}, status=404, minute=30),
    )
    assert learned.document["now"] == "2026-03-02T09:30:00+00:00"
    assert learned.document["frozen"] is True
    assert learned.document["xurrent"]["time_zone"] == "Europe/Paris"
    assert learned.document["xurrent"]["rate_limit"] == 7200
    assert "time_zone: Europe/Paris is one of" in "\n".join(learned.notes)
    assert "a-secret-token" not in dataset_text(learned.document)


def test_a_session_without_credentials_is_one_that_needs_none(tmp_path: Path) -> None:
    body = dict(sorted(HOLIDAY.items()))
    learned = taught(tmp_path, "xurrent", exchange("/v1/holidays/5", body, token=None))
    assert learned.auth == "off"
    assert learned.unexplained == []
    assert any("--auth off" in note for note in learned.notes)


def test_writes_are_explained_by_what_is_there(tmp_path: Path) -> None:
    body = dict(sorted(HOLIDAY.items()))
    changed = body | {"name": "Labour Day"}
    learned = taught(
        tmp_path,
        "xurrent",
        exchange("/v1/holidays", body, method="POST", status=201),
        exchange("/v1/holidays/5", changed, method="PATCH", minute=1),
        exchange("/v1/holidays/5", changed, minute=2),
        exchange("/v1/calendars/7/holidays/5", "", method="POST", status=201, minute=3),
    )
    assert records(learned, "xurrent", "holidays")[0]["name"] == "Labour Day"
    first, last = learned.unexplained
    assert first.startswith("session.json: exchange 1: POST /v1/holidays: a write is not replayed")
    assert last.startswith("session.json: exchange 4: POST /v1/calendars/{id}/holidays/")
    assert not any("other values" in note for note in learned.notes)


SLOT = {
    "id": 9,
    "begin_at": "2026-03-03T10:00:00.000Z",
    "end_at": "2026-03-03T10:15:00.000Z",
    "scale_team": None,
    "user": "invisible",
}
INTRA = {"X-Page": "1", "X-Per-Page": "30", "X-Total": "1", "X-Application-Id": "41"}


def test_what_a_path_says_belongs_to_the_records(tmp_path: Path) -> None:
    headers = INTRA | {"X-Application-Name": "Tracker", "X-Application-Roles": "None"}
    learned = taught(
        tmp_path, "intra42", exchange("/v2/users/norminet/slots", [SLOT], headers=headers)
    )
    assert learned.unexplained == []
    (slot,) = records(learned, "intra42", "slots")
    (user,) = records(learned, "intra42", "users")
    assert (user["login"], slot["user_id"]) == ("norminet", user["id"])
    (application,) = learned.document["intra42"]["credentials"]["applications"]
    assert (application["id"], application["name"]) == (41, "Tracker")
    assert any("norminet: no answer shows its id" in note for note in learned.notes)


def test_no_text_of_a_recording_breaks_a_line(tmp_path: Path) -> None:
    target = "/v2/users/a%0Ab%1B/slots"
    learned = taught(tmp_path, "intra42", exchange(target, [SLOT], headers=INTRA))
    lines = [*learned.notes, *learned.unexplained]
    assert any("users a?b?: no answer shows its id" in line for line in lines)
    assert all(line.isprintable() for line in lines)


def test_a_slot_that_hides_its_user_gets_one(tmp_path: Path) -> None:
    booked = SLOT | {"id": 10}
    learned = taught(
        tmp_path, "intra42", exchange("/v2/slots", [booked, SLOT], headers=INTRA | {"X-Total": "2"})
    )
    assert [slot["user_id"] for slot in records(learned, "intra42", "slots")] == [1, 1]
    assert any("slots: user_id: no answer shows it for 2" in note for note in learned.notes)


def test_urls_of_the_service_are_those_of_the_fake(tmp_path: Path) -> None:
    summary = {"id": 3, "login": "norminet", "url": f"{SERVICE}/v2/users/norminet"}
    learned = taught(
        tmp_path,
        "intra42",
        exchange("/v2/slots", [SLOT | {"user": summary}], headers=INTRA),
    )
    assert records(learned, "intra42", "users")[0]["login"] == "norminet"
    # The token of this recording sees users; the dataset's has no role.
    (line,) = learned.unexplained
    assert 'got "invisible"' in line


@pytest.mark.parametrize(
    "value", [[], {}, True, None, -1, 10**30, "x", "\ud800", 1.5, float("nan")]
)
@pytest.mark.parametrize("name", sorted(HOLIDAY))
def test_hostile_values_are_left_out(name: str, value: Any, tmp_path: Path) -> None:
    """Whatever a member holds, a valid dataset results, and the answer is listed if it differs."""
    good = HOLIDAY | {"id": 6, "name": "Second of May"}
    learned = taught(
        tmp_path,
        "xurrent",
        exchange("/v1/holidays/5", HOLIDAY | {name: value}),
        exchange("/v1/holidays/6", dict(sorted(good.items()))),
    )
    assert good in records(learned, "xurrent", "holidays")
    assert all(line.startswith("session.json: exchange 1: ") for line in learned.unexplained)
    assert all("\n" not in line for line in [*learned.notes, *learned.unexplained])


@pytest.mark.parametrize(
    "body",
    ["", "nonsense", "[" * 100_000, "[1, null, [], {}]", '{"id": {}}', "\x00", '{"id": 7}'],
)
def test_hostile_bodies_are_listed(body: str, tmp_path: Path) -> None:
    learned = taught(tmp_path, "xurrent", exchange("/v1/holidays/5", body))
    assert len(learned.unexplained) == 1
    assert "holidays" not in learned.document["xurrent"]


def test_a_record_that_is_shown_in_part_and_cannot_be_invented_is_left_out(tmp_path: Path) -> None:
    location = {"id": 1, "begin_at": "2026-03-02T08:00:00.000Z", "user": {"id": 3, "login": "nor"}}
    learned = taught(tmp_path, "intra42", exchange("/v2/locations", [location], headers=INTRA))
    assert any("intra42.locations: left out" in note for note in learned.notes)
    assert len(learned.unexplained) == 1


def test_a_record_with_an_end_before_its_begin_is_left_out(tmp_path: Path) -> None:
    broken = HOLIDAY | {"end_at": HOLIDAY["start_at"]}
    learned = taught(tmp_path, "xurrent", exchange("/v1/holidays/5", broken))
    assert any("is not after start_at" in note for note in learned.notes)
    assert len(learned.unexplained) == 1


@pytest.mark.parametrize("text", ["", "{", '{"log": 1}', '{"understudy_recording": 2}', "\x00"])
def test_a_file_that_is_no_recording_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    file = tmp_path / "session.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        learn([file], ["xurrent"])
    assert "session.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_recording_of_another_service_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no exchange is of xurrent"):
        learn(
            [recording(tmp_path / "session.json", "intra42", exchange("/v2/slots", []))],
            ["xurrent"],
        )


def test_a_har_file_is_learned(tmp_path: Path) -> None:
    url = "https://api.4me.com/v1/holidays/5"
    entry = {
        "startedDateTime": "2026-03-02T09:00:00Z",
        "request": {
            "method": "GET",
            "url": url,
            "headers": [{"name": "Authorization", "value": "Bearer a-secret-token"}],
        },
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"text": json.dumps(dict(sorted(HOLIDAY.items())))},
        },
    }
    file = tmp_path / "session.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}), encoding="utf-8")
    learned = learn([file])
    assert list(learned.document)[-1] == "xurrent"
    assert (learned.exchanges, learned.unexplained) == (1, [])


@pytest.mark.slow
def test_the_command_says_by_its_status_whether_all_is_explained(
    run: CommandRunner, tmp_path: Path
) -> None:
    body = dict(sorted(HOLIDAY.items()))
    whole = recording(tmp_path / "whole.json", "xurrent", exchange("/v1/holidays/5", body))
    part = recording(tmp_path / "part.json", "xurrent", exchange("/v1/nonsense", {}, status=200))
    output = tmp_path / "my.yaml"
    done = run("learn", str(whole), "-o", str(output))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == f"{output}: explains 1 of 1 exchanges"
    assert run("datasets", str(output)).returncode == 0
    done = run("learn", str(whole), str(part), "-o", str(output))
    assert done.returncode == 1
    line, *_ = done.stdout.splitlines()
    assert line == "part.json: exchange 1: GET /v1/nonsense: no operation of xurrent"
    done = run("learn", str(tmp_path / "absent.har"), "-o", str(output))
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    done = run("learn", str(whole), "-o", str(tmp_path / "absent" / "my.yaml"))
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
