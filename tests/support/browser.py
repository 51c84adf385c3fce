"""A real browser without a window."""

import json
import os
import selectors
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from tests.support.programs import require_program

PATIENCE = 60
"""For how many seconds a test waits for the browser."""


def page_of(url: str, profile: Path, *options: str) -> str:
    """Return the document of a page as headless Chromium has it after its scripts ran.

    `profile` is a folder for the browser's own files. Skips the test where there is no Chromium.
    """
    done = subprocess.run(
        _command(profile, "--dump-dom", "--virtual-time-budget=20000", *options, url),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def _command(profile: Path, *options: str) -> list[str]:
    browser = require_program("chromium", "chromium")
    headless = ("--headless=new", "--no-sandbox", "--disable-gpu")
    return [browser, *headless, f"--user-data-dir={profile}", *options]


class Browser:
    """Headless Chromium with one page, driven by its DevTools protocol over a pipe.

    `profile` is a folder for the browser's own files. Skips the test where there is no Chromium.
    """

    def __init__(self, profile: Path, *options: str) -> None:
        # Chromium reads the protocol from descriptor 3, and writes it to 4.
        to_pipe = 'exec "$@" 3<&0 4>&1 < /dev/null > /dev/null'
        command = _command(profile, "--remote-debugging-pipe", *options)
        self._process = subprocess.Popen(
            ["sh", "-c", to_pipe, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        self._received = b""
        self._number = 0
        self._session: dict[str, str] = {}
        self._loaded: set[str] = set()

    def __enter__(self) -> Self:
        target = self._ask("Target.createTarget", url="about:blank")
        self._session = self._ask(
            "Target.attachToTarget", targetId=target["targetId"], flatten=True
        )
        self._ask("Page.enable")
        self._ask("Page.setLifecycleEventsEnabled", enabled=True)
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def open(self, url: str) -> None:
        """Open a page, and wait until it has loaded."""
        loader = self._ask("Page.navigate", url=url)["loaderId"]
        while loader not in self._loaded:
            self._receive()

    def click(self, selector: str) -> None:
        """Click an element that leads to another page, and wait until that has loaded."""
        loaded = set(self._loaded)
        self._run(f"document.querySelector({json.dumps(selector)}).click()")
        while self._loaded == loaded:
            self._receive()

    def choose(self, selector: str, value: str) -> None:
        """Give a field a value; a list must offer it."""
        field = f"document.querySelector({json.dumps(selector)})"
        assert self._run(f"{field}.value = {json.dumps(value)}; {field}.value") == value

    @property
    def url(self) -> str:
        """The address of the page that is shown."""
        return str(self._run("location.href"))

    @property
    def text(self) -> str:
        """The text that the page shows."""
        return str(self._run("document.body.innerText"))

    def _run(self, script: str) -> Any:
        answer = self._ask(
            "Runtime.evaluate", expression=script, userGesture=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, (script, answer)
        return answer["result"].get("value")

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params, **self._session}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\0")
        answer: dict[str, Any] = {}
        while answer.get("id") != self._number:
            answer = self._receive()
        assert "error" not in answer, (message, answer)
        result: dict[str, Any] = answer["result"]
        return result

    def _receive(self) -> dict[str, Any]:
        """Return the next message, and note which document it says to have loaded."""
        assert self._process.stdout is not None
        end = time.monotonic() + PATIENCE
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\0" not in self._received:
                assert selector.select(end - time.monotonic()), "the browser does not answer"
                part = os.read(self._process.stdout.fileno(), 65536)
                assert part, "the browser has ended"
                self._received += part
        text, _, self._received = self._received.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        params = message.get("params", {})
        if message.get("method") == "Page.lifecycleEvent" and params["name"] == "load":
            self._loaded.add(params["loaderId"])
        return message
