"""Servers of other APIs: each gets one line, and nobody waits for ever."""

from collections.abc import Callable

import pytest

from fake_server.verify.run.run_report import Report, status_of
from fake_server.verify.server import http_transport
from fake_server.verify.server.http_transport import HttpTransport
from tests.verify.conftest import RunSuite
from tests.verify.odd_answers import (
    HEAD,
    Answer,
    bytes_of,
    hangs,
    never_ends,
    trickles,
    trickles_its_headers,
    whole,
)

HTML = b"<html><h1>It works!</h1></html>"

NONE_OF_IT = "no server of the Fab-manager Open API is there"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (whole("200 OK", "text/html", HTML), f"answers 200, text/html: {NONE_OF_IT}"),
        (
            whole("404 Not Found", "application/json", b"{}"),
            f"answers 404, application/json: {NONE_OF_IT}",
        ),
        (whole("500 Oops", "text/plain", b"oops"), "answers 500, text/plain"),
        (whole("200 OK", "application/json", b'{"a":'), "not JSON"),
        (
            whole("200 OK", "application/json", b'{"status": "ok"}'),
            "not a list under 'status'",
        ),
        (whole("200 OK", "application/json", b"[]"), "not a list under a member"),
        (
            whole("302 Found", "text/html", b"", "Location: https://login.example.org/?a=1"),
            "redirects to https://login.example.org/?a=1: give that server",
        ),
        (whole("401 Unauthorized", "application/json", b"{}"), "check the credentials"),
        (bytes_of(b""), "without response"),
        (bytes_of(b"\x00\x01SSH-2.0-OpenSSH\r\n\r\n"), "no HTTP: SSH-2.0-OpenSSH"),
        (bytes_of(HEAD + b"Content-Length: 9\r\n\r\n{"), "ends 8 bytes early"),
        (bytes_of(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"), "cannot be reached"),
        (hangs, "cannot be reached: nothing within 0.3 s"),
        (trickles, "cannot be reached: not complete within 1 s"),
        (trickles_its_headers, "cannot be reached: not complete within 1 s"),
        (never_ends, "a body of more than 1000000 bytes"),
    ],
)
def test_it_is_told_in_one_line(
    run: RunSuite,
    listen: Callable[[Answer], str],
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    said: str,
) -> None:
    monkeypatch.setattr(http_transport, "LARGEST_BODY", 1_000_000)
    report: Report = run(transport=HttpTransport(listen(answer), timeout=0.3, longest=1))
    assert status_of([report]) == 2
    assert report.failed is not None
    assert said in report.failed
    assert "\n" not in report.failed
    assert report.seconds < 10


def test_one_that_holds_nothing_shows_nothing(
    run: RunSuite, listen: Callable[[Answer], str]
) -> None:
    answer = whole("200 OK", "application/json", b'{"availabilities": []}', "Total: 0")
    report = run(transport=HttpTransport(listen(answer), timeout=5))
    assert status_of([report]) == 0
    assert {behaviour.verdict.value for behaviour in report.behaviours} == {"not shown"}
