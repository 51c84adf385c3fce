"""The forms of recordings: what each says of an exchange, and files of no such form."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from werkzeug.datastructures import Headers

from fake_server.errors import VerificationError
from fake_server.verify.layers.outcomes import Verdict
from fake_server.verify.recording.exchange import Exchange
from fake_server.verify.recording.passive_checks import PassiveChecks
from fake_server.verify.recording.recording_files import read_exchanges, write_exchanges
from fake_server.verify.server.credential_mask import CredentialMask
from tests.verify.recording.sessions import SESSIONS, as_har, write_forms

WriteFile = Callable[[str, Any], Path]


@pytest.fixture
def write(tmp_path: Path) -> WriteFile:
    """Write a file: a text, bytes, or a value as JSON."""

    def to_file(name: str, content: Any) -> Path:
        file = tmp_path / name
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content)
            file.write_text(text, encoding="utf-8")
        return file

    return to_file


def essence(exchange: Exchange) -> tuple[Any, ...]:
    """Return the parts of an exchange that every form keeps."""
    answer = exchange.answer
    headers = {
        name.lower(): value
        for name, value in answer.headers
        if name.lower() not in {"content-encoding", "content-length"}
    }
    sent = sorted((name.lower(), value) for name, value in answer.request.headers)
    request = (answer.request.method, answer.url, sent, answer.request.body)
    return (request, answer.status, headers, answer.body)


@pytest.mark.parametrize("api", SESSIONS)
def test_every_form_says_the_same(api: str, tmp_path: Path) -> None:
    session = SESSIONS[api]()
    own = tmp_path / "own.json"
    write_exchanges(own, session, api)
    for file in [own, *write_forms(tmp_path, session)]:
        exchanges = read_exchanges(file, api)
        assert list(map(essence, exchanges)) == list(map(essence, session)), file.name
        checks = PassiveChecks(api, "documented", CredentialMask())
        findings = [finding for each in exchanges for finding in checks.on_exchange(each)]
        assert [each for each in findings if each.verdict is not Verdict.HELD] == []
        held = {each.behaviour for each in findings}
        assert f"{api}.collections.total" in held


def test_the_own_form_comes_back_as_it_was(tmp_path: Path) -> None:
    session = SESSIONS["xurrent"]()
    file = tmp_path / "session.json"
    write_exchanges(file, session, "xurrent")
    back = read_exchanges(file, "xurrent")
    assert [(each.position, each.at) for each in back] == [
        (each.position, each.at) for each in session
    ]
    document = json.loads(file.read_text(encoding="utf-8"))
    assert (document["understudy_recording"], document["api"]) == (1, "xurrent")
    assert document["exchanges"][0]["request"]["headers"][0][0] == "Authorization"


def test_a_position_names_the_file_and_the_entry(write: WriteFile) -> None:
    session = SESSIONS["xurrent"]()[:2]
    positions = [
        each.position for each in read_exchanges(write("a.har", as_har(session)), "xurrent")
    ]
    assert positions == ["a.har: entry 1", "a.har: entry 2"]


def entry(**response: Any) -> dict[str, Any]:
    """Return an entry of a HAR with an answer."""
    return {
        "startedDateTime": "2026-01-01T00:00:00.000Z",
        "request": {
            "method": "GET",
            "url": "https://api.xurrent.com/v1/calendars",
            "headers": [{"name": ":path", "value": "/"}, {"name": "cookie", "value": "a=b"}],
        },
        "response": {"status": 200, "headers": [], **response},
    }


def har(*entries: Any) -> dict[str, Any]:
    """Return a HAR file."""
    return {"log": {"entries": list(entries)}}


TEXT = b'[{"id":1}]'
DEFLATED = zlib.compress(TEXT)
RAW_DEFLATED = DEFLATED[2:-4]


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("gzip", TEXT),
        ("deflate", DEFLATED),
        ("deflate", RAW_DEFLATED),
        ("br", TEXT),
        ("deflate, gzip", gzip.compress(DEFLATED, mtime=0)),
    ],
)
def test_a_body_is_decoded(encoding: str, content: bytes, write: WriteFile) -> None:
    text = base64.b64encode(content).decode()
    recorded = entry(
        headers=[{"name": "Content-Encoding", "value": encoding}],
        content={"text": text, "encoding": "base64"},
    )
    (exchange,) = read_exchanges(write("a.har", har(recorded)), "xurrent")
    assert exchange.answer.body == TEXT


def test_headers_of_http_2_are_not_kept(write: WriteFile) -> None:
    (exchange,) = read_exchanges(write("a.har", har(entry())), "xurrent")
    assert exchange.answer.request.headers == (("cookie", "a=b"),)
    assert exchange.answer.base_url == "https://api.xurrent.com"


def test_an_entry_without_an_answer_or_its_body_is_left_out(write: WriteFile) -> None:
    aborted, unkept = entry(status=0), entry(content={"size": 7})
    data = entry()
    data["request"]["url"] = "data:text/plain,x"
    exchanges = read_exchanges(write("a.har", har(aborted, unkept, data, entry())), "xurrent")
    assert [each.position for each in exchanges] == ["a.har: entry 4"]


@pytest.mark.parametrize(
    "body",
    [
        {"string": TEXT.decode()},
        {"string": TEXT},
        TEXT.decode(),
        TEXT,
        {"base64_string": base64.b64encode(TEXT).decode()},
        {"string": {"base64_string": base64.b64encode(TEXT).decode()}},
    ],
)
def test_bodies_of_cassettes(body: Any, write: WriteFile) -> None:
    request = {"method": "GET", "uri": "https://api.xurrent.com/v1/calendars", "headers": {}}
    response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": body}
    cassette = {"version": 1, "interactions": [{"request": request, "response": response}]}
    (exchange,) = read_exchanges(write("a.yaml", yaml.dump(cassette)), "xurrent")
    assert exchange.answer.body == TEXT
    assert exchange.at is None


def test_a_cassette_of_httpx(write: WriteFile) -> None:
    request = {"method": "GET", "uri": "https://api.xurrent.com/v1/calendars", "headers": {}}
    response = {"status_code": 200, "headers": {"A": "b"}, "content": TEXT.decode()}
    file = write("a.json", {"interactions": [{"request": request, "response": response}]})
    (exchange,) = read_exchanges(file, "xurrent")
    assert (exchange.answer.status, exchange.answer.body) == (200, TEXT)
    assert exchange.answer.headers == Headers([("A", "b")])


def test_a_cassette_of_python_2(write: WriteFile) -> None:
    text = """
    interactions:
    - request: {method: !!python/unicode GET, uri: !!python/unicode 'https://api.xurrent.com/v1'}
      response:
        status: {code: 200, message: OK}
        headers: {date: [2017-11-22]}
        body: {string: !!python/unicode '{}'}
    """
    (exchange,) = read_exchanges(write("a.yaml", text), "xurrent")
    assert (exchange.answer.body, exchange.answer.headers["date"]) == (b"{}", "2017-11-22")


BOMB = base64.b64encode(gzip.compress(b"\0" * (65 * 2**20), mtime=0)).decode()
DEEP = "[" * 100_000
BROKEN = {
    "empty.har": ("", "no recording"),
    "text.har": ("hello", "no recording"),
    "cut.har": ('{"log": {"entries": [', ":1: not JSON"),
    "deep.json": (DEEP, "nested too deeply"),
    "deep.yaml": ("a: " + DEEP, ""),
    "bytes.har": (b"\xff\xfe\0", "not UTF-8"),
    "tabs.yaml": ("a:\n\t- b", "not YAML"),
    "tag.yaml": ("interactions: !!python/object/apply:os.system [ls]", "not YAML"),
    "date.yaml": ("interactions: [{recorded_at: 2026-99-99}]", "interaction 1: request is missing"),
    "other.json": ({"a": 1}, "no recording"),
    "log.har": ({"log": 3}, "log: expected an object, found a whole number"),
    "entries.har": ({"log": {}}, "entries is missing"),
    "entry.har": (har(None), "entry 1: expected an object with request, found null"),
    "request.har": (har({"request": {}, "response": {}}), "entry 1: url is missing"),
    "status.har": (har(entry(status="200")), "entry 1: status: expected a whole number"),
    "status2.har": (har(entry(status=20_000)), "entry 1: 20000 is no status"),
    "boolean.har": (har(entry(status=True)), "expected a whole number, found true or false"),
    "header.har": (har(entry(headers=[{"name": "a", "value": 1}])), "value: expected a text"),
    "split.har": (har(entry(headers=[{"name": "a", "value": "b\r\nc"}])), "has a line end"),
    "base64.har": (har(entry(content={"text": "é", "encoding": "base64"})), "content: not base64"),
    "time.har": (har({**entry(), "startedDateTime": "today"}), "expected a time, found 'today'"),
    "bomb.har": (
        har(
            entry(
                headers=[{"name": "Content-Encoding", "value": "gzip"}],
                content={"text": BOMB, "encoding": "base64"},
            )
        ),
        "entry 1: the body has more than 64 MiB",
    ),
    "version.json": ({"understudy_recording": 2}, "understudy_recording: expected 1, found 2"),
    "pairs.json": (
        {
            "understudy_recording": 1,
            "exchanges": [
                {
                    "request": {"method": "GET", "target": "/", "headers": ["a"]},
                    "response": {"status": 200},
                }
            ],
        },
        "exchange 1: headers: expected pairs of a name and a value",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_one_line_with_file_and_position(name: str, write: WriteFile) -> None:
    content, expected = BROKEN[name]
    file = write(name, content)
    with pytest.raises(VerificationError) as error:
        read_exchanges(file, "xurrent")
    text = str(error.value)
    assert name in text
    assert expected in text
    assert "\n" not in text
    assert len(text) < 400


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match=r"none\.har: cannot be read: No such file"):
        read_exchanges(tmp_path / "none.har", "xurrent")
