"""What the tests of the harness share."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from fake_server.verify.api_files import ledger
from fake_server.verify.run.run_options import Run, RunOptions
from fake_server.verify.run.run_report import Report
from fake_server.verify.run.suite import verify
from fake_server.verify.server.client import Rules
from fake_server.verify.server.transport import Transport
from fake_server.verify.server.wsgi_transport import WsgiTransport
from tests.verify.faulty import TOKEN, Lab
from tests.verify.odd_answers import Answer

LEDGER = {
    "fabmanager.order": {"says": "Newest first.", "evidence": "documented"},
    "fabmanager.total": {
        "says": "Total counts all pages.",
        "evidence": "documented",
        "live": {
            "says": "Total counts the page.",
            "evidence": "observed",
            "quirk": "total-of-page",
        },
    },
}
TESTS = """
    from fake_server.verify import Target, behaviour, expect, expect_ordered, need

    LIST = "/open_api/v1/availabilities"

    @behaviour("fabmanager.order")
    def test_order(fabmanager):
        paged_list = fabmanager.read_pages(LIST)
        need(len(paged_list) > 1, "two availabilities")
        expect_ordered("the list", paged_list.records, lambda one: one["start_at"], descending=True)

    @behaviour("fabmanager.total")
    def test_total(fabmanager):
        paged_list = fabmanager.read_pages(LIST)
        need(len(paged_list.pages) > 1, "two pages")
        expect("the total", len(paged_list), paged_list.total)

    @behaviour("fabmanager.total", live=True)
    def test_total_of_page(fabmanager):
        paged_list = fabmanager.read_pages(LIST)
        need(len(paged_list.pages) > 1, "two pages")
        expect("the total", len(paged_list.pages[0].json["availabilities"]), paged_list.total)
"""

RunSuite = Callable[..., Report]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunSuite:
    """Run a small suite against a faulty server: `run(Lab("empty"), documented=False)`."""

    def go(
        app: Lab | None = None,
        *,
        tests: str = TESTS,
        entries: Mapping[str, Any] = LEDGER,
        transport: Transport | None = None,
        max_requests: int | None = None,
        rate: float | None = None,
        credentials: Mapping[str, str] | None = None,
        only: tuple[str, ...] = (),
        stop_at_failure: bool = False,
        suite: str = "suite",
        **rules: bool,
    ) -> Report:
        folder = tmp_path / "suite" / "fabmanager"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "test_small.py").write_text(dedent(tests), encoding="utf-8")
        read = {id_: ledger.entry({"id": id_, **raw}) for id_, raw in entries.items()}
        monkeypatch.setattr("fake_server.verify.run.suite.entries", lambda api: read)
        suite_run = Run(
            "fabmanager",
            transport or WsgiTransport(app or Lab()),
            {"token": TOKEN} if credentials is None else credentials,
            Rules(**rules),
            max_requests=max_requests,
            rate=rate,
        )
        return verify(suite_run, RunOptions(only, stop_at_failure, tmp_path / suite))

    return go


def verdicts(report: Report) -> dict[str, str]:
    """Return the verdict on each behaviour."""
    return {behaviour.id: behaviour.verdict.value for behaviour in report.behaviours}


@pytest.fixture
def listen() -> Iterator[Callable[[Answer], str]]:
    """Serve one way to answer: `listen(hangs)` returns the server's URL."""
    listeners = []

    def start(answer: Answer) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=respond, args=(connection,), daemon=True).start()

        def respond(connection: socket.socket) -> None:
            with suppress(OSError), connection:
                connection.recv(65536)
                answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        listener.close()
