"""Budget, pace, credentials and redirects."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from fake_server.errors import VerificationError
from fake_server.verify.layers.drift import read_recording
from fake_server.verify.outcome_errors import NotShownError
from fake_server.verify.report.report_files import as_json, as_junit, writer_of
from fake_server.verify.run.run_report import Report, status_of
from fake_server.verify.server.credential_mask import CredentialMask
from fake_server.verify.server.http_control import create_world
from fake_server.verify.server.http_transport import HttpTransport
from fake_server.verify.server.pace import Budget, Pace, retry_after
from fake_server.verify.server.raw_messages import ApiRequest
from tests.verify.conftest import RunSuite, verdicts
from tests.verify.faulty import PATH, TOKEN, Lab


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's
        """Log nothing."""


@pytest.fixture
def serve() -> Iterator[object]:
    """Serve a WSGI application over HTTP: `serve(app)` returns its URL."""
    stops = []

    def start(app: object) -> str:
        server = make_server("127.0.0.1", 0, app, handler_class=Quiet)  # type: ignore[call-overload]  # any WSGI app
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        stops.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in stops:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_budget_cuts_off(run: RunSuite) -> None:
    server = Lab()
    report = run(server, max_requests=3)
    assert len(server.asked) == 3
    missing = report.behaviours[0].missing
    assert missing is not None
    assert (missing.why, missing.text) == ("budget", "more than the 3 requests allowed")
    assert status_of([report]) == 0


def test_pace_spaces_requests_and_pauses() -> None:
    slept: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(2, clock=lambda: now[0], sleep=sleep)
    for _ in range(3):
        pace.wait()
    assert slept == [0.5, 0.5]
    pace.pause(7)
    pace.wait()
    assert slept[-1] == 7


def test_retry_after_is_waited_out(run: RunSuite, monkeypatch: pytest.MonkeyPatch) -> None:
    paused: list[float] = []
    monkeypatch.setattr(Pace, "pause", lambda self, seconds: paused.append(seconds))
    assert set(verdicts(run(Lab("slow-down"), rate=0)).values()) == {"held"}
    assert paused == [7.0]


def test_retry_after_is_read() -> None:
    assert retry_after("30") == 30
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("soon") is None
    assert retry_after(None) is None


def test_a_budget_of_none_is_endless() -> None:
    budget = Budget(None)
    for _ in range(1000):
        budget.take()
    assert not budget.spent
    with pytest.raises(NotShownError):
        Budget(0).take()


@pytest.mark.parametrize("fault", ["echo", "ascending", None])
def test_no_credential_is_ever_written(run: RunSuite, fault: str | None, tmp_path: Path) -> None:
    tests = f"""
        from fake_server.verify import behaviour, expect

        @behaviour("fabmanager.order")
        def test_order(fabmanager):
            token = fabmanager.credential("token")
            answer = fabmanager.get("{PATH}?token=" + token, headers={{"X-Other": token}})
            expect("the credentials " + token, "none " + token, answer.text)

        @behaviour("fabmanager.total")
        @behaviour("fabmanager.total", live=True)
        def test_total(fabmanager):
            assert fabmanager.credential("token") == "another"
    """
    report = run(Lab(fault), tests=tests)
    assert verdicts(report) == {"fabmanager.order": "broken", "fabmanager.total": "broken"}
    html = writer_of(tmp_path / "report.html")([report])
    for text in (as_json([report]), as_junit([report]), html, repr(report)):
        assert TOKEN not in text
        assert "$TOKEN" in text


def test_secrets_are_found_in_every_form() -> None:
    mask = CredentialMask({"token": "s3cr&t/x"})
    for form in ("s3cr&t/x", "s3cr%26t%2Fx", "czNjciZ0L3g="):
        assert form not in mask.hide(f"before {form} after")
    assert mask.hide("Secrets {x}") == "Secrets {x}"


def test_curl_can_be_pasted_but_tells_nothing() -> None:
    mask = CredentialMask({"token": TOKEN})
    request = ApiRequest(
        "POST", "/a?b[c]=d", (("Authorization", f"Token {TOKEN}"),), b'{"a": "$b"}'
    )
    assert request.curl("http://h", mask) == (
        'curl -i -g --path-as-is -X POST -H "Authorization: Token $TOKEN"'
        """ --data-binary '{"a": "$b"}' 'http://h/a?b[c]=d'"""
    )


@pytest.mark.parametrize("url", ["https://[::1", "https://[::g]", "https://x:99999", "ftp://x"])
def test_a_malformed_url_is_refused(url: str) -> None:
    for ask in (HttpTransport, create_world):
        with pytest.raises(VerificationError, match="expected a URL such as"):
            ask(url)


def test_plain_http_is_for_loopback_alone() -> None:
    with pytest.raises(VerificationError, match="in the clear"):
        HttpTransport("http://example.org")
    HttpTransport("http://example.org", insecure=True)
    HttpTransport("http://[::1]:8042")
    with pytest.raises(VerificationError, match="expected a URL"):
        HttpTransport("ftp://example.org")
    with pytest.raises(VerificationError, match="holds credentials"):
        HttpTransport("https://user:secret@example.org")


def test_the_same_suite_over_http(run: RunSuite, serve: object) -> None:
    report = run(transport=HttpTransport(serve(Lab())))  # type: ignore[operator]  # a fixture's function
    assert set(verdicts(report).values()) == {"held"}


def test_targets_are_sent_byte_for_byte() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        on_answer: list[bytes] = []

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                on_answer.append(connection.recv(4096))
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        transport = HttpTransport(f"http://127.0.0.1:{listener.getsockname()[1]}")
        transport.send(ApiRequest("GET", "//open_api//v1/a/?b[]=1&b[]=%5B&c=x+y&d=%ff"))
        thread.join()
    lines = on_answer[0].decode().split("\r\n")
    assert lines[0] == "GET //open_api//v1/a/?b[]=1&b[]=%5B&c=x+y&d=%ff HTTP/1.1"
    assert not any(line.lower().startswith(("accept:", "cookie:")) for line in lines)


def failed(report: Report) -> str:
    assert status_of([report]) == 2
    assert report.behaviours == []
    assert report.failed is not None
    return report.failed


def test_what_keeps_it_from_running_is_one_line(run: RunSuite, serve: object) -> None:
    assert "cannot be reached" in failed(run(transport=HttpTransport("http://127.0.0.1:1")))
    wrong = {"token": "another-canary"}
    answer = failed(run(Lab(), credentials=wrong))
    assert answer.endswith("answers 401: check the credentials")
    assert "no server of the Fab-manager Open API is there" in failed(run(Lab("html")))
    assert "give --credential token=" in failed(run(Lab(), credentials={}))


def test_a_server_that_breaks_off_is_given_up(run: RunSuite) -> None:
    assert "cannot be reached" in failed(run(Lab("crash")))


def test_a_recording_is_a_file(tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match="No such file"):
        read_recording(tmp_path / "nothing.json")
