"""Whatever a server answers is data: each form of the report says it."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from fake_server.cli.verify import command
from fake_server.cli.verify.command import verify
from fake_server.server_urls import is_loopback_host
from fake_server.verify.report.page import as_html
from fake_server.verify.report.report_files import as_json, as_junit
from fake_server.verify.run.run_options import Run, RunOptions
from fake_server.verify.run.run_report import status_of
from fake_server.verify.run.suite import verify as run_suite
from fake_server.verify.server.client import Rules
from fake_server.verify.server.http_control import create_world
from fake_server.verify.server.http_transport import HttpTransport
from fake_server.verify.server.pace import retry_after
from fake_server.verify.texts import http_date, read_json, visible
from tests.verify.conftest import RunSuite
from tests.verify.faulty import Lab
from tests.verify.odd_answers import HEAD, Answer, bytes_of, trickles, trickles_its_headers, whole
from tests.verify.tables import table_of

Listen = Callable[[Answer], str]
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


def availability(start_at: str) -> Answer:
    """Answer with one availability."""
    body = f'{{"availabilities": [{{"id": 1, "start_at": {start_at}}}]}}'.encode()
    return whole("200 OK", "application/json", body, "Total: 1")


ANSWERS = {
    "half an emoji": availability(r'"\ud83d"'),
    "control characters": availability(r'"\u0000\u001b[31m\u202e\u009b"'),
    "100,000 brackets": availability("[" * 100_000 + "]" * 100_000),
    "900 brackets": availability("[" * 900 + "]" * 900),
    "a huge number": availability("9" * 5000),
    "not a number": availability("NaN"),
    "a long first line": bytes_of(b"garbage " * 7500 + b"\r\n\r\n"),
    "a longer first line": bytes_of(b"X" * 70_000 + b"\r\n\r\n"),
    "bytes in headers": bytes_of(
        HEAD + b"X-\xff\x00: \xff\xfe\x00\r\n folded\r\nContent-Length: 2\r\n\r\n{}"
    ),
    "bytes in a redirect": bytes_of(
        b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe[\r\nContent-Length: 0\r\n\r\n"
    ),
    "no gzip": bytes_of(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
    "another digit": whole("429 Slow Down", "application/json", b"{}", "Retry-After: \u00b2"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_each_answer_is_in_all_forms_of_the_report(
    run: RunSuite, listen: Listen, name: str
) -> None:
    report = run(transport=HttpTransport(listen(ANSWERS[name]), timeout=5), rate=0)
    assert status_of([report]) in {0, 1, 2}
    texts = [as_json([report]), as_junit([report]), as_html([report]), table_of(report)]
    texts += [json.dumps(report.shapes), report.failed or ""]
    for text in texts:
        text.encode()
        assert not set(text) & set("\x00\x1b\x9b\u202e")
    json.loads(texts[0])
    ElementTree.fromstring(texts[1])
    assert report.failed is None or len(report.failed) < 700


@pytest.mark.parametrize("name", ["half an emoji", "control characters", "900 brackets"])
def test_the_command_writes_every_report_of_it(listen: Listen, name: str, tmp_path: Path) -> None:
    files = [tmp_path / f"report.{end}" for end in ("json", "xml", "html")]
    options = [text for file in files for text in ("--report", str(file))]
    options += ["--target", listen(ANSWERS[name]), "--rate", "0", "--max-requests", "30"]
    done = CliRunner().invoke(verify, ["fabmanager", *options], standalone_mode=False)
    assert done.exception is None
    assert all(file.stat().st_size for file in files)


def test_reports_are_written_whatever_happens_to_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        width = 80

        def print(self, *arguments: object, **options: object) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(command, "report_console", Broken)
    file = tmp_path / "report.json"
    arguments = ["fabmanager", "--only", "fabmanager.pages.*", "--report", str(file)]
    done = CliRunner().invoke(verify, arguments, standalone_mode=False)
    assert isinstance(done.exception, BrokenPipeError)
    assert json.loads(file.read_bytes())["apis"]["fabmanager"]["target"] == "in this process"


def test_a_run_in_process_names_no_address(run: RunSuite) -> None:
    report = run(Lab())
    assert report.target == report.shapes["target"] == "in this process"
    assert "127.0.0.1" not in (run(Lab("html")).failed or "127.0.0.1")


@pytest.mark.parametrize(
    "text", ["\u00b2", "\u0663", "", "-1", "1.5", "NaN", "Wed, 99 Foo", "\x00"]
)
def test_no_other_digit_is_a_time(text: str) -> None:
    assert retry_after(text) is None
    assert http_date(text) is None


@pytest.mark.parametrize("text", ["NaN", "Infinity", "[" * 100_000, "{", ""])
def test_what_is_not_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|deeply|Expecting"):
        read_json(text)


def test_texts_are_made_visible() -> None:
    assert visible("a\ud83d\x00\x1b\n\tä\U0001f600") == "a\\ud83d\\u0000\\u001b\n\tä\U0001f600"


@pytest.mark.parametrize("answer", [trickles, trickles_its_headers])
def test_a_server_that_trickles_costs_what_is_promised(
    listen: Listen, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    monkeypatch.setattr("fake_server.verify.server.http_control._HEALTH_TIMEOUT", 0.3)
    started = time.monotonic()
    assert create_world(listen(answer)) is None
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]
)
def test_hosts_of_loopback(host: str) -> None:
    assert is_loopback_host(host)


@pytest.mark.parametrize("host", [None, "", "localhost.org", "128.0.0.1", "127.0.0.1.org", "::2"])
def test_hosts_elsewhere(host: str | None) -> None:
    assert not is_loopback_host(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback_is_not_asked_through_a_proxy(
    run: RunSuite, listen: Listen, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    for name in PROXIES:
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    answer = whole("200 OK", "application/json", b'{"availabilities": []}', "Total: 0")
    url = listen(answer).replace("127.0.0.1", host)
    report = run(transport=HttpTransport(url, timeout=5))
    assert (status_of([report]), report.failed) == (0, None)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            whole("302 Found", "text/html", b"", "Location: https://sso.example.org/"),
            "redirects to https://sso.example.org/: give that server as the target",
        ),
        (whole("503 Oops", "text/html", b"<h1>"), "answers 503, text/html: try again later"),
        (whole("429 Slow", "application/json", b"{}"), "answers 429, application/json: try again"),
        (
            whole("200 OK", "text/html", b"<h1>Welcome"),
            "answers 200, text/html <h1>Welcome: no server of the 42",
        ),
        (
            whole("403 Forbidden", "text/html; charset=utf-8", b"<h1>Blocked"),
            "answers 403, text/html; charset=utf-8 <h1>Blocked: no server of the 42",
        ),
        (
            whole("401 Unauthorized", "application/json", b'{"error": "invalid_client"}'),
            "gives no token (401): check client_id and client_secret",
        ),
        (
            whole("200 OK", "application/json", rb'{"access_token": "a\r\nX: b"}'),
            "gives a token that no header can carry",
        ),
        (whole("200 OK", "application/json", b"[" * 100_000), "no server of the 42"),
    ],
)
def test_what_came_instead_of_a_token_is_said(listen: Listen, answer: Answer, said: str) -> None:
    credentials = {"client_id": "an-application", "client_secret": "canary-secret"}
    transport = HttpTransport(listen(answer), timeout=5)
    report = run_suite(Run("intra42", transport, credentials, Rules()), RunOptions())
    assert report.failed is not None
    assert said in report.failed
