"""Pages and their headers."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fabmanager.conftest import LIST, Lab
from tests.support.client import CheckedClient

COUNT = 25


def links(header: str | None) -> dict[str, str]:
    """Return the URLs of a Link header by rel, in order."""
    pairs = re.findall(r'<([^>]+)>; rel="(\w+)"', header or "")
    return {rel: url for url, rel in pairs}


def pages(header: str | None) -> dict[str, int]:
    """Return the page numbers of a Link header by rel, in order."""
    return {
        rel: int(parse_qs(urlsplit(url).query)["page"][0]) for rel, url in links(header).items()
    }


@pytest.mark.behaviour(
    "fabmanager.pages.always",
    "fabmanager.pages.total",
    "fabmanager.pages.per_page_header",
    "fabmanager.pages.link",
)
def test_the_first_page(lab: Lab) -> None:
    response = lab.get()
    assert len(response.json["availabilities"]) == 20
    assert (response.headers["Total"], response.headers["Per-Page"]) == (str(COUNT), "20")
    assert "Page" not in response.headers
    assert "X-Total" not in response.headers
    assert list(pages(response.headers["Link"]).items()) == [("last", 2), ("next", 2)]


@pytest.mark.behaviour("fabmanager.pages.link")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("page=1&per_page=10", [("last", 3), ("next", 2)]),
        ("page=2&per_page=10", [("first", 1), ("prev", 1), ("last", 3), ("next", 3)]),
        ("page=3&per_page=10", [("first", 1), ("prev", 2)]),
        ("per_page=25", []),
        ("per_page=1000", []),
        ("id=1", []),
        ("id=5000", []),
        ("id=5000&page=2", [("first", 1), ("prev", 1)]),
    ],
)
def test_links(lab: Lab, query: str, expected: list[tuple[str, int]]) -> None:
    header = lab.get(query).headers.get("Link")
    assert list(pages(header).items()) == expected
    assert (header is None) == (not expected)


@pytest.mark.behaviour("fabmanager.pages.beyond", "fabmanager.pages.link.beyond")
@pytest.mark.parametrize("page", [3, 9, 10**12, 999999999999999999])
def test_beyond_the_last_page(lab: Lab, page: int) -> None:
    response = lab.get(f"page={page}")
    assert response.status_code == 200
    assert response.json == {"availabilities": []}
    assert response.headers["Total"] == str(COUNT)
    assert pages(response.headers["Link"]) == {"first": 1, "prev": page - 1}


@pytest.mark.behaviour("fabmanager.pages.page")
@pytest.mark.parametrize("page", ["0", "-3", "1", "01", "-999999999999999999"])
def test_pages_below_1_are_the_first(lab: Lab, page: str) -> None:
    assert lab.get(f"page={page}").data == lab.get().data


@pytest.mark.behaviour("fabmanager.pages.page.kind")
@pytest.mark.parametrize(
    "page", ["abc", "2.7", "1e1", "%2B2", "%202", "1000000000000000000", "9" * 5000, "0x1", "²"]
)
def test_pages_of_the_wrong_kind(lab: Lab, page: str) -> None:
    assert lab.refusal(f"page={page}").endswith("Must be a Integer")


@pytest.mark.behaviour("fabmanager.pages.page.kind")
def test_live_pages(lab_with: Callable[..., Lab]) -> None:
    live = lab_with("validation-off")
    second = live.ids("page=2")
    for page in ("2.7", "2abc", "%202", "%2B2"):
        assert live.ids(f"page={page}") == second
    for page in ("abc", "-1", "1e1", "%00"):
        assert live.ids(f"page={page}") == live.ids()
    assert live.server_error("page[]=1") == 'undefined method `to_i\' for ["1"]:Array'
    assert live.server_error("page[a]=1").startswith("undefined method `to_i' for #<ActionContr")
    for page in ("99999999999999999999", "9" * 5000):
        response = live.get(f"page={page}")
        assert response.status_code == 500
        assert response.json == {"status": 500, "error": "Internal Server Error"}


@pytest.mark.behaviour("fabmanager.pages.page.kind", "fabmanager.dates.out_of_range")
@pytest.mark.parametrize("query", ["page=99999999999999999999", "after=9999999-01-01"])
@pytest.mark.parametrize(
    ("accepted", "suffix", "media"),
    [
        ("*/*", ".json", "application/json"),
        ("application/json", "", "application/json"),
        ("*/*", "", "text/html"),
    ],
)
def test_live_failures_of_the_framework_are_in_the_format_asked_for(
    live: Lab, query: str, accepted: str, suffix: str, media: str
) -> None:
    response = live.get(query, f"{LIST}{suffix}", headers={"Accept": accepted})
    assert response.status_code == 500
    assert response.content_type == f"{media}; charset=UTF-8"
    assert "X-Frame-Options" not in response.headers


@pytest.mark.behaviour("fabmanager.pages.per_page")
@pytest.mark.parametrize("size", [1, 3, 24, 25, 26, 1000, 999999999999999999])
def test_sizes(lab: Lab, size: int) -> None:
    response = lab.get(f"per_page={size}")
    assert len(response.json["availabilities"]) == min(size, COUNT)
    assert response.headers["Per-Page"] == str(size)


@pytest.mark.behaviour("fabmanager.pages.per_page.kind")
@pytest.mark.parametrize("size", ["0", "-1", "abc", "5x", "%2B5", "1.0", "9" * 5000])
def test_sizes_of_the_wrong_kind(lab: Lab, size: str) -> None:
    assert lab.refusal(f"per_page={size}").endswith("Must be a Integer, at least 1")


@pytest.mark.behaviour("fabmanager.pages.per_page.kind")
@pytest.mark.parametrize(
    ("size", "rows", "header"),
    [
        ("0", 0, "25"),
        ("-1", 25, "25"),
        ("abc", 25, "25"),
        ("", 25, "25"),
        ("5x", 5, "5"),
        ("%2B5", 25, "5"),
        ("%205", 25, "5"),
        ("0x10", 0, "25"),
        ("1_0", 10, "10"),
        ("a%0A5", 0, "25"),
    ],
)
def test_live_sizes_may_disagree(
    lab_with: Callable[..., Lab], size: str, rows: int, header: str
) -> None:
    response = lab_with("per-page-mismatch").get(f"per_page={size}")
    assert len(response.json["availabilities"]) == rows
    assert response.headers["Per-Page"] == header
    assert response.headers["Total"] == str(COUNT)


@pytest.mark.behaviour("fabmanager.pages.per_page.kind")
def test_live_sizes_that_fail(live: Lab) -> None:
    assert live.server_error("per_page[]=1") == 'undefined method `to_i\' for ["1"]:Array'
    response = live.get("per_page=99999999999999999999")
    assert response.json == {"status": 500, "error": "Internal Server Error"}


@pytest.mark.behaviour("fabmanager.pages.per_page.kind")
def test_unvalidated_sizes_without_the_mismatch(lab_with: Callable[..., Lab]) -> None:
    lab = lab_with("validation-off")
    for size in ("0", "-1", "abc"):
        assert lab.get(f"per_page={size}").headers["Per-Page"] == "20"
    assert lab.get("per_page=5x").headers["Per-Page"] == "5"


@pytest.mark.behaviour("fabmanager.pages.link.url")
def test_urls_of_links(lab: Lab) -> None:
    header = lab.get(
        "per_page=2&page=2&available_type=Machine&available_id=[1,2]&x=a+b*~&after=2026-11-01T00:00Z"
    ).headers["Link"]
    assert header.startswith(
        "<http://localhost/open_api/v1/availabilities?after=2026-11-01T00%3A00Z"
        "&available_id=%5B1%2C2%5D&available_type=Machine&page=1&per_page=2&x=a+b%2A~>"
        '; rel="first", <'
    )
    assert list(links(header)) == ["first", "prev", "last", "next"]


@pytest.mark.behaviour("fabmanager.pages.link.url")
def test_links_keep_lists_and_leave_per_page_out(lab: Lab) -> None:
    url = links(lab.get("x[]=2&x[]=1&y[z]=+").headers["Link"])["next"]
    assert url.endswith("?page=2&x%5B%5D=2&x%5B%5D=1&y%5Bz%5D=+")


@pytest.mark.behaviour("fabmanager.pages.link.url")
def test_links_follow_the_host_of_the_client(lab: Lab) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "lab.example"}
    url = links(lab.get(headers=forwarded).headers["Link"])["next"]
    assert url == f"https://lab.example{LIST}?page=2"
    ported = links(lab.get(base_url="http://127.0.0.1:8042/").headers["Link"])["next"]
    assert ported == f"http://127.0.0.1:8042{LIST}?page=2"


def test_links_keep_the_world(client_for: Callable[..., CheckedClient]) -> None:
    lab = Lab(client_for(dataset="demo", auth="any"))
    url = links(lab.get(path=f"/w/default{LIST}").headers["Link"])["next"]
    assert url == f"http://localhost/w/default{LIST}?page=2"


@pytest.mark.behaviour("fabmanager.pages.link")
def test_following_next_reads_everything(client_for: Callable[..., CheckedClient]) -> None:
    lab = Lab(client_for(dataset="demo", auth="any"))
    response = lab.get("per_page=50")
    ids = [availability["id"] for availability in response.json["availabilities"]]
    while following := links(response.headers.get("Link")).get("next"):
        response = lab.get(urlsplit(following).query)
        ids += [availability["id"] for availability in response.json["availabilities"]]
    assert len(ids) == int(response.headers["Total"]) == len(set(ids))
