"""sort, and the pages of a list."""

from typing import Any

import pytest

from tests.intra42.conftest import Intra
from tests.intra42.tables import projects_users, slots

_LAST: Any = (1, 0)


def _key(value: Any) -> Any:
    return _LAST if value is None else (0, value)


SLOT_FIELDS = ["id", "begin_at", "end_at", "user_id", "created_at", "scale_team_id"]
WORK_FIELDS = [
    "id",
    "project_id",
    "user_id",
    "created_at",
    "updated_at",
    "occurrence",
    "final_mark",
    "retriable_at",
    "marked_at",
    "status",
]


@pytest.mark.parametrize("field", SLOT_FIELDS)
@pytest.mark.behaviour("intra42.sort.slots", "intra42.sort.nulls", "intra42.sort.stable")
def test_slots_sorted_by_each_field(intra: Intra, field: str) -> None:
    rows = sorted(intra.rows(slots), key=lambda row: row.id, reverse=True)
    up = sorted(rows, key=lambda row: _key(getattr(row, field)))
    down = sorted(rows, key=lambda row: _key(getattr(row, field)), reverse=True)
    assert intra.ids(f"/v2/slots?sort={field}") == [row.id for row in up]
    assert intra.ids(f"/v2/slots?sort=-{field}") == [row.id for row in down]


@pytest.mark.parametrize("field", WORK_FIELDS)
@pytest.mark.behaviour("intra42.projects_users.sort", "intra42.sort.nulls", "intra42.sort.stable")
def test_projects_users_sorted_by_each_field(intra: Intra, field: str) -> None:
    rows = sorted(intra.rows(projects_users), key=lambda row: row.id)
    up = sorted(rows, key=lambda row: _key(getattr(row, field)))
    down = sorted(rows, key=lambda row: _key(getattr(row, field)), reverse=True)
    assert intra.ids(f"/v2/projects_users?sort={field}") == [row.id for row in up]
    assert intra.ids(f"/v2/projects_users?sort=-{field}") == [row.id for row in down]


@pytest.mark.behaviour("intra42.sort.fields")
def test_several_fields(intra: Intra) -> None:
    rows = sorted(intra.rows(slots), key=lambda row: row.id, reverse=True)
    rows = sorted(rows, key=lambda row: row.begin_at, reverse=True)
    rows = sorted(rows, key=lambda row: row.user_id)
    assert intra.ids("/v2/slots?sort=user_id,-begin_at") == [row.id for row in rows]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/v2/slots?sort=score", "score"),
        ("/v2/slots?sort=id,--id", "-id"),
        ("/v2/slots?sort=campus_id", "campus_id"),
        ("/v2/projects_users?sort=-validated", "validated"),
        ("/v2/cursus?sort=id,%00", "\0"),
    ],
)
@pytest.mark.behaviour("intra42.sort.unknown")
def test_a_field_that_cannot_be_sorted_by(intra: Intra, url: str, name: str) -> None:
    response = intra.get(url)
    assert response.status_code == 400
    assert response.json == {"error": "Sort Error", "message": f"The {name} field is not sortable"}


@pytest.mark.behaviour("intra42.sort.fields")
def test_an_empty_sort_is_the_default(intra: Intra) -> None:
    assert intra.ids("/v2/slots?sort=") == intra.ids("/v2/slots")
    assert intra.get("/v2/slots?sort[]=id").status_code == 400


@pytest.mark.behaviour("intra42.pages.default", "intra42.pages.headers")
def test_a_page_has_30_items(intra: Intra) -> None:
    response = intra.get("/v2/slots")
    assert len(response.json) == 30
    assert response.headers["X-Page"] == "1"
    assert response.headers["X-Per-Page"] == "30"
    assert response.headers["X-Total"] == str(len(intra.rows(slots)))


@pytest.mark.parametrize("query", ["per_page=500", "page[size]=101", "per_page=" + "9" * 5000])
@pytest.mark.behaviour("intra42.pages.largest")
def test_a_page_has_100_items_at_most(intra: Intra, query: str) -> None:
    response = intra.get(f"/v2/projects_users?{query}")
    assert response.headers["X-Per-Page"] == "100"
    assert len(response.json) == 64


@pytest.mark.behaviour("intra42.pages.styles")
def test_both_styles(intra: Intra) -> None:
    every = intra.ids("/v2/slots")
    for query in (
        "page=2&per_page=7",
        "page[number]=2&page[size]=7",
        "page%5Bnumber%5D=2&per_page=7",
    ):
        assert [slot["id"] for slot in intra.json(f"/v2/slots?{query}")] == every[7:14]


@pytest.mark.behaviour("intra42.pages.mixed")
def test_the_styles_do_not_mix(intra: Intra) -> None:
    response = intra.get("/v2/slots?page=2&page[size]=10")
    assert response.status_code == 400
    assert response.json == {"status": 400, "error": "Bad Request"}
    other = intra.get("/v2/slots?page[size]=10&page=2")
    assert (other.headers["X-Page"], other.headers["X-Per-Page"]) == ("2", "30")


@pytest.mark.parametrize(
    ("query", "page", "size"),
    [
        ("page=0", "1", "30"),
        ("page=-3&per_page=-1", "1", "30"),
        ("page=two&per_page=many", "1", "30"),
        ("page=&per_page=", "1", "30"),
        ("per_page=0", "1", "30"),
        ("page[number]=x&page[size]=0", "1", "30"),
        ("page=2nd&per_page=5.9", "2", "5"),
        ("page[]=2", "1", "30"),
    ],
)
@pytest.mark.behaviour("intra42.pages.lenient")
def test_pages_that_are_not_positive_numbers(
    intra: Intra, query: str, page: str, size: str
) -> None:
    response = intra.get(f"/v2/slots?{query}")
    assert response.status_code == 200
    assert (response.headers["X-Page"], response.headers["X-Per-Page"]) == (page, size)


@pytest.mark.parametrize("page", ["9", "99999999999999999999", "9" * 400])
@pytest.mark.behaviour("intra42.pages.beyond")
def test_a_page_past_the_last_is_empty(intra: Intra, page: str) -> None:
    response = intra.get(f"/v2/slots?page={page}")
    assert response.status_code == 200
    assert response.json == []
    assert response.headers["X-Page"] == page
    rels = [part.split('rel="')[1].rstrip('"') for part in response.headers["Link"].split(", ")]
    assert rels == ["first", "prev"]
    assert dict(_links(response))["prev"].endswith(f"?page={int(page) - 1}")


@pytest.mark.parametrize("query", ["page=1%s", "page[number]=1%s"])
def test_a_number_that_no_header_can_repeat(intra: Intra, query: str) -> None:
    assert intra.get(f"/v2/slots?{query % ('0' * 999)}").headers["X-Page"] == "1" + "0" * 999
    for digits in (1000, 6000):
        response = intra.get(f"/v2/slots?{query % ('0' * digits)}")
        assert response.status_code == 400
        assert response.json == {"status": 400, "error": "Bad Request"}


def _links(response: Any) -> list[tuple[str, str]]:
    parts = [part.split("; ") for part in response.headers["Link"].split(", ")]
    return [(rel.removeprefix('rel="').rstrip('"'), url[1:-1]) for url, rel in parts]


@pytest.mark.behaviour("intra42.pages.link")
def test_links_of_every_page(intra: Intra) -> None:
    base = "http://localhost/v2/slots?page={}&per_page=20"
    first, second, last = (intra.get(f"/v2/slots?per_page=20&page={n}") for n in (1, 2, 3))
    assert _links(first) == [("last", base.format(3)), ("next", base.format(2))]
    assert _links(second) == [
        ("first", base.format(1)),
        ("prev", base.format(1)),
        ("last", base.format(3)),
        ("next", base.format(3)),
    ]
    assert _links(last) == [("first", base.format(1)), ("prev", base.format(2))]
    assert "Link" not in intra.get("/v2/campus").headers


@pytest.mark.behaviour("intra42.pages.link.query")
def test_links_keep_the_query_sorted_and_lose_page_size(intra: Intra) -> None:
    response = intra.get("/v2/slots?sort=-id&per_page=1&filter[id]=1,2&page=1")
    assert _links(response)[1] == (
        "next",
        "http://localhost/v2/slots?filter%5Bid%5D=1%2C2&page=2&per_page=1&sort=-id",
    )
    hashed = intra.get("/v2/slots?page[number]=2&page[size]=10")
    assert _links(hashed)[3] == ("next", "http://localhost/v2/slots?page=3")


@pytest.mark.behaviour("intra42.pages.link.query")
def test_links_follow_the_host_that_was_asked(intra: Intra) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "api.intra.42.fr"}
    response = intra.get("/v2/users/ada/slots?per_page=1", headers=headers)
    url = dict(_links(response))["next"]
    assert url == "https://api.intra.42.fr/v2/users/ada/slots?page=2&per_page=1"


@pytest.mark.behaviour("intra42.pages.link.query")
def test_links_keep_the_prefix_of_a_world(intra: Intra) -> None:
    intra.client.application.extensions["fake_server.worlds"].create("other")
    response = intra.get("/w/other/v2/slots?per_page=1")
    assert dict(_links(response))["next"] == "http://localhost/w/other/v2/slots?page=2&per_page=1"
    (work,) = intra.json("/w/other/v2/projects_users?filter[id]=2001")
    assert work["user"]["url"] == "http://localhost/w/other/v2/users/ada"


@pytest.mark.parametrize("sort", ["", "&sort=user_id", "&sort=-scale_team_id"])
@pytest.mark.behaviour("intra42.sort.stable")
def test_no_record_is_lost_or_repeated_across_pages(intra: Intra, sort: str) -> None:
    seen: list[int] = []
    for page in range(1, 12):
        seen += [record["id"] for record in intra.json(f"/v2/slots?per_page=5&page={page}{sort}")]
    assert sorted(seen) == sorted(row.id for row in intra.rows(slots))
