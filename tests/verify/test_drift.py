"""Shapes: what is recorded, and what a comparison of two recordings says."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from werkzeug.datastructures import Headers

from fake_server.cli.verify.command import drift
from fake_server.errors import VerificationError
from fake_server.verify.layers.drift import Accepted, differences, read_accepted, read_recording
from fake_server.verify.layers.shape_layer import ShapeRecorder
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.raw_messages import Answer, ApiRequest

TODAY = date(2026, 11, 21)
CANARY = "canary@example.org"


def record(
    *bodies: Any, path: str = "/open_api/v1/availabilities", **headers: str
) -> dict[str, Any]:
    recorder = ShapeRecorder("fabmanager")
    for body in bodies:
        recorder.on_answer(
            Answer(
                200,
                Headers({"Content-Type": "application/json", **headers}),
                json.dumps(body).encode(),
                ApiRequest("GET", path),
                "http://h",
                CredentialMask(),
            )
        )
    return recorder.recording("http://h")


def availability(**fields: Any) -> dict[str, Any]:
    return {"availabilities": [{"id": 1, "start_at": "2026-01-01", **fields}]}


def rows(left: Any, right: Any, *accepted: Accepted) -> list[tuple[str, str, str]]:
    return [
        (difference.path, difference.left, difference.right)
        for difference in differences(left, right, list(accepted), TODAY)
    ]


def test_no_value_is_recorded() -> None:
    body = availability(end_at=CANARY, slots=[{CANARY: CANARY}], name={CANARY: 1})
    text = json.dumps(record(body, **{"X-Person": CANARY}))
    assert CANARY not in text
    assert "$.availabilities[].slots[].*" in text
    assert "x-person" in text


@pytest.mark.parametrize(
    "path", ["/w/other//open_api/v1/availabilities/", "/open_api/v1/availabilities.json?x=1"]
)
def test_paths_find_their_operation(path: str) -> None:
    assert list(record({}, path=path)["operations"]) == ["GET /open_api/v1/availabilities"]


def test_other_paths_are_not_recorded() -> None:
    assert record({}, path="/open_api/v1/nothing")["operations"] == {}


def test_equal_shapes_with_other_values() -> None:
    assert rows(record(availability()), record(availability(id=2, start_at="x"))) == []


def test_differences_of_every_kind() -> None:
    left = record(availability(end_at=None), **{"X-Old": "1"})
    right = record(availability(id="1", created_at="x", end_at="y"))
    assert rows(left, right) == [
        ("header x-old", "always", "never"),
        ("$.availabilities[].created_at", "never", "string"),
        ("$.availabilities[].end_at", "null", "string"),
        ("$.availabilities[].id", "integer", "string"),
    ]


def test_how_often_a_member_is_there() -> None:
    left = record(availability(end_at="x"))
    right = record(availability(end_at="x"), availability())
    assert rows(left, right) == [("$.availabilities[].end_at", "string", "string, sometimes")]


def test_what_one_side_could_not_show_is_no_difference() -> None:
    assert rows(record(availability()), record({"availabilities": []})) == []


def test_accepted_differences_expire() -> None:
    left, right = record(availability()), record(availability(id="1"))
    path = "$.availabilities[].id"

    def accept(until: date) -> Accepted:
        return Accepted("GET /open_api/*", path, "known", until)

    assert rows(left, right, accept(TODAY)) == []
    expired = differences(left, right, [accept(date(2026, 11, 20))], TODAY)
    assert [entry.note for entry in expired] == ["accepted until 2026-11-20: known"]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("nonsense", "expected a list"),
        ("- {operation: a, path: b, reason: c}", "expected operation, path, reason, expires"),
        ("- {operation: a, path: b, reason: '', expires: 2027-01-01}", "reason: expected a text"),
        ("- {operation: a, path: b, reason: c, expires: soon}", "expires: expected a day"),
        ("- {operation: a, path: b, reason: c, expires: 2027-01-01 10:00:00}", "expected a day"),
        ("- {operation: a, path: b, reason: c, expires: 2027-13-01}", "a day in it does not exist"),
        ("- [", r"accepted.yaml:\d: not YAML"),
    ],
)
def test_mistakes_in_what_is_accepted(tmp_path: Path, text: str, mistake: str) -> None:
    path = tmp_path / "accepted.yaml"
    path.write_text(text)
    with pytest.raises(VerificationError, match=mistake):
        read_accepted(path)


def test_what_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "left.json"
    for text in ("{}", "[]", "nonsense", '{"version": 99}'):
        path.write_text(text)
        with pytest.raises(VerificationError):
            read_recording(path)


def test_the_command(tmp_path: Path) -> None:
    left, right = tmp_path / "left.json", tmp_path / "right.json"
    left.write_text(json.dumps(record(availability())))
    right.write_text(json.dumps(record(availability(id="1"))))
    runner = CliRunner()
    for arguments, status, said in (
        ([left, left], 0, "no differences"),
        ([left, right], 1, "integer"),
        ([left, tmp_path / "nothing.json"], 2, ""),
    ):
        ran = runner.invoke(drift, [str(word) for word in arguments], standalone_mode=False)
        code = 2 if ran.exception else ran.return_value
        assert (code, said in ran.output) == (status, True)
