"""ETag, caching, tracing and other headers."""

import re
from collections.abc import Callable
from hashlib import sha256

import pytest

from tests.fabmanager.conftest import LIST, Lab
from tests.support.client import CheckedClient

SECURITY = {
    "X-Frame-Options": "SAMEORIGIN",
    "X-XSS-Protection": "0",
    "X-Content-Type-Options": "nosniff",
    "X-Download-Options": "noopen",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
CACHED = "max-age=0, private, must-revalidate"


@pytest.mark.behaviour("fabmanager.headers.etag")
def test_etag_follows_from_the_body(lab: Lab) -> None:
    response = lab.get("per_page=3")
    assert response.headers["ETag"] == f'W/"{sha256(response.data).hexdigest()[:32]}"'
    assert lab.get("per_page=3&x=1").headers["ETag"] == response.headers["ETag"]
    assert lab.get("per_page=4").headers["ETag"] != response.headers["ETag"]


@pytest.mark.behaviour("fabmanager.headers.not_modified")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_not_modified(lab: Lab, live: Lab, method: str) -> None:
    for client in (lab, live):
        query = "per_page=3&id=[1,2,3,4,5]"
        first = client.get(query)
        etag = first.headers["ETag"]
        response = client.get(query, method=method, headers={"If-None-Match": etag})
        assert response.status_code == 304
        assert response.data == b""
        for name in ("Total", "Per-Page", "Link", "ETag", "Cache-Control", "Vary"):
            assert response.headers[name] == first.headers[name]
        assert "Content-Type" not in response.headers
        other = client.get(query, headers={"If-None-Match": f'W/"{"0" * 32}"'})
        assert other.status_code == 200


@pytest.mark.behaviour("fabmanager.headers.if_none_match")
def test_forms_of_if_none_match(lab: Lab, lab_with: Callable[..., Lab]) -> None:
    etag = lab.get("id=1").headers["ETag"]
    exact = lab_with("if-none-match-exact")
    for known in ("*", etag.removeprefix("W/"), f'"x", {etag}', f'{etag}, W/"y"'):
        assert lab.get("id=1", headers={"If-None-Match": known}).status_code == 304
        response = exact.get("id=1", headers={"If-None-Match": known})
        assert response.status_code == 200
        assert response.headers["ETag"] == etag
    for known in (etag, f"{etag} "):
        assert exact.get("id=1", headers={"If-None-Match": known}).status_code == 304


@pytest.mark.behaviour("fabmanager.headers.cache_control")
def test_cache_control(lab: Lab, live: Lab) -> None:
    assert lab.get("id=1").headers["Cache-Control"] == CACHED
    assert lab.get("page=x").headers["Cache-Control"] == "no-cache"
    assert live.get("after=2016").headers["Cache-Control"] == "no-cache"
    assert lab.get(headers={"Authorization": None}).headers["Cache-Control"] == "no-cache"
    for response in (live.get("after=2016"), lab.get("page=x")):
        assert "ETag" not in response.headers


@pytest.mark.behaviour("fabmanager.headers.request_id")
def test_request_ids(lab: Lab) -> None:
    answers = [lab.get("id=1"), lab.get("page=x"), lab.get(path=f"{LIST}/1"), lab.get("id=1")]
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert len(set(ids)) == len(ids)
    for each in ids:
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", each)
    for answer in answers:
        assert re.fullmatch(r"\d+\.\d{6}", answer.headers["X-Runtime"])
    echoed = lab.get("id=1", headers={"X-Request-Id": "my id/№7-@_x<" + "y" * 300})
    assert echoed.headers["X-Request-Id"] == ("myid7-@_x" + "y" * 300)[:255]


@pytest.mark.behaviour("fabmanager.headers.security")
def test_security_headers(lab: Lab, live: Lab) -> None:
    for response in (lab.get("id=1"), lab.get("page=x"), live.get("after=2016")):
        assert SECURITY.items() <= dict(response.headers).items()
    assert not SECURITY.keys() & dict(lab.get(path=f"{LIST}/1").headers).keys()


def test_the_same_request_gets_the_same_bytes(client_for: Callable[..., CheckedClient]) -> None:
    first, second = (
        Lab(client_for(dataset="demo", auth="any", seed=seed)).get("per_page=100").data
        for seed in (7, 8)
    )
    assert first != second
    again = Lab(client_for(dataset="demo", auth="any", seed=7, frozen=True))
    assert again.get("per_page=100").data == first
