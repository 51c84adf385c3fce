"""Interception: the real hosts, answered in this process."""

from typing import Any

import pytest
import requests

from fake_server import create_app
from fake_server.errors import UserError
from fake_server.testing import FakeWorld, intercept
from fake_server.testing.planes import LocalPlane
from tests.support.senders import LAB, Get, each_library


@each_library
@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://api.intra.42.fr/v2/slots", "intra42"),
        ("https://API.intra.42.fr./v2/slots", "intra42"),
        ("https://api.4me.com/v1/calendars", "xurrent"),
        ("https://api.4me.qa/v1/calendars", "xurrent"),
        ("https://api.au.4me.com/v1/calendars", "xurrent"),
        ("https://api.ch.xurrent.com/v1/calendars", "xurrent"),
        ("https://api.us.xurrent.qa/v1/calendars", "xurrent"),
        ("https://api.xurrent-demo.com/v1/calendars", "xurrent"),
        ("https://api.xurrent.com/v1/calendars", "xurrent"),
        ("https://api.r-service.tech:443/v1/calendars", "xurrent"),
        (f"{LAB}/open_api/v1/availabilities", "fabmanager"),
    ],
)
def test_the_real_hosts_are_answered(world: FakeWorld, send: Get, url: str, api: str) -> None:
    assert send("GET", url).status_code == 401
    answer = send("GET", url, headers=dict(world.apis[api].headers))
    assert answer.status_code == 200
    assert answer.json()


@each_library
@pytest.mark.parametrize(
    "url",
    [
        "https://api.intra.42.fr/v1/calendars",
        "https://api.4me.com/v2/slots",
        "https://api.4me.com/open_api/v1/availabilities",
        f"{LAB}/_fake/worlds",
        f"{LAB}/",
        "https://api.xurrent.com/intra42/openapi",
    ],
)
def test_a_host_serves_its_own_api_alone(world: FakeWorld, send: Get, url: str) -> None:
    answer = send("GET", url, headers=dict(world.xurrent.headers))
    assert answer.status_code == 404
    assert answer.headers["X-Fake-Not-Served"] == f"GET /{url.split('/', 3)[3]}"
    assert answer.headers["Content-Type"].lower() == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lab.example",
        "ftp://lab.example",
        "https://",
        "https://lab.example/path",
        "https://lab.example:99999",
        3,
    ],
)
def test_a_lab_that_is_no_url_gets_one_line(url: Any) -> None:
    with pytest.raises(UserError, match=r"fabmanager: expected a URL .*such as https://lab.*found"):
        intercept(fabmanager=url)


@pytest.mark.parametrize(
    "url", ["https://api.4me.com", "http://API.4me.com.", "https://api.xurrent.com:8443"]
)
def test_a_lab_where_another_api_lives_gets_one_line(url: str) -> None:
    with pytest.raises(UserError, match=r"fabmanager: api\..* is the host of xurrent, and serves"):
        intercept(fabmanager=url)


@pytest.mark.parametrize(
    "url", ["https://demonstration.fab-manager.com", "https://LAB.example:443"]
)
def test_a_lab_may_be_spelled_in_any_way(url: str) -> None:
    with intercept(fabmanager=url) as world:
        assert world.fabmanager.base_url == f"{url.removesuffix(':443').lower()}/open_api/v1"
        assert world.fabmanager.session().get("/availabilities").ok
        with world.fabmanager.client() as client:
            assert client.get("/availabilities").is_success


def test_the_host_of_any_api_may_be_another_one() -> None:
    hosts = {"xurrent": "https://desk.example", "fabmanager": LAB}
    with intercept(hosts=hosts) as world:
        assert world.xurrent.base_url == "https://desk.example/v1"
        assert world.fabmanager.base_url == f"{LAB}/open_api/v1"
        assert world.xurrent.session().get("/calendars").ok
        with pytest.raises(requests.ConnectionError):
            requests.get("https://api.4me.com/v1/calendars")


def test_a_host_of_no_api_gets_one_line() -> None:
    with pytest.raises(UserError, match=r"hosts: fabmanger: no such API; meant fabmanager\?"):
        intercept(hosts={"fabmanger": LAB})


def test_the_host_of_an_api_that_is_not_served_is_not_answered() -> None:
    app = create_app("empty", apis=["xurrent"])
    with FakeWorld.create(LocalPlane(app)) as own, intercept(own) as world:
        assert list(world.apis) == ["xurrent"]
        with pytest.raises(requests.ConnectionError):
            requests.get("https://api.intra.42.fr/v2/cursus")


@each_library
def test_the_real_hosts_are_answered_by_http_too(world: FakeWorld, send: Get) -> None:
    for url in ("http://api.4me.com/v1/calendars", "https://api.4me.com:8443/v1/calendars"):
        assert send("GET", url, headers=dict(world.xurrent.headers)).status_code == 200


def test_a_lab_with_a_port_is_that_port_alone() -> None:
    with intercept(fabmanager="http://lab.example:3000") as world:
        assert world.fabmanager.base_url == "http://lab.example:3000/open_api/v1"
        assert world.fabmanager.session().get("/availabilities").ok
        with pytest.raises(requests.ConnectionError):
            requests.get("http://lab.example/open_api/v1/availabilities")
