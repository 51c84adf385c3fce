from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from fake_server.rest.links import link_header, page_links, query_string
from fake_server.rest.pages import Page, count_of, page_of
from fake_server.world.storage import store
from fake_server.world.storage.store import Store
from tests.world.shop import GOODS, TABLES

HUGE = 10**30


def _store(count: int) -> Store:
    database = store.new_in_memory()
    with database.transaction() as connection:
        TABLES.create_all(connection)
        if count:
            rows = [{"id": number, "name": f"n{number % 3}"} for number in range(count)]
            connection.execute(GOODS.insert(), rows)
    return Store(database, lambda: store.from_bytes(database.dump()))


@pytest.fixture(scope="module")
def goods() -> Callable[[int], Store]:
    made: dict[int, Store] = {}
    return lambda count: made.setdefault(count, _store(count))


@given(count=st.sampled_from([0, 1, 10, 23]), size=st.integers(1, 30))
def test_pages_hold_every_row_once_in_order(
    goods: Callable[[int], Store], count: int, size: int
) -> None:
    query = select(GOODS.c.id).order_by(GOODS.c.id.desc())
    first = page_of(goods(count), query, 1, size)
    pages = [page_of(goods(count), query, number, size) for number in range(1, first.last + 1)]
    assert [row.id for page in pages for row in page.rows] == list(reversed(range(count)))
    assert all(page.total == count for page in pages)
    assert page_of(goods(count), query, first.last + 1, size).rows == []


@pytest.mark.parametrize(("number", "size"), [(HUGE, 1), (1, HUGE), (HUGE, HUGE), (2**63, 2**63)])
def test_huge_numbers_are_pages_like_others(
    goods: Callable[[int], Store], number: int, size: int
) -> None:
    page = page_of(goods(10), select(GOODS).order_by(GOODS.c.id), number, size)
    assert len(page.rows) == (10 if number == 1 else 0)
    assert page.total == 10
    assert page_links("http://h/", {}, page).keys() <= {"Link"}


def test_counts_are_of_the_rows_a_query_gives(goods: Callable[[int], Store]) -> None:
    assert count_of(goods(10), select(GOODS)) == 10
    assert count_of(goods(10), select(GOODS).where(GOODS.c.id > 6).order_by(GOODS.c.name)) == 3
    assert count_of(goods(10), select(GOODS.c.name).distinct()) == 3
    assert count_of(goods(10), select(GOODS.c.name, func.count()).group_by(GOODS.c.name)) == 3


def _rels(number: int, size: int, total: int) -> dict[str, str]:
    header = page_links("http://h/x", {}, Page((), number, size, total)).get("Link")
    if header is None:
        return {}
    parts = [part.split("; ") for part in header.split(", ")]
    return {rel[5:-1]: url[1:-1].removeprefix("http://h/x?page=") for url, rel in parts}


@pytest.mark.parametrize(
    ("number", "size", "total", "expected"),
    [
        (3, 20, 95, {"first": "1", "prev": "2", "last": "5", "next": "4"}),
        (1, 20, 95, {"last": "5", "next": "2"}),
        (5, 20, 95, {"first": "1", "prev": "4"}),
        (9, 20, 95, {"first": "1", "prev": "8"}),
        (2, 1, 2, {"first": "1", "prev": "1"}),
        (1, 20, 20, {}),
        (1, 20, 0, {}),
        (2, 20, 0, {"first": "1", "prev": "1"}),
    ],
)
def test_links_are_those_of_api_pagination_in_its_order(
    number: int, size: int, total: int, expected: dict[str, str]
) -> None:
    assert list(_rels(number, size, total).items()) == list(expected.items())


def test_links_keep_the_query_sorted_and_encoded() -> None:
    query = {
        "per_page": "10",
        "filter": {"id": "1,2", "a": "x y"},
        "sort": "-id",
        "id": ["2", "1"],
        "page": {"size": "5"},
        "empty": "",
        "+": "é~",
    }
    header = page_links("http://h/x", query, Page((), 1, 10, 11))["Link"]
    encoded = (
        "%2B=%C3%A9~&empty=&filter%5Ba%5D=x+y&filter%5Bid%5D=1%2C2&id%5B%5D=2&id%5B%5D=1"
        "&page=2&per_page=10&sort=-id"
    )
    assert header == (f'<http://h/x?{encoded}>; rel="last", <http://h/x?{encoded}>; rel="next"')


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ""),
        ({"b": 1, "a": None, "c": True}, "a=&b=1&c=true"),
        ({"a": {}, "b": [], "c": "x"}, "c=x"),
        ({"a": [{"z": "1", "b": "2"}]}, "a%5B%5D%5Bz%5D=1&a%5B%5D%5Bb%5D=2"),
        ({"a": {"z": {"y": "1"}, "b": "2"}}, "a%5Bb%5D=2&a%5Bz%5D%5By%5D=1"),
        ({"a": '<>"\r\n'}, "a=%3C%3E%22%0D%0A"),
    ],
)
def test_queries_are_written_as_rails_writes_them(values: dict[str, object], expected: str) -> None:
    assert query_string(values) == expected


def test_a_link_header_keeps_the_order_of_its_links() -> None:
    assert link_header([("next", "u"), ("first", "v")]) == '<u>; rel="next", <v>; rel="first"'
