"""Packages for Node log a person in, in a real browser: the apps of examples/42-login-node.

`make tools` installs the packages of tools/npm/package.json in `.npm/`, and runs these tests.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fake_server import FakeServer
from tests.support.browser import Browser
from tests.support.commands import environment
from tests.support.examples import EXAMPLES, example_copy
from tests.support.programs import require_program

SCHOOL = EXAMPLES / "42-login-node" / "school.yaml"
REAL_HOST = "https://api.intra.42.fr"

pytestmark = [pytest.mark.npm, pytest.mark.behaviour("intra42.login.allowed", "intra42.me")]

TO_42 = {
    "passport": ('a[href="/auth/42"]',),
    "auth": ('a[href="/auth/signin"]', 'form[action$="/42-school"] button'),
}
"""What one clicks in each app to come to the page of 42."""

ALLOW = 'form[method="post"]:has(select) button'
DENY = 'form:has([value="delete"]) button'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return example_copy("42-login-node", tmp_path)


@contextmanager
def serving(name: str, folder: Path, *options: str, **more: str) -> Iterator[str]:
    """Run an app of the example; yield its URL."""
    variables = {
        "INTRA42_CLIENT_ID": "an-application",
        "INTRA42_CLIENT_SECRET": "its-secret",
        "PORT": "0",
    }
    node = require_program("node", "nodejs")
    with subprocess.Popen(
        [node, *options, "start.mjs", name],
        cwd=folder,
        env=environment(**variables, **more),
        stdout=subprocess.PIPE,
        text=True,
    ) as app:
        assert app.stdout is not None
        try:
            yield app.stdout.readline().strip()
        finally:
            app.terminate()


def log_in(browser: Browser, app: str, url: str, login: str, service: str) -> None:
    """Go from an app to the page of 42, and allow the app there as a person."""
    browser.open(url)
    for selector in TO_42[app]:
        browser.click(selector)
    assert browser.url.startswith(f"{service}/oauth/authorize?")
    assert "Who am I asks a person of this world" in browser.text
    browser.choose("select", login)
    browser.click(ALLOW)
    assert browser.url == url


@pytest.mark.parametrize("app", TO_42)
def test_a_person_logs_in_and_stays_so(app: str, folder: Path, tmp_path: Path) -> None:
    with (
        FakeServer(dataset=SCHOOL) as server,
        server.create_world() as world,
        serving(app, folder, INTRA42_URL=world.url) as url,
        Browser(tmp_path / "profile") as browser,
    ):
        log_in(browser, app, url, "marvin", world.url)
        assert browser.text == "marvin\n42cursus: level 3.14"
        for count in (1, 2):
            world.clock.advance(hours=2, minutes=1)
            browser.open(url)
            assert "marvin" in browser.text
            world.requests.verify(method="POST", path="/oauth/token", count=1 + count)


@pytest.mark.parametrize("app", TO_42)
def test_a_person_logs_in_at_the_real_host(app: str, folder: Path, tmp_path: Path) -> None:
    with FakeServer(dataset=SCHOOL, tls=True, proxy=True) as server:
        port = server.url.rpartition(":")[2]
        trusting = {
            "HTTPS_PROXY": server.proxy_url,
            "NODE_EXTRA_CA_CERTS": str(server.ca_file),
        }
        options = (
            f"--host-resolver-rules=MAP api.intra.42.fr 127.0.0.1:{port}",
            "--ignore-certificate-errors",
        )
        through_proxy = ("--import", str(EXAMPLES / "proxy-node" / "proxy.mjs"))
        with (
            serving(app, folder, *through_proxy, **trusting) as url,
            Browser(tmp_path / "profile", *options) as browser,
        ):
            log_in(browser, app, url, "norminet", REAL_HOST)
            assert browser.text == "norminet\n42cursus: level 7.42"


@pytest.mark.behaviour("intra42.login.denied")
@pytest.mark.parametrize("app", TO_42)
def test_a_person_denies(app: str, folder: Path, tmp_path: Path) -> None:
    with (
        FakeServer(dataset=SCHOOL) as server,
        serving(app, folder, INTRA42_URL=server.url) as url,
        Browser(tmp_path / "profile") as browser,
    ):
        browser.open(url)
        for selector in TO_42[app]:
            browser.click(selector)
        browser.click(DENY)
        assert browser.url.startswith(url)
        browser.open(url)
        assert browser.text == "Log in with 42"
