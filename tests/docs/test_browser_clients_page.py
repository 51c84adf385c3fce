"""docs/browser-clients.md: a page of another origin in a real browser, and what the page says."""

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fake_server import FakeServer, apis
from fake_server.world.profile import all_quirks, live_quirks
from tests.support.browser import page_of
from tests.support.commands import ROOT
from tests.support.pages import samples

PAGE = (ROOT / "docs" / "browser-clients.md").read_text(encoding="utf-8")
(SAMPLE,) = samples(PAGE, "html")
QUIRKS = re.findall(r"--quirk (\S+)", PAGE.partition("```sh\n")[2].partition("```")[0])
CAMPUS = "campus: "
REFUSED = "error: Failed to fetch"

Show = Callable[..., str]


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    """Show a page of an origin of its own in headless Chromium; return what it shows."""
    pages: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(pages[-1])))
            self.end_headers()
            self.wfile.write(pages[-1])

        def log_message(self, *_: object) -> None:
            """Keep the output of the tests clean."""

    def shown(page: str, *options: str) -> str:
        pages.append(f"<!doctype html>\n{page}".encode())
        document = page_of(f"http://127.0.0.1:{site.server_address[1]}/", tmp_path, *options)
        (text,) = re.findall(r'<pre id="shown">(.*?)</pre>', document, re.DOTALL)
        return str(text)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield shown
        site.shutdown()


def test_a_page_of_another_origin_reads_answers_by_the_quirk_alone(show: Show) -> None:
    with FakeServer(dataset="documented", auth="any", quirks=QUIRKS) as server:
        page = SAMPLE.replace("http://127.0.0.1:8042", server.url)
        assert page != SAMPLE
        assert show(page).startswith(CAMPUS)
        calendars = page.replace("/v2/campus", "/v1/calendars")
        assert show(calendars) == f"{CAMPUS}24x5 (Monday through Friday)"
    with FakeServer(dataset="documented", auth="any") as server:
        assert show(SAMPLE.replace("http://127.0.0.1:8042", server.url)) == REFUSED


def test_a_page_with_a_real_host_reads_answers_by_the_proxy(show: Show) -> None:
    with FakeServer(dataset="documented", auth="any", quirks=QUIRKS, proxy=True) as server:
        page = SAMPLE.replace("http://127.0.0.1:8042", "https://api.intra.42.fr")
        options = (f"--proxy-server={server.proxy_url}", "--ignore-certificate-errors")
        assert show(page, *options).startswith(CAMPUS)
        elsewhere = SAMPLE.replace("http://127.0.0.1:8042", "https://example.org")
        assert show(elsewhere, *options) == REFUSED


def test_the_quirks_are_those_that_there_are() -> None:
    names = [name for name in apis.load() if "cors-any-origin" in all_quirks(name)]
    assert sorted(f"{name}.cors-any-origin" for name in names) == sorted(QUIRKS)
    live = [name for name in names if "cors-any-origin" in live_quirks(name)]
    assert live == ["intra42"]
    assert re.findall(r"^\| (.*?) \|.*`live`", PAGE, re.MULTILINE) == ["42 intra"]


@pytest.mark.parametrize(
    ("path", "status"), [("/v2/campus", 200), ("/v1/calendars", 204), ("/open_api/v1/x", 404)]
)
def test_a_preflight_is_answered_as_the_page_says(path: str, status: int) -> None:
    with FakeServer(dataset="documented", quirks=QUIRKS) as server:
        client = server.app.test_client()
        headers = {
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization",
        }
        answer = client.options(path, headers=headers)
        assert answer.status_code == status
        sent = {name: value for name, value in answer.headers if name.startswith("Access-Control-")}
        if status == 404:
            assert sent == {}
            return
        assert sent == {
            "Access-Control-Allow-Origin": "http://localhost:3000",
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
            "Access-Control-Allow-Headers": "authorization",
        }
        assert "Origin" in answer.headers["Vary"]
