import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from fake_server.rest.context import RAW_PATH
from fake_server.rest.urls import PUBLIC_URL, base_url, request_url, url_of, usable_host


def _base(headers: dict[str, str], public: str | None = None, script: str = "") -> str:
    app = Flask("test")
    app.config[PUBLIC_URL] = public
    with app.test_request_context(
        "/v9/things", headers=Headers(headers), environ_overrides={"SCRIPT_NAME": script}
    ):
        return base_url()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "http://localhost"),
        ({"Host": "api.example:8042"}, "http://api.example:8042"),
        ({"Host": "under_score"}, "http://under_score"),
        ({"Host": "[::1]:8042"}, "http://[::1]:8042"),
        ({"X-Forwarded-Host": "front.example"}, "http://front.example"),
        ({"X-Forwarded-Host": "front.example, inner"}, "http://front.example"),
        ({"X-Forwarded-Proto": "https"}, "https://localhost"),
        ({"X-Forwarded-Proto": "HTTPS, http"}, "https://localhost"),
        ({"X-Forwarded-Host": "f", "X-Forwarded-Port": "8443"}, "http://f:8443"),
        ({"X-Forwarded-Host": "f:1", "X-Forwarded-Port": "8443"}, "http://f:1"),
        ({"X-Forwarded-Host": "[::1]", "X-Forwarded-Port": "8443"}, "http://[::1]:8443"),
        ({"X-Forwarded-Host": "f:80"}, "http://f"),
        ({"X-Forwarded-Host": "f:443", "X-Forwarded-Proto": "https"}, "https://f"),
        ({"X-Forwarded-Host": "f:443"}, "http://f:443"),
        ({"X-Forwarded-Host": "[::1]:80"}, "http://[::1]"),
        ({"X-Forwarded-Host": "f", "X-Forwarded-Port": "80"}, "http://f"),
        (
            {"X-Forwarded-Host": "f", "X-Forwarded-Port": "443", "X-Forwarded-Proto": "https"},
            "https://f",
        ),
        (
            {"X-Forwarded-Host": "f", "X-Forwarded-Port": "80", "X-Forwarded-Proto": "https"},
            "https://f:80",
        ),
        ({"X-Forwarded-Prefix": "/fakes/one/"}, "http://localhost/fakes/one"),
        ({"X-Forwarded-Prefix": "/a%20b"}, "http://localhost/a%20b"),
    ],
)
def test_urls_follow_the_host_the_client_used(headers: dict[str, str], expected: str) -> None:
    assert _base(headers) == expected


@pytest.mark.parametrize(
    "hostile",
    [
        'a"b',
        "a>b",
        "a<b",
        "a b",
        "a,b>; rel=x",
        "a\tb",
        "é",
        "a/b",
        "a@b",
        "a..b",
        "",
        "[x]",
        "a:b",
    ],
)
def test_what_cannot_stand_in_a_url_is_passed_over(hostile: str) -> None:
    assert _base({"X-Forwarded-Host": hostile.split(",")[-1], "Host": "real"}) == "http://real"
    assert _base({"X-Forwarded-Proto": hostile, "Host": "real"}) == "http://real"
    assert _base({"X-Forwarded-Host": "f", "X-Forwarded-Port": hostile}) == "http://f"
    assert _base({"X-Forwarded-Prefix": hostile, "Host": "real"}) == "http://real"


def test_a_prefix_is_encoded() -> None:
    assert _base({"X-Forwarded-Prefix": '/a"b> c'}) == "http://localhost/a%22b%3E%20c"


def test_a_host_that_is_none_gives_the_servers_own_name() -> None:
    server = {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8042"}
    for host in ("a b", "a..b", "x" * 300, "x" * 64 + ".example", ":80", "a:123456", "a\r\nb: c"):
        assert usable_host({**server, "HTTP_HOST": host}) == "127.0.0.1:8042"
    assert usable_host(server) == "127.0.0.1:8042"
    assert usable_host({"SERVER_NAME": "::1", "SERVER_PORT": "8042"}) == "[::1]:8042"
    assert usable_host({**server, "HTTP_HOST": "a-b.example.:80"}) == "a-b.example.:80"


def test_the_public_url_rules_and_keeps_the_world_prefix() -> None:
    headers = {"X-Forwarded-Host": "front.example"}
    assert _base(headers, "https://public.example/", "/w/mine") == "https://public.example/w/mine"
    assert _base(headers, script="/w/mine") == "http://front.example/w/mine"


def test_the_requests_own_url_is_as_the_client_asked_it() -> None:
    app = Flask("test")
    app.config[PUBLIC_URL] = None
    with app.test_request_context(
        "/v9/things?a=1", environ_overrides={RAW_PATH: "//v9/thing s/é.json", "SCRIPT_NAME": "/w/x"}
    ):
        assert request_url() == "http://localhost/w/x//v9/thing%20s/%C3%A9.json"
        assert url_of("/v9") == "http://localhost/w/x/v9"


@given(
    st.dictionaries(
        st.sampled_from(
            ["Host", *(f"X-Forwarded-{part}" for part in ("Host", "Proto", "Port", "Prefix"))]
        ),
        st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=30),
    )
)
def test_no_header_breaks_a_url(headers: dict[str, str]) -> None:
    url = _base({name: value.strip() for name, value in headers.items()})
    assert url.isascii()
    assert url.isprintable()
    assert not set(url) & set('<>" ,\\^`{|}')
