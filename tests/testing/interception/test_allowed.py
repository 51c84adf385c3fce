"""Interception: what goes out, and what does not."""

from typing import Any

import aiohttp
import httpx
import httpx2
import pytest
import requests

from fake_server import FakeServer
from fake_server.errors import UserError
from fake_server.testing import FakeWorld, intercept
from tests.support.senders import (
    SENDERS,
    Get,
    by_aiohttp,
    by_async_httpx,
    by_async_httpx2,
    by_httpx,
    by_httpx2,
    by_requests,
)


def test_nothing_else_goes_out(world: FakeWorld) -> None:
    with pytest.raises(requests.ConnectionError, match="neither intercepted nor allowed"):
        requests.get("https://example.org/")
    with pytest.raises(AssertionError, match="not mocked"):
        httpx.get("https://example.org/")
    with pytest.raises(AssertionError, match="not mocked"):
        by_async_httpx("GET", "https://example.org/")
    for send in (by_httpx2, by_async_httpx2):
        with pytest.raises(httpx2.ConnectError, match="neither intercepted nor allowed"):
            send("GET", "https://example.org/")
    with pytest.raises(aiohttp.ClientConnectionError, match="neither intercepted nor allowed"):
        by_aiohttp("GET", "https://example.org/")


def test_what_is_allowed_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with FakeServer(dataset="empty") as server, intercept(allow=[server.url]):
        for send in SENDERS:
            assert send("GET", f"{server.url}/_fake/health").json()["status"] == "ready"


@pytest.mark.parametrize(
    ("allowed", "url", "let_out"),
    [
        ("https://x.org", "https://x.org/any?thing", True),
        ("https://x.org", "http://x.org/", False),
        ("https://x.org", "https://y.org/", False),
        ("HTTPS://X.org./", "https://x.ORG:443/", True),
        ("https://example.org", "https://example.org.evil.com/", False),
        ("https://example.org", "https://example.org@evil.com/", False),
        ("http://127.0.0.1:1844", "http://127.0.0.1:1844/path", True),
        ("http://127.0.0.1:1844", "http://127.0.0.1:18443/", False),
        ("http://127.0.0.1", "http://127.0.0.1:1844/", False),
        ("http://[::1]:1844", "http://[::1]:1844/", True),
        ("https://x.org/a/b", "https://x.org/a/b", True),
        ("https://x.org/a/b/", "https://x.org/a/b?c", True),
        ("https://x.org/a/b", "https://x.org/a/b/c", True),
        ("https://x.org/a/b", "https://x.org/a/bc", False),
        ("https://x.org/a b", "https://x.org/a%20b/c", True),
        ("https://bücher.example", "https://xn--bcher-kva.example/", True),
        (["https://y.org", "https://x.org"], "https://x.org/", True),
        ([], "https://x.org/", False),
    ],
)
@pytest.mark.parametrize("send", [by_requests, by_httpx])
def test_what_is_allowed_is_a_place_and_all_below_it(
    send: Get, allowed: Any, url: str, let_out: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = []

    def connected(*_: Any, **__: Any) -> None:
        outside.append(url)
        raise OSError("no network here")

    for name in ("urllib3.util.connection.create_connection", "socket.create_connection"):
        monkeypatch.setattr(name, connected)
    with (
        intercept(allow=allowed),
        pytest.raises((requests.ConnectionError, httpx.ConnectError, AssertionError)),
    ):
        send("GET", url)
    assert bool(outside) == let_out


@pytest.mark.parametrize(
    "allowed",
    [
        "",
        "127.0.0.1",
        "localhost:8080",
        "ftp://x.org",
        "https://",
        "https://x y.org",
        "https://x..org",
        "https://x.org:0",
        "https://x.org:99999",
        "https://x.org:port",
        "https://[::1",
        "https://me@x.org",
        "https://x.org/?a=1",
        3,
        None,
        b"https://x.org",
    ],
)
def test_what_is_allowed_is_a_url(allowed: Any) -> None:
    for value in (allowed, ["https://x.org", allowed]):
        with pytest.raises(UserError) as raised:
            intercept(allow=value)
        line = f"allow: expected a URL such as https://example.org, found {allowed!r}"
        assert str(raised.value) == line
